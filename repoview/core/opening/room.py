"""The limits of memory and disk for opening a source, and the folder on disk."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from repoview.core.source.spool import Folder

OnDisk: TypeAlias = "bool | str | os.PathLike[str]"
"""A folder on disk, True for this user's cache folder, False for none."""


@frozen
class Room:
    """The limits of one opening."""

    memory: int = limits.MEMORY
    """Bytes of memory, on top of what the program itself takes."""

    folder: Folder | None = None
    """Returns the folder to spill into; None to use no disk."""

    disk: int = limits.DISK
    """Bytes on disk."""

    def __post_init__(self) -> None:
        """Clamp limits that are larger than any machine.

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
        """Return the limits that keyword arguments of the library ask for."""
        usual = USUAL_ROOM
        if spill is False and (mem_limit, disk_limit) == (usual.memory, usual.disk):
            return usual
        return cls(mem_limit, folder_of(spill), disk_limit)


USUAL_ROOM: Final = Room()
"""That of a caller who says nothing, made once for very many small repositories."""


def folder_of(where: OnDisk) -> Folder | None:
    """Return a function that returns the folder; None for no disk."""
    if where is False:
        return None
    return cache_folder if where is True else partial(os.fspath, where)


def cache_folder() -> str:
    """Return this user's cache folder.

    Raises:
        CacheUnavailable: The user has no home.
    """
    from repoview.core.cache import default_folder  # noqa: PLC0415 (few need it)

    return str(default_folder())
