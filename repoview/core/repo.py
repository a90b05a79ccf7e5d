"""Repo: what every view of a repository holds.

Loads a source, verifies it, and keeps the index: records, collections, nodes
and blocks by number, path or CID. Bytes are read when asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from repoview.core.block_order import block_order
from repoview.core.closing import Closing
from repoview.core.holdings import Block, Holdings
from repoview.core.index import Collection
from repoview.core.opener import open_source
from repoview.core.opening import Opening
from repoview.core.ordering import By, ordered
from repoview.core.partial import Partial
from repoview.core.record import Record
from repoview.core.records import Records
from repoview.core.room import Room
from repoview.core.search import Searched, containing
from repoview.core.shape import Shape, shape_of
from repoview.core.tree import NodeView, RecordRef, Tree
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.block_table import BlockTable
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
    from repoview.core.verify import Checks
    from repoview.core.waiting import Cancel

__all__ = [
    "Block",
    "By",
    "Collection",
    "Location",
    "NodeView",
    "Partial",
    "Record",
    "RecordRef",
    "Repo",
    "Searched",
]


class Location(NamedTuple):
    """Where something stands: a record or node by number, a block by offset."""

    what: Literal["record", "node", "block"]
    number: int


class Repo(Closing, Records):
    """A repository, loaded and verified; close it, or use it with ``with``.

    Records are numbered in key order from 0, nodes as a walk enters them.
    Made by `Repo.load` and `repoview.open`.
    """

    def __init__(self, opened: Opened, cached: Cached | None = None) -> None:
        self._opened = opened
        self._cached = cached
        self.from_cache = cached is not None and cached.entry is opened
        """Whether it was opened from the cache, and not read."""
        self.loaded = loaded = opened.loaded
        self.report = opened.report
        super().__init__(loaded.blocks.source, opened.records)
        self.tree = Tree(self._holdings, opened.nodes)
        self._block_table: BlockTable | None = None

    def __repr__(self) -> str:
        whose = self.name if self.commit is None else self.commit.did
        collections = count_text(len(self.collections), "collection")
        amount = f"{count_text(len(self), 'record')} in {collections}"
        return f"<Repo {whose!a}: {amount}, {self.verdict}>"

    @cached_property
    def _holdings(self) -> Holdings:
        report = self.report
        did = None if report.commit is None else report.commit.did
        return Holdings(
            self.blocks, self.index, did, report.findings, self._opened.processed
        )

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
        begun = cls.begin(
            target,
            name=name,
            checks=checks,
            room=room,
            threads=threads,
            cancel=cancel,
            keeping=keeping,
        )
        if isinstance(begun, Repo):
            return begun
        while not begun.is_read:
            begun.advance(report)
        return cls.of(begun)

    @classmethod
    def begin(
        cls,
        target: Target,
        *,
        name: str | None = None,
        checks: Checks | None = None,
        room: Room | None = None,
        threads: int | None = None,
        cancel: Cancel | None = None,
        keeping: Keeping | None = None,
        eager: bool = False,
    ) -> Repo | Partial:
        """Begin to read *target*, or return at once what the cache knows of it.

        Args:
            target: See `load`, as for the rest.
            name: What people call it.
            checks: What to check.
            room: What it may take.
            threads: How many hash and check.
            cancel: Stops it.
            keeping: Where the cache is.
            eager: Whether records are wanted as soon as they are known.

        Raises:
            SourceError: The bytes cannot be read.
        """
        room = room or Room()
        source = open_source(target, name=name, folder=room.folder, cancel=cancel)
        cached = None if keeping is None else keeping.of(source, checks, room)
        if cached is not None and cached.entry is not None:
            return cls(cached.entry, cached)
        opening = Opening(source, checks, room, threads, cancel, eager=eager)
        return Partial(opening, cached)

    @classmethod
    def of(cls, partial: Partial) -> Repo:
        """Return the repository that was read to its end."""
        opened = partial.opening.opened
        assert opened is not None  # noqa: S101 (the caller took all steps)
        return cls(opened, partial.cached)

    @cached_property
    def collections(self) -> Sequence[Collection]:
        """The collections, in key order."""
        return self.index.collections()

    def close(self) -> None:
        """Close the source; what needs its bytes fails from now on."""
        if self._cached is not None:
            self._cached.close()
        self.source.close()

    def keep(self, report: Callable[[Progress], None] | None = None) -> None:
        """Write into the cache what was found, unless it came from there.

        Without a cache, or when it takes nothing, this does nothing. It takes
        about as long as reading the source did.

        Args:
            report: Called for every MiB; what it raises ends it, and then
                nothing is kept.
        """
        if self._cached is not None and self._cached.entry is None:
            self._cached.keep(replace(self._opened, shape=self.shape), report)

    @cached_property
    def shape(self) -> Shape:
        """Sizes and histograms; counting them takes longer than most answers."""
        opened = self._opened
        return opened.shape or shape_of(opened.nodes, self.index, self.blocks.index)

    def block_table(
        self, report: Callable[[Progress], None] | None = None
    ) -> BlockTable:
        """Return all blocks in the order of the file; made when first asked for.

        Args:
            report: Called some hundred times while it is made; what it raises
                ends that.

        Raises:
            SourceError: The bytes cannot be read.
        """
        if self._block_table is None:
            nodes = self.tree.nodes
            self._block_table = block_order(self.loaded, self.index, nodes, report)
        return self._block_table

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

    # Orders and searches

    def ordered(
        self, numbers: Sequence[int], by: By, *, reverse: bool = False
    ) -> Sequence[int]:
        """Return records by date, size or offset; see `ordering.ordered`."""
        return ordered(self.index, self.blocks, numbers, by, reverse=reverse)

    def containing(
        self, text: str, numbers: Sequence[int] | None = None
    ) -> Iterator[Searched]:
        """Look for a text in all records, or in some; see `search.containing`.

        Where records do not stand in the order of their keys, they are looked
        through, and found, in that of the file.
        """
        if numbers is None:
            numbers = range(len(self))
        if self.report.order not in {"preorder", "nodes-first"}:
            numbers = self.ordered(numbers, "offset")
        return containing(self.index, self.blocks, text, numbers)

    # Blocks and places

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
