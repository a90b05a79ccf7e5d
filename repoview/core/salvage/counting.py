"""Count what is saved of a source and what is lost, by kind and by collection."""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import compress, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.cid import CID_BYTES
from repoview.core.formats.accounts import where_to_fetch
from repoview.core.formats.key import path_of
from repoview.core.inventory.unlinked import UnlinkedKind, look_of
from repoview.core.kernel.seam import NodeKind
from repoview.core.load.result import Resynced
from repoview.core.marks import COMMIT, NODE, RECORD, State
from repoview.core.repo.inside import inside
from repoview.core.salvage.report import LostKeys, SalvageReport, SavedCollection
from repoview.core.salvage.rows import AT_ONCE, RIGHT, WRONG, blocks_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid
    from repoview.core.index.records import RecordIndex
    from repoview.core.repo.repo import Repo
    from repoview.core.salvage.detached import DetachedNodes

MOST_COLLECTIONS: Final = 1_000
"""Collections that are told one by one."""


def lost_keys(repo: Repo) -> Iterator[LostKeys]:
    """Yield the ranges of keys that the tree lost, ascending."""
    nodes, records = inside(repo).nodes, inside(repo).index
    # Without a commit the top is a guess: before and behind it there may be more.
    is_guess = repo.commit is None
    if not len(nodes):
        yield LostKeys(b"", None)
        return
    if is_guess and len(records):
        yield LostKeys(b"", records.key(0))
    for number, hole in nodes.holes.items():
        if nodes.kinds[number] != NodeKind.SHARED:
            yield LostKeys(hole.lo, hole.hi)
    if is_guess and len(records):
        yield LostKeys(records.key(len(records) - 1), None)


def reached(records: RecordIndex, blocks: Blocks) -> Iterator[tuple[bytes, int]]:
    """Yield key and row of the records of the tree whose blocks are there."""
    for start in range(0, len(records), AT_ONCE):
        stop = min(start + AT_ONCE, len(records))
        rows = records.rows[start:stop]
        is_there = blocks.index.marks_of(rows).translate(RIGHT)
        for number in compress(range(start, stop), is_there):
            yield records.key(number), rows[number - start]


class _Totals(NamedTuple):
    """What blocks there are, by the marks of the walk."""

    marks: Counter[int]
    """How many rows have each mark."""

    bytes: int
    """Of the data of whole blocks."""

    damaged: int
    odd: int
    """Whole blocks whose CID is not of the 36-byte form, which have no mark."""

    odd_bytes: int
    """Of their sections."""

    def whole(self, wanted: int = 0, without: int = 0) -> int:
        """Return how many whole blocks are marked *wanted*, and not *without*."""
        return sum(
            count
            for mark, count in self.marks.items()
            if RIGHT[mark] and mark & wanted == wanted and not mark & without
        )


def _totals(blocks: Blocks) -> _Totals:
    index = blocks.index
    marks: Counter[int] = Counter()
    size = 0
    for first in range(0, len(index), AT_ONCE):
        rows = index.rows(first, AT_ONCE)
        numbers = array("I", range(first, first + len(rows.lengths)))
        some = index.marks_of(numbers)
        marks.update(some)
        size += sum(compress(rows.lengths, some.translate(RIGHT)))
    damaged = sum(count for mark, count in marks.items() if WRONG[mark])
    odd = [each for each in blocks.odd.values() if each.state is State.UNSOUND]
    size += sum(each.length for each in odd)
    damaged += len(blocks.odd) - len(odd)
    sections = sum(each.data_offset + each.length - each.offset for each in odd)
    return _Totals(marks, size, damaged, len(odd), sections)


class _Ledger:
    """Records by collection: reachable, detached, keyless, lost."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}

    def add(self, name: str, place: int, count: int = 1) -> None:
        """Count records; of more collections than are told, without a name."""
        if not count:
            return
        counts = self._counts.get(name)
        if counts is None:
            if len(self._counts) >= MOST_COLLECTIONS:
                name = ""
            counts = self._counts.setdefault(name, [0, 0, 0, 0])
        counts[place] += count

    def total(self, place: int) -> int:
        """Return how many there are in one place of all collections."""
        return sum(counts[place] for counts in self._counts.values())

    def collections(self) -> tuple[SavedCollection, ...]:
        """Return them by name."""
        names = sorted(self._counts.items())
        return tuple(SavedCollection(name, *counts) for name, counts in names)


_REACHABLE, _DETACHED, _KEYLESS, _LOST = range(4)


def count(repo: Repo, detached: DetachedNodes) -> SalvageReport:
    """Return what a source comes to.

    Args:
        repo: What was made of it.
        detached: What the tree does not reach.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    parts, report, commit = inside(repo), repo.report, repo.commit
    ledger, totals, loose = _Ledger(), _totals(parts.blocks), detached.counts
    _count_tree(repo, ledger)
    older = _count_detached(detached, ledger)
    _count_keyless(parts.blocks, detached, ledger)
    # A limit may have ended the reading before anything was searched.
    resynced = parts.loaded.resynced or Resynced(0, 0, 0, is_bounded=True)
    did = None if commit is None else commit.did
    return SalvageReport(
        source=report.source,
        size=report.counts.bytes,
        did=did,
        rev=None if commit is None else commit.rev,
        root=_root_of(repo),
        has_commit=commit is not None,
        blocks=totals.whole() + totals.odd,
        bytes=totals.bytes,
        commits=totals.whole(COMMIT) + loose[UnlinkedKind.COMMIT],
        nodes=totals.whole(NODE) + loose[UnlinkedKind.NODE],
        records=totals.whole(RECORD, without=NODE) + loose[UnlinkedKind.RECORD],
        others=loose[UnlinkedKind.OTHER] + totals.odd,
        found=resynced.blocks,
        skipped=resynced.times,
        reachable=ledger.total(_REACHABLE),
        detached=ledger.total(_DETACHED),
        subtrees=detached.count_subtrees(),
        older=older,
        keyless=ledger.total(_KEYLESS),
        missing_nodes=_missing_nodes(repo),
        missing_records=ledger.total(_LOST),
        damaged=totals.damaged,
        lost_bytes=max(0, resynced.lost_bytes - totals.odd_bytes),
        collections=ledger.collections(),
        lost_keys=tuple(islice(lost_keys(repo), limits.FINDINGS_A_CODE)),
        is_complete=report.complete is True,
        is_bounded=resynced.is_bounded or parts.loaded.limited,
        advice=None if did is None else where_to_fetch(did),
    )


def _missing_nodes(repo: Repo) -> int:
    """Return how many links of the tree lead to no node."""
    nodes = inside(repo).nodes
    return sum(nodes.kinds[each] != NodeKind.SHARED for each in nodes.holes.numbers)


def _root_of(repo: Repo) -> Cid | None:
    """Return the commit, or else the top node if its block is there."""
    if repo.commit is not None:
        return repo.commit.cid
    if len(repo.tree) and (top := repo.tree.node(0)).kind is NodeKind.NODE:
        return top.cid
    return None


def _count_tree(repo: Repo, ledger: _Ledger) -> None:
    parts = inside(repo)
    index, records = parts.blocks.index, parts.index
    for collection in records.collections():
        for numbers in collection.ranges:
            lost = len(parts.absent(numbers))
            for start in range(numbers.start, numbers.stop, AT_ONCE):
                rows = records.rows[start : min(start + AT_ONCE, numbers.stop)]
                lost += index.marks_of(rows).translate(WRONG).count(1)
            ledger.add(collection.name, _REACHABLE, len(numbers) - lost)
            ledger.add(collection.name, _LOST, lost)


def _count_detached(detached: DetachedNodes, ledger: _Ledger) -> int:
    """Count the keys that the tree lost; return how many are of earlier states."""
    older = 0
    for counts in detached.key_counts():
        name = path_of(counts.collection)
        ledger.add(name, _DETACHED, counts.found)
        ledger.add(name, _LOST, counts.lost)
        older += counts.older
    return older


def _count_keyless(blocks: Blocks, detached: DetachedNodes, ledger: _Ledger) -> None:
    untyped = array("I")
    for row in detached.keyless():
        name = blocks.index.type_of(row)
        if name:
            ledger.add(name, _KEYLESS)
        else:
            untyped.append(row)
    for _, block in blocks_in(blocks, untyped):
        ledger.add(look_of(block[CID_BYTES:])[1] or "", _KEYLESS)
