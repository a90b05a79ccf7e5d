"""A source that is lent: what is opened on it may be closed, and it stays open.

Of a saved stream each frame is opened by itself, one after the other, on the one
source that has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.source.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable


class LentSource(Source):
    """The bytes of another source, whose owner closes it.

    Args:
        owned: The other one.
    """

    def __init__(self, owned: Source) -> None:
        super().__init__(owned.name, owned.size)
        self._owned = owned
        self.packed = owned.packed
        self._learn()

    def _learn(self) -> None:
        """Take over what the other knows of its end by now."""
        owned = self._owned
        self.size, self.ended, self.fault = owned.size, owned.ended, owned.fault

    @property
    def expected(self) -> int:
        """Bytes there will be, as far as that is known."""
        return self._owned.expected

    def spill(self, folder: Callable[[], str]) -> None:
        """Have the other one move what it holds to disk."""
        self._owned.spill(folder)

    def reach(self, end: int) -> None:
        """Wait until bytes up to *end* have come, or the last one."""
        self._owned.reach(end)
        self._learn()

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the bytes there, as the other one does."""
        data = self._owned.read_at(offset, length)
        self._learn()
        return data

    def changed(self) -> bool:
        """Tell whether the bytes may be others than when it was opened."""
        return self._owned.changed()

    def close(self) -> None:
        """Do nothing: the other one stays open."""
