"""Records as they become known, in key order, while a source is still being read.

If its blocks are in walk order, the first records come after the first MiB
(with several threads, some MiB later, because these read ahead). Otherwise
they come after all of it is read.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Self, TypeAlias, TypeVar, Unpack

from repoview.core.closing import Closing
from repoview.core.errors import BlockMissing
from repoview.core.formats.key import path_of
from repoview.core.formats.key_range import KeyRange
from repoview.core.kernel.seam import NodeKind
from repoview.core.marks import NO_ROW
from repoview.core.opening.memory_limit import MemoryLimitReached, go_on_with
from repoview.core.opening.options import OpenOptions, takes_keywords
from repoview.core.repo.begin import begin
from repoview.core.repo.block_reader import BlockReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.cid import Cid
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.record import Record
    from repoview.core.load.result import Progress
    from repoview.core.opening.opening import Opening
    from repoview.core.opening.options import OpenKeywords
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.opener import Target
    from repoview.core.verify.report import Report

_AT_ONCE: Final = 8_192
"""Records of a batch at most."""

T = TypeVar("T")


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

KeyItem: TypeAlias = "tuple[str, Cid] | MissingNode"
"""What a stream of keys gives: repo path and CID."""


class Stream(Closing):
    """The records of one source, once through; close it, or use it with ``with``.

    What is wrong with the source is in `report`, when the stream has ended. Made
    by `stream`.
    """

    if TYPE_CHECKING:
        _opening: Opening
        _report: Callable[[Progress], None] | None
        _all: KeyRange
        _within: KeyRange
        _strict: bool
        _data: bool
        _holdings: BlockReader | None
        _waiting: Iterator[Item]
        _records: int
        """How many were given, or passed by; of nodes too."""
        _nodes: int

    def __init__(self) -> None:
        raise TypeError("repoview.stream() makes a Stream")

    @classmethod
    def _make(
        cls,
        opening: Opening,
        within: KeyRange = KeyRange(),  # noqa: B008 (it cannot be changed)
        *,
        strict: bool = False,
        data: bool = False,
        report: Callable[[Progress], None] | None = None,
    ) -> Self:
        """Make one.

        Args:
            opening: Not begun.
            within: The keys that are wanted.
            strict: Whether what is missing is an error.
            data: Whether records carry their bytes.
            report: Called with progress.
        """
        self = cls.__new__(cls)
        self._opening, self._report = opening, report
        self._all = self._within = within
        self._strict, self._data = strict, data
        self._holdings = None
        self._records = self._nodes = 0
        self._waiting = iter(())
        return self

    @property
    def commit(self) -> Commit | None:
        """The signed commit: there before the first record, None without one."""
        while self._opening.known.commit is None and self._opening.opened is None:
            self._advance()
        return self._opening.known.commit

    @property
    def report(self) -> Report | None:
        """What was found; there once all of the source was read."""
        opened = self._opening.opened
        return None if opened is None else opened.report

    def batch(self) -> list[Item]:
        """Return what became known next, some thousand items; none at the end.

        Raises:
            BlockMissing: A record or node is missing, and *strict* is set.
            MemoryLimitReached: The memory limit is reached. Raise it with
                `resume`, which returns this stream, and continue.
            SourceError: The bytes cannot be read.
            Cancelled: It was requested.
        """
        return self._next(self._records_from)

    def key_batch(self) -> list[KeyItem]:
        """Return the next paths and CIDs, some thousand; none at the end.

        No record is read: a missing one is listed like all others, for its CID
        stands in the tree. Raises as `batch` does, for nodes.
        """
        return self._next(self._keys_from)

    def keys(self) -> Iterator[KeyItem]:
        """Yield path and CID of every record from here on, and missing nodes.

        Raises as `key_batch` does.
        """
        while batch := self.key_batch():
            yield from batch

    def seek(self, path: str) -> None:
        """Go on with the first record whose path is not smaller than *path*.

        Forward or back, but not beyond what the stream was asked for. All of
        the source is read and verified whatever is given.
        """
        self._within = self._all.begun_at(path)
        self._waiting = iter(())
        known = self._opening.known
        records, nodes = known.records, known.nodes
        self._records = self._nodes = 0
        if records.in_order:
            self._records = records.bisect(self._within.first)
            self._nodes = bisect_left(nodes.first_records, self._records)

    def _next(self, take: Callable[[int, int], list[T]]) -> list[T | MissingNode]:
        while True:
            items = self._fresh(take)
            if items:
                return items
            if self._is_behind:
                continue
            if self._opening.opened is not None:
                self._opening.keep(self._report)
                return []
            self._advance()

    @property
    def _is_behind(self) -> bool:
        known = self._opening.known
        return (self._records, self._nodes) != (len(known.records), len(known.nodes))

    def _advance(self) -> None:
        try:
            self._opening.advance(self._report)
        except MemoryLimitReached as error:
            go_on_with(error, lambda: self)
            raise

    def _fresh(self, take: Callable[[int, int], list[T]]) -> list[T | MissingNode]:
        """Return some of what is known and was not given yet."""
        known = self._opening.known
        records, nodes = known.records, known.nodes
        items: list[T | MissingNode] = []
        firsts = nodes.first_records
        stop, last = len(records), len(nodes)
        if stop - self._records > _AT_ONCE:
            stop = self._records + _AT_ONCE
            last = bisect_left(firsts, stop, self._nodes)
        kinds = bytes(nodes.kinds[self._nodes : last])
        at = kinds.find(NodeKind.MISSING)
        first, self._nodes = self._nodes, last
        while at >= 0:
            self._add_records(items, take, firsts[first + at])
            hole = nodes.holes[first + at]
            if self._within.meets(hole.lo, hole.hi):
                if self._strict:
                    raise BlockMissing(f"the node {hole.cid} is missing")
                before = None if hole.hi is None else path_of(hole.hi)
                items.append(MissingNode(hole.cid, path_of(hole.lo), before))
            at = kinds.find(NodeKind.MISSING, at + 1)
        self._add_records(items, take, stop)
        return items

    def _add_records(
        self,
        items: list[T | MissingNode],
        take: Callable[[int, int], list[T]],
        stop: int,
    ) -> None:
        """Append those of the next records, up to number *stop*, that are wanted."""
        start, self._records = self._records, max(self._records, stop)
        records, within = self._opening.known.records, self._within
        if not records.in_order:
            for number in range(start, stop):
                if records.key(number) in within:
                    items += take(number, number + 1)
            return
        if within.first:
            start = max(start, records.bisect(within.first))
        if within.stop is not None:
            stop = min(stop, records.bisect(within.stop))
        if start < stop:
            items += take(start, stop)

    def _records_from(self, start: int, stop: int) -> list[Record | MissingRecord]:
        records = self._held().records(start, stop, data=self._data)
        if NO_ROW not in self._opening.known.records.rows[start:stop]:
            return [*records]
        return [self._present(record) for record in records]

    def _present(self, record: Record) -> Record | MissingRecord:
        if record.state != "missing":
            return record
        if self._strict:
            raise BlockMissing(f"the record of {record.path!a} is missing")
        return MissingRecord(record.path, record.cid)

    def _keys_from(self, start: int, stop: int) -> list[tuple[str, Cid]]:
        return list(self._held().keys(start, stop))

    def _held(self) -> BlockReader:
        if self._holdings is None:
            known = self._opening.known
            did = None if known.commit is None else known.commit.did
            self._holdings = BlockReader(
                known.blocks, known.records, did, [], known.processed
            )
        return self._holdings

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        # The quickest way to the next one.
        for item in self._waiting:
            return item
        batch = self.batch()
        if not batch:
            raise StopIteration
        self._waiting = iter(batch)
        return next(self._waiting)

    def close(self) -> None:
        """Let go of everything; records that were given can be read no more."""
        if self._holdings is not None:
            self._holdings.forget()
        self._opening.close()


@takes_keywords
def stream(
    target: Target,
    *,
    prefix: str | None = None,
    start: str | None = None,
    stop: str | None = None,
    data: bool = False,
    strict: bool = False,
    name: str | None = None,
    on_limit: Literal["raise", "leave"] = "raise",
    report: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    **options: Unpack[OpenKeywords],
) -> Stream:
    """Begin to read the records of a source, in key order, as they become known.

    Args:
        target: As for `open`, like all that is not told here.
        prefix: What the paths of the wanted records begin with.
        start: The smallest path that is wanted.
        stop: What all wanted paths are smaller than. All of the source is read
            and verified, whatever is wanted of it.
        data: Let records carry their bytes: to read them by the batch is much
            faster than one by one, and they outlive the stream.
        strict: Raise `BlockMissing` at the first record or node that is
            missing, instead of giving a `MissingRecord` or `MissingNode`.
        name: Its name in errors.
        on_limit: What a limit of memory does.
        report: Called with progress while something is read.
        cancel: Ends it, from any thread.
        options: See `open`. What the cache knows is given without reading the
            source; what was read is kept when the last item was given.

    Raises:
        SourceError: The bytes cannot be read.
    """
    within = KeyRange.of(prefix, start, stop)
    wanted = OpenOptions.of(on_limit=on_limit, eager=True, **options)
    opening = begin(target, wanted, cancel, name=name)
    return Stream._make(opening, within, strict=strict, data=data, report=report)
