"""A part of a tree that the opening found sound, by number and not by node.

Where nothing was found wrong with the tree, all that a walk would check of a node
was checked when the file was read, of the bytes that its CID names: canonical form,
depth, order and bounds. So the columns say which nodes prove a range, and what is
left to do is to hash their blocks again, which the kernel does some thousand at a
time. Where anything was found, or a node of the part is not there, there is no such
part, and the walk of `ranges` tells what is wrong.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from repoview.core.errors import BlockMissing
from repoview.core.findings.findings import Profile, Scope
from repoview.core.inventory.part_rows import (
    Copied,
    PartRows,
    Selection,
    copied,
    node_runs,
    part_rows,
)
from repoview.core.inventory.walked_rows import first_uses
from repoview.core.kernel.seam import UNKNOWN_DEPTH
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.core.trees.node import NodeLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.cid import Cid
    from repoview.core.formats.key_range import KeyRange
    from repoview.core.repo.repo import Repo

_BESIDE_NODES: Final = frozenset({"BLB", "BLK", "CAR", "CV2", "ORD", "REC", "SIG"})
"""The families of codes that say nothing of a node that is there and hashes."""


class SoundPart:
    """Nodes and records of a sound tree, all of them there.

    Args:
        repo: The repository.
        runs: Of the nodes.
        numbers: Of the records, ascending.
    """

    def __init__(self, repo: Repo, runs: list[range], numbers: Sequence[int]) -> None:
        self._repo, self._runs, self._numbers = repo, runs, numbers
        self.records = len(numbers)
        self.blocks = sum(map(len, runs)) + len(numbers)
        """Nodes and records, as often as the tree links to them."""

    @property
    def run(self) -> range | None:
        """The numbers of the records; None where they are not one run."""
        return self._numbers if isinstance(self._numbers, range) else None

    def hashes(self) -> bool:
        """Tell whether all blocks are there and hash to their CIDs, read again."""
        blocks = inside(self._repo).blocks
        return all(
            some.sections
            for batch in self._batches()
            for some in copied(blocks, batch.rows)
        )

    def sections(self) -> Iterator[Copied]:
        """Yield the sections of all blocks in walk order, each once.

        Raises:
            BlockMissing: A block does not hash any more.
            SourceError: The source was changed.
        """
        blocks = inside(self._repo).blocks
        walked = (batch.rows for batch in self._batches())
        for rows in first_uses(walked, blocks.index):
            for some in copied(blocks, rows):
                if not some.sections:
                    cid = blocks.cid(rows[some.start])
                    self._repo.block(cid)
                    raise BlockMissing(f"the block {cid} could not be read")
                yield some

    def has_all(self) -> bool:
        """Tell whether every node was entered, and every block has a row."""
        nodes = inside(self._repo).nodes
        for run in self._runs:
            some = slice(run.start, run.stop)
            if any(nodes.kinds[some]):
                return False
        return all(NO_ROW not in batch.rows for batch in self._batches())

    def _batches(self) -> Iterator[PartRows]:
        parts = inside(self._repo)
        selection = Selection(parts.nodes, self._numbers)
        return part_rows(parts.index, parts.nodes, selection, self._runs)


def sound_part(
    repo: Repo,
    top: Cid,
    ranges: Sequence[KeyRange],
    records: Sequence[KeyRange],
    leads_there: Callable[[NodeLink], bool],
) -> SoundPart | None:
    """Return a part of a tree, if all of it is there, and the tree sound.

    Args:
        repo: The repository.
        top: The top node, as its commit proves it.
        ranges: Of these all nodes are wanted that could have a key of them.
        records: Of these the records are wanted.
        leads_there: Tells of a link whether it is followed, as in `walk_wanted`.
    """
    if not _is_sound(repo, top):
        return None
    parts = inside(repo)
    index, nodes = parts.index, parts.nodes
    spans = [_span(repo, keys) for keys in ranges]

    def is_whole(first: int, end: int) -> bool:
        # Then the keys on both sides of it are in the range.
        return any(span.start < first and end < span.stop for span in spans)

    def is_wanted(number: int) -> bool:
        if number == 0:
            return True
        first, end = nodes.first_records[number], nodes.record_ends[number]
        depth = nodes.depths[number]
        return leads_there(
            NodeLink(
                top,
                None if depth == UNKNOWN_DEPTH else depth,
                index.key(first - 1) if first else b"",
                index.key(end) if end < len(index) else None,
            )
        )

    runs = list(node_runs(nodes, is_whole, is_wanted))
    part = SoundPart(repo, runs, _union([_span(repo, keys) for keys in records]))
    return part if part.has_all() else None


def _is_sound(repo: Repo, top: Cid) -> bool:
    """Tell whether the whole tree was judged, and nothing found wrong with a node."""
    parts, report = inside(repo), repo.report
    return (
        report.commit is not None
        and parts.checks.profile is not Profile.MST_ONLY
        and not (report.changes.off or report.changes.skipped)
        and parts.index.in_order
        and len(parts.nodes) > 0
        and top.is_blessed
        and parts.blocks.find(top.raw) == parts.nodes.rows[0]
        and all(
            each.scope is not Scope.TREE and each.code[:3] in _BESIDE_NODES
            for each in report.findings
        )
    )


def _span(repo: Repo, keys: KeyRange) -> range:
    """Return the numbers of the records in a range, where keys ascend."""
    index = inside(repo).index
    last = len(index) if keys.stop is None else index.bisect(keys.stop)
    return range(index.bisect(keys.first), last)


def _union(spans: list[range]) -> Sequence[int]:
    """Return the numbers that are in any of these, ascending."""
    if len(spans) == 1:
        return spans[0]
    numbers, reached = array("Q"), 0
    for span in sorted(spans, key=lambda each: (each.start, each.stop)):
        numbers.extend(range(max(span.start, reached), span.stop))
        reached = max(reached, span.stop)
    return numbers
