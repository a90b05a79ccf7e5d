"""The memory limit was reached: an error that can be resumed with more memory.

It carries the paused `Opening`, with all that was read so far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

from repoview.core.errors import LimitExceeded
from repoview.core.opening.room import folder_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from repoview.core.source.spool import Folder


class Pausing(Protocol):
    """A paused `Opening`."""

    def allow(
        self,
        memory: int | None = None,
        *,
        folder: Folder | None = None,
        disk: int | None = None,
    ) -> None:
        """Raise its limits."""

    def run(self) -> object:
        """Go on to the end."""

    def close(self) -> None:
        """Let go of everything."""


class MemoryLimitReached(LimitExceeded):
    """A source needs more memory than its limit, and may not use the disk.

    Nothing is lost: `resume` continues, in any thread; otherwise close it.
    """

    if TYPE_CHECKING:
        _opening: Pausing
        _go_on: Callable[[], Any]

    @classmethod
    def _make(cls, text: str, opening: Pausing) -> Self:
        self = cls(text)
        self._opening, self._go_on = opening, opening.run
        return self

    def resume(
        self,
        mem_limit: int | None = None,
        *,
        spill: bool | str | os.PathLike[str] = False,
        disk_limit: int | None = None,
    ) -> Any:  # noqa: ANN401 (what the call would have returned)
        """Continue with higher limits; nothing is read twice.

        Returns what the call that raised this would have returned.

        Args:
            mem_limit: Bytes of memory it may take from now on.
            spill: Whether, and in what folder, the disk takes the rest.
            disk_limit: Bytes that it may take there.
        """
        self._opening.allow(mem_limit, folder=folder_of(spill), disk=disk_limit)
        return self._go_on()

    def close(self) -> None:
        """Let go of everything that was read."""
        self._opening.close()


def go_on_with(error: MemoryLimitReached, go_on: Callable[[], Any]) -> None:
    """Have `resume` return what *go_on* returns."""
    error._go_on = go_on  # noqa: SLF001 (callers of the library only resume)
