"""Answers about the tree: its nodes and entries as lines, and ways down to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import BlockMissing
from repoview.core.seam import NodeKind
from repoview.core.tree import RecordRef
from repoview.present import range_text, safe, short_cid, size_text
from repoview.tui.rows import TreeLine
from repoview.tui.session.detail import block_detail

if TYPE_CHECKING:
    from repoview.core.repo import Repo
    from repoview.tui.rows import Detail


class TreeAnswers:
    """Answers about the tree of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self._repo.tree)

    def detail(self, number: int) -> Detail:
        """Return one node of the tree, as much of it as can be shown."""
        node = self._repo.tree.node(number)
        findings = [f for f in self._repo.report.findings if f.cid == node.cid]
        return block_detail(self._repo, node.cid, "MST node", findings)

    def top(self) -> TreeLine | None:
        """Return the line of the top node, None without a tree."""
        return self._node_line(0, 0) if len(self._repo.tree) else None

    def children(self, number: int, depth: int) -> list[TreeLine]:
        """Return the lines under a node, indented by *depth*."""
        try:
            items = self._repo.tree.children(number)
        except BlockMissing:
            return []
        lines: list[TreeLine] = []
        for item in items:
            if isinstance(item, RecordRef):
                path = safe(self._repo.record(item.number).path, 200)
                lines.append(
                    TreeLine(item.number, False, depth, path, "", False, False)  # noqa: FBT003 (fields of a row)
                )
            else:
                lines.append(self._node_line(item, depth))
        return lines

    def way_to_record(self, number: int) -> list[int]:
        """Return the nodes from the top to the one that holds a record."""
        return self._repo.tree.way_to(self._repo.record(number).key)

    def way_to_node(self, number: int) -> list[int]:
        """Return the nodes from the top to one node."""
        way = [number]
        while (parent := self._repo.tree.node(way[0]).parent) is not None:
            way.insert(0, parent)
        return way

    def _node_line(self, number: int, depth: int) -> TreeLine:
        node = self._repo.tree.node(number)
        level = "depth ?" if node.depth is None else f"depth {node.depth}"
        if node.kind is NodeKind.NODE:
            count = node.record_count
            facts = f"{count:,} record{'' if count == 1 else 's'}"
            if node.size is not None:
                facts += f" · {size_text(node.size)}"
            facts += f" · {short_cid(node.cid)}"
            return TreeLine(number, True, depth, level, facts, True, False)  # noqa: FBT003 (fields of a row)
        text = f"{node.kind.label} node"
        if node.kind is NodeKind.NOT_A_NODE:
            text = "a block that is no node"
        hidden = f"hides {range_text(node.lo, node.hi)} · {short_cid(node.cid)}"
        return TreeLine(number, True, depth, text, hidden, False, True)  # noqa: FBT003 (fields of a row)
