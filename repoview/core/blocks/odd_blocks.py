"""Blocks whose CID is not of the 36-byte form: no row of the index has them.

No honest file has any, and a hostile one has them by the hundred thousand. So
they stand in columns, which go to disk when memory is short, and a block index
of their own finds them.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import PLAIN_PREFIX, Cid
from repoview.core.marks import LINKED, NODE, RECORD, State
from repoview.core.storage.column_set import PackedIndex
from repoview.core.storage.page_cache import PIECES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.storage.columns import Bytes, Numbers


@dataclass(frozen=True, slots=True)
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
"""Stands for no state."""

_CODES: Final = (None, *(f"CID{number:03}" for number in range(1, 20)))
_BUDGET: Final = 1 << 19
"""Bytes of memory for what finds them, once they are on disk."""


class OddBlocks(PackedIndex):
    """CID → odd block, in the order in which they were met."""

    COLUMNS = ("raws", "ends", "offsets", "starts", "lengths", "states", "codes")

    def __init__(self) -> None:
        super().__init__()
        self._folder: str | None = None
        self._rows: BlockIndex | None = None
        """What finds them: row → the same place in the columns."""
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
        return self._place(raw) >= 0

    def _place(self, raw: bytes) -> int:
        return -1 if self._rows is None else self._rows.find(_name(raw))

    def add(self, block: OddBlock, kind: type[BlockIndex]) -> bool:
        """Append a block; False where its CID was met before.

        Args:
            block: The block.
            kind: Of the index that finds it.
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
        place = self._place(raw)
        return None if place < 0 else self._at(place)

    def _at(self, place: int) -> OddBlock:
        start = self.ends[place - 1] if place else 0
        state = self.states[place]
        return OddBlock(
            Cid(bytes(self.raws[start : self.ends[place]])),
            self.offsets[place],
            self.starts[place],
            self.lengths[place],
            None if state == _UNKNOWN else State(state),
            _CODES[self.codes[place]],
        )

    def values(self) -> Iterator[OddBlock]:
        """Yield all of them, one by one."""
        return map(self._at, range(len(self)))

    def unlinked_values(self) -> Iterator[OddBlock]:
        """Yield those that the tree does not link to, one by one."""
        for place in range(len(self)):
            if not self._is_marked(place, LINKED):
                yield self._at(place)

    def unlinked_of(self, state: State) -> tuple[list[OddBlock], int]:
        """Return the first of a state that the tree does not link to, and how many."""
        first: list[OddBlock] = []
        total = 0
        for place, each in enumerate(self.states):
            if each == state and not self._is_marked(place, LINKED):
                total += 1
                if total <= limits.FINDINGS_A_CODE:
                    first.append(self._at(place))
        return first, total

    # How the tree uses them

    def _is_marked(self, place: int, bits: int) -> bool:
        return self._rows is not None and self._rows.mark(place) & bits != 0

    def is_linked(self, raw: bytes) -> bool:
        """Tell whether the tree links to the block with this CID."""
        place = self._place(raw)
        return place >= 0 and self._is_marked(place, LINKED)

    def is_entered(self, raw: bytes) -> bool:
        """Tell whether it was entered as a node."""
        place = self._place(raw)
        return place >= 0 and self._is_marked(place, NODE)

    def link(self, raw: bytes, *, as_node: bool = False) -> None:
        """Note that the tree links to the block with this CID."""
        place = self._place(raw)
        if place >= 0 and self._rows is not None:
            if not self._is_marked(place, LINKED):
                self.unlinked -= 1
                self.unlinked_bytes -= self.lengths[place]
            self._rows.add_mark(place, NODE if as_node else RECORD)

    def linked_raws(self) -> Iterator[bytes]:
        """Yield the CIDs of those that the tree links to."""
        for place in range(len(self)):
            if self._is_marked(place, LINKED):
                yield self._at(place).cid.raw

    # Memory and disk

    def spill(self, folder: str, pieces: int = PIECES) -> None:
        """Go to disk, and go on there; see `PackedIndex`."""
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
    """Return the plain CID that stands for an odd one in the index."""
    return PLAIN_PREFIX + sha256(raw).digest()
