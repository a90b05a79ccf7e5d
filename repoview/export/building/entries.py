"""Records read from JSON lines, or from a folder or zip file of JSON files.

A line is ``{"path", "value"}``, as export writes it: beside them ``uri`` names
the account, and ``cid`` what the value must hash to. Lines of one JSON array are
taken too. In a folder, names tell the paths (`names`); what begins with a dot is
passed over, and symbolic links are refused.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from repoview.core.errors import SourceError, reason_of
from repoview.core.source.decompress import packing_of, unpacked
from repoview.core.storage.small_file import NotReadable, read_bytes
from repoview.export.building.entry import (
    MOST_BYTES,
    Entry,
    NotARecord,
    entry_of,
    parsed,
)
from repoview.export.building.zip_entries import MAGIC, zip_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE: Final = 1 << 17
_HEAD: Final = 6
"""Bytes that tell how a file is compressed."""


def entries(source: str) -> Iterator[Entry]:
    """Yield the records of a source, in its order.

    Args:
        source: A folder, a zip file of one, a file of JSON, perhaps compressed, or
            "-" for standard input, which may be no zip file.

    Raises:
        SourceError: It cannot be read.
        NotARecord: Something in it is no record.
    """
    if source != "-" and Path(source).is_dir():
        yield from _of_folder(Path(source))
        return
    try:
        with _opened(source) as file:
            # A pipe gives its first bytes once.
            head = file.read(_HEAD)
            if source != "-" and file.seekable() and head.startswith(MAGIC):
                yield from zip_entries(Path(source))
                return
            name = "standard input" if source == "-" else source
            yield from _of_lines(_content(file, head), name)
    except FileNotFoundError:
        raise SourceError(f"there is no file {source}: check the name") from None
    except (OSError, EOFError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise SourceError(f"cannot read {source}: {reason}") from error


# Lines


def _opened(source: str) -> IO[bytes]:
    return sys.stdin.buffer if source == "-" else Path(source).open("rb")


def _content(file: IO[bytes], head: bytes) -> io.BufferedReader:
    """Return what a file holds, unpacked, of which *head* has been read."""
    pieces = chain([head], iter(lambda: file.read(_AT_ONCE), b""))
    packing = packing_of(head)
    content = pieces if packing is None else unpacked(pieces, packing)
    return io.BufferedReader(_Pieces(content), _AT_ONCE)


class _Pieces(io.RawIOBase):
    """Bytes that come piece by piece; to end too early is an error.

    Memory is bounded, whatever a file unpacks to: see `decompress`.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._held = memoryview(b"")

    def readable(self) -> bool:
        """Tell that it is to be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (io's signature)
        """Read the next bytes; none at the end."""
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                fault = getattr(self._pieces, "fault", None)
                if fault is not None:
                    raise EOFError(fault)
                return 0
            self._held = memoryview(piece)
        size = min(len(buffer), len(self._held))
        buffer[:size], self._held = self._held[:size], self._held[size:]
        return size


def _of_lines(file: IO[bytes], source: str) -> Iterator[Entry]:
    number = 0
    while line := file.readline(MOST_BYTES + 1):
        number += 1
        where = f"line {number:,} of {source}"
        if len(line) > MOST_BYTES:
            raise NotARecord(f"{where} has over {MOST_BYTES:,} bytes")
        if number == 1 and line.startswith(MAGIC):
            raise NotARecord(
                f"{source} is a zip file, whose directory is at its end: save it, and "
                "name the file"
            )
        bare = line.strip().removesuffix(b",")
        # An array has its brackets on lines of their own.
        if bare and bare not in (b"[", b"]", b"[]"):
            yield _of_line(bare, where, len(line))


def _of_line(line: bytes, where: str, size: int) -> Entry:
    fields = parsed(line, where)
    if not isinstance(fields, dict) or "value" not in fields:
        raise NotARecord(f'{where} is no object with "path" and "value"')
    key = _key_of_line(fields, where)
    uri = fields.get("uri")
    did = None
    if isinstance(uri, str) and uri.startswith("at://"):
        did = uri.removeprefix("at://").partition("/")[0]
    cid = fields.get("cid")
    told = cid if isinstance(cid, str) else None
    return Entry(key, fields["value"], did, told, where, size)


def _key_of_line(fields: dict[str, Any], where: str) -> bytes:
    path, hexed = fields.get("path"), fields.get("key_hex")
    try:
        if isinstance(hexed, str):
            return bytes.fromhex(hexed)
        if isinstance(path, str):
            return path.encode()
    except ValueError:
        pass
    raise NotARecord(f'{where} has no "path" that is text')


# Files


def _of_folder(folder: Path) -> Iterator[Entry]:
    for path in _files(folder):
        where = str(path)
        try:
            data = read_bytes(path, MOST_BYTES)
        except NotReadable as error:
            raise SourceError(f"cannot read {where}: {error}") from None
        if data is None:
            raise SourceError(f"{where} was removed meanwhile")
        yield entry_of(path.relative_to(folder).parts, data, where, len(data))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; in memory are the names of one way down."""
    todo = [folder]
    while todo:
        here = todo.pop()
        try:
            with os.scandir(here) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            raise SourceError(f"cannot read {here}: {reason_of(error)}") from error
        for item in items:
            if item.name.startswith("."):
                continue
            kind = _kind_of(item)
            if kind == stat.S_IFDIR:
                todo.append(Path(item.path))
            elif kind == stat.S_IFREG:
                yield Path(item.path)
            else:
                raise NotARecord(f"{item.path} is neither a file nor a folder")


def _kind_of(item: os.DirEntry[str]) -> int:
    try:
        return stat.S_IFMT(item.stat(follow_symlinks=False).st_mode)
    except OSError as error:
        raise SourceError(f"cannot read {item.path}: {reason_of(error)}") from error
