"""Records read from a zip file of a folder of JSON files, as export writes it.

The directory of the archive is read piece by piece, and one file at a time is
unpacked: memory does not grow with the number of files, as it would with Python's
own `zipfile`. Nothing is ever written under a name that the archive says.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from repoview.export.building.entry import MOST_BYTES, Entry, NotARecord, entry_of
from repoview.export.zip_parts import (
    CENTRAL,
    DEFLATED,
    END,
    END_64,
    LOCAL,
    LOCATOR,
    OVER,
    OVER_16,
    STORED,
    UNIX,
    ZIP64_EXTRA,
    Part,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC: Final = tuple(part.signature for part in (LOCAL, END, END_64))
"""What a zip file begins with; the others are of empty ones."""

_MOST_COMMENT: Final = 0xFFFF
_FARTHEST: Final = 1 << 62
"""No system seeks beyond; an archive may say so all the same."""

_ENCRYPTED: Final = 1


class _Member(NamedTuple):
    """A file in the archive, as its directory has it."""

    name: bytes
    flags: int
    method: int
    check: int
    packed: int
    size: int
    mode: int
    """Of a file of Unix; else 0."""

    offset: int


def zip_entries(path: Path) -> Iterator[Entry]:
    """Yield the records of a zip file, in the order of its directory.

    What begins with a dot is passed over, as in a folder.

    Raises:
        NotARecord: A file in it is no record, or the archive is broken.
        OSError: It cannot be read.
    """
    with path.open("rb") as directory, path.open("rb") as file:
        for member in _members(directory, str(path)):
            name = member.name.decode(errors="backslashreplace")
            parts = name.split("/")
            if not parts[-1] or any(part.startswith(".") for part in parts):
                continue
            where = f"{name} in {path}"
            data = _content(file, member, where)
            yield entry_of(parts, data, where, member.packed)


def _members(file: IO[bytes], source: str) -> Iterator[_Member]:
    count, start = _directory(file, source)
    file.seek(start)
    for _ in range(count):
        head = CENTRAL.fields(file.read(CENTRAL.size))
        if head is None:
            raise NotARecord(f"{source} is a broken zip file: its directory ends early")
        made, _, flags, method, _, _, *rest = head
        check, packed, length, names, extras, comments, _, _, attributes, offset = rest
        name, extra = file.read(names), file.read(extras)
        file.seek(comments, os.SEEK_CUR)
        length, packed, offset = _long(extra, [length, packed, offset])
        mode = attributes >> 16 if made >> 8 == UNIX else 0
        yield _Member(name, flags, method, check, packed, length, mode, offset)


def _directory(file: IO[bytes], source: str) -> tuple[int, int]:
    """Return how many files there are, and the offset of the directory."""
    end = file.seek(0, os.SEEK_END)
    begin = max(0, end - END.size - _MOST_COMMENT)
    file.seek(begin)
    tail = file.read(end - begin)
    at = tail.rfind(END.signature)
    last = None if at < 0 else END.fields(tail, at)
    if last is None:
        raise NotARecord(f"{source} is a broken zip file: it ends before its directory")
    *_, count, size, start, _ = last
    if count == OVER_16 or OVER in (size, start):
        locator = _part(file, LOCATOR, begin + at - LOCATOR.size)
        long = None if locator is None else _part(file, END_64, locator[1])
        if long is not None:
            *_, count, size, start = long
    if start + size > end:
        raise NotARecord(f"{source} is a broken zip file: its directory is not in it")
    return count, start


def _long(extra: bytes, values: list[int]) -> list[int]:
    """Return sizes and offset, of which the long ones stand in an extra field."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind != ZIP64_EXTRA:
            continue
        for place, value in enumerate(values):
            if value == OVER and len(field) >= 8:
                (values[place],) = struct.unpack_from("<Q", field)
                field = field[8:]
    return values


def _part(file: IO[bytes], part: Part, offset: int) -> tuple[Any, ...] | None:
    """Return the fields of a part of the archive; None if it is not there."""
    if not 0 <= offset <= _FARTHEST:
        return None
    file.seek(offset)
    return part.fields(file.read(part.size))


def _content(file: IO[bytes], member: _Member, where: str) -> bytes:
    """Return what a file of the archive holds."""
    if stat.S_IFMT(member.mode) not in (0, stat.S_IFREG):
        raise NotARecord(f"{where} is neither a file nor a folder")
    if member.flags & _ENCRYPTED:
        raise NotARecord(f"{where} is encrypted")
    if member.method not in (STORED, DEFLATED):
        raise NotARecord(f"{where} is compressed in a way that is not known")
    if max(member.size, member.packed) > MOST_BYTES:
        raise NotARecord(f"{where} has over {MOST_BYTES:,} bytes")
    head = _part(file, LOCAL, member.offset)
    if head is None:
        raise NotARecord(f"{where} is not where the directory of the zip file says")
    *_, names, extras = head
    file.seek(names + extras, os.SEEK_CUR)
    packed = file.read(member.packed)
    data = packed
    if member.method == DEFLATED:
        try:
            data = zlib.decompressobj(-15).decompress(packed, member.size + 1)
        except zlib.error as error:
            raise NotARecord(f"{where} cannot be unpacked: {error}") from None
    if len(data) != member.size or zlib.crc32(data) != member.check:
        raise NotARecord(f"{where} is damaged: its checksum is not right")
    return data
