"""The tree of records, an unsigned commit, and both as a CAR in walk order.

Records may come in any order, and more than fit in memory: their blocks go to a
temporary file, and so do the nodes, each with the offsets of its children, so
that the walk down finds them. Nobody signed the commit: it has no `sig`, and
every reader that looks says so (COM003).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import CID_BYTES, Cid
from repoview.core.closing import Closing
from repoview.core.errors import LimitExceeded
from repoview.core.formats import syntax
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.datamodel import from_json
from repoview.core.formats.key import path_of
from repoview.core.formats.mst import read_node
from repoview.core.formats.mst_build import TreeBuilder
from repoview.core.load.result import Progress
from repoview.core.storage.sorted_bytes import SortedBytes
from repoview.core.storage.spill_file import SpillFile
from repoview.export.building.entry import NotARecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.opening.room import Room
    from repoview.export.building.entry import Entry

_AT_ONCE: Final = 256
_SHARE: Final = 4
"""Of the memory, what one of the two sorts may take."""

_PLACE: Final = struct.Struct(">QL")
"""Offset and length of a block in the temporary file."""

_TAIL: Final = 1 + _PLACE.size + CID_BYTES
_NUMBER: Final = 8


class OtherValue(NotARecord):
    """A value is not that of the CID beside it."""


class NoAccount(ValueError):
    """Neither the records nor the caller name an account."""


class BuiltRepository(Closing):
    """One repository being built; closing frees what it was sorted in.

    Args:
        source: The records.
        did: The account; None for the one that the records name.
        rev: The revision.
        room: What may be taken of memory and disk.
        report: Told of the bytes and records read; what it raises ends it.
        is_edited: Whether values count that are not those of the CIDs beside them.

    Raises:
        NotARecord: Something in the source is none, or is there twice.
        OtherValue: As *is_edited* says.
        LimitExceeded: There is more than memory and disk may take.
        SourceError: The source, or the temporary file, cannot be used.
        NoAccount: None is known.
    """

    def __init__(
        self,
        source: Iterable[Entry],
        did: str | None,
        rev: str,
        room: Room,
        report: Callable[[Progress], None],
        *,
        is_edited: bool = False,
    ) -> None:
        share = room.memory // _SHARE
        self._sorted = SortedBytes(share, room.folder, room.disk)
        self._same = SortedBytes(share, room.folder, room.disk)
        self._blocks = _Blocks(room)
        self._report = report
        self._is_edited = is_edited
        self.records = 0
        self.did, self.rev = did, rev
        try:
            self._read(source)
            self.data, self._top = self._build()
            self._copies = self._found_copies()
            fields: dict[str, Value] = {
                "did": self.did,
                "version": 3,
                "data": self.data,
                "rev": rev,
                "prev": None,
            }
            block = dagcbor.encode(fields)
            self.commit = Cid.for_block(block), block
        except BaseException:
            self.close()
            raise

    @property
    def account(self) -> str:
        """Its DID, which was given, or which the records name."""
        assert self.did is not None  # noqa: S101 (else it would not be built)
        return self.did

    def _read(self, source: Iterable[Entry]) -> None:
        done = 0
        for entry in source:
            if self.records % _AT_ONCE == 0:
                self._report(Progress("read", done, 0, self.records))
            done += entry.size
            self._note_account(entry)
            block = block_of(entry)
            cid = Cid.for_block(block)
            if entry.cid not in (None, str(cid)) and not self._is_edited:
                raise OtherValue(
                    f"{entry.where}: its value is not that of the CID beside it"
                )
            place = _PLACE.pack(self._blocks.add(block), len(block))
            self._sorted.add(entry.key + b"\0" + place + cid.raw)
            self.records += 1
        if self.did is None:
            of = " in the records" if self.records else ", as there are no records"
            raise NoAccount(f"no account is named{of}")

    def _note_account(self, entry: Entry) -> None:
        if entry.did is not None and not syntax.is_did(entry.did):
            raise NotARecord(f"{entry.where} is of {entry.did}, which is no DID")
        if self.did is None:
            self.did = entry.did
        elif entry.did not in (None, self.did):
            raise NotARecord(f"{entry.where} is of {entry.did}, and not of {self.did}")

    def _entries(self) -> Iterator[tuple[bytes, int, int, Cid]]:
        """Yield key, offset and length, and CID of the records, by key."""
        for item in self._sorted:
            place = _PLACE.unpack_from(item, len(item) - _TAIL + 1)
            yield item[:-_TAIL], *place, Cid(item[-CID_BYTES:])

    def _build(self) -> tuple[Cid, int]:
        """Build the nodes; return CID and offset of the top one."""
        nodes: dict[bytes, int] = {}
        """Where those are that have no parent yet."""

        def keep(cid: Cid, data: bytes) -> None:
            node = read_node(data)
            assert node is not None  # noqa: S101 (it was just made)
            below = [node.left, *(entry.tree for entry in node.entries)]
            places = [0 if each is None else 1 + nodes.pop(each.raw) for each in below]
            head = struct.pack(f">LL{len(places)}Q", len(places), len(data), *places)
            nodes[cid.raw] = self._blocks.add(head + cid.raw + data)

        builder, last = TreeBuilder(keep), None
        for number, (key, _, _, cid) in enumerate(self._entries()):
            if number % _AT_ONCE == 0:
                self._report(Progress("tree", number, self.records, number))
            if key == last:
                raise NotARecord(f"there are two records {path_of(key)}")
            builder.add(key, cid)
            self._same.add(cid.raw + number.to_bytes(_NUMBER, "big"))
            last = key
        top = builder.finish()
        return top, nodes[top.raw]

    def _found_copies(self) -> bytearray:
        """Return a flag for each record: whether its block came before."""
        copies, last = bytearray(self.records), b""
        for item in self._same:
            cid = item[:CID_BYTES]
            if cid == last:
                copies[int.from_bytes(item[CID_BYTES:], "big")] = 1
            last = cid
        self._same.close()
        return copies

    def write(self, write: Callable[[bytes], object]) -> None:
        """Write the CAR: commit, nodes and records in walk order, each once."""
        write(encode_header([self.commit[0]]))
        write(encode_section(*self.commit))
        records = enumerate(self._entries())
        todo: list[int | None] = [self._top]
        while todo:
            place = todo.pop()
            if place is not None:
                cid, data, below = self._node(place)
                write(encode_section(cid, data))
                # The left sub-tree; then, of each entry, its record and sub-tree.
                left, *rest = below
                steps: list[int | None] = [left - 1] if left else []
                for each in rest:
                    steps += [None, each - 1] if each else [None]
                todo += reversed(steps)
                continue
            number, (_, offset, length, cid) = next(records)
            if number % _AT_ONCE == 0:
                self._report(Progress("export", number, self.records, number))
            if not self._copies[number]:
                write(encode_section(cid, self._blocks.read(offset, length)))

    def _node(self, place: int) -> tuple[Cid, bytes, tuple[int, ...]]:
        """Return CID and data of a node, and one more than where its children are."""
        count, length = struct.unpack(">LL", self._blocks.read(place, 8))
        size = 8 * count + CID_BYTES + length
        held = self._blocks.read(place + 8, size)
        below = struct.unpack_from(f">{count}Q", held)
        return Cid(held[8 * count : -length]), held[-length:], below

    def close(self) -> None:
        """Free memory and disk; closing twice is fine."""
        self._sorted.close()
        self._same.close()
        self._blocks.close()


class _Blocks(Closing):
    """Blocks one behind the other: in memory, or on disk where that is allowed."""

    def __init__(self, room: Room) -> None:
        self._file = None if room.folder is None else SpillFile(room.folder())
        self._held = bytearray()
        self._begin = 0
        """Where what is in memory begins."""
        self._most = room.memory // _SHARE
        self._disk = room.disk

    def add(self, data: bytes) -> int:
        """Add bytes, and return where they are."""
        if self._file is None and len(self._held) + len(data) > self._most:
            raise limit_reached("memory may take, and nothing may be put on disk")
        if self._begin + len(self._held) + len(data) > self._disk and self._file:
            raise limit_reached("the disk limit allows")
        place = self._begin + len(self._held)
        self._held += data
        if self._file is not None and len(self._held) >= limits.MiB:
            self._file.append(self._held)
            self._begin += len(self._held)
            self._held = bytearray()
        return place

    def read(self, place: int, length: int) -> bytes:
        """Return bytes that were added together."""
        if place >= self._begin:
            at = place - self._begin
            return bytes(self._held[at : at + length])
        assert self._file is not None  # noqa: S101 (it has what is not in memory)
        return self._file.read_at(place, length)

    def close(self) -> None:
        """Free memory and disk."""
        self._held.clear()
        if self._file is not None:
            self._file.close()


def limit_reached(what: str) -> LimitExceeded:
    """Return the error that the records are too much."""
    return LimitExceeded(f"the records are more than {what}: allow more")


def _is_path(path: str) -> bool:
    collection, _, rkey = path.partition("/")
    is_plain = syntax.is_nsid(collection) and syntax.is_rkey(rkey)
    return is_plain and len(path) <= limits.LONG_KEY


def block_of(entry: Entry) -> bytes:
    """Return the block of a record.

    Raises:
        NotARecord: It has no path that a record may have, or no value.
    """
    path = path_of(entry.key)
    if not _is_path(path):
        raise NotARecord(f"{entry.where}: no record can have the path {path}")
    try:
        value = from_json(entry.value) if entry.is_json else entry.value
        if not isinstance(value, dict):
            raise NotARecord(f"{entry.where}: a record is an object")
        return dagcbor.encode(value)
    except (TypeError, ValueError) as error:
        raise NotARecord(f"{entry.where}: {error}") from None
