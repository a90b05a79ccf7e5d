"""Repo: what every view of a repository holds.

Loads a source, verifies it, and keeps the index: records, collections, nodes
and blocks by number, path or CID. Bytes are read when asked for.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from repoview.core import limits
from repoview.core.ahead import Ahead
from repoview.core.errors import CarError, NotFound
from repoview.core.findings import Finding, Findings, Scope, Severity
from repoview.core.holdings import Block, Holdings, Record
from repoview.core.index import Collection, NodeTable, RecordIndex
from repoview.core.load import load
from repoview.core.loaded import Progress
from repoview.core.source import open_source
from repoview.core.tree import NodeView, RecordRef, Tree
from repoview.core.verify import Checks, Verifier

if TYPE_CHECKING:
    import os
    from array import array
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from repoview.core.blocks import Blocks
    from repoview.core.cid import Cid
    from repoview.core.commit import Commit
    from repoview.core.loaded import Loaded
    from repoview.core.report import Report, Verdict
    from repoview.core.seam import Batch
    from repoview.core.source import Source

__all__ = [
    "Block",
    "Collection",
    "Location",
    "NodeView",
    "Record",
    "RecordRef",
    "Repo",
    "open_repo",
]


_KEYS_AT_ONCE: Final = 4_096


class Location(NamedTuple):
    """Where something stands: a record or node by number, a block by offset."""

    what: Literal["record", "node", "block"]
    number: int


class Repo:
    """A repository, loaded and verified; close it, or use it with ``with``.

    Records are numbered in key order from 0, nodes as a walk enters them.
    Made by `Repo.load` and `open_repo`.
    """

    def __init__(self, loaded: Loaded, report: Report, answers: _Answers) -> None:
        self.loaded = loaded
        self.report = report
        self.index = answers.index
        self.source: Source = loaded.blocks.source
        did = None if report.commit is None else report.commit.did
        self._holdings = Holdings(loaded.blocks, self.index, did, report.findings)
        self.tree = Tree(self._holdings, answers.nodes)

    @classmethod
    def load(
        cls,
        target: str | os.PathLike[str] | bytes,
        *,
        checks: Checks | None = None,
        budget: int = limits.INDEX_BUDGET,
        threads: int | None = None,
        report: Callable[[Progress], None] | None = None,
    ) -> Repo:
        """Read and verify *target*; whatever is wrong with it is a finding.

        Args:
            target: A path, or the bytes of a CAR.
            checks: What to check, and how strictly.
            budget: Bytes that each index may take; what is over it is left
                unread (LIM001).
            threads: How many hash and check blocks while the file is read;
                None for as many as there are processors. The Python kernel
                has one.
            report: Called at least every MiB; raises `Cancelled` to stop.

        Raises:
            SourceError: The bytes cannot be read.
            Cancelled: *report* asked to stop; the source is closed.
        """
        checks = checks or Checks()
        source = open_source(target)
        try:
            findings = Findings(checks.profile)
            answers = _Answers(budget)
            # The check that builds the tree again wants all batches at once.
            ahead = None if checks.rebuild else Ahead(findings, answers.take)
            loaded = load(
                source,
                findings,
                budget=budget,
                threads=threads,
                report=report,
                follow=None if ahead is None else ahead.follow,
            )
            verifier = Verifier(loaded, findings, checks, answers.take, ahead=ahead)
            outcome = _verify(verifier, answers, report)
        except BaseException:
            source.close()
            raise
        return cls(loaded, outcome, answers)

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
        self.source.close()

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
        self, collection: str | None = None, prefix: str | None = None
    ) -> Sequence[int]:
        """Return the numbers of the records of a collection, or under a prefix.

        Args:
            collection: Its whole name; None for all.
            prefix: What the repo path begins with; None for all.
        """
        start = prefix if collection is None else f"{collection}/"
        if start is None:
            return range(len(self))
        numbers = self.index.with_prefix(start.encode(errors="surrogatepass"))
        if collection is None or prefix is None:
            return numbers
        wanted = prefix.encode(errors="surrogatepass")
        return [n for n in numbers if self.index.key(n).startswith(wanted)]

    def records(
        self, collection: str | None = None, prefix: str | None = None
    ) -> Iterator[Record]:
        """Yield the records of a collection, or under a prefix, in key order."""
        for number in self.numbers(collection, prefix):
            yield self.record(number)

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


class _Answers:
    """The indexes that a walk fills."""

    def __init__(self, budget: int) -> None:
        self.index = RecordIndex(budget)
        self.nodes = NodeTable(budget)

    def take(self, batch: Batch) -> None:
        """Take in what the walk met."""
        try:
            self.index.extend(batch)
        finally:
            # Nodes tell which records are theirs, even of the last batch.
            self.nodes.extend(batch)


def _verify(
    verifier: Verifier,
    answers: _Answers,
    report: Callable[[Progress], None] | None,
) -> Report:
    total = len(verifier.loaded.blocks.index)

    def walked(done: int) -> None:
        if report is not None:
            report(Progress("walk", done, max(done, total), total))

    verifier.report = walked
    outcome = verifier.run()
    answers.nodes.finish(len(answers.index))
    outcome.counts.collections = answers.index.collection_count
    return outcome


def open_repo(
    target: str | os.PathLike[str] | bytes,
    *,
    checks: Checks | None = None,
    budget: int = limits.INDEX_BUDGET,
    threads: int | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Repo:
    """Open a repository as `Repo.load` does, and insist that there is one.

    Raises:
        CarError: Nothing of the file could be read as a CAR.
        SourceError: The bytes cannot be read.
        Cancelled: *report* asked to stop.
    """
    repo = Repo.load(
        target, checks=checks, budget=budget, threads=threads, report=report
    )
    for found in repo.report.findings:
        if found.severity is Severity.FATAL and found.scope is Scope.CONTAINER:
            repo.close()
            raise CarError(found.message, offset=found.offset or 0)
    return repo


def _key_of(path: str) -> bytes | None:
    try:
        return path.encode()
    except UnicodeEncodeError:
        # No key can be a lone surrogate; it is UTF-8 or bytes.
        return None
