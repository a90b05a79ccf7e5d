"""How much memory and disk the opening of a source may take, and where."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from repoview.core import limits

if TYPE_CHECKING:
    from repoview.core.source.spool import Folder

OnDisk: TypeAlias = "bool | str | os.PathLike[str]"
"""A folder where something may be put on disk, True for the cache folder of this
machine, False for nowhere."""


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

    @classmethod
    def of(cls, mem_limit: int, spill: OnDisk, disk_limit: int) -> Room:
        """Return what a caller of the library lets an opening take."""
        return cls(mem_limit, folder_of(spill), disk_limit)


def folder_of(where: OnDisk) -> Folder | None:
    """Return what names the folder where something is put; None for nowhere."""
    if where is False:
        return None
    return cache_folder if where is True else partial(os.fspath, where)


def cache_folder() -> str:
    """Return the folder of this user for what programs keep for a while.

    Raises:
        CacheUnavailable: The user has no home.
    """
    from repoview.core.cache import default_folder  # noqa: PLC0415 (few need it)

    return str(default_folder())
