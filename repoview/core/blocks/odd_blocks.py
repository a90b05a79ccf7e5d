"""Odd blocks, whose CID is not of the 36-byte form: they have no row.

No honest file has any, and a hostile one hundreds of thousands. So they are
kept in columns, which can spill, and found by a block index of their own.
"""

from __future__ import annotations

from array import array
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import PLAIN_PREFIX, Cid
from repoview.core.frozen import frozen
from repoview.core.marks import LINKED, NODE, RECORD, State
from repoview.core.storage.column_set import PackedIndex
from repoview.core.storage.page_cache import PIECES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.storage.columns import Bytes, Numbers


@frozen
class OddBlock:
    """A block whose CID is not of the 36-byte form."""

    cid: Cid
    offset: int
    """Of its section."""

    data_offset: int
    length: int
    state: State | None
    """None when its hash function is not known to us."""

    code: str | None = None
    """The finding that its CID gave, if any."""


_UNKNOWN: Final = 3
"""Sentinel for no state."""

_CODES: Final = (None, *(f"CID{number:03}" for number in range(1, 20)))
_BUDGET: Final = 1 << 19
"""Bytes of memory for their block index, once they are on disk."""


class OddBlocks(PackedIndex):
    """CID → odd block, in the order in which they were met."""

    COLUMNS = ("raws", "ends", "offsets", "starts", "lengths", "states", "codes")

    def __init__(self) -> None:
        super().__init__()
        self._folder: str | None = None
        self._rows: BlockIndex | None = None
        """Their index: a row is also the index into the columns."""
        self.unlinked = self.unlinked_bytes = 0
        """How many of them the tree does not link to, and bytes of these."""
        self.raws: Bytes = bytearray()
        self.ends: Numbers = array("Q")
        self.offsets: Numbers = array("Q")
        self.starts: Numbers = array("Q")
        self.lengths: Numbers = array("Q")
        self.states: Bytes = bytearray()
        self.codes: Bytes = bytearray()

    def __len__(self) -> int:
        return len(self.ends)

    def __contains__(self, raw: bytes) -> bool:
        return self.index_of(raw) >= 0

    def index_of(self, raw: bytes) -> int:
        """Return which of them has this CID, counted from 0; -1 for none."""
        return -1 if self._rows is None else self._rows.find(_name(raw))

    def add(self, block: OddBlock, kind: type[BlockIndex]) -> bool:
        """Append a block; False where its CID was met before.

        Args:
            block: The block.
            kind: Class of the block index to make.
        """
        if self._rows is None:
            self._rows = kind(_BUDGET, 1, 0, self._folder)
        raw = block.cid.raw
        name = _name(raw)
        if self._rows.find(name) >= 0:
            return False
        self._rows.add(name, block.offset, 0, State.SOUND)
        self.raws.extend(raw)
        self.ends.append(len(self.raws))
        self.offsets.append(block.offset)
        self.starts.append(block.data_offset)
        self.lengths.append(block.length)
        self.states.append(_UNKNOWN if block.state is None else block.state)
        self.codes.append(_CODES.index(block.code))
        self.unlinked += 1
        self.unlinked_bytes += block.length
        return True

    def get(self, raw: bytes) -> OddBlock | None:
        """Return the block with this CID, None for none."""
        index = self.index_of(raw)
        return None if index < 0 else self._at(index)

    def _at(self, index: int) -> OddBlock:
        start = self.ends[index - 1] if index else 0
        state = self.states[index]
        return OddBlock(
            Cid(bytes(self.raws[start : self.ends[index]])),
            self.offsets[index],
            self.starts[index],
            self.lengths[index],
            None if state == _UNKNOWN else State(state),
            _CODES[self.codes[index]],
        )

    def values(self) -> Iterator[OddBlock]:
        """Yield all of them, one by one."""
        return map(self._at, range(len(self)))

    def unlinked_values(self) -> Iterator[OddBlock]:
        """Yield those that the tree does not link to, one by one."""
        for index in range(len(self)):
            if not self._is_marked(index, LINKED):
                yield self._at(index)

    def unlinked_of(self, state: State) -> tuple[list[OddBlock], int]:
        """Return the first of a state that the tree does not link to, and how many."""
        first: list[OddBlock] = []
        total = 0
        for index, each in enumerate(self.states):
            if each == state and not self._is_marked(index, LINKED):
                total += 1
                if total <= limits.FINDINGS_A_CODE:
                    first.append(self._at(index))
        return first, total

    # How the tree uses them

    def _is_marked(self, index: int, bits: int) -> bool:
        return self._rows is not None and self._rows.mark(index) & bits != 0

    def is_linked(self, raw: bytes) -> bool:
        """Tell whether the tree links to the block with this CID."""
        index = self.index_of(raw)
        return index >= 0 and self._is_marked(index, LINKED)

    def is_entered(self, raw: bytes) -> bool:
        """Tell whether it was entered as a node."""
        index = self.index_of(raw)
        return index >= 0 and self._is_marked(index, NODE)

    def link(self, raw: bytes, *, as_node: bool = False) -> None:
        """Note that the tree links to the block with this CID."""
        index = self.index_of(raw)
        if index >= 0 and self._rows is not None:
            if not self._is_marked(index, LINKED):
                self.unlinked -= 1
                self.unlinked_bytes -= self.lengths[index]
            self._rows.add_mark(index, NODE if as_node else RECORD)

    def linked_raws(self) -> Iterator[bytes]:
        """Yield the CIDs of those that the tree links to."""
        for index in range(len(self)):
            if self._is_marked(index, LINKED):
                yield self._at(index).cid.raw

    # Memory and disk

    def spill(self, folder: str, pieces: int = PIECES) -> None:
        """Move to disk, and append there; see `PackedIndex`."""
        super().spill(folder, pieces)
        self._folder = folder
        if self._rows is not None:
            self._rows.spill_to(folder, _BUDGET)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that they take, to within a tenth."""
        rows = 0 if self._rows is None else self._rows.bytes_used
        return rows + super().bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes of disk that they take."""
        rows = 0 if self._rows is None else self._rows.disk_used
        return rows + super().disk_used


def _name(raw: bytes) -> bytes:
    """Return a plain CID to index an odd one by."""
    return PLAIN_PREFIX + sha256(raw).digest()
