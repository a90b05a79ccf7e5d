"""Values of records, read ahead for who asks for adjacent ones in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.core.kernel import kernel

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.records import RecordIndex

_MOST: Final = 128
"""Values that are read at a time."""

_MOST_BYTES: Final = 256 * limits.KiB
"""Bytes of their blocks."""


class MapsAhead:
    """The values of some records of one repository, each of which is given once.

    Args:
        blocks: Of the repository.
        index: Its records.
    """

    def __init__(self, blocks: Blocks, index: RecordIndex) -> None:
        self._blocks = blocks
        self._index = index
        self._held: dict[int, dict[str, Any] | None] = {}
        """By number of the record."""
        self._read = self._end = 0
        """How many were read last, and the number behind the last of them."""

    def take(self, number: int) -> dict[str, Any] | None:
        """Return the value of a record; None if it is no sound map that is there.

        For the record behind those read last, twice as many are read as then.
        """
        try:
            return self._held.pop(number)
        except KeyError:
            return self._read_on(number)

    def _read_on(self, number: int) -> dict[str, Any] | None:
        if not self._blocks.is_indexed:
            return None
        follows = number == self._end
        most = min(2 * self._read, _MOST) if follows and self._read else 1
        rows = self._index.rows[number : number + most]
        maps = kernel.sound_maps(self._blocks, rows, _MOST_BYTES)
        self._read, self._end = len(maps), number + len(maps)
        # Another thread may read at the same time, and have another dictionary.
        self._held = ahead = dict(enumerate(maps, number))
        return ahead.pop(number)

    def forget(self) -> None:
        """Let go of what was read ahead."""
        self._held = {}
