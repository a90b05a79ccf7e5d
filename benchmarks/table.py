"""Say in Markdown what was measured.

Functions from results to text. The text of the last run of each part stands in
the README, between two marks.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import ours
from benchmarks.measure import floor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.measure import Measured
    from benchmarks.targets import Results, Target

PAGE: Final = Path(__file__).with_name("README.md")
"""Where the tables of the last runs stand."""

_BEGIN: Final = "<!-- The tables of {} begin here: `--write` replaces them. -->"
_END: Final = "<!-- The tables of {} end here. -->"


def report(results: Results) -> Iterator[str]:
    """Yield the lines of all tables that have rows."""
    if results.large:
        yield from headed("Large files, each read by a new process")
        yield from head(
            "", "s", "least to most", "process s", "× SHA-256", "peak MB", "records"
        )
        for one, measured in results.large:
            title = f"{one.records:,} records, {one.order}, {one.size:,} bytes"
            yield row(f"**{title}**", *[""] * 6)
            yield from _large_rows(measured, one.records)
    if results.small:
        yield from headed("Small files, opened over and over")
        yield from head("", "µs", "least to most", "× SHA-256", "peak MB")
        for name, size, measured in results.small:
            yield row(f"**{name}, {size:,} bytes**", *[""] * 4)
            yield from _small_rows(measured)
    growth = list(results.growth())
    if growth:
        yield from headed("Growth: time a block, against 11,585 records read warm")
        yield from head("", "order", "records", "×")
        for name, order, records, more in growth:
            yield row(name, order, f"{records:,}", f"{more:.2f}")
    yield from target_rows(list(results.targets()))


def target_rows(targets: Sequence[Target]) -> Iterator[str]:
    """Yield the lines of the table of targets, if there are any."""
    if targets:
        yield from headed("Targets")
        yield from head("", "target", "found", "")
        for target in targets:
            yield _target_row(target)


def _large_rows(measured: Sequence[Measured], records: int) -> Iterator[str]:
    yardstick = _yardstick(measured)
    for one in measured:
        name = str(one.contender)
        if one.failure:
            yield row(name, one.failure, *[""] * 5)
            continue
        times = one.times
        yield row(
            name,
            f"{one.seconds:.2f}" if one.seconds >= 0.1 else f"{one.seconds:.4f}",
            spread(times, 1, 2 if one.seconds >= 0.1 else 4),
            f"{one.whole:.2f}",
            ratio(one.seconds, yardstick),
            peak(one.peak),
            _found(one, records),
        )


def _found(one: Measured, records: int) -> str:
    if one.contender.name == ours.YARDSTICK:
        return ""
    if one.records == {records}:
        return f"{records:,}"
    found = ", ".join(f"{number:,}" for number in one.records if number is not None)
    return f"**wrong: {found}**"


def _small_rows(measured: Sequence[Measured]) -> Iterator[str]:
    yardstick = _yardstick(measured)
    for one in measured:
        if one.failure:
            yield row(str(one.contender), one.failure, *[""] * 3)
            continue
        yield row(
            str(one.contender),
            f"{one.seconds * 1e6:,.1f}",
            spread(one.times, 1e6, 1),
            ratio(one.seconds, yardstick),
            peak(one.peak),
        )


def _target_row(target: Target) -> str:
    sign = "≥" if target.at_least else "≤"
    bound = f"{sign} {_figure(target.bound)} {target.unit}"
    found = f"{target.found:.2f}" if target.found < 100 else f"{target.found:,.0f}"
    met = "met" if target.is_met else "**missed**"
    return row(target.what, bound, f"{found} {target.unit}", met)


def _figure(number: float) -> str:
    return f"{number:g}" if number < 100 else f"{number:,.0f}"


def _yardstick(measured: Sequence[Measured]) -> float | None:
    for one in measured:
        if one.contender.name == ours.YARDSTICK and not one.failure:
            return one.seconds
    return None


def peak(found: int) -> str:
    """Return a peak in MB, or that it is not more than can be measured."""
    sign = "≤ " if found <= floor() else ""
    return f"{sign}{found / 1e6:,.0f}"


def ratio(seconds: float, yardstick: float | None) -> str:
    """Return how many times the yardstick that is; nothing without one."""
    return "" if not yardstick else f"{seconds / yardstick:.2f}"


def spread(times: Sequence[float], scale: float, digits: int) -> str:
    """Return the least and the most of some times; nothing for a single one."""
    if len(times) < 2:
        return ""
    least, most = min(times) * scale, max(times) * scale
    return f"{least:,.{digits}f} to {most:,.{digits}f}"


def headed(title: str) -> tuple[str, ...]:
    """Return the heading of a table."""
    return ("", f"### {title}", "")


def head(*names: str) -> tuple[str, str]:
    """Return the first two lines of a table: all but its first column are figures."""
    return row(*names), "|---" + "|--:" * (len(names) - 1) + "|"


def row(*cells: str) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(cells)} |"


def write(part: str, text: str) -> None:
    """Put the tables of a part into the README.

    Raises:
        ValueError: It has not both marks of this part.
    """
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(put(page, part, text), encoding="utf-8")


def put(page: str, part: str, text: str) -> str:
    """Return *page* with *text* between the marks of a part.

    Raises:
        ValueError: The page has not both marks.
    """
    begin, end = _BEGIN.format(part), _END.format(part)
    before, _, rest = page.partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"the page has no marks for the tables of {part}")
    return f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}"
