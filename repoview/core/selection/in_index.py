"""Terms that the index answers: collections, keys, paths, times, sizes, findings.

Where keys ascend, all but paths and sizes are ranges of numbers, found by
bisection. In a file whose keys do not, each key is looked at.
"""

from __future__ import annotations

import fnmatch
import re
from array import array
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core.findings.names import codes_named
from repoview.core.formats import syntax
from repoview.core.formats.key import collection_of, path_of
from repoview.core.formats.key_range import KeyRange, after_prefix
from repoview.core.selection.fields import ANY, SEVERITIES
from repoview.core.selection.intervals import interval, key_of, period, size_of
from repoview.core.selection.runs import Runs, joined, of_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from repoview.core.findings.findings import Finding
    from repoview.core.selection.held import Held
    from repoview.core.selection.terms import Value

    Keep = Callable[[Sequence[int]], Sequence[int]]
    Found: TypeAlias = tuple[Runs, Keep | None]
    """All that can match; and what tells which do, None if all do."""

_MOST_RUNS: Final = 1_000
"""Collections up to which a time is looked for in each."""

_LAST_MICRO: Final = (1 << 53) - 1
"""The greatest that a TID says."""


def _collection(value: Value, held: Held) -> Found:
    pattern = value.first
    if held.index.in_order and pattern and not re.search(r"[*?]", pattern):
        return _within(held, _prefix_range(f"{pattern}/"))
    # Brackets, which have no meaning here, have one there.
    matches = re.compile(fnmatch.translate(pattern.replace("[", "[[]"))).match
    found = (each for each in held.index.collections() if matches(each.name))
    return joined(run for each in found for run in each.ranges), None


def _prefix(value: Value, held: Held) -> Found:
    return _within(held, _prefix_range(value.first))


def _prefix_range(text: str) -> KeyRange:
    head = text.encode(errors="surrogatepass")
    return KeyRange(head, after_prefix(head))


def _key(value: Value, held: Held) -> Found:
    low, high = interval(value, key_of)
    return _within(held, KeyRange(low or b"", high))


def _within(held: Held, keys: KeyRange) -> Found:
    index = held.index
    if not index.in_order:

        def keep(numbers: Sequence[int]) -> Sequence[int]:
            return array("I", [n for n in numbers if index.key(n) in keys])

        return (range(len(index)),), keep
    last = len(index) if keys.stop is None else index.bisect(keys.stop)
    return joined([range(index.bisect(keys.first), last)]), None


def _path(value: Value, held: Held) -> Found:
    def keep(numbers: Sequence[int]) -> Sequence[int]:
        if not len(numbers):
            return numbers
        hits = held.paths.search(value.first, numbers[0], numbers[-1] + 1)
        if isinstance(numbers, range):
            return hits
        wanted = set(numbers)
        return array("I", [hit for hit in hits if hit in wanted])

    return (range(len(held.index)),), keep


def _time(value: Value, held: Held) -> Found:
    low, high = interval(value, period)
    index, first, last = held.index, max(low or 0, 0), high
    if first > _LAST_MICRO or (last is not None and last <= 0):
        return (), None
    lowest = syntax.make_tid(first)
    is_open = last is None or last > _LAST_MICRO
    highest = "k" if is_open else syntax.make_tid(last or 0)

    def is_then(key: bytes) -> bool:
        collection = collection_of(key)
        rkey = path_of(key[len(collection) + 1 :])
        if not collection or not syntax.is_tid(rkey):
            return False
        return lowest <= rkey < highest

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        return array("I", [n for n in numbers if is_then(index.key(n))])

    if not index.in_order or len(index.ranges) > _MOST_RUNS:
        return (range(len(index)),), keep
    runs = joined(_runs_between(held, lowest.encode(), highest.encode()))
    if all(-1 not in index.tid_days(run.start, run.stop) for run in runs):
        return runs, None
    return runs, keep


def _runs_between(held: Held, lowest: bytes, highest: bytes) -> Iterator[range]:
    """Yield of each collection the records between two record keys."""
    for each in held.index.collections():
        if each.name:
            head = collection_of(held.index.key(each.start)) + b"/"
            bounds = KeyRange(head + lowest, head + highest)
            yield from _within(held, bounds)[0]


def _size(value: Value, held: Held) -> Found:
    low, high = interval(value, size_of)
    least = -1 if low is None else low

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        sized = held.lengths_of(numbers)
        if high is None:
            return array("I", [number for number, size in sized if size >= least])
        return array("I", [number for number, size in sized if least <= size < high])

    return (range(len(held.index)),), keep


def _finding(value: Value, held: Held) -> Found:
    is_wanted = judge_of(value.first)
    keys = {_key_of(each) for each in held.findings if is_wanted(each)}
    known = (key for key in keys if key is not None)
    found = {number for key in known for number in _records_of(held, key)}
    return of_numbers(sorted(found)), None


def judge_of(text: str) -> Callable[[Finding], bool]:
    """Return what tells whether a finding is one that is asked for.

    Args:
        text: A code, the id of a rule, a family, a severity, or ``any``.
    """
    name = text.lower()
    if name == ANY:
        return lambda finding: finding.path is not None
    if name in SEVERITIES:
        return lambda finding: finding.severity.value == name
    codes = frozenset(codes_named(text))
    return lambda finding: finding.code in codes


def _key_of(finding: Finding) -> bytes | None:
    """Return the key that a finding is about, None for no key."""
    if finding.key_hex:
        return bytes.fromhex(finding.key_hex)
    path = finding.path
    return None if path is None else path.encode(errors="surrogatepass")


def _records_of(held: Held, key: bytes) -> Iterator[int]:
    """Yield the records with a key, of which a broken tree has several."""
    index = held.index
    if index.in_order:
        number = index.find(key)
        if number is not None:
            yield number
        return
    yield from (hit for hit in index.search(key) if index.key(hit) == key)


BY_INDEX: Final[Mapping[str, Callable[[Value, Held], Found]]] = {
    "collection": _collection,
    "prefix": _prefix,
    "key": _key,
    "path": _path,
    "time": _time,
    "size": _size,
    "finding": _finding,
}
"""By the name of the field."""
