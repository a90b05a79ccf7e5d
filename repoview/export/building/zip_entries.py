"""Records read from a zip file of a folder of JSON files, as export writes it.

The directory of the archive is read piece by piece, and one file at a time is
unpacked: memory does not grow with the number of files, as it would with Python's
own `zipfile`. Nothing is ever written under a name that the archive says.

Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3, 4.4 and 4.5.3 (ZIP64).
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from repoview.export.building.entry import MOST_BYTES, Entry, NotARecord, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC: Final = (b"PK\3\4", b"PK\5\6", b"PK\6\6")
"""What a zip file begins with; the others are of empty ones."""

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_MOST_COMMENT: Final = 0xFFFF
_OVER, _OVER_16 = 0xFFFFFFFF, 0xFFFF
_FARTHEST: Final = 1 << 62
"""No system seeks beyond; an archive may say so all the same."""

_ENCRYPTED: Final = 1
_UNIX: Final = 3
_STORED, _DEFLATED = 0, 8


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
    count, size, start = _directory(file, source)
    file.seek(start)
    for _ in range(count):
        head = file.read(_CENTRAL.size)
        size -= len(head)
        if len(head) < _CENTRAL.size or head[:4] != b"PK\1\2":
            raise NotARecord(f"{source} is a broken zip file: its directory ends early")
        _, made, _, flags, method, _, _, *rest = _CENTRAL.unpack(head)
        check, packed, length, names, extras, comments, _, _, attributes, offset = rest
        name, extra = file.read(names), file.read(extras)
        file.seek(comments, os.SEEK_CUR)
        length, packed, offset = _long(extra, [length, packed, offset])
        mode = attributes >> 16 if made >> 8 == _UNIX else 0
        yield _Member(name, flags, method, check, packed, length, mode, offset)


def _directory(file: IO[bytes], source: str) -> tuple[int, int, int]:
    """Return how many files there are, and size and offset of the directory."""
    end = file.seek(0, os.SEEK_END)
    begin = max(0, end - _END.size - _MOST_COMMENT)
    file.seek(begin)
    tail = file.read(end - begin)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise NotARecord(f"{source} is a broken zip file: it ends before its directory")
    _, _, _, _, count, size, start, _ = _END.unpack_from(tail, at)
    if count == _OVER_16 or _OVER in (size, start):
        place = begin + at - _LOCATOR.size
        locator = _read(file, place, _LOCATOR.size) if place >= 0 else b""
        if locator[:4] == b"PK\6\7":
            long = _read(file, _LOCATOR.unpack(locator)[2], _END_64.size)
            if len(long) == _END_64.size and long[:4] == b"PK\6\6":
                count, size, start = _END_64.unpack(long)[-3:]
    if start + size > end:
        raise NotARecord(f"{source} is a broken zip file: its directory is not in it")
    return count, size, start


def _long(extra: bytes, values: list[int]) -> list[int]:
    """Return sizes and offset, of which the long ones stand in an extra field."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind != 1:
            continue
        for place, value in enumerate(values):
            if value == _OVER and len(field) >= 8:
                (values[place],) = struct.unpack_from("<Q", field)
                field = field[8:]
    return values


def _read(file: IO[bytes], place: int, size: int) -> bytes:
    if place > _FARTHEST:
        return b""
    file.seek(place)
    return file.read(size)


def _content(file: IO[bytes], member: _Member, where: str) -> bytes:
    """Return what a file of the archive holds."""
    if stat.S_IFMT(member.mode) not in (0, stat.S_IFREG):
        raise NotARecord(f"{where} is neither a file nor a folder")
    if member.flags & _ENCRYPTED:
        raise NotARecord(f"{where} is encrypted")
    if member.method not in (_STORED, _DEFLATED):
        raise NotARecord(f"{where} is compressed in a way that is not known")
    if max(member.size, member.packed) > MOST_BYTES:
        raise NotARecord(f"{where} has over {MOST_BYTES:,} bytes")
    head = _read(file, member.offset, _LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise NotARecord(f"{where} is not where the directory of the zip file says")
    *_, names, extras = _LOCAL.unpack(head)
    file.seek(names + extras, os.SEEK_CUR)
    packed = file.read(member.packed)
    data = packed
    if member.method == _DEFLATED:
        try:
            data = zlib.decompressobj(-15).decompress(packed, member.size + 1)
        except zlib.error as error:
            raise NotARecord(f"{where} cannot be unpacked: {error}") from None
    if len(data) != member.size or zlib.crc32(data) != member.check:
        raise NotARecord(f"{where} is damaged: its checksum is not right")
    return data
