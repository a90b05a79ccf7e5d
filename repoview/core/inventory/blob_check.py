"""Which blobs a folder of files has: there, damaged, missing, or unused."""

from __future__ import annotations

import os
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from repoview.core.cid import RAW_PREFIX, Cid
from repoview.core.inventory.blob_items import (
    FileItem,
    Naming,
    RefItem,
    cid_of,
    digest_of,
    is_file,
    unpack,
)
from repoview.core.inventory.blob_ledger import Blob, blob_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class CheckedBlob(NamedTuple):
    """A blob, and the files that are it, or should be."""

    status: Literal["there", "missing", "damaged", "unused"]
    """"there": a file hashes to its CID. "damaged": none does, but one is named
    by it. "missing": neither. "unused": a file that no record refers to."""

    cid: Cid
    """Of the blob; of an unused file, that of its bytes, or the one it is
    named by."""

    blob: Blob | None
    """What records say of it; None for an unused file."""

    size: int | None
    """Bytes of the file; of a missing blob, as records tell them."""

    files: tuple[str, ...]
    """Files with its bytes, by their paths in the folder."""

    damaged: tuple[str, ...]
    """Files that are named by its CID and have other bytes."""

    @property
    def is_size_right(self) -> bool:
        """Whether the file has the size in the record; True if the record has none."""
        told = None if self.blob is None else self.blob.size
        return not self.files or told is None or told == self.size


def checked(items: Iterable[bytes]) -> Iterator[CheckedBlob]:
    """Yield what became of each blob, and of each file that is none of them.

    Args:
        items: References and files, sorted together.
    """
    digest, files, is_used = b"", list[FileItem](), True
    for key, group in groupby(items, cid_of):
        if key[: len(digest)] != digest or not digest:
            if not is_used:
                yield from _unused(digest, files)
            digest, files, is_used = digest_of(key), [], True
        if is_file(key):
            # They come first, so they are known when the references come.
            files = [item for item in map(unpack, group) if isinstance(item, FileItem)]
            is_used = False
        else:
            refs = (item for item in map(unpack, group) if isinstance(item, RefItem))
            yield _of_blob(blob_of(refs), files)
            is_used = True
    if not is_used:
        yield from _unused(digest, files)


def _of_blob(blob: Blob, files: list[FileItem]) -> CheckedBlob:
    right = [file for file in files if file.naming is not Naming.DAMAGED]
    wrong = [file for file in files if file.naming is Naming.DAMAGED]
    first = next(iter(right or wrong), None)
    return CheckedBlob(
        "there" if right else "damaged" if wrong else "missing",
        blob.cid,
        blob,
        blob.size if first is None else first.size,
        _names(right),
        _names(wrong),
    )


def _unused(digest: bytes, files: list[FileItem]) -> Iterator[CheckedBlob]:
    """Yield files that no record refers to, each once.

    One that is named wrongly has two items: the one under its name counts.
    """
    cid = Cid(RAW_PREFIX + digest)
    for file in files:
        name = _names([file])
        if file.naming is Naming.RIGHT:
            yield CheckedBlob("unused", cid, None, file.size, name, ())
        elif file.naming is Naming.DAMAGED:
            yield CheckedBlob("unused", cid, None, file.size, (), name)


def _names(files: Iterable[FileItem]) -> tuple[str, ...]:
    return tuple(os.fsdecode(file.name) for file in files)
