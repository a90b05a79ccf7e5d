"""The shape of a repository in numbers: what `repoview info` counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from repoview.core.block_index import NO_ROW
from repoview.core.seam import UNKNOWN_DEPTH, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.repo import Repo


@dataclass(frozen=True, slots=True)
class Level:
    """The nodes of one depth, taken together."""

    depth: int | None
    """None for nodes whose depth could not be known."""

    nodes: int
    records: int
    """Entries in these nodes, not below them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes and histograms of a repository."""

    node_bytes: int
    record_bytes: int
    """Counted for each key, as collections count them."""

    largest_record: int
    levels: list[Level]
    """From the top down."""

    fanout: dict[int, int]
    """Entries of a node → number of such nodes."""

    holes: int
    """Links to sub-trees that led to no node."""

    def to_json(self) -> dict[str, Any]:
        """Return what `info --json` prints of it."""
        return {
            "sizes": {
                "nodes": self.node_bytes,
                "records": self.record_bytes,
                "largest_record": self.largest_record,
            },
            "depths": [
                {"depth": each.depth, "nodes": each.nodes, "records": each.records}
                for each in self.levels
            ],
            "fanout": [
                {"entries": entries, "nodes": nodes}
                for entries, nodes in sorted(self.fanout.items())
            ],
            "holes": self.holes,
        }


def shape_of(repo: Repo) -> Shape:
    """Count the shape of *repo*; reads no block, and holds nothing per node."""
    nodes, length = repo.tree.nodes, repo.blocks.index.length
    by_depth: Counter[int] = Counter()
    records: Counter[int] = Counter()
    fanout: Counter[int] = Counter()
    node_bytes = 0
    for number, entries in entries_of(repo):
        if nodes.kinds[number] != NodeKind.NODE:
            continue
        depth, row = nodes.depths[number], nodes.rows[number]
        by_depth[depth] += 1
        records[depth] += entries
        fanout[entries] += 1
        if row != NO_ROW:
            node_bytes += length(row)
    known = sorted((d for d in by_depth if d != UNKNOWN_DEPTH), reverse=True)
    unknown = [UNKNOWN_DEPTH] if UNKNOWN_DEPTH in by_depth else []
    levels = [
        Level(None if d == UNKNOWN_DEPTH else d, by_depth[d], records[d])
        for d in known + unknown
    ]
    sizes = (length(row) for row in repo.index.rows if row != NO_ROW)
    return Shape(
        node_bytes,
        sum(each.bytes for each in repo.collections),
        max(sizes, default=0),
        levels,
        dict(fanout),
        len(nodes) - by_depth.total(),
    )


def entries_of(repo: Repo) -> Iterator[tuple[int, int]]:
    """Yield each node with how many records are in it, and not below.

    A node comes when all below it came; memory holds one way down.
    """
    nodes = repo.tree.nodes
    way: list[tuple[int, int]] = []
    places = zip(nodes.parents, nodes.first_records, nodes.record_ends, strict=True)
    for number, (parent, first, end) in enumerate(places):
        while way and way[-1][0] != parent:
            yield _counted(way.pop())
        if way:
            holder, entries = way[-1]
            way[-1] = holder, entries - (end - first)
        way.append((number, end - first))
    yield from map(_counted, reversed(way))


def _counted(node: tuple[int, int]) -> tuple[int, int]:
    # A walk that a limit ended left nodes whose records were not counted.
    return node[0], max(node[1], 0)
