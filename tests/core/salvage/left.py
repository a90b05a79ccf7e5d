"""What salvage leaves of every broken file, as a table beside what `verify` says.

``python -m tests.core.salvage.left`` writes it again after a wanted change.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.room import Room
from repoview.core.salvage.salvage import salvage
from repoview.corpus import CASES, LEGAL
from repoview.corpus.car import Car, Section
from tests.core.opened import checks_of, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.corpus import Case

TABLE: Final = Path(__file__).with_name("left.txt")

HEAD: Final = f"{'file':<54} {'verdict':<13} whole  saved  records  lost"

_CID: Final = 36


def whole_blocks(case: Case) -> set[bytes]:
    """Return the CIDs of the blocks that stand whole in a broken file.

    By the parts that it was made of, and those of its twin; not by reading it.
    Without those of sections that are too long for any reader.
    """
    data = case.build().data
    made = (case.build().car, case.twin.car)
    parts = [part for car in made if isinstance(car, Car) for part in car.parts]
    return {
        part.cid
        for part in parts
        if isinstance(part, Section)
        and len(part.cid) == _CID
        and part.cid[4:] == sha256(part.data).digest()
        and part.cid + part.data in data
        and _CID + len(part.data) <= limits.MAX_SECTION
    }


def saved_blocks(case: Case) -> tuple[str, set[bytes]]:
    """Return the line of a file in the table, and the CIDs of what is saved."""
    data, out = case.build().data, bytearray()
    room = Room(case.options.get("budget", limits.MEMORY))
    with opened(data, checks=checks_of(case), room=room) as repo:
        verdict = repo.report.verdict.value
    with salvage(data, OpenOptions()) as saved:
        saved.write_car(out.extend)
        report = saved.report
    header, _ = read_header(bytes(out), offset=0, available=len(out))
    assert header is not None
    cids = {each.cid.raw for each in sections(bytes(out[header.end :]))}
    assert len(cids) == report.blocks
    records = report.reachable + report.detached + report.keyless
    lost = "lost" if report.loses else "nothing"
    whole = len(whole_blocks(case))
    counts = f"{whole:>5}  {report.blocks:>5}  {records:>7}  {lost}"
    return f"{case.id:<54} {verdict:<13} {counts}", cids


def lines() -> Iterator[str]:
    """Yield the table, its head first."""
    yield HEAD
    for case in (*CASES, *LEGAL):
        yield saved_blocks(case)[0]


if __name__ == "__main__":
    TABLE.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
    sys.stdout.write(f"wrote {TABLE}\n")
