"""Memory and disk that a reading uses, compared with its limits.

Checked between two steps, and while a step waits for bytes. At half of the
memory limit, all that can be on disk is spilled, if there is a folder for it.
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

_PROCESSING: Final = 16 * limits.MiB
"""Most bytes of blocks that wait to be processed, and of results; at most a
quarter of the memory limit."""

SPILL_FROM: Final = 0.5
"""Share of the memory limit from which on data is spilled."""

_PIECES: Final = 4 * limits.MiB
"""More bytes than one step reads."""


class Over(NamedTuple):
    """A limit that was reached."""

    is_memory: bool
    """Or else the disk's."""

    sentence: str


class Budget:
    """The limits of one reading, and what it uses.

    Args:
        reading: The one that is watched.
        room: Its limits.
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
        """Raise the limits.

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
        """Allow the same amount once more, for the walk after the reading."""
        self._most = self._memory_used() + self.room.memory
        self._most_disk = self._disk_used() + self.room.disk

    def look(self) -> Over | None:
        """Spill if it is time; return the limit that is exceeded, if one is."""
        used, folder = self._memory_used(), self.room.folder
        if folder is not None:
            if not self._spills and used > self._most * SPILL_FROM:
                self._spill(folder)
            if self._disk_used() > self._most_disk:
                return Over(is_memory=False, sentence=self._disk_sentence())
        if used <= self._most:
            return None
        self._reading.index.settle()
        # Blocks that wait to be processed take memory too.
        self._reading.process()
        if self._memory_used() <= self._most:
            return None
        return Over(is_memory=True, sentence=self._memory_sentence())

    def look_within_step(self) -> None:
        """Check the limits within a step that reads more than usual.

        Less strictly than between steps.

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
        """Move to disk all that can be there."""
        self._spills = True
        reading, memory, where = self._reading, self.room.memory, folder()
        with suppress(OSError):
            # The first write there reports why it cannot.
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
        reading = self._reading
        used = reading.index.most_bytes + self._source.memory_used
        used += reading.records.bytes_used + reading.nodes.bytes_used
        results = reading.processed
        return used if results is None else used + results.bytes_used

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
