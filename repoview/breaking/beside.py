"""Where a sound file and a broken one differ at the fault, byte by byte.

Of files that are made of parts, the part with the fault is compared with the one
that it was; other files are compared whole. Bytes are aligned, so that what was
added or lost stands against nothing.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.corpus.car import Car, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.corpus.case import Broken, Twin

_MOST: Final = 1_536
"""Bytes of a side that are aligned; of more, those at the fault."""

_LEAST: Final = 4
"""Bytes in a row that are taken for the same, and not for chance."""

_LEAD: Final = 64
"""Bytes in front of the fault that are kept then."""


class Range(NamedTuple):
    """Bytes of a file."""

    start: int
    end: int


class Pair(NamedTuple):
    """The same part in the sound file and in the broken one."""

    sound: Range
    broken: Range
    focus: int
    """The byte of the broken file that is at fault."""

    others: int = 0
    """Other parts that differ, too."""


class Cell(NamedTuple):
    """An offset in each file; None in one where the other has a byte more."""

    sound: int | None
    broken: int | None
    differs: bool


def pair_of(twin: Twin, broken: Broken) -> Pair:
    """Return what is to be compared."""
    sound, data = twin.data, broken.data
    focus = _focus_of(sound, broken)
    if isinstance(twin.car, Car) and isinstance(broken.car, Car):
        found = _at_fault(twin.car, broken.car, focus)
        if found is not None:
            return found
    return Pair(Range(0, len(sound)), Range(0, len(data)), focus)


def _focus_of(sound: bytes, broken: Broken) -> int:
    """Return the byte that the finding names; for none, the first that differs."""
    if broken.offset is None:
        return _common(sound, broken.data)
    if broken.inside is not None and isinstance(broken.car, Car):
        car = broken.car
        for at, part in zip(car.offsets, car.parts, strict=True):
            if at == broken.offset and isinstance(part, Section):
                return at + len(part.written) - len(part.data) + broken.inside
    return broken.offset


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many values both begin with."""
    least = min(len(one), len(other))
    return next((n for n in range(least) if one[n] != other[n]), least)


def _ranges(car: Car) -> list[Range]:
    """Return where header and sections stand, as far as the file goes."""
    size = len(car.data)
    starts = [0, *car.offsets]
    ends = [*car.offsets, size if car.end is None else max(size, *car.offsets)]
    every = (Range(*each) for each in zip(starts, ends, strict=True))
    return [Range(lo, min(hi, size)) for lo, hi in every if lo < size]


def _at_fault(sound: Car, broken: Car, focus: int) -> Pair | None:
    """Return the part at a byte of the broken file; None where all are the same."""
    mine, its = _ranges(sound), _ranges(broken)
    left = [sound.data[lo:hi] for lo, hi in mine]
    right = [broken.data[lo:hi] for lo, hi in its]
    pairs = list(_changed(left, right))
    if not pairs:
        return None
    wanted = next((n for n, each in enumerate(its) if focus < each.end), len(its))
    a, b, _ = min(pairs, key=lambda pair: abs(pair[2] - wanted))
    empty = Range(len(sound.data), len(sound.data))
    old = empty if a is None else mine[a]
    near = its[b] if b is not None else Range(focus, focus)
    return Pair(old, near, max(focus, near.start), len(pairs) - 1)


def _changed(
    left: Sequence[bytes], right: Sequence[bytes]
) -> Iterator[tuple[int | None, int | None, int]]:
    """Yield the indexes of parts that differ, and where that is in the second."""
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            continue
        before, after = list(range(i1, i2)), list(range(j1, j2))
        if len(before) > len(after) > 0:
            before = _most_like(before, left, [right[n] for n in after])
        elif len(after) > len(before) > 0:
            after = _most_like(after, right, [left[n] for n in before])
        for a, b in zip_longest(before, after):
            yield a, b, j1 if b is None else b


def _most_like(
    numbers: Sequence[int], parts: Sequence[bytes], others: Sequence[bytes]
) -> list[int]:
    """Return numbers of parts, those that are most like *others* in their order."""
    rest, ordered = list(numbers), list[int]()
    for other in others:
        best = max(rest, key=lambda n: _likeness(parts[n], other))
        rest.remove(best)
        ordered.append(best)
    return [*ordered, *rest]


def _likeness(one: bytes, other: bytes) -> float:
    matcher = SequenceMatcher(None, one[:_MOST], other[:_MOST], autojunk=False)
    return matcher.quick_ratio()


def cells(sound: bytes, broken: bytes, pair: Pair) -> list[Cell]:
    """Return the bytes of a pair, aligned."""
    one, other = sound[slice(*pair.sound)], broken[slice(*pair.broken)]
    lead = _common(one, other)
    tail = _common(one[lead:][::-1], other[lead:][::-1])
    first = max(0, lead - _LEAD)
    ends = (
        min(len(one), len(one) - tail + _LEAD),
        min(len(other), len(other) - tail + _LEAD),
    )
    if max(ends) - first > _MOST:
        ends = min(ends[0], first + _MOST), min(ends[1], first + _MOST)
    return list(
        _aligned(
            one[first : ends[0]],
            other[first : ends[1]],
            pair.sound.start + first,
            pair.broken.start + first,
        )
    )


def _aligned(one: bytes, other: bytes, at: int, its: int) -> Iterator[Cell]:
    if len(one) == len(other):
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            yield Cell(at + n, its + n, differs=a != b)
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    i = j = 0
    for a, b, size in matcher.get_matching_blocks():
        if size < _LEAST and a + size < len(one):
            # Of two hashes, single bytes are alike by chance.
            continue
        differing = zip_longest(range(at + i, at + a), range(its + j, its + b))
        yield from (Cell(*offsets, differs=True) for offsets in differing)
        yield from (Cell(at + a + n, its + b + n, differs=False) for n in range(size))
        i, j = a + size, b + size
