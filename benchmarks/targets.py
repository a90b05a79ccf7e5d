"""What must be reached, and whether it was.

Each target is a figure of what was measured and the most that it may be.
Times of large files are those of the whole process, from start to end, of ours
as of peers. A figure of nothing measured is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import ours
from benchmarks.peers import STREAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.inputs import Input
    from benchmarks.measure import Measured

_LARGEST: Final = 1_320_000
_MIDDLE: Final = 11_585
_PURE: Final = 360_000


@dataclass(frozen=True, slots=True)
class Target:
    """One figure, and its bound."""

    what: str
    bound: float
    found: float
    unit: str
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the figure is within its bound."""
        if self.at_least:
            return self.found >= self.bound
        return self.found <= self.bound


class Results:
    """All that was measured."""

    def __init__(self) -> None:
        self.large: list[tuple[Input, list[Measured]]] = []
        self.warm: list[tuple[Input, list[Measured]]] = []
        """Files read again and again by one process."""
        self.small: list[tuple[str, int, list[Measured]]] = []
        """Name and size of small files."""

    def of(self, records: int, order: str) -> dict[str, Measured]:
        """Return what was measured of one large file, by contender."""
        for one, measured in self.large:
            if (one.records, one.order) == (records, order):
                return _finished(measured)
        return {}

    def of_small(self, name: str) -> dict[str, Measured]:
        """Return what was measured of one small file, by contender."""
        found = [m for file, _, m in self.small if file == name]
        return _finished(found[0]) if found else {}

    def growth(self) -> Iterator[tuple[str, str, int, float]]:
        """Yield contender, order, records, and how much more a block takes.

        That is the time a block of a large file, as a multiple of that of the
        same contender with 11,585 records, read again and again.
        """
        for small, warm in self.warm:
            for name, base in _finished(warm).items():
                a_block = base.seconds / small.blocks
                for one, measured in self.large:
                    found = _finished(measured).get(name)
                    if (
                        one.order == small.order
                        and one.records > small.records
                        and found
                    ):
                        more = found.seconds / one.blocks / a_block
                        yield name, one.order, one.records, more

    def targets(self) -> Iterator[Target]:
        """Yield the targets whose figures were measured."""
        yield from self._speed("preorder", "in walk order", 3.0, 5.0)
        yield from self._speed("cid-descending", "by CID descending", 4.0, 4.0)
        every = f"{ours.OURS}, {ours.ALL}"
        for name, order, records, more in self.growth():
            if records == _LARGEST and name == every:
                what = f"time a block, 1,320,000 records against 11,585, {order}"
                yield Target(what, 1.3, more, "×")
        yield from self._small(every)
        pure = self.of(_PURE, "preorder").get(f"{ours.OURS}, {ours.PURE}")
        if pure:
            yield Target("pure Python, 360,000 records", 25, pure.whole, "s")
            yield Target("the same, peak", 250, pure.peak / 1e6, "MB")

    def _speed(
        self, order: str, words: str, most: float, faster: float
    ) -> Iterator[Target]:
        found = self.of(_LARGEST, order)
        yardstick = found.get(ours.YARDSTICK)
        every = found.get(f"{ours.OURS}, {ours.ALL}")
        single = found.get(f"{ours.OURS}, {ours.ONE}")
        streams = [
            m.whole for name, m in found.items() if name.startswith(f"{STREAM},")
        ]
        what = f"1,320,000 records {words}"
        if yardstick and every:
            times = every.whole / yardstick.seconds
            yield Target(f"{what}, all threads", most, times, "× SHA-256")
        if every and streams:
            times = min(streams) / every.whole
            yield Target(
                f"{what}, against the best of `{STREAM}`",
                faster,
                times,
                "×",
                at_least=True,
            )
        if yardstick and single:
            times = single.whole / yardstick.seconds
            yield Target(f"{what}, one thread", 5.5, times, "× SHA-256")
        if every:
            yield Target(f"{what}, peak", 200, every.peak / 1e6, "MB")

    def _small(self, every: str) -> Iterator[Target]:
        for name, most in (("little.car", 400), ("tiny.car", 60), ("empty.car", 40)):
            found = self.of_small(name)
            if every in found:
                took = found[every].seconds * 1e6
                yield Target(f"{name}, every path and CID", most, took, "µs")
        for name, measured in self.of_small("little.car").items():
            if name == f"{every}, `repoview verify`":
                what = "`repoview verify little.car`, whole process"
                yield Target(what, 0.12, measured.whole, "s")


def _finished(measured: list[Measured]) -> dict[str, Measured]:
    """Return those that came to an end, by name."""
    return {str(one.contender): one for one in measured if not one.failure}
