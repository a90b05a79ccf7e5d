"""Salvage of large damaged files beside `verify`: ``python -m benchmarks.salvage``.

The files are those of `inputs`, in both orders, damaged in one way each. Told are
seconds of processor, start-up included, as multiples of what `verify` of the same
file takes while it is whole. Runs are interleaved, and the least of each counts.
"""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from benchmarks import inputs, ours, table
from benchmarks.machine import facts
from benchmarks.measure import ROOT
from benchmarks.options import parser_of
from benchmarks.tree import LINK
from benchmarks.verified import busy_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    Damage = Callable[[mmap.mmap], int]
    """Changes a file, and returns how many bytes of it are left."""

_FLIPS: Final = 1_000
_CID: Final = 36
_HEAD: Final = LINK[:5]
"""What stands in a block in front of a CID."""

_DATA: Final = b"\x64data" + _HEAD
"""What stands in a commit in front of the CID of its top node."""


def main() -> int:
    """Make the files, run, and print the table."""
    options = _options()
    lines = list(_lines(options.data, options.records, options.runs))
    text = "\n".join([facts(ours.about(), options.runs), "", *lines])
    print(text)
    if options.write:
        table.write("salvage", text)
    return 0


def _options() -> argparse.Namespace:
    parser = parser_of("salvage", __doc__, runs=3)
    add = parser.add_argument
    add("--records", type=int, default=inputs.SIZES[-1], help="of each file")
    return parser.parse_args()


def _lines(data: Path, records: int, runs: int) -> Iterator[str]:
    yield from table.head(
        "salvage of", "verify s", "told only s", "× verify", "written s", "× verify"
    )
    for one in inputs.inputs(data, records, _say):
        yield table.row(f"**{records:,} records, {one.order}**", *[""] * 5)
        for name in DAMAGES:
            with TemporaryDirectory(dir=data) as folder:
                path = Path(folder) / "damaged.car"
                _make(one.path, name, path)
                yield _row(name, one.path, path, runs)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _row(name: str, whole: Path, damaged: Path, runs: int) -> str:
    commands = (
        ("verify", "-q", str(whole)),
        ("salvage", "-q", str(damaged)),
        ("salvage", "-q", "--force", str(damaged), "-o", f"{damaged}.saved"),
    )
    rounds = [[busy_of(words) for words in commands] for _ in range(runs)]
    verify, told, written = map(min, *rounds) if runs > 1 else rounds[0]
    cells = ((f"{each:.2f}", table.ratio(each, verify)) for each in (told, written))
    return table.row(name, f"{verify:.2f}", *chain.from_iterable(cells))


def _make(source: Path, name: str, path: Path) -> None:
    """Make a damaged copy, in a process of its own: its pages count as memory."""
    words = (
        sys.executable,
        "-m",
        "benchmarks.salvage",
        "make",
        name,
        str(source),
        str(path),
    )
    # The command is this module.
    subprocess.run(words, cwd=ROOT, check=True)  # noqa: S603


# The damage


def whole(file: mmap.mmap) -> int:
    """Change nothing."""
    return len(file)


def without_header(file: mmap.mmap) -> int:
    """Have the header claim more than there is."""
    file[:4] = b"\xff" * 4
    return len(file)


def without_commit(file: mmap.mmap) -> int:
    """Change a byte of the commit."""
    _flip(file, _commit_at(file) + _CID + 20)
    return len(file)


def without_top(file: mmap.mmap) -> int:
    """Change a byte of the top node."""
    at = file.find(_DATA, _commit_at(file)) + len(_DATA)
    _flip(file, _section_of(file, file[at : at + _CID]) + _CID + 20)
    return len(file)


def cut(file: mmap.mmap) -> int:
    """End the file in its middle."""
    return len(file) // 2


def flips(file: mmap.mmap) -> int:
    """Change bits at random, behind the header."""
    luck = Random(1)  # noqa: S311 (the same each time)
    for _ in range(_FLIPS):
        _flip(file, luck.randrange(100, len(file)))
    return len(file)


def headless_flips(file: mmap.mmap) -> int:
    """Do both."""
    return min(without_header(file), flips(file))


def _flip(file: mmap.mmap, at: int) -> None:
    file[at] ^= 1


def _commit_at(file: mmap.mmap) -> int:
    """Return where the CID of the root stands in front of its block."""
    root = file.find(_HEAD) + len(_HEAD)
    return _section_of(file, file[root : root + _CID])


def _section_of(file: mmap.mmap, cid: bytes) -> int:
    """Return where a CID stands in front of its block, and is no link."""
    at = file.find(cid)
    while file[at - len(_HEAD) : at] == _HEAD:
        at = file.find(cid, at + 1)
    return at


DAMAGES: Final[dict[str, Damage]] = {
    "the whole file": whole,
    "the file without its header": without_header,
    "the file without its commit": without_commit,
    "the file without the top of its tree": without_top,
    "the first half of the file": cut,
    f"the file with {_FLIPS:,} bits changed": flips,
    "the same without its header": headless_flips,
}


def make(name: str, source: Path, path: Path) -> None:
    """Write a copy of a file, damaged."""
    shutil.copyfile(source, path)
    with path.open("r+b") as file:
        with mmap.mmap(file.fileno(), 0) as mapped:
            size = DAMAGES[name](mapped)
        os.truncate(path, size)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        sys.exit(main())
