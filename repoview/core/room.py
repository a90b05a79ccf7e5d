"""How much memory and disk the opening of a source may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core import limits

if TYPE_CHECKING:
    from repoview.core.spool import Folder


@dataclass(frozen=True, slots=True)
class Room:
    """What one opening may take."""

    memory: int = limits.MEMORY
    """Bytes of memory, beyond what the program takes by itself."""

    folder: Folder | None = None
    """Names where what is over it goes; None where nothing may be put on disk."""

    disk: int = limits.DISK
    """Bytes on disk."""

    def __post_init__(self) -> None:
        """Take what no machine has for all that one may have.

        Raises:
            ValueError: One of the limits is less than nothing.
        """
        for name in ("memory", "disk"):
            size = getattr(self, name)
            if size < 0:
                raise ValueError(f"a limit of {size:,} bytes is less than nothing")
            object.__setattr__(self, name, min(size, limits.MOST_BYTES))
