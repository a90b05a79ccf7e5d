"""Blocks and records of one repository, read when asked for."""

from __future__ import annotations

from array import array
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, repeat
from struct import iter_unpack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core import limits
from repoview.core.cid import CID_BYTES, Cid
from repoview.core.errors import BlockMissing, RepoviewError
from repoview.core.findings.findings import Severity
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.rules import WARNINGS
from repoview.core.formats.key import collection_of, path_of
from repoview.core.formats.record import Record
from repoview.core.formats.record_faults import record_findings
from repoview.core.kernel import kernel
from repoview.core.marks import (
    COMMIT,
    NO_MARK,
    NO_ROW,
    NODE,
    RAW_CODEC,
    RECORD,
    STATE,
    State,
)
from repoview.core.repo.maps_ahead import MapsAhead
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.blocks.odd_blocks import OddBlock
    from repoview.core.findings.findings import Finding
    from repoview.core.index.records import RecordIndex
    from repoview.core.opening.results import Processed

_CARRIED: Final = 4 * limits.MiB
"""Bytes that the records of one batch carry."""

_DIAGNOSED: Final = 16 * limits.KiB
"""Bytes of a block that is diagnosed to tell its state: a list has many rows."""

_KNOWN: Final = 10_000
"""Blocks of which it is remembered."""

_STRICT: Final = bytes(
    not mark & (STATE | RAW_CODEC) and mark != NO_MARK for mark in range(256)
)
"""Of each mark, whether the block is DAG-CBOR without even a warning."""

STATES: Final = {
    State.SOUND: "sound",
    State.UNSOUND: "unsound",
    State.WRONG_HASH: "damaged",
}


class Block(NamedTuple):
    """One block, and what the tree uses it as."""

    cid: Cid
    data: bytes
    offset: int
    """Of its section."""

    state: str
    """sound, unsound or damaged; a warning makes no block unsound."""

    role: str
    """commit, node, record, or unlinked."""


@dataclass
class BlockReader:
    """What is known of one repository's blocks and records."""

    blocks: Blocks
    index: RecordIndex
    did: str | None
    findings: Sequence[Finding]
    processed: Processed | None = None
    _maps: MapsAhead = field(init=False)
    _wrong: dict[tuple[int, str | None], bool] = field(default_factory=dict)
    """Rows of blocks that were diagnosed, and as records of which collection, and
    whether there was an error."""

    def __post_init__(self) -> None:
        """Begin to read ahead at any record."""
        self._maps = MapsAhead(self.blocks, self.index)

    @cached_property
    def findings_by_path(self) -> dict[str, list[Finding]]:
        """The findings about records, by repo path."""
        by_path: dict[str, list[Finding]] = defaultdict(list)
        for found in self.findings:
            if found.path is not None:
                by_path[found.path].append(found)
        return by_path

    def keys(self, start: int, stop: int) -> Iterator[tuple[str, Cid]]:
        """Return the repo paths and the CIDs of the records *start* to *stop*."""
        cids = map(Cid, self._raws(start, stop))
        return zip(self.index.paths(start, stop), cids, strict=True)

    def cid_texts(self, start: int, stop: int) -> list[str]:
        """Return the CIDs of the records *start* to *stop* as text."""
        return kernel.cid_texts(self._raws(start, stop))

    def _raws(self, start: int, stop: int) -> list[bytes]:
        """Return the bytes of these CIDs."""
        rows = self.index.rows[start:stop]
        missing = self.index.missing
        held = rows
        if len(missing):
            held = array("I", [row for row in rows if row != NO_ROW])
        found = None if self.processed is None else self.processed.cids(held)
        found = found or kernel.cids_of(self.blocks, held)
        if found is None:
            # Something is wrong with the source: say what.
            found = b"".join([self.blocks.cid(row).raw for row in held])
        raws = [raw for (raw,) in iter_unpack("36s", found)]
        if len(held) < len(rows):
            known, absent = iter(raws), missing.within(start, stop)
            raws = [next(absent).raw if r == NO_ROW else next(known) for r in rows]
        return raws

    def records(self, start: int, stop: int, *, data: bool = False) -> list[Record]:
        """Return the records *start* to *stop*.

        With the results of ``process=`` for their blocks, where these are small.

        Args:
            start: Number of the first.
            stop: Number behind the last.
            data: Whether they should carry their bytes, of which a few MiB are
                read at once; the rest is read when it is asked for.
        """
        rows = self.index.rows[start:stop]
        blocks: list[bytes | None] = []
        strict = b""
        if data:
            blocks = kernel.blocks_of(self.blocks, rows, _CARRIED)
            strict = self.blocks.index.marks_of(rows).translate(_STRICT)
        results = None if self.processed is None else self.processed.get_all(rows)
        return Record._make_all(
            self,
            start,
            self._keys(start, stop),
            chain(blocks, repeat(None, len(rows) - len(blocks))),
            results or repeat(None),
            strict or repeat(None),
        )

    def _keys(self, start: int, stop: int) -> list[bytes]:
        first = self.index.ends[start - 1] if start else 0
        ends = self.index.ends[start:stop]
        keys = bytes(self.index.keys[first : ends[-1]]) if ends else b""
        return kernel.cut(keys, ends, first)

    def keyed(self, numbers: Sequence[int]) -> tuple[list[bytes], array[int]]:
        """Return the keys of some records, and the rows of their blocks.

        Args:
            numbers: Of the records; a `range` is faster.
        """
        if isinstance(numbers, range) and numbers.step == 1:
            rows = self.index.rows[numbers.start : numbers.stop]
            return self._keys(numbers.start, numbers.stop), rows
        rows = array("I", map(self.index.rows.__getitem__, numbers))
        return [self.index.key(number) for number in numbers], rows

    def processed_of(self, number: int) -> bytes | None:
        """Return the result of ``process=`` for a record's block, None without one."""
        if self.processed is None:
            return None
        row = self.index.rows[number]
        if row != NO_ROW:
            return self.processed.get(row)
        missing = self.index.missing.get(number)
        return None if missing is None else self.processed.odd.get(missing.raw)

    def block(self, cid: Cid, *, damaged: bool = False) -> Block:
        """Return the block of *cid*, its bytes hashed again.

        Args:
            cid: Any CID.
            damaged: Whether bytes that do not hash are welcome too.

        Raises:
            BlockMissing: It is not there, or does not hash to *cid*.
            SourceError: The source was changed.
        """
        row = self.blocks.find(cid.raw) if cid.is_blessed else -1
        if row < 0:
            return self._odd_block(cid, damaged=damaged)
        return self.block_in(row, cid, damaged=damaged)

    def bytes_of(self, cid: Cid) -> bytes | None:
        """Return the bytes of a block; None where it is not there, or damaged.

        Nothing else is asked of it, which makes this the fastest way to a node.

        Raises:
            SourceError: The source was changed.
        """
        row = self.blocks.find(cid.raw) if cid.is_blessed else -1
        if row < 0:
            try:
                return self._odd_block(cid, damaged=False).data
            except BlockMissing:
                return None
        data = self.blocks.read(row)
        return data if sha256(data).digest() == cid.raw[4:] else None

    def block_in(self, row: int, cid: Cid, *, damaged: bool = False) -> Block:
        """Return the block in a row, its bytes hashed again.

        Args:
            row: Of the block index.
            cid: The CID of that row.
            damaged: Whether bytes that do not hash are welcome too.

        Raises:
            BlockMissing: It does not hash to *cid*.
            SourceError: The source was changed.
        """
        blocks = self.blocks
        data = blocks.read(row)
        if sha256(data).digest() != cid.digest and not damaged:
            size, offset = count_text(len(data), "byte"), blocks.data_offset(row)
            where = f"the block of {size} at byte {offset:,}"
            raise BlockMissing(f"{where} does not hash to {cid}")
        state = STATES[blocks.state(row)]
        if state == "unsound" and not self._is_wrong(row, data):
            state = "sound"
        return Block(cid, data, blocks.offset(row), state, role_of(blocks.mark(row)))

    # What one record asks, by its number: see `record.Held`

    def cid_of(self, number: int) -> Cid:
        """Return the CID that the key links to."""
        row = self.index.rows[number]
        missing = self.index.missing.get(number) if row == NO_ROW else None
        return self.blocks.cid(row) if missing is None else missing

    def offset_of(self, number: int) -> int | None:
        """Return where the section of its block begins, None for no block."""
        row = self.index.rows[number]
        if row != NO_ROW:
            return self.blocks.offset(row)
        odd = self._odd(number)
        return None if odd is None else odd.offset

    def size_of(self, number: int) -> int | None:
        """Return the bytes of its block, None for no block."""
        row = self.index.rows[number]
        if row != NO_ROW:
            return self.blocks.length(row)
        odd = self._odd(number)
        return None if odd is None else odd.length

    def is_strict(self, number: int) -> bool:
        """Tell whether its block has no finding at all, not even a warning."""
        row = self.index.rows[number]
        return row != NO_ROW and self.blocks.state(row) is State.SOUND

    def data_of(self, number: int) -> bytes:
        """Return the bytes of its block, hashed again."""
        row, cid = self.index.rows[number], self.cid_of(number)
        block = self.block(cid) if row == NO_ROW else self.block_in(row, cid)
        return block.data

    def map_of(self, number: int) -> dict[str, Any] | None:
        """Return the value of a record; None if it is no sound map that is there.

        Who asks for the records in turn has them read by the batch: twice as many
        each time, up to some hundred.
        """
        return self._maps.take(number)

    def map_in(self, block: bytes) -> dict[str, Any] | None:
        """Return the value of a sound record from its CID and bytes, as `map_of`."""
        return kernel.sound_map(block, CID_BYTES)

    def forget(self) -> None:
        """Let go of what was read ahead: the source is closed."""
        self._maps.forget()

    def findings_of(self, path: str) -> Sequence[Finding]:
        """Return what is wrong with the record at a path."""
        return self.findings_by_path.get(path, ())

    def state_of(self, number: int, path: str) -> str:
        """Return what can be said of a record: sound, unsound, damaged, missing.

        The index calls a block unsound that has any finding at all, and here
        only errors count.

        Args:
            number: Of the record.
            path: Its own.
        """
        row = self.index.rows[number]
        if row == NO_ROW:
            odd = self._odd(number)
            return "missing" if odd is None else _odd_state(odd)
        state = STATES[self.blocks.state(row)]
        if state != "unsound":
            return state
        if self.blocks.length(row) <= _DIAGNOSED:
            # Of many findings of a code some are not kept, and a stream has
            # none yet: look for oneself.
            with suppress(RepoviewError):
                of = path_of(collection_of(self.index.key(number)))
                return "unsound" if self._is_wrong(row, collection=of) else "sound"
        found = self.findings_by_path.get(path, ())
        if any(each.severity >= Severity.ERROR for each in found):
            return state
        return "sound" if found else state

    def _is_wrong(
        self, row: int, data: bytes | None = None, *, collection: str | None = None
    ) -> bool:
        """Tell whether there is an error in a block.

        Args:
            row: Its own.
            data: Its bytes, if they are at hand.
            collection: What it is to be a record of; None to look at its
                encoding only.
        """
        known = self._wrong.get((row, collection))
        if known is None:
            data = data or self.blocks.read(row)
            if collection is None:
                faults = dagcbor.diagnose(data).faults
                known = any(fault.code not in WARNINGS for fault in faults)
            else:
                found = record_findings(data, collection, {})
                known = any(each.severity >= Severity.ERROR for each in found)
            if len(self._wrong) >= _KNOWN:
                self._wrong.clear()
            self._wrong[row, collection] = known
        return known

    def _odd(self, number: int) -> OddBlock | None:
        return self.blocks.odd.get(self.cid_of(number).raw)

    def _odd_block(self, cid: Cid, *, damaged: bool) -> Block:
        odd = self.blocks.odd.get(cid.raw)
        if odd is None:
            raise BlockMissing(f"the file holds no block {cid}")
        state = _odd_state(odd)
        if state == "damaged" and not damaged:
            raise BlockMissing(f"the block under {cid} does not hash to it")
        data = self.blocks.read_at(odd.data_offset, odd.length)
        linked = self.blocks.odd.is_linked(cid.raw)
        return Block(cid, data, odd.offset, state, "record" if linked else "unlinked")


def _odd_state(odd: OddBlock) -> str:
    return "damaged" if odd.state is State.WRONG_HASH else "unsound"


def role_of(mark: int) -> str:
    """Return what the tree uses a block as, by its mark in the index."""
    if mark & COMMIT:
        return "commit"
    if mark & NODE:
        return "node"
    return "record" if mark & RECORD else "unlinked"
