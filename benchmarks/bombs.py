"""Verify files that are made to take a reader down: ``python -m benchmarks.bombs``.

Each is small, or claims to be large, and would cost a careless reader its memory,
its stack or hours. What it costs here is told: seconds of processor and the most
memory of the whole process, start-up included.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from benchmarks import ours, table
from benchmarks.machine import facts
from benchmarks.measure import ROOT
from benchmarks.verified import verified
from repoview.corpus import make_car, sample
from repoview.corpus.car import Car, Section, header_of
from repoview.corpus.cbor import DAG_CBOR, Link, cid_of, encode, varint
from repoview.corpus.repo import Repo
from repoview.corpus.tree import key_depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NOTE: Final = encode({"$type": "com.example.note"})
_MB: Final = 1_000_000


def main() -> int:
    """Make the files, run, and print the table."""
    options = _options()
    with TemporaryDirectory() as folder:
        lines = list(_lines(Path(folder)))
    text = "\n".join([facts(ours.about(), 1), "", *lines])
    print(text)
    if options.write:
        table.write("bombs", text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bombs", description=__doc__
    )
    add = parser.add_argument
    add("--write", action="store_true", help="put the table into README.md")
    return parser.parse_args()


def _lines(folder: Path) -> Iterator[str]:
    yield "| file | bytes | busy s | peak MB | verdict |"
    yield "|---|--:|--:|--:|---|"
    for name in BOMBS:
        path = folder / "bomb.car"
        # The command is this module: what makes files takes memory.
        words = (sys.executable, "-m", "benchmarks.bombs", "make", name, str(path))
        subprocess.run(words, cwd=ROOT, check=True)  # noqa: S603
        busy, peak, report = verified(path)
        size, verdict = f"{path.stat().st_size:,}", report["verdict"]
        yield f"| {name} | {size} | {busy:.2f} | {peak / _MB:.0f} | {verdict} |"


# The files


def _of_blocks(*blocks: bytes) -> bytes:
    """Return a repository whose top node is the first of some blocks."""
    repo = Repo(Link(cid_of(blocks[0])))
    parts = (repo.data, *blocks)
    sections = tuple(Section(cid_of(data), data) for data in parts)
    return Car(header_of(repo.cid), sections).data


def _keys(depth: int) -> Iterator[bytes]:
    """Yield keys of a depth, in order."""
    numbers = (b"com.example.note/%07d" % n for n in range(10_000_000))
    return (key for key in numbers if key_depth(key) == depth)


def _node(keys: list[bytes], child: Link | None) -> bytes:
    entries = [{"k": key, "p": 0, "t": child, "v": Link(cid_of(_NOTE))} for key in keys]
    return encode({"e": entries, "l": child})


def laughs() -> bytes:
    """Return a tree whose every link leads to the same node below: 101^12 visits."""
    keys = list(islice(_keys(0), 100))
    blocks = [_NOTE, _node(keys, None)]
    for _ in range(11):
        blocks.append(_node(keys, Link(cid_of(blocks[-1]))))
    return _of_blocks(*reversed(blocks))


def chain() -> bytes:
    """Return 5,000 nodes with nothing but a link to the next."""
    blocks = [encode({"e": [], "l": None})]
    for _ in range(5_000):
        blocks.append(encode({"e": [], "l": Link(cid_of(blocks[-1]))}))
    return _of_blocks(*reversed(blocks))


def wide(entries: int) -> bytes:
    """Return a tree of one node."""
    keys = islice(_keys(0), entries)
    return make_car({key.decode(): _NOTE for key in keys}).data


def record(data: bytes) -> bytes:
    """Return a repository with one record, of these bytes."""
    return make_car({"com.example.note/1": data}).data


def _with(data: bytes) -> bytes:
    return b"\xa2" + encode("x") + data + encode("$type") + encode("com.example.note")


def header(roots: int) -> bytes:
    """Return a file whose header has so many roots."""
    car = sample().car()
    link = encode(Link(car.cids[0]))
    head = b"\x9a" + roots.to_bytes(4, "big")
    body = b"\xa2" + encode("roots") + head + link * roots + encode("version") + b"\x01"
    return varint(len(body)) + body + b"".join(part.written for part in car.parts)


def claims(size: int) -> bytes:
    """Return a file whose last section claims a size, and ends in it."""
    car = sample().car()
    return car.data + varint(size) + DAG_CBOR + bytes(60)


BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "a sound repository of ten records": lambda: sample().car().data,
    "a tree of 12 levels, 101 links of each node to the same below": laughs,
    "a chain of 5,000 nodes without entries": chain,
    "a node of 9,000 entries": lambda: wide(9_000),
    "a node of 60,000 entries": lambda: wide(60_000),
    "a record that claims an array of 2^63 items": lambda: record(
        _with(b"\x9b\x7f" + b"\xff" * 7)
    ),
    "a record that claims 2^32 bytes": lambda: record(_with(b"\x5b\0\0\0\x01\0\0\0\0")),
    "a record of a million arrays in one another": lambda: record(b"\x81" * _MB),
    "a record of a million empty arrays": lambda: record(
        _with(b"\x9a" + _MB.to_bytes(4, "big") + b"\x80" * _MB)
    ),
    "a record of a million tags": lambda: record(_with(b"\xc1" * _MB + b"\0")),
    "10 MB of a length that never ends": lambda: (
        sample().car().data + b"\x80" * 10 * _MB
    ),
    "10 MB of sections of no bytes": lambda: sample().car().data + bytes(10 * _MB),
    "10 MB of sections of one byte": lambda: (
        sample().car().data + b"\x01\x00" * 5 * _MB
    ),
    "a header of a million roots": lambda: header(_MB),
    "a header that claims 2^45 bytes": lambda: varint(2**45) + b"\xa2" + bytes(60),
    "a section that claims 2^45 bytes": lambda: claims(2**45),
    "a section that claims 2^63 - 1 bytes": lambda: claims(2**63 - 1),
}
"""What is made, by what it is."""


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        Path(sys.argv[3]).write_bytes(BOMBS[sys.argv[2]]())
    else:
        sys.exit(main())
