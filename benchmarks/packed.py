"""Make the same file as gzip and zstd pack it.

Each is made once, at the level that its tool takes when it is not told.
"""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measure import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    import zstandard

PACKINGS: Final = {"gzip": ".gz", "zstd": ".zst"}
"""Packing → suffix. Only these pages look at it; the program does not."""

_PIECE: Final = 1 << 20
_GZIP_LEVEL: Final = 6
_ZSTD_LEVEL: Final = 3


def packed(car: Path, packing: str, say: Callable[[str], None]) -> Path:
    """Return a file as it is packed; pack it if it is not, in another process."""
    path = car.with_name(car.name + PACKINGS[packing])
    if not path.exists():
        say(f"packing {car.name} with {packing}")
        # The command is this module.
        subprocess.run(  # noqa: S603
            (sys.executable, "-m", __name__, packing, car.resolve(), path.resolve()),
            cwd=ROOT,
            check=True,
        )
    return path


def make(packing: str, car: Path, path: Path) -> None:
    """Pack a file; the packed one has its name when it is whole."""
    packer = _gzip() if packing == "gzip" else _zstd()
    part = path.with_suffix(".part")
    with car.open("rb", buffering=0) as plain, part.open("wb") as file:
        while piece := plain.read(_PIECE):
            file.write(packer.compress(piece))
        file.write(packer.flush())
    part.rename(path)


def _gzip() -> zlib._Compress:
    return zlib.compressobj(_GZIP_LEVEL, wbits=31)


def _zstd() -> zstandard.ZstdCompressionObj:
    import zstandard  # noqa: PLC0415 (the module that asks need not have it)

    return zstandard.ZstdCompressor(_ZSTD_LEVEL).compressobj()


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
