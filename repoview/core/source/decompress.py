"""Unpack gzip, zstd, bzip2 and xz while it is read, known by their first bytes.

Concatenated members are unpacked as one, as their own tools do. The bytes before
damage are yielded, and then why it ended. Memory is bounded whatever the bytes
are; the caller bounds the output by reading no more.
"""

from __future__ import annotations

import re
import zlib
from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.core.errors import SourceError
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = limits.MiB
"""Bytes given out at a time."""

_GATHERED: Final = 256 * limits.KiB
"""Smaller pieces are joined up to so many bytes."""

_WINDOW: Final = 128 * limits.MiB
"""Memory that a format may ask for; its own tools refuse more by default."""

_ZSTD: Final = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
"""A frame, or a skippable frame."""


def packing_of(head: bytes) -> str | None:
    """Return the format of packed bytes, None for an unknown one.

    Args:
        head: The first six bytes, or more.
    """
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if head.startswith(b"BZh") and head[3:4].isdigit():
        return "bzip2"
    if head.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    return "zstd" if _ZSTD.match(head) else None


class Unpacked:
    """An iterator of the unpacked bytes, piece by piece.

    Args:
        pieces: The packed bytes, split anywhere.
        packing: The format, as from `packing_of`.

    Raises:
        SourceError: This Python cannot unpack it.
    """

    def __init__(self, pieces: Iterator[bytes], packing: str) -> None:
        self.packing = packing
        self.fault: str | None = None
        """Why it ended too early, once it has."""
        self.taken = 0
        """Packed bytes that were consumed."""
        self._given = 0
        self._codec = _CODECS[packing]()
        self._members = 1
        self._begun = False
        """Whether bytes of this member were consumed."""
        self._pieces = _gathered(self._unpack(pieces))

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def _unpack(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        size = self._codec.slice
        for piece in pieces:
            for start in range(0, len(piece), size):
                data = piece[start : start + size]
                self.taken += len(data)
                for out in self._take(data):
                    self._given += len(out)
                    yield out
                if self.fault is not None:
                    return
        if self._begun:
            self.fault = f"the {self.packing} stream is cut off {self._place()}"

    def _place(self) -> str:
        return f"after {count_text(self._given, 'byte')}"

    def _take(self, data: bytes) -> Iterator[bytes]:
        """Unpack the next packed bytes; sets `fault` at damage."""
        while data:
            if not self._begun and self._members > 1:
                # Tapes and fixed-size blocks are padded with zeros.
                data = data.lstrip(b"\0")
                if not data:
                    return
            if self._members > limits.MAX_MEMBERS:
                most = f"{limits.MAX_MEMBERS:,}"
                self.fault = f"the {self.packing} stream has over {most} members"
                return
            fresh, self._begun = not self._begun, True
            size = self._given
            try:
                yield from self._codec.outputs(data)
            except self._codec.errors:
                if fresh and self._members > 1 and self._given == size:
                    text = f"bytes that are not {self.packing} follow the CAR"
                else:
                    text = f"the {self.packing} stream is damaged {self._place()}"
                self.fault = text
                return
            if not self._codec.member.eof:
                return
            data = self._codec.member.unused_data
            self._codec.open()
            self._begun = False
            self._members += 1


def unpacked(pieces: Iterator[bytes], packing: str) -> Unpacked:
    """Return an iterator of the unpacked bytes; see `Unpacked`."""
    return Unpacked(pieces, packing)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces that are neither small nor large."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _GATHERED:
            whole = held[0] if len(held) == 1 else b"".join(held)
            held, size = [], 0
            for start in range(0, len(whole), _MOST):
                yield whole[start : start + _MOST]
    if size:
        yield b"".join(held)


class _Codec(ABC):
    """A decompressor of the members of one format, one after the other."""

    slice: int = 16 * limits.KiB
    """Packed bytes per step: at damage, the rest of a step is lost."""

    errors: tuple[type[Exception], ...]
    """The exceptions that damage raises."""

    def __init__(self) -> None:
        self.member: Any
        self.open()

    @abstractmethod
    def open(self) -> None:
        """Begin a member."""

    def outputs(self, data: bytes) -> Iterator[bytes]:
        """Yield the unpacked bytes, up to the end of this member."""
        while True:
            out = self.member.decompress(data, _MOST)
            if out:
                yield out
            if self.member.eof or self.member.needs_input:
                return
            data = b""


class _Gzip(_Codec):
    errors = (zlib.error,)

    def open(self) -> None:
        self.member = zlib.decompressobj(wbits=31)

    def outputs(self, data: bytes) -> Iterator[bytes]:
        before, given, rest = self.member.copy(), 0, data
        try:
            while rest:
                out = self.member.decompress(rest, _MOST)
                given += len(out)
                yield out
                rest = self.member.unconsumed_tail
        except zlib.error:
            # Byte by byte, to yield all that comes before the damage.
            for number in range(len(data)):
                out = before.decompress(data[number : number + 1])
                yield out[given:]
                given = max(0, given - len(out))


class _Bzip2(_Codec):
    errors = (OSError, ValueError)

    def open(self) -> None:
        self.member = _module("bz2", "bzip2").BZ2Decompressor()


class _Xz(_Codec):
    def __init__(self) -> None:
        self._lzma = _module("lzma", "xz")
        self.errors = (self._lzma.LZMAError,)
        super().__init__()

    def open(self) -> None:
        form = self._lzma.FORMAT_XZ
        self.member = self._lzma.LZMADecompressor(form, memlimit=_WINDOW)


class _Zstd(_Codec):
    # A slice is unpacked at once, to up to 32,768 times its size.
    slice = 2 * limits.KiB

    def __init__(self) -> None:
        zstandard = _module("zstandard", "zstd")
        self._maker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        self.errors = (zstandard.ZstdError,)
        super().__init__()

    def open(self) -> None:
        # Its output is as large as needed, not 128 KiB each time.
        self.member = self._maker.decompressobj(write_size=16 * limits.KiB)

    def outputs(self, data: bytes) -> Iterator[bytes]:
        yield self.member.decompress(data)


def _module(name: str, packing: str) -> Any:  # noqa: ANN401 (one of three)
    """Import a decompressor; few runs need it, and some Pythons lack it."""
    try:
        return import_module(name)
    except ImportError:
        raise SourceError(
            f"this Python cannot unpack {packing}: unpack it first, or install {name}"
        ) from None


_CODECS: Final[dict[str, type[_Codec]]] = {
    "gzip": _Gzip,
    "bzip2": _Bzip2,
    "xz": _Xz,
    "zstd": _Zstd,
}
