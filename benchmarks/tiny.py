"""Make files of millions of tiny blocks, as somebody hostile would.

Nothing in them is a repository: the root that the header names is not there.
What they cost is index and time, a block of 5 bytes as much as any other.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measure import ROOT
from benchmarks.tree import LINK, varint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CID: Final = LINK[5:]
"""What the CID of every block begins with: version 1, DAG-CBOR, SHA-256."""

_SHA512: Final = b"\x01\x71\x13\x40"
"""As much of a CID that has another hash function, and so another length."""

_AT_ONCE: Final = 50_000
"""Sections written at a time."""

_FIRST: Final = 1 << 16
"""From here on a number takes four bytes in its shortest form."""


def _distinct(number: int) -> bytes:
    data = b"\x1a" + number.to_bytes(4)
    return b"\x29" + _CID + sha256(data).digest() + data


def _wrong(number: int) -> bytes:
    """Distinct as well, but by a digest of something else: of nothing at all."""
    data = b"\x1a" + number.to_bytes(4)
    return b"\x29" + _CID + number.to_bytes(4) * 8 + data


def _copy(number: int) -> bytes:
    """One CID over and over, and never its bytes."""
    return b"\x29" + _CID + bytes(32) + b"\x1a" + number.to_bytes(4)


def _odd(number: int) -> bytes:
    """Rightly hashed too, with SHA-512, which atproto does not use."""
    from hashlib import sha512  # noqa: PLC0415 (one kind needs it)

    data = b"\x1a" + number.to_bytes(4)
    return b"\x49" + _SHA512 + sha512(data).digest() + data


KINDS: Final[dict[str, Callable[[int], bytes]]] = {
    "distinct": _distinct,
    "wrong": _wrong,
    "copies": _copy,
    "odd": _odd,
}
"""What the blocks are, and the section of each by its number."""


def tiny(folder: Path, kind: str, count: int, say: Callable[[str], None]) -> Path:
    """Return a file of so many blocks of a kind; make it if it is not there.

    It is made in a process of its own, as all inputs are.
    """
    path = folder / f"tiny-{kind}-{count}.car"
    if not path.exists():
        say(f"making {count:,} tiny blocks, {kind}")
        # The command is this module.
        subprocess.run(  # noqa: S603
            (sys.executable, "-m", __name__, kind, str(count), str(path.resolve())),
            cwd=ROOT,
            check=True,
        )
    return path


def make(kind: str, count: int, path: Path) -> None:
    """Write a file of so many blocks of a kind; it has its name when it is whole."""
    part = path.with_suffix(".part")
    with part.open("wb", buffering=0) as file:
        for piece in _pieces(kind, count):
            file.write(piece)
    part.rename(path)


def _pieces(kind: str, count: int) -> Iterator[bytes]:
    root = sha256(b"not there").digest()
    header = b"\xa2\x65roots\x81" + LINK + root + b"\x67version\x01"
    yield varint(len(header)) + header
    section = KINDS[kind]
    for start in range(0, count, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count))
        yield b"".join([section(_FIRST + number) for number in numbers])


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
