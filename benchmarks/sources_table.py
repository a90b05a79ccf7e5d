"""Say in Markdown what was measured of sources and limits, and what was to be.

Pure functions: results to text. All times are those of whole processes but
where "work" says that the clock ran around it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import ours
from benchmarks.peers import STREAM
from benchmarks.table import head, headed, peak, ratio, row, spread, target_rows
from benchmarks.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Measured

_LIMIT_MB: Final = 64 * 1.048576 + 50
"""64 MiB, and what the program takes by itself."""


_HUGE: Final = 10_000_000
"""Blocks of which even a tenth does not fit into that memory."""


@dataclass(frozen=True, slots=True)
class Group:
    """What was measured on one file."""

    title: str
    expected: int
    """How many records must be found, or blocks where there is no repository."""

    measured: list[Measured]

    def find(self, name: str) -> Measured | None:
        """Return a contender that came to its end, by its name."""
        for one in self.measured:
            if str(one.contender) == name and not one.failure:
                return one
        return None


@dataclass(slots=True)
class Sources:
    """All that was measured."""

    judged: bool
    """Whether the files are those that targets are about."""

    groups: list[Group] = field(default_factory=list)
    delays: dict[str, list[float]] = field(default_factory=dict)
    """Phase → seconds that an opening went on after it was asked to stop."""

    notes: list[str] = field(default_factory=list)

    def targets(self) -> Iterator[Target]:
        """Yield the targets whose figures were measured."""
        for group in self.groups:
            yield from _limits(group)
            yield from _packings(group)
            yield from _cache(group)
            yield from _library(group)
        yield from self._tiny()
        worst = max((max(times) for times in self.delays.values() if times), default=0)
        if worst:
            yield Target("cancelling, the longest delay", 100, worst * 1e3, "ms")

    def _tiny(self) -> Iterator[Target]:
        """Times of blocks are without the start-up of the program."""
        started = [one for g in self.groups if (one := _our(g, "1 record"))]
        for kind in ("distinct", "wrong"):
            found = [(g, one) for g in self.groups if (one := _our(g, kind))]
            for group, one in found:
                what = f"{group.title}, peak"
                yield Target(what, _LIMIT_MB, one.peak / 1e6, "MB")
            is_huge = bool(found) and found[-1][0].expected >= _HUGE
            if started and len(found) == 2 and is_huge:
                few, many = (
                    (one.whole - started[0].whole) / group.expected
                    for group, one in found
                )
                what = f"{found[1][0].title}: time a block, against a tenth of them"
                yield Target(what, 1.3, many / few, "×")


def _our(group: Group, mode: str) -> Measured | None:
    return group.find(f"{ours.OURS}, {mode}")


def _limits(group: Group) -> Iterator[Target]:
    plain, limited = _our(group, "file"), _our(group, "file, 64 MiB")
    if plain and limited:
        what = f"{group.title}, 64 MiB, against no limit"
        yield Target(what, 1.5, limited.whole / plain.whole, "×")
        what = f"{group.title}, 64 MiB, peak"
        yield Target(what, _LIMIT_MB, limited.peak / 1e6, "MB")
    pipe = _our(group, "pipe")
    if plain and pipe:
        what = f"{group.title}, through a pipe, against the file"
        yield Target(what, 1.5, pipe.whole / plain.whole, "×")


def _packings(group: Group) -> Iterator[Target]:
    plain = _our(group, "file")
    for packing in ("gzip", "zstd"):
        whole, alone = _our(group, packing), group.find(f"library, {packing}")
        if plain and whole and alone:
            what = f"{packing}, against unpacking alone and verifying"
            times = whole.whole / (alone.seconds + plain.whole)
            yield Target(what, 1.2, times, "×")


def _cache(group: Group) -> Iterator[Target]:
    info, ls = _our(group, "info"), _our(group, "ls")
    if info:
        yield Target(f"{group.title}: `info`", 0.3, info.whole, "s")
        yield Target(f"{group.title}: `info`, peak", 100, info.peak / 1e6, "MB")
    if ls:
        yield Target(f"{group.title}: `ls`", 1.5, ls.whole, "s")


_RATES: Final = {
    "records": ("one by one", 1_000_000),
    "batches": ("async in batches", 700_000),
    "one-by-one": ("async one by one", 200_000),
    "values": ("with values", 400_000),
    "values-opened": ("with values, opening counted", 150_000),
}


def _library(group: Group) -> Iterator[Target]:
    for task, (words, least) in _RATES.items():
        if one := _our(group, task):
            rate = group.expected / one.seconds
            what = f"{group.title}: records {words}"
            yield Target(what, least, rate, "a second", at_least=True)
    sizes = _our(group, "sizes, 10 MiB")
    seed = group.find(f"{STREAM}, spilled past 10 MiB")
    if sizes and seed:
        what = f"{group.title}: sizes within 10 MiB, against `{STREAM}`"
        yield Target(what, 5, seed.whole / sizes.whole, "×", at_least=True)


def report(results: Sources) -> Iterator[str]:
    """Yield the lines of all tables that have rows."""
    if results.groups:
        yield from headed("Sources and limits, each run a new process")
        yield from head(
            "", "process s", "least to most", "×", "work s", "peak MB", "found"
        )
        for group in results.groups:
            yield row(f"**{group.title}**", *[""] * 6)
            yield from _rows(group)
    if results.delays:
        yield from headed("Cancelling: how long an opening goes on, in ms")
        yield from head("", "times", "median", "longest")
        for phase, times in results.delays.items():
            if times:
                shown = f"{median(times) * 1e3:.1f}", f"{max(times) * 1e3:.1f}"
                yield row(phase, str(len(times)), *shown)
    if results.judged:
        yield from target_rows(list(results.targets()))


def _rows(group: Group) -> Iterator[str]:
    first = None if group.measured[0].failure else group.measured[0].whole
    for one in group.measured:
        name = str(one.contender)
        if one.failure:
            yield row(name, one.failure, *[""] * 5)
            continue
        wholes = [run.whole for run in one.runs]
        has_clock = one.whole != one.seconds
        yield row(
            name,
            f"{one.whole:.2f}",
            spread(wholes, 1, 2),
            ratio(one.whole, first),
            f"{one.seconds:.2f}" if has_clock else "",
            peak(one.peak),
            _found(one, group.expected),
        )


def _found(one: Measured, expected: int) -> str:
    found = one.records - {None}
    # Of unpacking alone nothing is found.
    if not found or found == {0}:
        return ""
    if found == {expected}:
        return f"{expected:,}"
    return f"**wrong: {', '.join(f'{number:,}' for number in found)}**"
