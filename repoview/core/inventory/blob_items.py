"""References to blobs, and files that may be blobs, as items to be sorted.

::

    reference   digest, first 4 bytes of the CID, record, form, size, type
    file        digest, 4 zeros, how it is named, size, name

So all that is about one blob follows each other, its files first.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import Cid

if TYPE_CHECKING:
    from repoview.core.formats.blob_refs import BlobRef

_DIGEST: Final = 32
_REF: Final = Struct(">32s4sIBQ")
_FILE: Final = Struct(">32s4xBQ")
_NO_CID: Final = bytes(4)
_LEGACY: Final = 1
_SIZED: Final = 2
_TYPED: Final = 4


class Naming(IntEnum):
    """What the name of a file says about it."""

    RIGHT = 0
    """Nothing, or the CID that its bytes hash to."""

    MISNAMED = 1
    """Another CID; the item stands under the hash of its bytes."""

    DAMAGED = 2
    """The same, and the item stands under the CID that it is named by."""


class RefItem(NamedTuple):
    """A reference, and the record that has it."""

    cid: Cid
    number: int
    """Of the record."""

    is_legacy: bool
    size: int | None
    type: str | None


class FileItem(NamedTuple):
    """A file under the digest of its bytes, or of the CID that it is named by."""

    naming: Naming
    size: int
    name: bytes
    """Its path in the folder, as the system has it."""


def pack_ref(ref: BlobRef, cid: Cid, number: int) -> bytes:
    """Return a reference as an item.

    Args:
        ref: The reference.
        cid: Its CID, which has 36 bytes.
        number: Of the record.
    """
    form = _LEGACY * ref.is_legacy
    form |= _SIZED * (ref.size is not None) | _TYPED * (ref.type is not None)
    head = _REF.pack(cid.raw[4:], cid.raw[:4], number, form, ref.size or 0)
    return head + (ref.type or "").encode(errors="surrogatepass")


def pack_file(digest: bytes, naming: Naming, size: int, name: bytes) -> bytes:
    """Return a file as an item, under a digest."""
    return _FILE.pack(digest, naming, size) + name


def digest_of(item: bytes) -> bytes:
    """Return the digest that an item stands under."""
    return item[:_DIGEST]


def cid_of(item: bytes) -> bytes:
    """Return what is the same in all references to one blob, or all its files."""
    return item[: _DIGEST + len(_NO_CID)]


def is_file(item: bytes) -> bool:
    """Tell whether an item is of a file; else it is a reference."""
    return item[_DIGEST : _DIGEST + len(_NO_CID)] == _NO_CID


def unpack(item: bytes) -> RefItem | FileItem:
    """Return what an item says."""
    if is_file(item):
        _, naming, size = _FILE.unpack_from(item)
        return FileItem(Naming(naming), size, item[_FILE.size :])
    digest, prefix, number, form, size = _REF.unpack_from(item)
    type_ = item[_REF.size :].decode(errors="surrogatepass")
    return RefItem(
        Cid(prefix + digest),
        number,
        bool(form & _LEGACY),
        size if form & _SIZED else None,
        type_ if form & _TYPED else None,
    )
