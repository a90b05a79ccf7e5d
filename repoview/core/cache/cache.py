"""The cache: what was learned of sources, for the next time they are opened.

A key-value store for each source, of bytes without a meaning here. It is never
trusted and never needed: whatever is wrong with it, the answer is a miss, and
the caller computes the result again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from repoview.core.cache.contents import Contents, unpacked
from repoview.core.cache.entry import Entry
from repoview.core.cache.errors import CacheDamaged, CacheUnavailable
from repoview.core.cache.file import HAS_SQLITE, NewerFormat, ReadFile
from repoview.core.cache.folder import Folder, default_folder
from repoview.core.cache.key import entry_name, key_of, made_key
from repoview.core.cache.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cache.folder import File
    from repoview.core.file_identity import Identity

MOST_BYTES: Final = 2 * 1024**3
"""Bytes of all entries together, unless the caller says otherwise."""


class Miss(Enum):
    """Why there is no entry."""

    ABSENT = "absent"
    """Nothing was kept of this source."""

    CHANGED = "changed"
    """Something was, but the source is not what it was then."""

    OTHER_VERSION = "other version"
    """Something was, by another version of repoview."""

    DAMAGED = "damaged"
    """Something was, but it is not what was written."""


class State(Enum):
    """What became of the source of an entry, by its metadata."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"
    """The entry cannot be read, and so not even its source is known."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as a list has it."""

    file: str
    """Its name in the folder, which `Cache.remove` takes."""

    source: str | None
    """The path of its source; None if the entry cannot be read."""

    size: int
    """Its bytes on disk."""

    used_ns: int
    """When it was written or last opened, in nanoseconds since 1970."""

    state: State


class Cache:
    """A folder of entries, one for each source, which other processes use too.

    The folder need not be there; it is made when something is first written.
    Any number of threads may share a cache.

    Args:
        folder: Where it is; None for that of this user.
        most_bytes: What all entries together may take on disk.

    Raises:
        CacheUnavailable: There is no such folder for this user, or others may
            write to it, or this Python has no SQLite.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        if not HAS_SQLITE:
            raise CacheUnavailable("nothing is cached: this Python has no SQLite")
        path = default_folder() if folder is None else Path(folder).absolute()
        self.folder = path
        self.most_bytes = most_bytes
        self._folder = Folder(path)

    def open(
        self,
        identity: Identity,
        version: int,
        missed: Callable[[Miss], None] | None = None,
    ) -> Entry | None:
        """Return the entry of a source; None if there is none that can be used.

        An entry that is damaged, of another version, or of the source as it was
        before it changed, is removed. Takes about a millisecond.

        Args:
            identity: The source as it is now.
            version: Of what the bytes mean; an entry of another is a miss.
            missed: Called with the reason, when the result is None.
        """
        key = key_of(self._folder)
        found: Entry | Miss = Miss.ABSENT
        if key is not None:
            found = self._open(key, identity, version)
        if isinstance(found, Entry):
            return found
        if missed is not None:
            missed(found)
        return None

    def _open(self, key: bytes, identity: Identity, version: int) -> Entry | Miss:
        name = entry_name(key, identity.path)
        if not os.path.lexists(self.folder / name):
            return Miss.ABSENT
        status = self._folder.status(name)
        inode = None if status is None else status.st_ino
        try:
            file, contents = self._read(name, key)
        except CacheDamaged:
            self._folder.remove(name, inode)
            return Miss.DAMAGED
        except NewerFormat:
            self._folder.remove(name, inode)
            return Miss.OTHER_VERSION
        if contents.version == version and contents.identity == identity:
            self._folder.touch(name)
            remove = self._folder.remove
            return Entry(file, contents, key, lambda: remove(name, inode))
        file.close()
        self._folder.remove(name, inode)
        return Miss.CHANGED if contents.version == version else Miss.OTHER_VERSION

    def _read(self, name: str, key: bytes) -> tuple[ReadFile, Contents]:
        """Open a file, and read what is in it.

        Raises:
            CacheDamaged: It is not what was written.
            NewerFormat: It was written by another version of repoview.
        """
        if self._folder.status(name) is None:
            raise CacheDamaged("what should be a file of the cache is none")
        file = ReadFile(self.folder / name)
        try:
            contents = unpacked(file.contents(), key)
        except BaseException:
            file.close()
            raise
        return file, contents

    def write(self, identity: Identity, version: int) -> Writer:
        """Return a writer of a new entry, in place of what is kept of the source.

        Removes what writers left over that came to no end.

        Args:
            identity: The source as it was when it was read.
            version: Of what the bytes mean.

        Raises:
            CacheUnavailable: Nothing can be written.
        """
        self._folder.make()
        self._folder.sweep()
        key = made_key(self._folder)
        name = entry_name(key, identity.path)
        return Writer(self._folder, key, name, identity, version, self.most_bytes)

    def entries(self) -> list[Listed]:
        """Return all entries, the one used last first; sources are not opened."""
        key = key_of(self._folder)
        return [self._listed(file, key) for file in reversed(self._folder.files())]

    def _listed(self, file: File, key: bytes | None) -> Listed:
        source, state = None, State.UNKNOWN
        if key is not None:
            try:
                opened, contents = self._read(file.name, key)
            except (CacheDamaged, NewerFormat):
                pass
            else:
                opened.close()
                source, state = contents.identity.path, _state(contents.identity)
        return Listed(file.name, source, file.size, file.used_ns, state)

    def remove(self, listed: Listed) -> bool:
        """Remove an entry, and tell whether it is gone."""
        return self._folder.remove(listed.file)

    def clear(self) -> int:
        """Remove all entries and all that writers left over; return how many.

        The key stays, for writers that are at work, and tells nothing.
        """
        self._folder.sweep()
        return sum(self._folder.remove(file.name) for file in self._folder.files())

    def prune(self, most_bytes: int | None = None) -> int:
        """Remove stale entries, and then the least recently used ones.

        Stale are leftovers of writers, entries that cannot be read, and those of
        a source that changed or is gone.

        Args:
            most_bytes: What is to be left; None for what the cache may take.

        Returns:
            Bytes removed.
        """
        self._folder.sweep()
        removed = 0
        for listed in self.entries():
            if listed.state is not State.SAME and self.remove(listed):
                removed += listed.size
        most = self.most_bytes if most_bytes is None else most_bytes
        return removed + self._folder.make_room(most)


def _state(identity: Identity) -> State:
    try:
        status = os.stat(identity.path)  # noqa: PTH116 (the path may be one that Path refuses)
    except (OSError, ValueError):
        return State.GONE
    return State.SAME if identity.matches(status) else State.CHANGED
