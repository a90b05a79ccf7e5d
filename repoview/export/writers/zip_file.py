"""The folder of `folder` as a zip file, written front to back.

Python's own `zipfile` keeps an object for each file until the end: a gigabyte for
a million records. Here the directory of the archive grows in a temporary file.
Names are those of `names`, in ASCII; every file has the same date and the mode
of an ordinary file.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from typing import IO, TYPE_CHECKING, Final

from repoview.export.formats import Written
from repoview.export.style import PLAIN, Style
from repoview.export.texts import record_texts
from repoview.export.writers import folder
from repoview.export.writers.names import parts_of
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
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo

_IN_MEMORY: Final = 4 << 20
_AT_ONCE: Final = 1 << 20
_DATE: Final = 0x21
"""The first of January 1980, the first day there is."""

_VERSION: Final = 45
"""Needed to extract: 4.5, with ZIP64."""

_MODE: Final = 0o100644 << 16


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write records as a zip file; see `formats.Writer`.

    Raises:
        OSError: The temporary file cannot be written.
    """
    written = Written()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as directory:
        archive = _Archive(write, directory)
        for record in record_texts(repo, numbers, report, written, style):
            archive.add(
                "/".join(parts_of(record.key)).encode(), record.text.encode() + b"\n"
            )
        archive.finish()
    return written


def preview(repo: Repo, numbers: Sequence[int], most: int) -> list[str]:
    """Return the names of the first files."""
    return folder.preview(repo, numbers, most)


class _Archive:
    """An archive being written."""

    def __init__(self, write: Callable[[bytes], object], directory: IO[bytes]) -> None:
        self._write = write
        self._directory = directory
        self._files = 0
        self._at = 0

    def add(self, name: bytes, data: bytes) -> None:
        """Add a file."""
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(data) + packer.flush()
        method = DEFLATED
        if len(packed) >= len(data):
            method, packed = STORED, data
        check = zlib.crc32(data)
        facts = (0, method, 0, _DATE, check, len(packed), len(data), len(name))
        self._note(name, facts)
        head = LOCAL.pack(_VERSION, *facts, 0)
        self._put(head + name + packed)

    def _note(self, name: bytes, facts: tuple[int, ...]) -> None:
        """Put the file that comes next into the directory."""
        extra, at = b"", self._at
        if at >= OVER:
            extra, at = struct.pack("<2HQ", ZIP64_EXTRA, 8, at), OVER
        more = (len(extra), 0, 0, 0, _MODE, at)
        made = UNIX << 8 | _VERSION
        head = CENTRAL.pack(made, _VERSION, *facts, *more)
        self._directory.write(head + name + extra)
        self._files += 1

    def finish(self) -> None:
        """Write the directory, and where it is."""
        start, size = self._at, self._directory.tell()
        self._directory.seek(0)
        while piece := self._directory.read(_AT_ONCE):
            self._put(piece)
        if self._files >= OVER_16 or max(start, size) >= OVER:
            counts = (self._files, self._files, size, start)
            end = self._at
            versions = (44, UNIX << 8 | _VERSION, _VERSION, 0, 0)
            self._put(END_64.pack(*versions, *counts))
            self._put(LOCATOR.pack(0, end, 1))
        files = min(self._files, OVER_16)
        size, start = min(size, OVER), min(start, OVER)
        self._put(END.pack(0, 0, files, files, size, start, 0))

    def _put(self, data: bytes) -> None:
        self._write(data)
        self._at += len(data)
