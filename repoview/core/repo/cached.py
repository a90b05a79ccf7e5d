"""One source in the cache: look its entry up, write it, and survive its damage.

An entry holds the columns of records and nodes, the rows of the block index,
and `cached_facts` (see `cached_format`). `cached_writer` writes it, and
`cached_reader` reads it. Bytes of blocks are never kept; they are read from the
file, and hashed again.

The cache is never trusted. The file must be unchanged (see `file_identity`), and
what is damaged in an entry, even while it is in use, is restored by reading the
file again: the caller notices the time only.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.core.cache import Cache, CacheError, CacheUnavailable, Miss
from repoview.core.errors import SourceError, changed
from repoview.core.file_identity import identify
from repoview.core.opening.opening import Opening
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.cached_facts import MOST_ODD
from repoview.core.repo.cached_format import version_of
from repoview.core.repo.cached_reader import EntryReader
from repoview.core.repo.cached_writer import write_entry
from repoview.core.verify.signature import judge_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cache import Entry
    from repoview.core.file_identity import Identity
    from repoview.core.load.result import Progress
    from repoview.core.opening.opened import Opened
    from repoview.core.opening.room import Room
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder
    from repoview.core.verify.verify import Checks


class Cached:
    """One source and its cache entry.

    Args:
        source: A file as it was opened.
        checks: What to check of it.
        room: What it may take of memory and disk.
        folder: Names the folder of the cache.
        say: Told what a user may want to know, in sentences.
    """

    def __init__(
        self,
        source: Source,
        checks: Checks,
        room: Room,
        folder: Folder,
        say: Callable[[str], None],
    ) -> None:
        self._source = source
        self._checks = checks
        self._unasked = replace(checks, key=None, document=None)
        self._room = room
        self._folder = folder
        self._say = say
        self._version = version_of(self._unasked)
        self._file: Entry | None = None
        self._lock = threading.Lock()
        self._again: Opened | None = None
        self._cache: Cache | None = None
        self._identity: Identity | None = None
        try:
            self._cache = Cache(folder())
            self._identity = self._identify()
        except CacheError as error:
            self._say(str(error))
        self.entry = self._opened()
        """What is kept of the source as it is now, None for nothing."""

    def _identify(self) -> Identity | None:
        if self._source.path is None or self._source.handle is None:
            return None
        try:
            return identify(self._source.path, self._source.handle[0])
        except SourceError:
            # Reading it raises the same.
            return None

    def _opened(self) -> Opened | None:
        if self._cache is None or self._identity is None:
            return None
        try:
            self._file = self._cache.open(self._identity, self._version, self._missed)
            return None if self._file is None else self._taken_up(self._file)
        except (CacheError, SourceError, KeyError, TypeError, ValueError):
            # Not what this version writes, or damaged: it is written again.
            self.close()
            return None

    def _missed(self, why: Miss) -> None:
        if why is Miss.CHANGED:
            self._say(f"{self._source.name} was changed since it was last opened")

    def _taken_up(self, entry: Entry) -> Opened:
        memory, folder = self._room.memory, self._folder
        again = self._opened_again
        opened = EntryReader(entry, self._source, memory, folder, again).opened
        return self._signed(opened, self._checks)

    def _opened_again(self) -> Opened:
        """Return what reading the source gives, where the cache was damaged.

        Raises:
            SourceError: It cannot be read, or is not what it was.
            MemoryLimitReached: It takes more than it may.
        """
        with self._lock:
            if self._again is None:
                options = OpenOptions(self._checks, self._room)
                again = Opening(self._source, options).run()
                if self._identify() != self._identity or not _is_whole(again):
                    raise changed(self._source.name)
                self._again = again
                self.keep(again)
            return self._again

    def keep(
        self, opened: Opened, report: Callable[[Progress], None] | None = None
    ) -> None:
        """Write the entry, if the source was read completely.

        Args:
            opened: What came of reading the source.
            report: Called with progress; what it raises ends it.
        """
        if self._cache is None or self._identity is None or not _is_whole(opened):
            return
        # The file must be the same after reading as before it.
        if self._identify() != self._identity:
            return
        try:
            with self._cache.write(self._identity, self._version) as writer:
                write_entry(self._signed(opened, self._unasked), writer, report)
                writer.commit()
        except CacheUnavailable as error:
            self._say(str(error))
        except SourceError:
            # It was closed in the meantime.
            return

    def _signed(self, opened: Opened, checks: Checks) -> Opened:
        """Return what was opened, with the signature judged by *checks*.

        An entry has the report without a key, so there is nothing to do unless
        one was given.
        """
        if self._checks == self._unasked:
            return opened
        report = judge_again(opened.report, opened.apart, opened.blocks, checks).report
        return replace(opened, report=report, counted=opened.shape)

    def close(self) -> None:
        """Let go of the entry."""
        if self._file is not None:
            self._file.close()


def _is_whole(opened: Opened) -> bool:
    """Tell whether all was read, and is within what an entry may hold."""
    odd = opened.loaded.blocks.odd
    limited = any(found.code == "LIM001" for found in opened.report.findings)
    return not limited and len(odd) <= MOST_ODD
