"""Compression of what is written, by the suffix of its name."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_GZIP: Final = 31
"""zlib's word for a gzip header, which then has neither name nor time."""


class Packed:
    """Compresses what is written, and writes that.

    Args:
        write: Takes the compressed bytes.
        suffix: One of `formats.PACKED`.
    """

    def __init__(self, write: Callable[[bytes], object], suffix: str) -> None:
        self._write = write
        self._packer: Any = _packer(suffix)

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        if packed := self._packer.compress(data):
            self._write(packed)

    def finish(self) -> None:
        """Write what is left."""
        self._write(self._packer.flush())


def _packer(suffix: str) -> Any:  # noqa: ANN401 (of either library)
    if suffix == ".gz":
        return zlib.compressobj(wbits=_GZIP)
    import zstandard  # noqa: PLC0415 (few need it)

    return zstandard.ZstdCompressor(write_checksum=True).compressobj()
