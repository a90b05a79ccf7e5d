"""Records as they become known, in key order, while a source is still being read.

Where its blocks stand in the order of the walk, the first records come after
the first MiB (with several threads, some MiB later, for these are ahead). Else
they come when all is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self, TypeAlias

from repoview.core import limits
from repoview.core.block_index import NO_ROW
from repoview.core.errors import BlockMissing
from repoview.core.holdings import Holdings, Record
from repoview.core.key import path_of
from repoview.core.opener import open_source
from repoview.core.opening import MemoryLimitReached, Opening, Room
from repoview.core.seam import NodeKind
from repoview.core.waiting import Cancel
from repoview.library import Spill, folder_of, in_thread, pulled

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType

    from repoview.core.cid import Cid
    from repoview.core.commit import Commit
    from repoview.core.opener import Target
    from repoview.core.report import Report
    from repoview.core.verify import Checks
    from repoview.library import AnyTarget


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record whose block is not in the source."""

    path: str
    cid: Cid


@dataclass(frozen=True, slots=True)
class MissingNode:
    """A part of the tree that is not in the source, with all records in it."""

    cid: Cid
    after: str
    """All paths in it are greater than this one; "" for no bound."""

    before: str | None
    """All paths in it are smaller than this one; None for no bound."""


Item: TypeAlias = "Record | MissingRecord | MissingNode"
"""What a stream gives."""


class Stream:
    """The records of one source, once through; close it, or use it with ``with``.

    What is wrong with the source is in `report`, when the stream has ended.

    Args:
        opening: Not begun.
        strict: Whether what is missing is an error.
    """

    def __init__(self, opening: Opening, *, strict: bool = False) -> None:
        self._opening = opening
        self._strict = strict
        self._holdings: Holdings | None = None
        self._records = self._nodes = 0
        """How many were given, or passed by."""
        self._waiting: Iterator[Item] = iter(())

    @property
    def commit(self) -> Commit | None:
        """The signed commit: there before the first record, None without one."""
        while self._opening.commit is None and self._opening.opened is None:
            self._advance()
        return self._opening.commit

    @property
    def report(self) -> Report | None:
        """What the repository is, once all of it was read."""
        opened = self._opening.opened
        return None if opened is None else opened.report

    def batch(self) -> list[Item]:
        """Return what became known next, some thousand items; none at the end.

        Raises:
            BlockMissing: Something is missing, and that was not to be.
            MemoryLimitReached: More is taken than may be. Give it more with
                ``error.opening.allow(…)``, and go on.
            SourceError: The bytes cannot be read.
            Cancelled: Somebody asked for it.
        """
        while not (items := self._fresh()) and self._opening.opened is None:
            self._advance()
        return items

    def _advance(self) -> None:
        try:
            self._opening.advance()
        except MemoryLimitReached as error:
            error.go_on = lambda: self
            raise

    def _fresh(self) -> list[Item]:
        """Return what is known and was not given yet."""
        records, nodes = self._opening.records, self._opening.nodes
        if not len(nodes):
            return []
        if self._holdings is None:
            commit = self._opening.commit
            did = None if commit is None else commit.did
            self._holdings = Holdings(self._opening.blocks, records, did, [])
        holdings = self._holdings
        items: list[Item] = []
        kinds, firsts = nodes.kinds, nodes.first_records
        for number in range(self._nodes, len(nodes)):
            if kinds[number] == NodeKind.MISSING:
                self._add_records(items, holdings, firsts[number])
                hole = nodes.holes[number]
                before = None if hole.hi is None else path_of(hole.hi)
                missing = MissingNode(hole.cid, path_of(hole.lo), before)
                if self._strict:
                    raise BlockMissing(f"the node {hole.cid} is missing")
                items.append(missing)
        self._nodes = len(nodes)
        self._add_records(items, holdings, len(records))
        return items

    def _add_records(self, items: list[Item], holdings: Holdings, stop: int) -> None:
        index = self._opening.records
        for number in range(self._records, stop):
            record = Record(holdings, number, index.key(number))
            if index.rows[number] != NO_ROW or record.state != "missing":
                items.append(record)
                continue
            if self._strict:
                raise BlockMissing(f"the record of {record.path!a} is missing")
            items.append(MissingRecord(record.path, record.cid))
        self._records = max(self._records, stop)

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        while True:
            item = next(self._waiting, None)
            if item is not None:
                return item
            batch = self.batch()
            if not batch:
                raise StopIteration
            self._waiting = iter(batch)

    def close(self) -> None:
        """Let go of everything; records that were given can be read no more."""
        self._opening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def stream(
    target: Target,
    *,
    checks: Checks | None = None,
    mem_limit: int = limits.MEMORY,
    spill: Spill = False,
    disk_limit: int = limits.DISK,
    threads: int | None = None,
    strict: bool = False,
    cancel: Cancel | None = None,
) -> Stream:
    """Begin to read the records of a source, in key order, as they become known.

    Args:
        target: As for `open`, like all that is not told here.
        checks: What to check; what is found is in the report, at the end.
        mem_limit: Bytes of memory that indexes and kept bytes may take.
        spill: Whether, and where, the disk takes the rest.
        disk_limit: Bytes that it may take.
        threads: How many hash and check.
        strict: Raise `BlockMissing` at the first record or node that is
            missing, instead of giving a `MissingRecord` or `MissingNode`.
        cancel: Ends it, from any thread.

    Raises:
        SourceError: The bytes cannot be read.
    """
    room = Room(mem_limit, folder_of(spill), disk_limit)
    source = open_source(target, folder=room.folder, cancel=cancel)
    opening = Opening(source, checks, room, threads, cancel, eager=True)
    return Stream(opening, strict=strict)


async def stream_async(
    target: AnyTarget,
    *,
    checks: Checks | None = None,
    mem_limit: int = limits.MEMORY,
    spill: Spill = False,
    disk_limit: int = limits.DISK,
    threads: int | None = None,
    strict: bool = False,
) -> AsyncIterator[list[Item]]:
    """Yield what `stream` gives, in batches, while others go on.

    Reading and checking are done in a thread; cancelling ends it, and leaves
    nothing behind. Records read their bytes when they are asked, so ask before
    the stream ends. Whoever leaves early closes it (``contextlib.aclosing``).

    Args:
        target: As for `open_async`; the rest as for `stream`.
        checks: What to check.
        mem_limit: Bytes of memory that indexes and kept bytes may take.
        spill: Whether, and where, the disk takes the rest.
        disk_limit: Bytes that it may take.
        threads: How many hash and check.
        strict: Raise `BlockMissing` where something is missing.
    """
    cancel = Cancel()
    begin = partial(
        stream,
        pulled(target),
        checks=checks,
        mem_limit=mem_limit,
        spill=spill,
        disk_limit=disk_limit,
        threads=threads,
        strict=strict,
        cancel=cancel,
    )
    items: Stream | None = None
    try:
        items = await in_thread(begin, cancel)
        while batch := await in_thread(items.batch, cancel):
            yield batch
    finally:
        if items is not None:
            items.close()
        cancel.close()
