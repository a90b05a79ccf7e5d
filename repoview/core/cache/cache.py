"""The cache: what was learned of sources, kept for the next time they are opened.

A key-value store for each source; values are opaque bytes. It is neither trusted
nor required: whatever is wrong with an entry, it is a miss, and the caller
computes the result again.
"""

from __future__ import annotations

import os
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
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cache.folder import File
    from repoview.core.file_identity import Identity

MOST_BYTES: Final = 2 * 1024**3
"""Bytes of all entries together, unless the caller says otherwise."""


class Miss(Enum):
    """Why there is no entry."""

    ABSENT = "absent"
    """There is no entry of this source."""

    CHANGED = "changed"
    """The source has changed since the entry was written."""

    OTHER_VERSION = "other version"
    """The entry is of another version of repoview."""

    DAMAGED = "damaged"
    """The entry does not match its checksums."""


class State(Enum):
    """The state of an entry's source, by its metadata."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"
    """The entry cannot be read, so its source is unknown."""


@frozen
class Listed:
    """An entry in a list."""

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
    """A folder of entries, one for each source, shared with other processes.

    The folder is made by the first write. Any number of threads may share a
    cache.

    Args:
        folder: Where it is; None for the user's default.
        most_bytes: Bytes that all entries together may take on disk.

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
        """Return the entry of a source; None if there is no valid one.

        An entry that is damaged, of another version, or of an earlier state of
        the source is removed. Takes about a millisecond.

        Args:
            identity: The source as it is now.
            version: Of what the bytes mean; an entry of another is a miss.
            missed: Called with the reason if the result is None.
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
        """Open a file, and read its contents page.

        Raises:
            CacheDamaged: It does not match its checksum.
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
        """Return a writer of a new entry, which replaces that of the source.

        Removes the leftovers of unfinished writers.

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
        """Return all entries, most recently used first; sources are not opened."""
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
        """Remove an entry; return whether it is gone."""
        return self._folder.remove(listed.file)

    def clear(self) -> int:
        """Remove all entries and leftovers of writers; return how many.

        The key is kept, for active writers; it reveals nothing.
        """
        self._folder.sweep()
        return sum(self._folder.remove(file.name) for file in self._folder.files())

    def prune(self, most_bytes: int | None = None) -> int:
        """Remove stale entries, and then the least recently used ones.

        Stale are leftovers of writers, entries that cannot be read, and those of
        a source that has changed or is gone.

        Args:
            most_bytes: Bytes that may be left; None for the cache's own limit.

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
