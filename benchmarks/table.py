"""Say in Markdown what was measured.

Pure functions: results to text. The text of the last run stands in the
README, between two marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks import ours
from benchmarks.measure import floor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.measure import Measured
    from benchmarks.targets import Results, Target

_BEGIN: Final = "<!-- The table begins here: `--write` replaces it. -->"
_END: Final = "<!-- The table ends here. -->"


def report(results: Results) -> Iterator[str]:
    """Yield the lines of all tables that have rows."""
    if results.large:
        yield from _headed("Large files, each read by a new process")
        yield from _head(
            "", "s", "least to most", "process s", "× SHA-256", "peak MB", "records"
        )
        for one, measured in results.large:
            title = f"{one.records:,} records, {one.order}, {one.size:,} bytes"
            yield _row(f"**{title}**", *[""] * 6)
            yield from _large_rows(measured, one.records)
    if results.small:
        yield from _headed("Small files, opened over and over")
        yield from _head("", "µs", "least to most", "× SHA-256", "peak MB")
        for name, size, measured in results.small:
            yield _row(f"**{name}, {size:,} bytes**", *[""] * 4)
            yield from _small_rows(measured)
    growth = list(results.growth())
    if growth:
        yield from _headed("Growth: time a block, against 11,585 records read warm")
        yield from _head("", "order", "records", "×")
        for name, order, records, more in growth:
            yield _row(name, order, f"{records:,}", f"{more:.2f}")
    targets = list(results.targets())
    if targets:
        yield from _headed("Targets")
        yield from _head("", "target", "found", "")
        for target in targets:
            yield _target_row(target)


def _large_rows(measured: Sequence[Measured], records: int) -> Iterator[str]:
    yardstick = _yardstick(measured)
    for one in measured:
        name = str(one.contender)
        if one.failure:
            yield _row(name, one.failure, *[""] * 5)
            continue
        times = one.times
        yield _row(
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
            yield _row(str(one.contender), one.failure, *[""] * 3)
            continue
        yield _row(
            str(one.contender),
            f"{one.seconds * 1e6:,.1f}",
            spread(one.times, 1e6, 1),
            ratio(one.seconds, yardstick),
            peak(one.peak),
        )


def _target_row(target: Target) -> str:
    sign = "≥" if target.at_least else "≤"
    bound = f"{sign} {target.bound:g} {target.unit}"
    found = f"{target.found:.2f}" if target.found < 100 else f"{target.found:.0f}"
    met = "met" if target.is_met else "**missed**"
    return _row(target.what, bound, f"{found} {target.unit}", met)


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


def _headed(title: str) -> tuple[str, ...]:
    return ("", f"### {title}", "")


def _head(*names: str) -> tuple[str, str]:
    return _row(*names), "|---" + "|--:" * (len(names) - 1) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def put(page: str, text: str) -> str:
    """Return *page* with *text* between its marks.

    Raises:
        ValueError: The page has not both marks.
    """
    before, _, rest = page.partition(_BEGIN)
    _, mark, after = rest.partition(_END)
    if not mark:
        raise ValueError("the page has no marks for the table")
    return f"{before}{_BEGIN}\n\n{text.strip()}\n\n{_END}{after}"
