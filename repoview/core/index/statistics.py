"""The shape of a repository in numbers: what `repoview info` counts."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from operator import sub
from typing import TYPE_CHECKING, Any, Final

from repoview.core.frozen import frozen
from repoview.core.kernel.seam import NO_PARENT, UNKNOWN_DEPTH, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex


@frozen
class Level:
    """The nodes of one depth, taken together."""

    depth: int | None
    """None for nodes whose depth could not be known."""

    nodes: int
    records: int
    """Entries in these nodes, not below them."""


@frozen
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

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Shape:
        """Return the shape that `to_json` told of."""
        sizes = told["sizes"]
        return cls(
            sizes["nodes"],
            sizes["records"],
            sizes["largest_record"],
            [Level(**each) for each in told["depths"]],
            {each["entries"]: each["nodes"] for each in told["fanout"]},
            told["holes"],
        )


def shape_of(nodes: NodeTable, records: RecordIndex, index: BlockIndex) -> Shape:
    """Count the shape of a repository; reads no block, and holds few nodes."""
    counted: Counter[tuple[int, int]] = Counter()
    for kinds, depths, counts in _entries(nodes):
        counted.update(compress(zip(depths, counts, strict=True), kinds))
    by_depth: Counter[int] = Counter()
    held: Counter[int] = Counter()
    fanout: Counter[int] = Counter()
    for (depth, entries), count in counted.items():
        by_depth[depth] += count
        held[depth] += entries * count
        fanout[entries] += count
    known = sorted((d for d in by_depth if d != UNKNOWN_DEPTH), reverse=True)
    unknown = [UNKNOWN_DEPTH] if UNKNOWN_DEPTH in by_depth else []
    levels = [
        Level(None if d == UNKNOWN_DEPTH else d, by_depth[d], held[d])
        for d in known + unknown
    ]
    parts = _parts(len(records))
    return Shape(
        _node_bytes(nodes, index),
        sum(each.bytes for each in records.collections()),
        max((max(index.lengths(records.rows[part])) for part in parts), default=0),
        levels,
        dict(fanout),
        len(nodes) - by_depth.total(),
    )


_AT_ONCE: Final = 1 << 15

_IS_NODE: Final = bytes(kind == NodeKind.NODE for kind in range(256))
"""Translates kinds to whether they are those of nodes."""


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _AT_ONCE):
        yield slice(start, min(start + _AT_ONCE, count))


def _node_bytes(nodes: NodeTable, index: BlockIndex) -> int:
    total = 0
    for part in _parts(len(nodes)):
        lengths = index.lengths(nodes.rows[part])
        total += sum(compress(lengths, nodes.kinds[part].translate(_IS_NODE)))
    return total


def _entries(
    nodes: NodeTable,
) -> Iterator[tuple[Iterable[int], Iterable[int], Iterable[int]]]:
    """Yield for some nodes at a time: whether it is one, depth, own entries.

    The entries of a node are the records in it and below, without those of the
    nodes directly below it. A node is yielded after all nodes below it.
    """
    way: dict[int, int] = {}
    for part in _parts(len(nodes)):
        start, stop = part.start, part.stop
        below = list(map(sub, nodes.record_ends[part], nodes.first_records[part]))
        entries = below.copy()
        for parent, count in zip(nodes.parents[part], below, strict=True):
            if parent >= start:
                if parent != NO_PARENT:
                    entries[parent - start] -= count
            else:
                way[parent] -= count
        kinds = bytearray(nodes.kinds[part].translate(_IS_NODE))
        number = stop - 1
        on_way = set()
        while number != NO_PARENT:
            on_way.add(number)
            number = nodes.parents[number]
        done = [number for number in way if number not in on_way]
        yield (
            [_IS_NODE[nodes.kinds[number]] for number in done],
            [nodes.depths[number] for number in done],
            [max(way.pop(number), 0) for number in done],
        )
        for number in on_way:
            if number >= start:
                # There may be more nodes below it.
                way[number] = entries[number - start]
                kinds[number - start] = 0
        # If a limit ended the walk, counts of open nodes may be negative.
        yield kinds, nodes.depths[part], [max(count, 0) for count in entries]
    yield (
        [_IS_NODE[nodes.kinds[number]] for number in way],
        [nodes.depths[number] for number in way],
        [max(count, 0) for count in way.values()],
    )
