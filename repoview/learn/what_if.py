"""What a change does: nodes before and after, and what a commit of it sends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from repoview.core.diff.diff import diff
from repoview.core.edit.tree_delta import delta_between
from repoview.core.trees.record_change import RecordChange
from repoview.present import count_text, short_cid, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repoview.core.cid import Cid
    from repoview.core.edit.tree_delta import NodeEdit, TreeDelta
    from repoview.learn.world import World


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The difference between two states of a repository."""

    delta: TreeDelta
    kept_nodes: int
    commit: bytes
    """The block of the new commit; empty where there is none."""

    whole: int
    """Bytes of the whole file."""

    @property
    def sent(self) -> list[tuple[str, int, int]]:
        """What a commit sends: a kind, how many blocks, how many bytes of data."""
        delta = self.delta
        kinds: list[tuple[str, Mapping[Cid, bytes]]] = [
            ("new node", delta.created),
            ("node beside", delta.beside),
            ("record", delta.records),
        ]
        found = [("commit", 1, len(self.commit))] if self.commit else []
        for kind, blocks in kinds:
            if blocks and self.commit:
                found.append((kind, len(blocks), sum(map(len, blocks.values()))))
        return found

    @property
    def sent_bytes(self) -> int:
        """The bytes of data of all blocks that are sent."""
        return sum(size for _, _, size in self.sent)

    @property
    def summary(self) -> str:
        """What was changed, in a line."""
        nodes = count_text(len(self.delta.created), "new node")
        return f"{nodes}, {self.sent_bytes:,} bytes to send"

    def lines(self) -> Iterator[str]:
        """Yield it as lines."""
        if not self.commit:
            yield "Nothing was changed yet."
            return
        for edit in self.delta.edits:
            yield from _side_by_side(edit)
        yield f"{count_text(self.kept_nodes, 'node')} as before"
        yield ""
        yield "A commit of it sends:"
        for kind, count, size in self.sent:
            many = f"{kind.replace('node', 'nodes')}"
            words = count_text(count, kind, many if "node" in kind else None)
            yield f"  {words:<16} {size:>7,} bytes"
        yield f"  {'together':<16} {self.sent_bytes:>7,} bytes"
        yield f"The whole file has {size_text(self.whole)}."


def _side_by_side(edit: NodeEdit) -> Iterator[str]:
    """Yield the nodes of one place, old and new, a line for each pair."""
    for old, new in zip_longest(edit.old, edit.new):
        before, after = (
            "(none)" if node is None else short_cid(node.link.cid)
            for node in (old, new)
        )
        yield f"depth {edit.depth}  {before:<12} → {after}"


def what_if(before: World, after: World) -> WhatIf:
    """Return what changes between two states of a repository."""
    found = diff(before.tree, after.tree)
    changes = tuple(each for each in found if isinstance(each, RecordChange))
    known = before.blocks
    records = {cid: data for cid, data in after.blocks.items() if cid not in known}
    delta = delta_between(
        before.top, after.tree, before.node_blocks, after.node_blocks, changes, records
    )
    is_new = after.commit_cid != before.commit_cid
    return WhatIf(
        delta,
        len(after.nodes) - len(delta.created),
        after.commit if is_new else b"",
        len(after.sound_file),
    )
