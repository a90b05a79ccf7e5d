"""Blocks and records of one repository, as values read when asked for."""

from __future__ import annotations

from array import array
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, count, repeat
from struct import iter_unpack
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import dagcbor, kernel, limits
from repoview.core.block_index import COMMIT, NO_ROW, NODE, RECORD, State
from repoview.core.cid import CID_BYTES, DAG_CBOR, Cid
from repoview.core.dagcbor_rules import WARNINGS
from repoview.core.errors import BlockMissing, RepoviewError
from repoview.core.findings import Severity
from repoview.core.key import collection_of, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.blocks import Blocks, OddBlock
    from repoview.core.findings import Finding
    from repoview.core.index import RecordIndex
    from repoview.core.processed import Processed

_CARRIED: Final = 4 * limits.MiB
"""Bytes that the records of one batch carry."""

_DIAGNOSED: Final = 16 * limits.KiB
"""Bytes of a block that is diagnosed to tell its state: a list has many rows."""

_KNOWN: Final = 10_000
"""Blocks of which it is remembered."""

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
class Holdings:
    """What is known of one repository's blocks and records."""

    blocks: Blocks
    index: RecordIndex
    did: str | None
    findings: Sequence[Finding]
    processed: Processed | None = None
    _wrong: dict[int, bool] = field(default_factory=dict)
    """Rows of blocks that were diagnosed, and whether there was an error."""

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

        What was made of their blocks comes along, where that is small.

        Args:
            start: Number of the first.
            stop: Number behind the last.
            data: Whether they should carry their bytes, of which a few MiB are
                read at once; the rest is read when it is asked for.
        """
        first = self.index.ends[start - 1] if start else 0
        ends = self.index.ends[start:stop]
        keys = bytes(self.index.keys[first : ends[-1]]) if ends else b""
        rows = self.index.rows[start:stop]
        blocks = kernel.blocks_of(self.blocks, rows, _CARRIED) if data else []
        results = None if self.processed is None else self.processed.get_all(rows)
        return list(
            map(
                Record,
                repeat(self),
                count(start),
                kernel.cut(keys, ends, first),
                chain(blocks, repeat(None, len(rows) - len(blocks))),
                results or repeat(None),
            )
        )

    def processed_of(self, number: int) -> bytes | None:
        """Return what was made of the block of a record, None for nothing."""
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
            where = f"the {len(data):,} bytes at {blocks.data_offset(row):,}"
            raise BlockMissing(f"{where} do not hash to {cid}")
        state = STATES[blocks.state(row)]
        if state == "unsound" and not self._is_wrong(row, data):
            state = "sound"
        return Block(cid, data, blocks.offset(row), state, role_of(blocks.mark(row)))

    def state_of(self, row: int, path: str) -> str:
        """Return what can be said of a record: sound, unsound or damaged.

        The index calls a block unsound that has any finding at all, and here
        only errors count.

        Args:
            row: Of its block.
            path: Of the record.
        """
        state = STATES[self.blocks.state(row)]
        if state != "unsound":
            return state
        found = self.findings_by_path.get(path, ())
        if any(each.severity.rank >= Severity.ERROR.rank for each in found):
            return state
        if row in self._wrong or self.blocks.length(row) <= _DIAGNOSED:
            # Of many findings of a code some are not kept: look for oneself.
            with suppress(RepoviewError):
                return "unsound" if self._is_wrong(row) else "sound"
        return "sound" if found else state

    def _is_wrong(self, row: int, data: bytes | None = None) -> bool:
        """Tell whether there is an error in the encoding of a block."""
        known = self._wrong.get(row)
        if known is None:
            faults = dagcbor.diagnose(data or self.blocks.read(row)).faults
            known = any(fault.code not in WARNINGS for fault in faults)
            if len(self._wrong) >= _KNOWN:
                self._wrong.clear()
            self._wrong[row] = known
        return known

    def _odd_block(self, cid: Cid, *, damaged: bool) -> Block:
        odd = self.blocks.odd.get(cid.raw)
        if odd is None:
            raise BlockMissing(f"the file holds no block {cid}")
        state = _odd_state(odd)
        if state == "damaged" and not damaged:
            raise BlockMissing(f"the {odd.length:,} bytes of {cid} do not hash to it")
        data = self.blocks.read_at(odd.data_offset, odd.length)
        linked = cid.raw in self.blocks.odd_linked
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


class Record:
    """One record, by number; its bytes are read when asked for."""

    __slots__ = ("_block", "_holdings", "_result", "key", "number")

    def __init__(
        self,
        holdings: Holdings,
        number: int,
        key: bytes,
        block: bytes | None = None,
        result: bytes | None = None,
    ) -> None:
        self._holdings = holdings
        self.number = number
        """Its place in key order, from 0."""
        self.key = key
        """The repo path as the tree has it."""
        self._block = block
        """CID and bytes, where they were hashed again beforehand."""
        self._result = result

    def __repr__(self) -> str:
        return f"<Record {self.number} {self.path!r}>"

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same account's, under one path, and alike."""
        if not isinstance(other, Record):
            return NotImplemented
        mine, theirs = self._holdings.did, other._holdings.did
        return (self.key, mine) == (other.key, theirs) and self.cid == other.cid

    def __hash__(self) -> int:
        return hash((self.key, self.cid))

    @property
    def path(self) -> str:
        r"""The repo path; bytes that are not UTF-8 as ``\xNN``."""
        return path_of(self.key)

    @property
    def collection(self) -> str:
        """The first segment of the path; empty when the key has none."""
        return path_of(collection_of(self.key))

    @property
    def rkey(self) -> str:
        """What follows the collection and its slash."""
        collection = collection_of(self.key)
        return path_of(self.key[len(collection) + 1 :] if collection else self.key)

    @property
    def at_uri(self) -> str:
        """The record's AT URI; the path alone when no account is known."""
        did = self._holdings.did
        return self.path if did is None else f"at://{did}/{self.path}"

    @property
    def cid(self) -> Cid:
        """The CID that the key links to, as it stands in the tree."""
        if self._block is not None:
            return Cid(self._block[:CID_BYTES])
        if self._row == NO_ROW:
            missing = self._holdings.index.missing.get(self.number)
            if missing is not None:
                return missing
        return self._holdings.blocks.cid(self._row)

    @property
    def offset(self) -> int | None:
        """Where its section begins in the file; None when it is not there."""
        if self._row != NO_ROW:
            return self._holdings.blocks.offset(self._row)
        return None if self._odd is None else self._odd.offset

    @property
    def size(self) -> int | None:
        """Bytes of its block; None when it is not there."""
        if self._row != NO_ROW:
            return self._holdings.blocks.length(self._row)
        return None if self._odd is None else self._odd.length

    @property
    def state(self) -> str:
        """sound, unsound, damaged or missing; a warning makes none unsound."""
        if self._row != NO_ROW:
            return self._holdings.state_of(self._row, self.path)
        return "missing" if self._odd is None else _odd_state(self._odd)

    @property
    def is_strict(self) -> bool:
        """Whether its block is DAG-CBOR of which not even a warning was given."""
        if self._row == NO_ROW:
            return False
        return self._holdings.blocks.state(self._row) is State.SOUND

    @property
    def data(self) -> bytes:
        """The bytes of its block, hashed again.

        Raises:
            BlockMissing: It is not there, does not hash to its CID, or was not
                kept: of a source that is read once, what ``process=`` had is
                not.
            SourceError: The source was changed.
        """
        if self._block is not None:
            return self._block[CID_BYTES:]
        if self._row == NO_ROW:
            return self._holdings.block(self.cid).data
        return self._holdings.block_in(self._row, self.cid).data

    @property
    def processed(self) -> bytes | None:
        """What ``process=`` made of its bytes.

        None where there was no ``process=``, and where its block is not there
        or does not hash.
        """
        if self._result is None:
            self._result = self._holdings.processed_of(self.number)
        return self._result

    @property
    def value(self) -> dagcbor.Value:
        """The record as Python values, as far as it can be decoded.

        A block that is not DAG-CBOR by its CID is returned as bytes.

        Raises:
            BlockMissing: Its block is not there, or does not hash.
            SourceError: The source was changed.
        """
        cid, data = self.cid, self.data
        if cid.codec != DAG_CBOR:
            return data
        if self.is_strict:
            return dagcbor.decode_sound(data)
        return dagcbor.diagnose(data).value

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with this record."""
        return self._holdings.findings_by_path.get(self.path, ())

    @property
    def _row(self) -> int:
        return self._holdings.index.rows[self.number]

    @property
    def _odd(self) -> OddBlock | None:
        return self._holdings.blocks.odd.get(self.cid.raw)
