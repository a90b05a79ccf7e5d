"""Make the files that are measured: one repository a size, in two orders.

Made once and kept. Each is checked by the program itself, once, before anything
is measured on it: sound, of the right counts, and in the order it says.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.records import DID, REV, records
from benchmarks.tree import LINK, Blocks, build, varint

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES: Final = (1, 10, 1_000, 11_585, 360_000, 1_320_000)
"""Records; the last make about 470 MB."""

ORDERS: Final = ("preorder", "cid-descending")
"""Walk order; and what servers write within one revision, the worst for a walk."""

DATA: Final = Path(__file__).with_name(".data")
"""Where inputs and peers are kept, if nothing else is said."""

EDITION: Final = 1
"""Raised when other bytes are made, so that all are made anew."""

_SECRET: Final = int.from_bytes(b"a key of benchmarks: no secret!!", "big")
"""Of the curve K-256."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to measure, and what must be found in it."""

    path: Path
    records: int
    blocks: int
    size: int
    """In bytes."""

    order: str


class WrongInput(Exception):
    """What was made is not what it should be."""


def inputs(folder: Path, count: int, say: Callable[[str], None]) -> list[Input]:
    """Return the files of one size; make those that are not there.

    They are made in a process of their own: whatever is started later would
    begin with the memory of this one as its peak.

    Args:
        folder: Where they are kept.
        count: Records.
        say: Is told what takes time.

    Raises:
        WrongInput: The program does not find in them what it should.
    """
    facts = folder / f"{count}.json"
    if not _known(facts):
        say(f"making and checking {count:,} records, in both orders")
        # The command is this module.
        made = subprocess.run(  # noqa: S603
            (sys.executable, "-m", __name__, str(folder.resolve()), str(count)),
            cwd=Path(__file__).resolve().parents[1],
            check=False,
        )
        if made.returncode:
            raise WrongInput(f"{count:,} records came out wrong")
    blocks = json.loads(facts.read_text(encoding="utf-8"))["blocks"]
    return [_input(folder, count, blocks, order) for order in ORDERS]


def _known(facts: Path) -> bool:
    """Whether the files are there, as this version makes them."""
    if not facts.exists():
        return False
    found = json.loads(facts.read_text(encoding="utf-8"))
    return bool(found["edition"] == EDITION)


def make(folder: Path, count: int) -> None:
    """Make the files of one size, and check them.

    Raises:
        WrongInput: The program does not find in them what it should.
    """
    folder.mkdir(parents=True, exist_ok=True)
    blocks = _write(folder, count)
    for order in ORDERS:
        _check(_input(folder, count, blocks, order))
    # Last, since it says that the files are good.
    facts = json.dumps({"edition": EDITION, "blocks": blocks})
    (folder / f"{count}.json").write_text(facts, encoding="utf-8")


def _input(folder: Path, count: int, blocks: int, order: str) -> Input:
    path = path_of(folder, count, order)
    return Input(path, count, blocks, path.stat().st_size, order)


def path_of(folder: Path, count: int, order: str) -> Path:
    """Return where the file of one size and order is kept."""
    return folder / f"{count}-{order}.car"


def _write(folder: Path, count: int) -> int:
    """Write the files of one size, and return their number of blocks."""
    blocks = Blocks(keep=True)
    top, tree = build(records(count), blocks)
    root, commit = blocks.add(signed_commit(top))
    header = b"\xa2\x65roots\x81" + LINK + root + b"\x67version\x01"
    header = varint(len(header)) + header
    with path_of(folder, count, "preorder").open("wb") as file:
        file.writelines((header, commit, tree))
    del tree
    blocks.sections.sort(reverse=True)
    with path_of(folder, count, "cid-descending").open("wb") as file:
        file.write(header)
        file.writelines(section for _, section in blocks.sections)
    return blocks.count


def _check(one: Input) -> None:
    from repoview.core.findings.findings import Severity  # noqa: PLC0415 (the same)
    from repoview.core.repo.repo import Repo  # noqa: PLC0415 (only for files just made)

    with Repo.load(one.path) as repo:
        report = repo.report
        counts = report.counts
        found = (report.verdict, report.order, counts.records, counts.blocks)
        findings = [f for f in report.findings if f.severity is not Severity.INFO]
    wanted = ("sound", one.order, one.records, one.blocks)
    if found != wanted or findings:
        raise WrongInput(f"{one.path.name}: {found} {findings[:3]}, expected {wanted}")


def signed_commit(top: bytes) -> bytes:
    """Return the commit over the tree below *top*, signed."""
    from repoview.sample.signing import signed  # noqa: PLC0415 (the parent stays small)

    fields = (
        b"\x63did\x78\x20" + DID.encode(),
        b"\x63rev\x6d" + REV.encode(),
        b"\x64data" + LINK + top,
        b"\x64prev\xf6",
        b"\x67version\x03",
    )
    signature = b"\x63sig\x58\x40" + signed(b"".join((b"\xa5", *fields)), _SECRET)
    return b"".join((b"\xa6", *fields[:2], signature, *fields[2:]))


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
