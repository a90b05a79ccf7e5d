"""What a streaming reader does with each block as it comes, step by step.

Such a reader walks the tree while the file goes by. A block that the walk wants is
handed on at once, and with it what was held for its sake; any other has to be held.
`walk_order` computes how much is held at most; here is each step that leads there.

An order is that of the file, or one in which a writer could put the blocks that the
tree uses, each once: that of the walk, or that of their CIDs. Rows stand for blocks
and no block is read. The walk is followed as far as the blocks that came need: where
they come in its order, not a block further. Twelve bytes a block are held.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from repoview.core.blocks.block_index import PACKED
from repoview.core.errors import LimitExceeded
from repoview.core.inventory.walked_rows import AT_ONCE, ENTERED, IN_TREE, used_rows
from repoview.core.kernel.seam import NodeKind
from repoview.core.marks import NO_ROW, STATE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex

StreamOrder: TypeAlias = Literal["file", "walk", "cid"]
"""In which order the blocks come."""

MOST_BY_CID: Final = 20_000
"""Blocks that are sorted by CID: whatever comes later shows nothing new."""

TOLD: Final = 8
"""Released blocks that a step names; the others are counted."""

_UNKNOWN: Final = 0xFFFF_FFFF
_NEVER: Final = 0xFFFF_FFFE
"""Of a block that the walk has not come to yet; and that it comes to never, as it
waits for one that is missing."""

_COUNTED: Final = 1 << 16
"""Rows that are counted at once."""

_IS_SENT: Final = bytes(
    bool(used) and mark & STATE != State.WRONG_HASH for mark, used in enumerate(IN_TREE)
)
"""Of the mark of a block, 1 if the tree uses it and it hashes to its CID."""

_COMMIT: Final = -(1 << 31)


class StreamBlock(NamedTuple):
    """A block as it comes."""

    cid: Cid
    role: Literal["commit", "node", "record", "unlinked"]
    number: int | None
    """Of the node or the record, where the walk first comes to it; else None."""

    size: int
    """Bytes of its data."""

    offset: int
    """Where its section begins in the file."""


@dataclass(frozen=True, slots=True)
class BlockCame:
    """A block comes."""

    number: int
    """Its place in the order, from 0."""

    of: int
    """How many come in all."""

    block: StreamBlock

    fate: Literal["at once", "held", "dropped"]
    """Handed on at once; held, as the walk does not want it yet; or dropped, as it
    does not hash to its CID."""

    until: int | None
    """The place of the block with which it is handed on, its own for at once; None
    if it is held to the end, in vain."""

    released: int
    """How many blocks that were held are handed on after it."""

    released_bytes: int
    first_released: tuple[StreamBlock, ...]
    """The first of these, `TOLD` at most, in the order of the walk."""

    held: int
    """How many blocks are held now."""

    held_bytes: int
    """Bytes of their data."""


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """The last block has come."""

    blocks: int
    """How many came."""

    held: int
    """How many are still held, and were in vain: nothing links to them, or the walk
    waits for a block that did not come."""

    held_bytes: int
    wanted: Cid | None
    """The block that the walk waits for; None if it has come to its end."""

    most_held: int
    """The most blocks that were held at a time."""

    most_bytes: int


StreamStep: TypeAlias = "BlockCame | StreamEnded"


class _Tree(NamedTuple):
    """A tree by its rows."""

    blocks: Blocks
    records: RecordIndex
    nodes: NodeTable
    commit: int
    """The row of the commit; negative for none."""

    def is_damaged(self, row: int) -> bool:
        """Tell whether a block does not hash to its CID."""
        return self.blocks.state(row) is State.WRONG_HASH

    def is_used(self, row: int) -> bool:
        """Tell whether the tree uses a block."""
        return row == self.commit or bool(IN_TREE[self.blocks.mark(row)])

    def amount(self) -> int:
        """Return how many blocks the tree uses that hash to their CIDs."""
        index = self.blocks.index
        found = 0
        for start in range(0, len(index), _COUNTED):
            marks = index.pack(start, _COUNTED)[PACKED - 1 :: PACKED]
            found += marks.translate(_IS_SENT).count(1)
        is_more = self.commit >= 0 and not IN_TREE[self.blocks.mark(self.commit)]
        return found + (is_more and not self.is_damaged(self.commit))

    def walk(self) -> Iterator[tuple[int, int]]:
        """Yield rows in walk order, `NO_ROW` if missing, each with what it is.

        That is `_COMMIT`, the number of a record, or -1 less that of a node. A block
        that is used several times comes as often.
        """
        if self.commit >= 0:
            yield self.commit, _COMMIT
        nodes, reached = self.nodes, 0
        for start in range(0, len(nodes), AT_ONCE):
            some = slice(start, min(start + AT_ONCE, len(nodes)))
            facts = nodes.rows[some], nodes.kinds[some], nodes.first_records[some]
            for number, (row, kind, first) in enumerate(
                zip(*facts, strict=True), start
            ):
                yield from self._records(reached, first)
                reached = max(reached, first)
                if kind in ENTERED and (row != NO_ROW or kind == NodeKind.MISSING):
                    yield row, -1 - number
        yield from self._records(reached, len(self.records))

    def _records(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        for first in range(start, stop, AT_ONCE):
            rows = self.records.rows[first : min(first + AT_ONCE, stop)]
            for number, row in enumerate(rows, first):
                # An odd CID has no row though its block may be there.
                if row != NO_ROW or self.cid(row, number).raw not in self.blocks.odd:
                    yield row, number

    def cid(self, row: int, what: int) -> Cid:
        """Return the CID of what the walk comes to."""
        if row != NO_ROW:
            return self.blocks.cid(row)
        if what >= 0:
            return next(self.records.missing.within(what, what + 1))
        return self.nodes.holes[-1 - what].cid

    def block(self, row: int, what: int | None) -> StreamBlock:
        """Return what comes with a row."""
        role: Literal["commit", "node", "record", "unlinked"] = "unlinked"
        number = None
        if what is not None and what != _COMMIT:
            role = "record" if what >= 0 else "node"
            number = what if what >= 0 else -1 - what
        elif what is not None:
            role = "commit"
        blocks = self.blocks
        return StreamBlock(
            blocks.cid(row), role, number, blocks.length(row), blocks.offset(row)
        )


class _Walk:
    """A walk that is followed as far as is asked for.

    Args:
        tree: What it walks through.
        moment: Returns the place at which a block comes; called once a block, in the
            order of the walk.
    """

    def __init__(self, tree: _Tree, moment: Callable[[int], int]) -> None:
        self._tree, self._moment = tree, moment
        self._items = tree.walk()
        rows = len(tree.blocks.index)
        self._until = array("I", (_UNKNOWN,)) * rows
        self._what = array("i", (0,)) * rows
        self._order = array("I")
        """The rows that it came to and that were not handed on, behind `_at`."""
        self._at = 0
        self._last = -1
        """The latest moment at which a block comes that it wants by now."""
        self.wanted: Cid | None = None
        """What it waits for in vain, if that is known by now."""

    def until(self, row: int) -> int | None:
        """Return the moment at which a block can be handed on; None for never."""
        while self._until[row] == _UNKNOWN and self._go_on():
            pass
        found = self._until[row]
        return None if found >= _NEVER else found

    def block(self, row: int) -> StreamBlock:
        """Return a block that `until` was asked of."""
        is_met = self._until[row] != _UNKNOWN
        return self._tree.block(row, self._what[row] if is_met else None)

    def length(self, row: int) -> int:
        """Return the bytes of a block."""
        return self._tree.blocks.length(row)

    def due(self, moment: int) -> Iterator[int]:
        """Yield, and forget, the rows that can be handed on at a moment."""
        while self._at < len(self._order):
            row = self._order[self._at]
            if self._until[row] > moment:
                break
            self._at += 1
            yield row
        if self._at > AT_ONCE:
            del self._order[: self._at]
            self._at = 0

    def finish(self) -> None:
        """Go on to what it waits for in vain, or to its end."""
        while self.wanted is None and self._go_on():
            pass

    def _go_on(self) -> bool:
        row, what = next(self._items, (-1, 0))
        if row == -1:
            return False
        is_there = row != NO_ROW
        if is_there and self._until[row] != _UNKNOWN:
            return True
        is_wanting = not is_there or self._tree.is_damaged(row)
        if is_wanting and self.wanted is None:
            self.wanted = self._tree.cid(row, what)
        if is_there:
            self._what[row] = what
            self._until[row] = _NEVER
            if self.wanted is None:
                self._last = max(self._last, self._moment(row))
                self._until[row] = self._last
                self._order.append(row)
        return True


def stream_steps(
    blocks: Blocks,
    records: RecordIndex,
    nodes: NodeTable,
    commit: Cid | None,
    order: StreamOrder = "file",
) -> Iterator[StreamStep]:
    """Yield a step for each block that comes, and `StreamEnded`.

    Blocks whose CID is not of the 36-byte form are passed over, and copies.

    Args:
        blocks: Of the file, with the marks of the walk.
        records: What the tree links to.
        nodes: The tree.
        commit: The CID of the commit, if there is one.
        order: In which they come.

    Raises:
        LimitExceeded: There are too many to sort them by CID.
        SourceError: The source was changed.
    """
    row = -1 if commit is None or not commit.is_blessed else blocks.find(commit.raw)
    tree = _Tree(blocks, records, nodes, row)
    rows: Iterable[int]
    if order == "file":
        total = len(blocks.index)
        return _steps(tree, range(total), total, _Walk(tree, int))
    total = tree.amount()
    if order == "walk":
        places = count()
        walk = _Walk(tree, lambda _: next(places))
        return _steps(tree, _in_walk_order(tree), total, walk)
    rows = _by_cid(tree, total)
    ranks = dict(zip(rows, count(), strict=False))
    return _steps(tree, rows, total, _Walk(tree, ranks.__getitem__))


def _in_walk_order(tree: _Tree) -> Iterator[int]:
    """Yield the rows as the walk first comes to them, but for what is not there."""
    seen = bytearray(len(tree.blocks.index))
    for row, _ in tree.walk():
        if row != NO_ROW and not seen[row] and not tree.is_damaged(row):
            seen[row] = 1
            yield row


def _by_cid(tree: _Tree, total: int) -> list[int]:
    """Return the rows that the tree uses by their CIDs."""
    if total > MOST_BY_CID:
        raise LimitExceeded(
            f"{total:,} blocks are too many to be put in the order of their CIDs: "
            f"{MOST_BY_CID:,} at most"
        )
    blocks = tree.blocks
    rows = [r for r in used_rows(blocks.index, tree.commit) if not tree.is_damaged(r)]
    return sorted(rows, key=lambda row: blocks.cid(row).raw)


class _Released(NamedTuple):
    """Blocks that were held and are handed on."""

    blocks: int
    bytes: int
    first: tuple[StreamBlock, ...]

    @classmethod
    def of(cls, walk: _Walk, moment: int, came: int) -> _Released:
        """Hand on all that can be, and tell of all but the one that came."""
        blocks = size = 0
        first: list[StreamBlock] = []
        for row in walk.due(moment):
            if row != came:
                blocks, size = blocks + 1, size + walk.length(row)
                if blocks <= TOLD:
                    first.append(walk.block(row))
        return cls(blocks, size, tuple(first))


def _steps(
    tree: _Tree, rows: Iterable[int], total: int, walk: _Walk
) -> Iterator[StreamStep]:
    held = held_bytes = most = most_bytes = 0
    for number, row in enumerate(rows):
        until = walk.until(row) if tree.is_used(row) else None
        fate: Literal["at once", "held", "dropped"] = "held"
        if until == number or tree.is_damaged(row):
            fate = "at once" if until == number else "dropped"
        released = _Released.of(walk, number, row)
        held -= released.blocks
        held_bytes -= released.bytes
        if fate == "held":
            held, held_bytes = held + 1, held_bytes + walk.length(row)
        most, most_bytes = max(most, held), max(most_bytes, held_bytes)
        block, now = walk.block(row), (held, held_bytes)
        yield BlockCame(number, total, block, fate, until, *released, *now)
    walk.finish()
    yield StreamEnded(total, held, held_bytes, walk.wanted, most, most_bytes)
