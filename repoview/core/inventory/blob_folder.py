"""The files of a folder, hashed: any of them may be a blob.

A file is known by the hash of its bytes, whatever its name. A name that is a CID,
with or without a suffix, says what the file should be. Files are read a MiB at a
time, and folders below are gone through; links to folders are not followed.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.errors import CidError, SourceError, reason_of
from repoview.core.inventory.blob_items import Naming, pack_file
from repoview.core.load.result import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_UNREADABLE: Final = 100
"""Files that cannot be read and are named; the rest are counted."""

_CID_TEXT: Final = 59
"""Characters of a CID of 36 bytes in base32."""


class Unreadable(NamedTuple):
    """A file or folder that could not be read."""

    name: str
    """Its path in the folder."""

    reason: str


class HashedFolder:
    """Hashes all files of a folder, once.

    Args:
        folder: Its path.
        apart: Device and inode of a file that is no blob: the source itself.
        report: Called with progress, in bytes; what it raises ends it.
    """

    def __init__(
        self,
        folder: str,
        apart: tuple[int, int] | None,
        report: Callable[[Progress], None] | None,
    ) -> None:
        self._folder = folder
        self._apart = apart
        self._report = report
        self._bytes = 0
        self.files = 0
        """Files hashed so far."""
        self.unreadable = 0
        """Files and folders that could not be read."""
        self.unreadable_first: list[Unreadable] = []

    def items(self) -> Iterator[bytes]:
        """Yield the items of all files; of one that is named wrongly, two.

        Raises:
            SourceError: The folder itself cannot be read.
        """
        for path in self._files():
            name = os.path.relpath(path, self._folder)
            try:
                hashed = self._hashed(path)
            except OSError as error:
                self._note(name, error)
                continue
            if hashed is not None:
                self.files += 1
                yield from _items(name, *hashed)

    def _files(self) -> Iterator[str]:
        """Yield the paths of all regular files, in the order of their names."""
        folders = [self._folder]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                if folder == self._folder:
                    reason = reason_of(error)
                    raise SourceError(f"cannot read {folder}: {reason}") from error
                self._note(os.path.relpath(folder, self._folder), error)
                continue
            below = []
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    below.append(entry.path)
                elif entry.is_file():
                    yield entry.path
            folders += reversed(below)

    def _hashed(self, path: str) -> tuple[bytes, int] | None:
        """Return digest and size of a file; None for the source itself."""
        hashed, size = sha256(), 0
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (as the system names it)
            status = os.fstat(file.fileno())
            if (status.st_dev, status.st_ino) == self._apart:
                return None
            while piece := file.read(limits.READ_CHUNK):
                hashed.update(piece)
                size += len(piece)
                self._bytes += len(piece)
                self._tell()
        self._tell()
        return hashed.digest(), size

    def _tell(self) -> None:
        if self._report is not None:
            self._report(Progress("hash", self._bytes, 0, self.files))

    def _note(self, name: str, error: OSError) -> None:
        self.unreadable += 1
        if len(self.unreadable_first) < MOST_UNREADABLE:
            self.unreadable_first.append(Unreadable(name, reason_of(error)))


def _items(name: str, digest: bytes, size: int) -> Iterator[bytes]:
    raw = os.fsencode(name)
    named = _named(name)
    if named is None or named == digest:
        yield pack_file(digest, Naming.RIGHT, size, raw)
        return
    yield pack_file(digest, Naming.MISNAMED, size, raw)
    yield pack_file(named, Naming.DAMAGED, size, raw)


def _named(name: str) -> bytes | None:
    """Return the digest of the CID that a file is named by, None for no CID."""
    stem = os.path.basename(name).partition(".")[0]  # noqa: PTH119 (as the system names it)
    if len(stem) != _CID_TEXT or stem[0] != "b":
        return None
    try:
        cid = Cid.parse(stem)
    except CidError:
        return None
    return cid.digest if cid.is_blessed else None
