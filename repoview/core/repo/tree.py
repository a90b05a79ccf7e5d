"""The tree of one repository: nodes by number, their children, the way down.

Places come from the node table; what stands in a node is read from its block
when asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from repoview.core.errors import NotFound
from repoview.core.formats.key import path_of
from repoview.core.formats.node_faults import recover_node
from repoview.core.kernel.seam import NO_PARENT, UNKNOWN_DEPTH, NodeKind
from repoview.core.marks import NO_ROW
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.edit.edited_tree import EditedTree
    from repoview.core.formats.node_faults import Recovered
    from repoview.core.index.records import NodeTable
    from repoview.core.repo.block_reader import BlockReader
    from repoview.core.repo.drawn_tree import DrawnTree
    from repoview.diagram.bands import Focus
    from repoview.diagram.drawing import Drawing


class RecordRef(NamedTuple):
    """An entry of a node, by the number of its record."""

    number: int
    key: bytes


class NodeView(NamedTuple):
    """One node of the tree, or a link that leads to none."""

    number: int
    cid: Cid
    kind: NodeKind
    depth: int | None
    distance: int
    """Steps from the top node."""

    first_record: int
    record_count: int
    """Records in the node and below."""

    parent: int | None
    offset: int | None
    """Of its section; None when it is not there."""

    size: int | None
    lo: bytes | None
    """The key before all of its keys; None where there is none."""

    hi: bytes | None
    """The key after all of its keys; None where there is none."""

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it."""
        from repoview.notebook import card  # noqa: PLC0415 (few ask for it)

        what = "Node" if self.kind is NodeKind.NODE else f"Hole ({self.kind.label})"
        facts = (
            ("CID", self.cid),
            ("depth", self.depth),
            ("steps from the top", self.distance),
            ("records in it and below", self.record_count),
            ("size", self.size),
            ("offset", self.offset),
            ("after", None if self.lo is None else path_of(self.lo)),
            ("before", None if self.hi is None else path_of(self.hi)),
        )
        return card(f"{what} {self.number:,}", facts)


class Tree:
    """The nodes of a repository, numbered as a walk meets them from 0.

    Made by `Repo`.
    """

    if TYPE_CHECKING:
        _holdings: BlockReader
        _nodes: NodeTable
        _is_bare: bool

    def __init__(self) -> None:
        raise TypeError("a Repo has a tree: none can be made")

    @classmethod
    def _make(
        cls, holdings: BlockReader, nodes: NodeTable, *, is_bare: bool = False
    ) -> Self:
        """Make one.

        Args:
            holdings: Blocks and records.
            nodes: Where each node stands.
            is_bare: Whether the file holds no records by design, so none are
                missing.
        """
        self = cls.__new__(cls)
        self._holdings, self._nodes, self._is_bare = holdings, nodes, is_bare
        return self

    def __len__(self) -> int:
        return len(self._nodes)

    def __repr__(self) -> str:
        records = count_text(len(self._holdings.index), "record")
        amount = f"{count_text(len(self), 'node')} over {records}"
        holes = len(self._nodes.holes)
        return f"<Tree of {amount}{f', {holes:,} of them holes' if holes else ''}>"

    @property
    def top(self) -> Cid:
        """The CID of the top node.

        Raises:
            NotFound: There is no tree.
        """
        if not len(self):
            raise NotFound("the repository has no tree")
        return self._cid(0)

    def read(self, cid: Cid) -> bytes | None:
        """Return the bytes of a block; None where it is not there, or damaged.

        Args:
            cid: Of a node; other blocks are read as well.

        Raises:
            SourceError: The source was changed.
        """
        return self._holdings.bytes_of(cid)

    def edit(self) -> EditedTree:
        """Return a copy in memory, to be changed; the repository stays as it is.

        Nodes are read where a change leads, so the repository must stay open.

        Raises:
            NotFound: There is no tree.
        """
        # Late: few edit.
        from repoview.core.edit.edited_tree import EditedTree  # noqa: PLC0415

        _ = self.top
        return EditedTree(self)

    def node(self, number: int) -> NodeView:
        """Return one node; *number* is below ``len(tree)``."""
        nodes, index = self._nodes, self._holdings.index
        depth = nodes.depths[number]
        parent = nodes.parents[number]
        first, end = nodes.first_records[number], nodes.record_ends[number]
        offset, size = self._place(number)
        hole = nodes.holes.get(number)
        if hole is not None and nodes.kinds[number] != NodeKind.NODE:
            lo, hi = hole.lo or None, hole.hi
        else:
            lo = index.key(first - 1) if first else None
            hi = index.key(end) if end < len(index) else None
        return NodeView(
            number,
            self._cid(number),
            NodeKind(nodes.kinds[number]),
            None if depth == UNKNOWN_DEPTH else depth,
            nodes.distances[number],
            first,
            end - first,
            None if parent == NO_PARENT else parent,
            offset,
            size,
            lo,
            hi,
        )

    def data(self, number: int) -> bytes:
        """Return the block of a node, hashed again.

        Raises:
            BlockMissing: It is missing, or does not hash to its CID.
            SourceError: The source was changed.
        """
        return self._holdings.block(self._cid(number)).data

    def children(self, number: int) -> list[int | RecordRef]:
        """Return what stands in a node, in order: nodes by number, and entries.

        Empty for a link that leads to no node. Where a limit ended the walk,
        what it did not reach is left out.
        """
        recovered = self._recovered(number)
        if recovered is None:
            return []
        child, last_child = number + 1, self._nodes.ends[number]
        record = self._nodes.first_records[number]
        last_record = self._nodes.record_ends[number]
        items: list[int | RecordRef] = []
        links = [(None, recovered.left)]
        links += [(slot, slot.tree) for slot in recovered.slots]  # type: ignore[misc]  # pairs of a kind
        for slot, tree in links:
            if slot is not None and slot.key is not None and slot.value is not None:
                if record == last_record:
                    break
                items.append(RecordRef(record, slot.key))
                record += 1
            if tree is not None:
                if child == last_child:
                    break
                items.append(child)
                record = self._nodes.record_ends[child]
                child = self._nodes.ends[child]
        return items

    def way_to(self, key: bytes) -> list[int]:
        """Return the nodes from the top to the one that holds *key*.

        When no record has the key, the way ends at the node that would hold
        it, or at a link that leads to no node. Empty without a tree.
        """
        way = [0] if len(self) else []
        while way:
            below: int | None = None
            for item in self.children(way[-1]):
                if isinstance(item, int):
                    below = item
                elif item.key == key:
                    return way
                elif item.key < key:
                    below = None
                else:
                    break
            if below is None:
                break
            way.append(below)
        return way

    def to_svg(
        self, path: str | bytes | None = None, *, width: int = 160, height: int = 0
    ) -> str:
        """Return a diagram of the tree, or of the part around a key, as SVG.

        Only what is shown is looked at, so it is as quick for a large tree.

        Args:
            path: A repo path; the way to it is drawn heavy, also where no record
                has it. None for the top node.
            width: In cells of text, 40 at least. What does not fit is folded to
                its number.
            height: In lines of text; 0 for as many as all depths take.

        Raises:
            SourceError: The source was changed.
        """
        from repoview.diagram.svg import to_svg  # noqa: PLC0415 (few ask for it)

        return to_svg(self._drawing(path, width, height), repr(self)[1:-1])

    def to_dot(
        self, path: str | bytes | None = None, *, width: int = 160, height: int = 0
    ) -> str:
        """Return the same as a graph for Graphviz; see `to_svg`."""
        from repoview.diagram.dot import to_dot  # noqa: PLC0415 (few ask for it)

        return to_dot(self._drawing(path, width, height), repr(self)[1:-1])

    def _repr_svg_(self) -> str:
        """Return what a notebook shows of it."""
        return self.to_svg(width=120)

    def _drawing(self, path: str | bytes | None, width: int, height: int) -> Drawing:
        from repoview.diagram.layout import layout  # noqa: PLC0415 (few ask for it)

        focus = None if path is None else self._focus(path)
        return layout(self._drawn, focus, width=width, height=height or None)

    def _focus(self, path: str | bytes) -> Focus | None:
        """Return the node that has a key or would, and the key; None for no tree."""
        from repoview.diagram.bands import Focus  # noqa: PLC0415 (few ask for it)

        key = path if isinstance(path, bytes) else path.encode(errors="surrogatepass")
        record = self._holdings.index.find(key)
        if record is not None and len(self):
            return Focus(self._drawn.holder(record), record)
        way = self.way_to(key)
        return Focus(way[-1]) if way else None

    @cached_property
    def _drawn(self) -> DrawnTree:
        from repoview.core.repo.drawn_tree import DrawnTree  # noqa: PLC0415 (few ask)

        return DrawnTree(self._holdings, self._nodes, is_bare=self._is_bare)

    def _recovered(self, number: int) -> Recovered | None:
        if self._nodes.kinds[number] != NodeKind.NODE:
            return None
        cid = self._cid(number)
        block = self._holdings.block(cid)
        return recover_node(block.data, offset=block.offset, cid=cid)[0]

    def _cid(self, number: int) -> Cid:
        hole = self._nodes.holes.get(number)
        if hole is not None:
            return hole.cid
        return self._holdings.blocks.cid(self._nodes.rows[number])

    def _place(self, number: int) -> tuple[int | None, int | None]:
        """Return offset and size of a node's block, where it is there."""
        row = self._nodes.rows[number]
        blocks = self._holdings.blocks
        if row != NO_ROW:
            return blocks.index.offset(row), blocks.index.length(row)
        odd = blocks.odd.get(self._cid(number).raw)
        return (None, None) if odd is None else (odd.offset, odd.length)


def drawn(tree: Tree) -> DrawnTree:
    """Return a tree as drawings ask for it; for views."""
    return tree._drawn  # noqa: SLF001 (users call `to_svg`)


def drawing_of(tree: Tree, path: str | None, width: int, height: int) -> Drawing:
    """Return what `Tree.to_svg` draws; for views."""
    return tree._drawing(path, width, height)  # noqa: SLF001 (see above)
