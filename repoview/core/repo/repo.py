"""Repo: what every view of a repository holds.

Loads a source, verifies it, and keeps the index: records, collections, nodes
and blocks by number, path or CID. Bytes are read when asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from repoview.core import limits
from repoview.core.closing import Closing
from repoview.core.formats.record import Record
from repoview.core.index.ordering import By, ordered
from repoview.core.index.records import Collection
from repoview.core.index.text_search import Searched, containing
from repoview.core.opening.opening import Opening
from repoview.core.opening.room import Room
from repoview.core.repo.block_reader import Block
from repoview.core.repo.cache_policy import cache_policy_of
from repoview.core.repo.partial import Partial
from repoview.core.repo.records import Records
from repoview.core.repo.repo_parts import Inside
from repoview.core.repo.tree import NodeView, RecordRef, Tree
from repoview.core.source.opener import open_source
from repoview.core.wording import count_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.commit import Commit
    from repoview.core.index.statistics import Shape
    from repoview.core.load.result import Progress
    from repoview.core.opening.opening import Opened
    from repoview.core.repo.block_reader import BlockReader
    from repoview.core.repo.cache_policy import Keeping
    from repoview.core.repo.cached import Cached
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.opener import Target
    from repoview.core.verify.report import Report, Verdict
    from repoview.core.verify.verify import Checks

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

    if TYPE_CHECKING:
        _inside: Inside

    def __init__(self) -> None:
        raise TypeError("repoview.open() and Repo.load() make a Repo")

    @classmethod
    def _make(cls, opened: Opened, cached: Cached | None = None) -> Self:
        """Make one of what an opening came to, and of where it is kept."""
        self = cls.__new__(cls)
        self._inside = made = Inside(opened, cached)
        self._set_up(made.source, made.index, made.paths)
        return self

    def __repr__(self) -> str:
        whose = self.name if self.commit is None else self.commit.did
        collections = count_text(len(self.collections), "collection")
        amount = f"{count_text(len(self), 'record')} in {collections}"
        return f"<Repo {whose!a}: {amount}, {self.verdict}>"

    @classmethod
    def load(
        cls,
        target: Target,
        *,
        name: str | None = None,
        checks: Checks | None = None,
        mem_limit: int = limits.MEMORY,
        spill: bool | str | os.PathLike[str] = False,
        disk_limit: int = limits.DISK,
        threads: int | None = None,
        cache: bool | str | os.PathLike[str] = False,
        report: Callable[[Progress], None] | None = None,
        cancel: Cancel | None = None,
    ) -> Repo:
        """Read and verify *target*; whatever is wrong with it is a finding.

        What takes more memory than it may is left unread (LIM001).

        Args:
            target: A path, an address, bytes, an open file, or a stream of bytes.
            name: What people call it, if not by what it is opened by.
            checks: What to check, and how strictly.
            mem_limit: Bytes of memory that it may take.
            spill: Whether, and in what folder, the disk takes the rest.
            disk_limit: Bytes that it may take.
            threads: How many hash and check blocks while the file is read;
                None for as many as there are processors, up to four.
            cache: Whether, and in what folder, what is found is looked up and
                kept; see `repoview.open`.
            report: Told of progress, at least every MiB; what it raises ends it.
            cancel: Ends it too, from any thread, and while it waits for bytes.

        Raises:
            SourceError: The bytes cannot be read.
            Cancelled: Somebody asked to stop; the source is closed.
        """
        keeping = cache_policy_of(cache)
        repo = load(
            target,
            name=name,
            checks=checks,
            room=Room.of(mem_limit, spill, disk_limit),
            threads=threads,
            report=report,
            cancel=cancel,
            keeping=keeping,
        )
        if keeping is not None:
            keep(repo, report)
        return repo

    @property
    def _holdings(self) -> BlockReader:
        return self._inside.holdings

    @property
    def from_cache(self) -> bool:
        """Whether it was opened from the cache, and not read."""
        return self._inside.is_from_cache

    @property
    def report(self) -> Report:
        """What its verification found out."""
        return self._inside.report

    @property
    def tree(self) -> Tree:
        """Its nodes."""
        return self._inside.tree

    @cached_property
    def collections(self) -> Sequence[Collection]:
        """The collections, in key order."""
        return self._index.collections()

    def close(self) -> None:
        """Close the source; what needs its bytes fails from now on."""
        self._inside.close()

    @cached_property
    def shape(self) -> Shape:
        """Sizes and histograms; counting them takes longer than most answers."""
        return self._inside.shape

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
        self,
        numbers: Sequence[int],
        by: Literal["key", "date", "size", "offset"],
        *,
        reverse: bool = False,
    ) -> Sequence[int]:
        """Return the numbers of records in another order; `records_at` takes them.

        Args:
            numbers: Of records.
            by: The key, the TID that it ends with, the bytes of the block, or
                where in the file this stands.
            reverse: The other way round.
        """
        return ordered(self._index, self._inside.blocks, numbers, by, reverse=reverse)

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
        return containing(self._index, self._inside.blocks, text, numbers)

    # Blocks and places

    def locate_cid(self, cid: Cid) -> Location | None:
        """Return the first place where the tree uses a CID, None for none."""
        row = self._inside.blocks.find(cid.raw) if cid.is_blessed else -1
        if row < 0:
            return self._locate_hole(cid)
        nodes = self._inside.nodes
        for what, rows in (("node", nodes.rows), ("record", self._index.rows)):
            try:
                return Location("node" if what == "node" else "record", rows.index(row))
            except ValueError:
                continue
        return Location("block", self._inside.blocks.index.offset(row))

    def _locate_hole(self, cid: Cid) -> Location | None:
        for number, hole in self._inside.nodes.holes.items():
            if hole.cid == cid:
                return Location("node", number)
        for number, missing in self._index.missing.items():
            if missing == cid:
                return Location("record", number)
        odd = self._inside.blocks.odd.get(cid.raw)
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


def keep(repo: Repo, report: Callable[[Progress], None] | None = None) -> None:
    """Keep what was found for the next time; closes *repo* if that is ended."""
    try:
        repo._inside.keep(report)  # noqa: SLF001 (it is ours)
    except BaseException:
        repo.close()
        raise


def load(
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
    """Read and verify *target* as `Repo.load` does, but keep nothing yet.

    Args:
        target: See `Repo.load`, as for the rest.
        name: What people call it.
        checks: What to check.
        room: What it may take.
        threads: How many hash and check.
        report: Told of progress.
        cancel: Stops it.
        keeping: Where the cache is.

    Raises:
        SourceError: The bytes cannot be read.
        Cancelled: Somebody asked to stop.
    """
    begun = begin(
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
    return repo_of(begun)


def begin(
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
        return Repo._make(cached.entry, cached)
    opening = Opening(source, checks, room, threads, cancel, eager=eager)
    return Partial(opening, cached)


def repo_of(partial: Partial) -> Repo:
    """Return the repository that was read to its end."""
    opened = partial.opening.opened
    assert opened is not None  # noqa: S101 (the caller took all steps)
    return Repo._make(opened, partial.cached)
