"""Repo: what every view of a repository holds.

Loads a source, verifies it, and keeps the index: records, collections, nodes
and blocks by number, path or CID. Bytes are read when asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from repoview.core.errors import NotFound
from repoview.core.holdings import Block, Holdings, Record
from repoview.core.index import Collection
from repoview.core.key_range import KeyRange
from repoview.core.opener import open_source
from repoview.core.opening import MemoryLimitReached, Opening, Room
from repoview.core.shape import Shape, shape_of
from repoview.core.tree import NodeView, RecordRef, Tree

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from repoview.core.blocks import Blocks
    from repoview.core.cached import Cached
    from repoview.core.cid import Cid
    from repoview.core.commit import Commit
    from repoview.core.findings import Finding
    from repoview.core.keeping import Keeping
    from repoview.core.loaded import Progress
    from repoview.core.opener import Target
    from repoview.core.opening import Opened
    from repoview.core.report import Verdict
    from repoview.core.source import Source
    from repoview.core.verify import Checks
    from repoview.core.waiting import Cancel

__all__ = [
    "Block",
    "Collection",
    "Location",
    "NodeView",
    "Record",
    "RecordRef",
    "Repo",
]


_KEYS_AT_ONCE: Final = 4_096


class Location(NamedTuple):
    """Where something stands: a record or node by number, a block by offset."""

    what: Literal["record", "node", "block"]
    number: int


class Repo:
    """A repository, loaded and verified; close it, or use it with ``with``.

    Records are numbered in key order from 0, nodes as a walk enters them.
    Made by `Repo.load` and `repoview.open`.
    """

    def __init__(self, opened: Opened, cached: Cached | None = None) -> None:
        self._opened = opened
        self._cached = cached
        self.loaded = loaded = opened.loaded
        self.report = report = opened.report
        self.index = opened.records
        self.source: Source = loaded.blocks.source
        did = None if report.commit is None else report.commit.did
        self._holdings = Holdings(
            loaded.blocks, self.index, did, report.findings, opened.processed
        )
        self.tree = Tree(self._holdings, opened.nodes)

    @classmethod
    def load(
        cls,
        target: Target,
        *,
        name: str | None = None,
        checks: Checks | None = None,
        room: Room | None = None,
        threads: int | None = None,
        report: Callable[[Progress], None] | None = None,
        cancel: Cancel | None = None,
        keeping: Keeping | None = None,
    ) -> Repo:
        """Read and verify *target*; whatever is wrong with it is a finding.

        What takes more memory than it may is left unread (LIM001).

        Args:
            target: A path, an address, bytes, an open file, or a stream of bytes.
            name: What people call it, if not by what it is opened by.
            checks: What to check, and how strictly.
            room: What it may take of memory and disk.
            threads: How many hash and check blocks while the file is read;
                None for as many as there are processors. The Python kernel
                has one.
            report: Called at least every MiB; raises `Cancelled` to stop.
            cancel: Stops it too, from any thread, and while it waits for bytes.
            keeping: Where the cache is, from which a file that was opened
                before is opened at once; None for no cache.

        Raises:
            SourceError: The bytes cannot be read.
            Cancelled: Somebody asked to stop; the source is closed.
        """
        room = room or Room()
        source = open_source(target, name=name, folder=room.folder, cancel=cancel)
        cached = None if keeping is None else keeping.of(source, checks, room)
        if cached is not None and cached.entry is not None:
            return cls(cached.entry, cached)
        opening = Opening(source, checks, room, threads, cancel)
        while opening.opened is None:
            try:
                opening.run(report)
            except MemoryLimitReached as error:
                opening.leave_rest(error)
        return cls(opening.opened, cached)

    @cached_property
    def collections(self) -> Sequence[Collection]:
        """The collections, in key order."""
        return self.index.collections()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the source; what needs its bytes fails from now on."""
        if self._cached is not None:
            self._cached.close()
        self.source.close()

    @property
    def from_cache(self) -> bool:
        """Whether it was opened from the cache, and not read."""
        return self._cached is not None and self._cached.entry is not None

    def keep(self, report: Callable[[Progress], None] | None = None) -> None:
        """Write into the cache what was found, unless it came from there.

        Without a cache, or when it takes nothing, this does nothing. It takes
        about as long as reading the source did.

        Args:
            report: Called for every MiB; what it raises ends it, and then
                nothing is kept.
        """
        if self._cached is not None and not self.from_cache:
            self._cached.keep(replace(self._opened, shape=self.shape), report)

    @cached_property
    def shape(self) -> Shape:
        """Sizes and histograms; counting them takes longer than most answers."""
        opened = self._opened
        return opened.shape or shape_of(opened.nodes, self.index, self.blocks.index)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.index)

    @property
    def name(self) -> str:
        """What the source is called."""
        return self.source.name

    @property
    def blocks(self) -> Blocks:
        """All blocks by CID, for reading below the level of records."""
        return self.loaded.blocks

    @property
    def commit(self) -> Commit | None:
        """The commit; None when there is none that can be read."""
        return self.report.commit

    @property
    def verdict(self) -> Verdict:
        """What the repository is, in one word."""
        return self.report.verdict

    # Records

    def record(self, number: int) -> Record:
        """Return a record by number.

        Raises:
            NotFound: There are not so many.
        """
        if not 0 <= number < len(self):
            raise NotFound(f"there is no record {number:,}: there are {len(self):,}")
        return Record(self._holdings, number, self.index.key(number))

    def find(self, path: str | bytes) -> int | None:
        """Return the number of the record at a repo path, None for none."""
        key = path if isinstance(path, bytes) else _key_of(path)
        return None if key is None else self.index.find(key)

    def get(self, path: str | bytes) -> Record | None:
        """Return the record at a repo path, None for none."""
        number = self.find(path)
        return None if number is None else self.record(number)

    def numbers(
        self,
        collection: str | None = None,
        prefix: str | None = None,
        *,
        start: str | None = None,
        stop: str | None = None,
    ) -> Sequence[int]:
        """Return the numbers of the records of a collection, or in a range.

        Args:
            collection: Its whole name; None for all.
            prefix: What the repo path begins with; None for all.
            start: The smallest repo path there may be.
            stop: What all repo paths are smaller than.
        """
        of = KeyRange.of(None if collection is None else f"{collection}/")
        return self.index.within(KeyRange.of(prefix, start, stop).within(of))

    def records(
        self,
        collection: str | None = None,
        prefix: str | None = None,
        *,
        start: str | None = None,
        stop: str | None = None,
        data: bool = False,
    ) -> Iterator[Record]:
        """Return the records of a collection, or in a range, in key order.

        Args:
            collection: See `numbers`, as for the rest.
            prefix: What the repo path begins with.
            start: The smallest repo path there may be.
            stop: What all repo paths are smaller than.
            data: Let records carry their bytes: to read them by the batch is
                much faster than one by one.
        """
        numbers = self.numbers(collection, prefix, start=start, stop=stop)
        if not isinstance(numbers, range):
            return map(self.record, numbers)
        parts = (
            self._holdings.records(
                first, min(first + _KEYS_AT_ONCE, numbers.stop), data=data
            )
            for first in range(numbers.start, numbers.stop, _KEYS_AT_ONCE)
        )
        return chain.from_iterable(parts)

    def keys(self) -> Iterator[tuple[str, Cid]]:
        """Return the repo path and the CID of every record, in key order.

        No record is read. The fastest way to know what a repository holds, or
        to compare two.

        Raises:
            SourceError: The source was changed.
        """
        parts = (
            self._holdings.keys(start, min(start + _KEYS_AT_ONCE, len(self)))
            for start in range(0, len(self), _KEYS_AT_ONCE)
        )
        # Faster than to yield them: the interpreter has no part in it.
        return chain.from_iterable(parts)

    def listed(self, numbers: range) -> Iterator[tuple[range, list[str], list[str]]]:
        """Yield numbers, repo paths, and CIDs as text, some thousand at a time.

        Args:
            numbers: Of records, one after the other.

        Raises:
            SourceError: The source was changed.
        """
        for start in range(numbers.start, numbers.stop, _KEYS_AT_ONCE):
            some = range(start, min(start + _KEYS_AT_ONCE, numbers.stop))
            texts = self._holdings.cid_texts(some.start, some.stop)
            yield some, self.index.paths(some.start, some.stop), texts

    def paths(self, start: int, count: int) -> list[str]:
        """Return the repo paths of *count* records from *start* on."""
        stop = min(start + count, len(self))
        return [self.record(number).path for number in range(start, stop)]

    def search(
        self, needle: str, start: int = 0, stop: int | None = None
    ) -> array[int]:
        """Return the numbers of the records whose path contains *needle*."""
        return self.index.search(needle.encode(errors="replace"), start, stop)

    def findings_of(self, path: str) -> Sequence[Finding]:
        """Return the findings about the record at a repo path."""
        return self._holdings.findings_by_path.get(path, ())

    # Blocks and places

    def block(self, cid: Cid, *, damaged: bool = False) -> Block:
        """Return the block of *cid*, its bytes hashed again.

        Args:
            cid: Any CID.
            damaged: Whether bytes that do not hash are welcome too.

        Raises:
            BlockMissing: It is not there, or does not hash to *cid*.
            SourceError: The source was changed.
        """
        return self._holdings.block(cid, damaged=damaged)

    def locate_cid(self, cid: Cid) -> Location | None:
        """Return the first place where the tree uses a CID, None for none."""
        row = self.blocks.find(cid.raw) if cid.is_blessed else -1
        if row < 0:
            return self._locate_hole(cid)
        for what, rows in (("node", self.tree.nodes.rows), ("record", self.index.rows)):
            try:
                return Location("node" if what == "node" else "record", rows.index(row))
            except ValueError:
                continue
        return Location("block", self.blocks.index.offset(row))

    def _locate_hole(self, cid: Cid) -> Location | None:
        for number, hole in self.tree.nodes.holes.items():
            if hole.cid == cid:
                return Location("node", number)
        for number, missing in self.index.missing.items():
            if missing == cid:
                return Location("record", number)
        odd = self.blocks.odd.get(cid.raw)
        return None if odd is None else Location("block", odd.offset)

    def locate(self, found: Finding) -> Location | None:
        """Return where a finding leads: a record, a node, or a block."""
        if found.path is not None:
            key = bytes.fromhex(found.key_hex) if found.key_hex else found.path
            number = self.find(key)
            if number is not None:
                return Location("record", number)
        if found.cid is not None:
            return self.locate_cid(found.cid)
        return None if found.offset is None else Location("block", found.offset)


def _key_of(path: str) -> bytes | None:
    try:
        return path.encode()
    except UnicodeEncodeError:
        # No key can be a lone surrogate; it is UTF-8 or bytes.
        return None
