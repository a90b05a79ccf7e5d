"""Answers about the tree: its lines, and the items of records and nodes.

Lines are the items of the engine's outline, numbered in the order of the walk.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError
from repoview.core.formats.key import collection_of, path_of
from repoview.core.index.size_index import SizeIndex
from repoview.core.kernel.seam import UNKNOWN_DEPTH, NodeKind
from repoview.core.repo.inside import inside
from repoview.core.repo.tree import drawn
from repoview.present import count_text, range_text, safe, short_cid, size_text
from repoview.present.holes import HOLES
from repoview.tui.session.detail import block_detail, detail_or_why
from repoview.tui.values.rows import TreeEntry, TreeNode, TreeStep

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.findings.catalogue import Severity
    from repoview.core.index.outline import TreeOutline
    from repoview.core.repo.repo import Repo
    from repoview.diagram.tree import DiagramTree
    from repoview.tui.session.detail import Detail

_PATH: Final = 300
"""Characters of a path in a line."""

_STEP: Final = 60
"""Characters of a path at the end of the breadcrumbs."""

_LINES: Final = 1_024
"""Lines that are cached: those on the screen are drawn again and again."""


class TreeAnswers:
    """Answers about the tree of one repository, from its columns in memory.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        parts = inside(repo)
        self._bytes = SizeIndex(parts.index, parts.blocks)
        self.line = lru_cache(_LINES)(self._line)

    @property
    def forest(self) -> TreeOutline:
        """The items of the tree: nodes, holes and entries, by number."""
        return inside(self._repo).outline

    def item_of(self, what: str, number: int) -> int | None:
        """Return the item of a record or a node; None for none.

        Args:
            what: "record" or "node".
            number: Of the record, or of the node.
        """
        repo = self._repo
        if what == "record" and 0 <= number < len(repo) and len(repo.tree):
            return self.forest.of_record(number)
        if what == "node" and 0 <= number < len(repo.tree):
            return self.forest.of_node(number)
        return None

    @property
    def drawn(self) -> DiagramTree:
        """The tree as diagrams ask for it."""
        return drawn(self._repo.tree)

    def facts(self, item: int) -> str:
        """Return what is known of a node, a hole or a key, in a line."""
        row = self.line(item)
        if isinstance(row, TreeEntry):
            size = f" · {row.size}" if row.size else ""
            return f"{row.path} · {row.state}{size}"
        if row.hole:
            return f"{row.hole}, {row.depth} · hides {row.hides} · {row.cid}"
        keys = count_text(row.entries, "key")
        below = row.records - row.entries
        return f"{row.depth} · {keys}, {below:,} below · {row.size} · {row.cid}"

    def __len__(self) -> int:
        """Return the number of nodes and holes."""
        return len(self._repo.tree)

    def detail(self, number: int) -> Detail:
        """Return one node, as far as it can be shown; of a hole, what it hides."""
        return detail_or_why("node", number, partial(self._detail, number))

    def _detail(self, number: int) -> Detail:
        node = self._repo.tree.node(number)
        findings = [f for f in self._repo.report.findings if f.cid == node.cid]
        keys = (node.lo, node.hi)
        found = block_detail(self._repo, "node", number, node.cid, findings, keys)
        if node.kind is NodeKind.NODE:
            depth = "?" if node.depth is None else node.depth
            return replace(found, facts=f"depth {depth} · {found.facts}")
        hidden = range_text(node.lo, node.hi, _PATH)
        return replace(found, facts=f"{found.facts} · hides {hidden}")

    def counted(self) -> str:
        """Return how many nodes, entries and holes there are, in words."""
        repo = self._repo
        nodes = repo.report.counts.nodes
        told = (
            f"{count_text(nodes, 'node')} · {count_text(len(repo), 'entry', 'entries')}"
        )
        holes = len(repo.tree) - nodes
        return f"{told} · {count_text(holes, 'hole')}" if holes else told

    def count_more(self) -> bool:
        """Count the bytes of some sub-trees; return whether any are left.

        Once none is left, lines that are drawn again have these bytes.
        """
        try:
            is_left = self._bytes.count_more()
        except RepoviewError:
            return False
        if not is_left:
            self.line.cache_clear()
        return is_left

    def way(self, item: int) -> list[TreeStep]:
        """Return the steps from the top node to an item, the item last."""
        steps: list[TreeStep] = []
        while item >= 0:
            is_node, number = self.forest.at(item)
            if is_node:
                depth = _depth(inside(self._repo).nodes.depths[number])
                text = depth.removeprefix("depth ") if number else depth
            else:
                text = safe(self._repo.record(number).path, _STEP)
            steps.insert(0, TreeStep(item, text))
            item = self.forest.parent(item)
        return steps

    def _line(self, item: int) -> TreeNode | TreeEntry:
        """Return one line of the tree."""
        is_node, number = self.forest.at(item)
        return self._node(number) if is_node else self._entry(number)

    def _node(self, number: int) -> TreeNode:
        tree, parts = self._repo.tree, inside(self._repo)
        depth = _depth(parts.nodes.depths[number])
        try:
            node = tree.node(number)
        except RepoviewError as error:
            says = safe(str(error), _PATH)
            return TreeNode(
                number, depth, "cannot be read", says, "", "", 0, 0, "", 0, ""
            )
        is_hole = node.kind is not NodeKind.NODE
        first = node.first_record
        total = self._bytes.between(first, first + node.record_count)
        return TreeNode(
            number,
            depth,
            HOLES[node.kind] if is_hole else "",
            _hidden(node.lo, node.hi) if is_hole else "",
            short_cid(node.cid),
            "" if node.size is None else size_text(node.size),
            0 if is_hole else parts.outline.entries(number),
            node.record_count,
            "" if is_hole or total is None else size_text(total),
            *self._findings_by_cid.get(node.cid, (0, "")),
        )

    def _entry(self, number: int) -> TreeEntry:
        record = self._repo.record(number)
        path = safe(record.path, _PATH)
        before = self.forest.entry_before(number)
        shared = 0
        if before is not None:
            shared = _shared(safe(self._repo.record(before).path, _PATH), path)
        size = record.size
        return TreeEntry(
            number,
            path,
            shared,
            path.find("/") + 1,
            "" if size is None else size_text(size),
            record.state,
        )

    @cached_property
    def _findings_by_cid(self) -> dict[Cid, tuple[int, str]]:
        """The number of findings about each block, and the highest severity."""
        found: defaultdict[Cid, list[Severity]] = defaultdict(list)
        for each in self._repo.report.findings:
            if each.cid is not None:
                found[each.cid].append(each.severity)
        return {cid: (len(all_), max(all_).value) for cid, all_ in found.items()}


def _depth(depth: int) -> str:
    return "depth ?" if depth == UNKNOWN_DEPTH else f"depth {depth}"


def _hidden(lo: bytes | None, hi: bytes | None) -> str:
    """Return the range between two keys, in short if it is in one collection."""
    if lo is None or hi is None:
        return range_text(lo, hi)
    collection = collection_of(lo)
    if not collection or collection != collection_of(hi):
        return range_text(lo, hi)
    first, last = (safe(path_of(key[len(collection) + 1 :]), _STEP) for key in (lo, hi))
    return f"{first} … {last} of {safe(path_of(collection), _STEP)}"


def _shared(before: str, path: str) -> int:
    """Return the length of the common prefix of two texts."""
    pairs = enumerate(zip(before, path, strict=False))
    differ = (place for place, (one, other) in pairs if one != other)
    return next(differ, min(len(before), len(path)))
