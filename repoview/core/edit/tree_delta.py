"""What a commit of a changed tree changes, and the blocks that it sends.

Old and new nodes are put side by side by their depth and the keys around them: one
for one where records were put or taken out, one for two where a key above parts a
node, two for one where it goes.

A commit event carries the new nodes and records, and the nodes beside the changed
keys, which a reader needs to undo it.

Source: atproto sync, "Inductive Firehose".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from repoview.core.trees.lookup import neighbors
from repoview.core.trees.node import BareTree
from repoview.core.trees.steps import NodeOpened
from repoview.core.trees.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from repoview.core.cid import Cid
    from repoview.core.trees.node import PlacedNode, TreeSource
    from repoview.core.trees.record_change import RecordChange


class NodeEdit(NamedTuple):
    """Nodes of one depth in the place of others, over the same keys."""

    depth: int
    old: tuple[PlacedNode, ...]
    """Those that are gone, in key order; none where there was no node."""

    new: tuple[PlacedNode, ...]
    """Those that are there instead; none where there is no node any more."""


@dataclass(frozen=True, slots=True)
class TreeDelta:
    """What leads from one tree to another."""

    old_top: Cid
    new_top: Cid
    changes: tuple[RecordChange, ...]
    """Of records, in key order."""

    edits: tuple[NodeEdit, ...]
    """Of nodes: the deepest first, and those of one depth in key order."""

    created: Mapping[Cid, bytes]
    """The nodes that are new, in walk order: CID and bytes."""

    beside: Mapping[Cid, bytes]
    """The nodes that are not new, and by which a reader can undo the changes."""

    records: Mapping[Cid, bytes]
    """The blocks of the new records, as far as their bytes were given."""

    @property
    def deleted(self) -> tuple[Cid, ...]:
        """The nodes that are gone."""
        return tuple(node.link.cid for edit in self.edits for node in edit.old)

    @property
    def blocks(self) -> dict[Cid, bytes]:
        """All blocks that a commit would send, but for the commit itself."""
        return {**self.created, **self.beside, **self.records}

    @property
    def size(self) -> int:
        """Bytes of these blocks, without what a CAR has around them."""
        return sum(map(len, self.blocks.values()))


def delta_between(
    old_top: Cid,
    new: TreeSource,
    opened: Mapping[Cid, bytes],
    made: Mapping[Cid, bytes],
    changes: tuple[RecordChange, ...],
    records: Mapping[Cid, bytes],
) -> TreeDelta:
    """Return what leads from one tree to another that was made of it.

    Args:
        old_top: The top node of the tree before.
        new: The tree after.
        opened: Nodes of the tree before, by CID: at least all that are gone, for
            a change opens what it replaces.
        made: Nodes of the tree after: at least all that are new.
        changes: What was done, each key once, in key order.
        records: Blocks of new records, and of others.

    Raises:
        NodeUnusable: A node beside a changed key is missing or broken.
    """
    before = _nodes(BareTree(old_top, opened.get))
    after = _nodes(BareTree(new.top, lambda cid: made.get(cid) or opened.get(cid)))
    gone = [node for cid, node in before.items() if cid not in after]
    # One that was broken where it stood may be sound where it stands now: not new.
    come = [n for cid, n in after.items() if cid not in before and cid in made]
    created = {node.link.cid: made[node.link.cid] for node in come}
    read: dict[Cid, bytes] = {}
    watched = BareTree(new.top, lambda cid: _noted(cid, new.read(cid), read))
    for change in changes:
        neighbors(watched, change.key)
    sent = (change.after for change in changes if change.after in records)
    return TreeDelta(
        old_top,
        new.top,
        changes,
        tuple(_side_by_side(gone, come)),
        created,
        {cid: data for cid, data in read.items() if cid not in created},
        {cid: records[cid] for cid in sent if cid is not None},
    )


def _nodes(tree: TreeSource) -> dict[Cid, PlacedNode]:
    """Return the nodes of a tree that can be read, in walk order."""
    opened = (step.node for step in walk(tree) if isinstance(step, NodeOpened))
    return {node.link.cid: node for node in opened}


def _noted(cid: Cid, data: bytes | None, read: dict[Cid, bytes]) -> bytes | None:
    if data is not None:
        read[cid] = data
    return data


def _side_by_side(
    gone: Iterable[PlacedNode], come: Iterable[PlacedNode]
) -> Iterator[NodeEdit]:
    """Put nodes of one depth together whose ranges of keys overlap."""
    both = [(node, False) for node in gone] + [(node, True) for node in come]
    both.sort(key=lambda each: (-each[0].depth, each[0].link.lo))
    group: list[tuple[PlacedNode, bool]] = []
    depth = -1
    end: bytes | None = None
    for node, is_new in both:
        lo, hi = node.link.lo, node.link.hi
        if group and (node.depth != depth or (end is not None and lo >= end)):
            yield _edit(group)
            group = []
        if not group:
            depth, end = node.depth, hi
        elif end is not None and (hi is None or hi > end):
            end = hi
        group.append((node, is_new))
    if group:
        yield _edit(group)


def _edit(group: list[tuple[PlacedNode, bool]]) -> NodeEdit:
    old = tuple(node for node, is_new in group if not is_new)
    new = tuple(node for node, is_new in group if is_new)
    return NodeEdit(group[0][0].depth, old, new)
