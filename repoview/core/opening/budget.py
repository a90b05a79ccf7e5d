"""What a reading holds in memory and on disk, compared with what it may.

It is looked at between two steps, and while a step has to wait for bytes. What
can be on disk goes there in time, if there is a folder for it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.errors import LimitExceeded
from repoview.core.storage.column_set import bytes_on_disk, pieces_for
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from repoview.core.opening.reading import Reading
    from repoview.core.opening.room import Room
    from repoview.core.source.spool import Folder

_PROCESSING: Final = 8 * limits.MiB
"""Bytes of what waits to be processed, and of results, at most; of a small
memory it is a fourth part."""

SPILL_FROM: Final = 0.5
"""Part of the memory from which on what can be on disk is put there."""

_PIECES: Final = 4 * limits.MiB
"""Bytes that may come in one step, and more."""


class Over(NamedTuple):
    """A limit that was reached."""

    is_memory: bool
    """Or else the disk's."""

    sentence: str


class Budget:
    """What one reading may take, and does.

    Args:
        reading: What is looked at.
        room: What it may take.
    """

    def __init__(self, reading: Reading, room: Room) -> None:
        self.room = room
        self._reading = reading
        self._source = reading.source
        self._most = room.memory
        self._most_disk = room.disk
        self._spills = False

    def allow(
        self, memory: int | None, folder: Folder | None, disk: int | None
    ) -> None:
        """Let it take more.

        Args:
            memory: Bytes of memory; None for as many as before.
            folder: Where the rest goes; None for where it did before.
            disk: Bytes there; None for as many as before.
        """
        memory = self.room.memory if memory is None else memory
        disk = self.room.disk if disk is None else disk
        self.room = replace(self.room, memory=memory, disk=disk)
        self._most = max(self._most, memory)
        self._most_disk = max(self._most_disk, disk)
        if folder is not None:
            self.room = replace(self.room, folder=folder)

    def begin_again(self) -> None:
        """Let what follows take as much again: the walk behind the reading."""
        self._most = self._memory_used() + self.room.memory
        self._most_disk = self._disk_used() + self.room.disk

    def look(self) -> Over | None:
        """Put on disk what should be there by now; return what is over its limit."""
        used, folder = self._memory_used(), self.room.folder
        if folder is not None:
            if not self._spills and used > self._most * SPILL_FROM:
                self._spill(folder)
            if self._disk_used() > self._most_disk:
                return Over(is_memory=False, sentence=self._disk_sentence())
        if used <= self._most:
            return None
        self._reading.index.settle()
        # What waits for it takes memory too.
        self._reading.process()
        if self._memory_used() <= self._most:
            return None
        return Over(is_memory=True, sentence=self._memory_sentence())

    def look_within_step(self) -> None:
        """Look at the limits while more is read than a step takes.

        Between steps they are kept closely; here, not to be broken.

        Raises:
            LimitExceeded: One of them was.
        """
        held = self._source.memory_used - _PIECES, self._most, "--mem-limit"
        kept = self._source.disk_used - _PIECES, self._most_disk, "--disk-limit"
        for used, most, option in (held, kept):
            if used > most:
                raise LimitExceeded(
                    f"what streams by is over the limit of {most:,} bytes that may "
                    f"be kept: give it more with {option}"
                )

    def _spill(self, folder: Folder) -> None:
        """Put on disk what can be there, at the first sign that it must."""
        self._spills = True
        reading, memory, where = self._reading, self.room.memory, folder()
        with suppress(OSError):
            # Whoever writes there says why it cannot.
            os.makedirs(where, mode=0o700, exist_ok=True)  # noqa: PTH103 (as given)
        # Records and nodes.
        budget = memory - 2 * bytes_on_disk(memory)
        if reading.processing is not None:
            budget -= min(memory // 4, _PROCESSING)
        reading.index.spill_to(where, max(budget, 0))
        self._source.spill(folder)
        pieces = pieces_for(memory)
        for each in (*reading.columns, reading.blocks.odd):
            each.spill(where, pieces)

    def _memory_used(self) -> int:
        columns = sum(each.bytes_used for each in self._reading.columns)
        return self._reading.index.most_bytes + columns + self._source.memory_used

    def _disk_used(self) -> int:
        columns = sum(each.disk_used for each in self._reading.columns)
        blocks = self._reading.index.disk_used + self._reading.blocks.odd.disk_used
        return blocks + columns + self._source.disk_used

    def _memory_sentence(self) -> str:
        blocks = count_text(len(self._reading.index), "block")
        records = count_text(len(self._reading.records), "record")
        return (
            f"the index of {blocks} and {records} is over its limit of "
            f"{self.room.memory:,} bytes: give it more with --mem-limit"
        )

    def _disk_sentence(self) -> str:
        return (
            f"what is kept on disk is over its limit of {self.room.disk:,} "
            "bytes: give it more with --disk-limit"
        )
