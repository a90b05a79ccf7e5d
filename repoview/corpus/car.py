"""CAR files as values: a header, sections, and what is done to their bytes.

Every method returns another `Car`, so that a case reads as what it breaks:
``make_car(records).cut(-3)``.

Source: CARv1 §Header, §Data.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from repoview.corpus.cbor import Link, cid_of, encode, varint

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Section:
    """A block as it stands in the file."""

    cid: bytes
    data: bytes
    padding: int = 0
    """Bytes that its length takes beyond what it needs."""

    @property
    def written(self) -> bytes:
        """Length, CID and data."""
        length = len(self.cid) + len(self.data)
        return varint(length, padding=self.padding) + self.cid + self.data


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes between sections that are no block."""

    written: bytes
    cid = b""


@dataclass(frozen=True, slots=True)
class Contents:
    """The repository that a file was made of, whatever became of the file."""

    did: str | None
    rev: str | None
    commit: bytes
    """The CID of its commit."""

    data: bytes
    """The CID of its top node."""

    keys: tuple[bytes, ...]
    """Its keys, in the order of the tree."""


@dataclass(frozen=True, slots=True)
class Car:
    """A file; `data` is its bytes."""

    header: bytes
    """With its length."""

    parts: tuple[Section | Junk, ...]
    end: int | None = None
    """Where the file is cut, as in a slice."""

    contents: Contents | None = field(default=None, compare=False)

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        parts = b"".join(part.written for part in self.parts)
        return (self.header + parts)[: self.end]

    @property
    def offsets(self) -> list[int]:
        """Where each part begins."""
        offsets = []
        offset = len(self.header)
        for part in self.parts:
            offsets.append(offset)
            offset += len(part.written)
        return offsets

    @property
    def last_section(self) -> int:
        """Where the last part begins."""
        return self.offsets[-1]

    @property
    def cids(self) -> list[bytes]:
        """The CIDs of all sections, in order."""
        return [part.cid for part in self.parts if part.cid]

    def offset_of(self, cid: bytes, copy: int = 0) -> int:
        """Return where the section of *cid* begins, or a later *copy* of it."""
        places = [n for n, part in enumerate(self.parts) if part.cid == cid]
        return self.offsets[places[copy]]

    def data_of(self, cid: bytes) -> bytes:
        """Return the data of the first block of *cid*."""
        parts = (p for p in self.parts if isinstance(p, Section))
        return next(part.data for part in parts if part.cid == cid)

    def cut(self, end: int) -> Car:
        """End the file at *end*; counted from behind when negative."""
        return replace(self, end=end)

    def plus(self, junk: bytes, at: int | None = None) -> Car:
        """Put bytes behind all parts, or before the part of number *at*."""
        return self._with(Junk(junk), at)

    def plus_block(
        self, data: bytes, cid: bytes | None = None, at: int | None = None
    ) -> Car:
        """Put a block behind all parts, or before the part of number *at*."""
        return self._with(Section(cid_of(data) if cid is None else cid, data), at)

    def without(self, *cids: bytes) -> Car:
        """Leave out these blocks."""
        kept = tuple(part for part in self.parts if part.cid not in cids)
        return replace(self, parts=kept)

    def with_data(self, cid: bytes, data: bytes) -> Car:
        """Put other bytes under the same CID."""
        return self._changed(cid, data=data)

    def with_padding(self, cid: bytes, padding: int) -> Car:
        """Write a section's length with needless bytes."""
        return self._changed(cid, padding=padding)

    def with_header(self, fields: Any, *, padding: int = 0) -> Car:
        """Put another header in place: fields, or their encoding."""
        data = fields if isinstance(fields, bytes) else encode(fields)
        return replace(self, header=varint(len(data), padding=padding) + data)

    def with_roots(self, *cids: bytes) -> Car:
        """Put other roots into the header."""
        return self.with_header({"roots": list(map(Link, cids)), "version": 1})

    def in_order(self, cids: Iterable[bytes]) -> Car:
        """Put the sections into the order of *cids*."""
        by_cid = {part.cid: part for part in self.parts}
        return replace(self, parts=tuple(by_cid[cid] for cid in cids))

    def _with(self, part: Section | Junk, at: int | None) -> Car:
        at = len(self.parts) if at is None else at
        return replace(self, parts=(*self.parts[:at], part, *self.parts[at:]))

    def _changed(self, cid: bytes, **fields: Any) -> Car:
        parts = (
            replace(part, **fields) if part.cid == cid else part for part in self.parts
        )
        return replace(self, parts=tuple(parts))


def header_of(*roots: bytes) -> bytes:
    """Return the header of a CAR with these roots."""
    data = encode({"roots": list(map(Link, roots)), "version": 1})
    return varint(len(data)) + data
