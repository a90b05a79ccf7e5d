"""The shape of a repository in numbers: what `repoview info` counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from repoview.core.block_index import NO_ROW
from repoview.core.seam import NO_PARENT, UNKNOWN_DEPTH, NodeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """Count the shape of *repo*; reads no block."""
    nodes, length = repo.tree.nodes, repo.blocks.index.length
    entries = entries_of(repo)
    real = [n for n, kind in enumerate(nodes.kinds) if kind == NodeKind.NODE]
    by_depth: Counter[int] = Counter()
    records: Counter[int] = Counter()
    for number in real:
        depth = nodes.depths[number]
        by_depth[depth] += 1
        records[depth] += entries[number]
    known = sorted((d for d in by_depth if d != UNKNOWN_DEPTH), reverse=True)
    unknown = [UNKNOWN_DEPTH] if UNKNOWN_DEPTH in by_depth else []
    levels = [
        Level(None if d == UNKNOWN_DEPTH else d, by_depth[d], records[d])
        for d in known + unknown
    ]
    sizes = (length(row) for row in repo.index.rows if row != NO_ROW)
    return Shape(
        sum(length(nodes.rows[n]) for n in real if nodes.rows[n] != NO_ROW),
        sum(each.bytes for each in repo.collections),
        max(sizes, default=0),
        levels,
        dict(Counter(entries[n] for n in real)),
        len(nodes) - len(real),
    )


def entries_of(repo: Repo) -> Sequence[int]:
    """Return for each node how many records are in it, and not below."""
    nodes = repo.tree.nodes
    own = [
        end - first
        for first, end in zip(nodes.first_records, nodes.record_ends, strict=True)
    ]
    below = list(own)
    for number, parent in enumerate(nodes.parents):
        if parent != NO_PARENT:
            own[parent] -= below[number]
    # A walk that a limit ended left nodes whose records were not counted.
    return [max(count, 0) for count in own]
