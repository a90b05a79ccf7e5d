"""How much of a damaged file is saved, as a table.

Run it as ``python -m tests.fuzz.salvage``. Files of the sample, and those of the
vectors where they are, are damaged at random, in one place and in many; then it is
counted which blocks were left whole, and which of them `salvage` finds. It exits
with 1 if one is not found.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from repoview.core.errors import FormatError
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.repo import Repo
from repoview.core.salvage.salvage import salvage
from repoview.corpus.car import Car, Section
from repoview.sample import write_sample
from tests.fuzz.damage import KINDS, WITHIN, damage
from tests.vectors import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST = 500_000
"""Bytes of the largest vector that is damaged."""

SAMPLES = (60, 1_500)
"""Records."""

PLACES = (1, 20)


@dataclass
class Row:
    """What came of one kind of damage to one file."""

    whole: int = 0
    whole_saved: int = 0
    lengthless: int = 0
    lengthless_saved: int = 0
    seconds: float = 0.0

    def add(self, car: Car, luck: Random, kinds: tuple[str, ...], places: int) -> None:
        """Damage a file, and count what is saved of it."""
        damaged = damage(luck, car, places, kinds)
        whole, lengthless = damaged.whole(car)
        began = time.perf_counter()
        saved = saved_cids(bytes(damaged.data))
        self.seconds += time.perf_counter() - began
        self.whole += len(whole)
        self.whole_saved += len(whole & saved)
        self.lengthless += len(lengthless)
        self.lengthless_saved += len(lengthless & saved)

    @property
    def is_all(self) -> bool:
        """Whether every block was saved that was left whole."""
        return self.whole == self.whole_saved


def saved_cids(data: bytes) -> set[bytes]:
    """Return the CIDs of the CAR that `salvage` writes."""
    out = bytearray()
    with salvage(data, OpenOptions()) as saved:
        saved.write_car(out.extend)
    return {part.cid for part in car_of(bytes(out)).parts}


def car_of(data: bytes) -> Car:
    """Return a sound file by its parts.

    Raises:
        FormatError: It cannot be taken apart.
    """
    header, _ = read_header(data, offset=0, available=len(data))
    if header is None:
        raise FormatError("there is no header", offset=0)
    parts = tuple(
        Section(each.cid.raw, data[each.data_offset : each.end])
        for each in sections(data[header.end :], offset=header.end)
    )
    return Car(data[: header.end], parts)


def files() -> Iterator[tuple[str, Car]]:
    """Yield the files that are damaged, each with its name."""
    for records in SAMPLES:
        out = bytearray()
        write_sample(out.extend, records)
        yield f"sample of {records:,}", car_of(bytes(out))
    for path in sorted(ROOT.rglob("*.car")):
        data = path.read_bytes()
        if len(data) > LARGEST:
            continue
        with Repo.load(data) as repo:
            is_sound = repo.report.exit_code == 0
        if is_sound and (car := car_of(data)).data == data:
            yield str(path.relative_to(ROOT)), car


def table(seed: int, rounds: int) -> Iterator[tuple[str, str, int, Row]]:
    """Yield file, damage, number of places and what came of it."""
    for name, car in files():
        for kind in (*KINDS, "all"):
            kinds = WITHIN if kind == "all" else (kind,)
            for places in PLACES if kind != "cut" else PLACES[:1]:
                row = Row()
                for number in range(rounds):
                    luck = Random(f"{seed} {name} {kind} {places} {number}")  # noqa: S311 (the same each time)
                    row.add(car, luck, kinds, places)
                yield name, kind, places, row


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.salvage")
    parser.add_argument("--rounds", type=int, default=5, help="of each kind")
    parser.add_argument("--seed", type=int, default=1, help="gives other damage")
    options = parser.parse_args(arguments)
    write = sys.stdout.write
    write(f"{'file':<34} {'damage':<7} places  {'whole':>7}  {'saved':>7}")
    write(f"  {'no length':>9}  {'saved':>7}  seconds\n")
    total = Row()
    for name, kind, places, row in table(options.seed, options.rounds):
        write(f"{name[-34:]:<34} {kind:<7} {places:>6}  ")
        write(f"{row.whole:>7,}  {row.whole_saved:>7,}  ")
        write(f"{row.lengthless:>9,}  {row.lengthless_saved:>7,}  ")
        write(f"{row.seconds / options.rounds:>7.3f}\n")
        total.whole += row.whole
        total.whole_saved += row.whole_saved
        total.lengthless += row.lengthless
        total.lengthless_saved += row.lengthless_saved
    write(
        f"{total.whole:,} blocks were left whole, and {total.whole_saved:,} of them "
        f"saved; so were {total.lengthless_saved:,} of {total.lengthless:,} that "
        "lack only their length\n"
    )
    return 0 if total.is_all else 1


if __name__ == "__main__":
    sys.exit(main())
