"""Terms that read records: texts, dates of creation, conditions.

Their blocks are read some thousand at a time, and decoded only where bytes do
not tell. Records that are not there, or are damaged, have none of these.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.index.ordering import ordered
from repoview.core.index.text_search import containing
from repoview.core.selection.conditions import condition
from repoview.core.selection.intervals import interval, micros_of, period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repoview.core.selection.held import Held
    from repoview.core.selection.terms import Value

    Keep = Callable[[Sequence[int]], Sequence[int]]

_CREATED: Final = b"icreatedAt"
"""The key as DAG-CBOR has it; the head of its value follows."""

_SHORT_TEXT: Final = range(0x60, 0x78)
_TEXT: Final = 0x78


def _text(value: Value, held: Held) -> tuple[Keep, int]:
    def keep(numbers: Sequence[int]) -> Sequence[int]:
        wanted = numbers
        if held.is_scattered:
            wanted = ordered(held.index, held.blocks, numbers, "offset")
        found = array("I")
        for step in containing(held.index, held.blocks, value.first, wanted):
            found.extend(step.numbers)
        return array("I", sorted(found)) if held.is_scattered else found

    return keep, 2


def _created(value: Value, held: Held) -> tuple[Keep, int]:
    low, high = interval(value, period)

    def is_then(text: object) -> bool:
        when = micros_of(text) if isinstance(text, str) else None
        if when is None or (low is not None and when < low):
            return False
        return high is None or when < high

    def is_created(number: int, data: bytes | None) -> bool:
        if data is None:
            with suppress(RepoviewError):
                return _is_map_with(held.decoded(number), is_then)
            return False
        # Decoding takes longest, and most have another date.
        if not any(map(is_then, _dates_in(data))):
            return False
        return _is_map_with(dagcbor.decode_sound(data), is_then)

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        return array("I", [n for n, data in held.sound(numbers) if is_created(n, data)])

    return keep, 3


def _is_map_with(record: object, is_then: Callable[[object], bool]) -> bool:
    return isinstance(record, dict) and is_then(record.get("createdAt"))


def _dates_in(data: bytes) -> list[str]:
    """Return the texts behind every key `createdAt`, at any depth, and maybe more."""
    found = []
    at = data.find(_CREATED)
    while at >= 0:
        start = at + len(_CREATED)
        head = data[start : start + 2]
        if head and head[0] in _SHORT_TEXT:
            text = data[start + 1 : start + 1 + head[0] - _SHORT_TEXT.start]
            found.append(text.decode(errors="replace"))
        elif len(head) == 2 and head[0] == _TEXT:
            text = data[start + 2 : start + 2 + head[1]]
            found.append(text.decode(errors="replace"))
        at = data.find(_CREATED, at + 1)
    return found


def _where(value: Value, held: Held) -> tuple[Keep, int]:
    is_met = condition(value.first)

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        return array("I", [n for n, each in held.values(numbers) if is_met(each)])

    return keep, 4


BY_BLOCK: Final[Mapping[str, Callable[[Value, Held], tuple[Keep, int]]]] = {
    "text": _text,
    "created": _created,
    "where": _where,
}
"""By the name of the field: what tells which records match, and at what cost."""
