"""Find records by what stands in them.

What is searched are texts: values, however deep, and neither the keys of maps
nor the `$type` of the record itself. A needle in small letters finds capital
ones too; one with a capital letter finds just what it says.

The kernel looks through the blocks and says which hold the needle; a match,
and where in the record it stands, is found when somebody looks at it. So a
search takes the same whatever it finds, and 4 bytes for each record found.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import CID_BYTES
from repoview.core.formats.dagcbor.spans import step_into
from repoview.core.formats.dagcbor.text_spans import texts
from repoview.core.kernel import kernel
from repoview.core.limits import MiB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.dagcbor.strict import Value
    from repoview.core.index.records import RecordIndex

_AT_ONCE: Final = 1 << 14
"""Records searched at a time: for some hundredths of a second."""

_READ: Final = 4 * MiB
"""Bytes of blocks that are in memory at a time."""

_LAST_FOLDED: Final = 0x1E943
"""The greatest character that has another one as its small letter."""


_NAME: Final = re.compile("at://|did:|bafy")
"""How names begin that programs give."""


class Searched(NamedTuple):
    """How far a search has come, and what it found since it last said so."""

    done: int
    """Records looked through, of those that were to be."""

    numbers: array[int]
    """Of the records that hold the needle, in the order they were given in."""


class Match(NamedTuple):
    """Where a needle stands in a record."""

    path: str
    """Of the text from the top, as ``embed.images[0].alt``."""

    text: str
    """All of it."""

    start: int
    stop: int
    """The characters of the text that match."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for."""

    text: str

    @property
    def folds(self) -> bool:
        """Whether capital letters count as small ones."""
        return self.text == self.text.lower()

    @property
    def is_exact(self) -> bool:
        """Whether bytes alone tell a match: there are capitals beyond ASCII."""
        return not self.folds or self.text.isascii()

    def forms(self) -> list[bytes]:
        """Return bytes of which a text that matches has at least one.

        Where it `is_exact`, no other text has.
        """
        if self.is_exact:
            return [_encoded(self.text)]
        folded = self.text.casefold()
        if not any(letter in _capitals() for letter in folded):
            return [_encoded(folded)]
        # A letter beyond ASCII is in the fewest other texts.
        letter = min(folded, key=str.isascii)
        return sorted(map(_encoded, {letter, *_capitals().get(letter, ())}))

    def find(self, text: str) -> tuple[int, int] | None:
        """Return where it begins and ends in *text*, None where it does not."""
        if not self.folds:
            start = text.find(self.text)
            return None if start < 0 else (start, start + len(self.text))
        if self.is_exact:
            found = re.search(re.escape(self.text), text, re.IGNORECASE | re.ASCII)
            return None if found is None else found.span()
        return _find_folded(self.text.casefold(), text)


def _encoded(text: str) -> bytes:
    # Half a character is in no text of a record, nor is what stands for it.
    return text.encode(errors="surrogatepass")


@cache
def _capitals() -> Mapping[str, set[str]]:
    """Return the letters that become others when cases are folded, by these."""
    found: dict[str, set[str]] = defaultdict(set)
    for letter in map(chr, range(_LAST_FOLDED + 1)):
        folded = letter.casefold()
        if folded != letter:
            for each in folded:
                found[each].add(letter)
    return found


def _find_folded(needle: str, text: str) -> tuple[int, int] | None:
    at = text.casefold().find(needle)
    if at < 0:
        return None
    # Letters may fold to several.
    ends = [0]
    for letter in text:
        ends.append(ends[-1] + len(letter.casefold()))
        if ends[-1] >= at + len(needle):
            break
    start = next((n for n, (_, end) in enumerate(pairwise(ends)) if end > at), 0)
    return start, len(ends) - 1


def containing(
    index: RecordIndex, blocks: Blocks, text: str, numbers: Sequence[int]
) -> Iterator[Searched]:
    """Look for a text in records; stop whenever enough is known.

    Records whose blocks cannot be read, or are not the bytes that their CIDs
    name, are passed over.

    Args:
        index: Of the records.
        blocks: Where their blocks are.
        text: The needle; see `Needle`. An empty one is in every text.
        numbers: Of the records to look through, in any order.

    Raises:
        SourceError: Something of the index is on disk, and cannot be read.
    """
    needle = Needle(text)
    wanted, fold = needle.forms(), needle.is_exact and needle.folds
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows = _rows_of(index, some)
        places = kernel.holding(blocks, rows, wanted, fold=fold)
        if not needle.is_exact:
            places = array("I", _checked(blocks, needle, rows, places))
        found = array("I", map(some.__getitem__, places))
        yield Searched(start + len(some), found)


def _rows_of(index: RecordIndex, numbers: Sequence[int]) -> array[int]:
    if isinstance(numbers, range) and numbers.step == 1:
        return index.rows[numbers.start : numbers.stop]
    return array("I", map(index.rows.__getitem__, numbers))


def _checked(
    blocks: Blocks, needle: Needle, rows: array[int], places: Sequence[int]
) -> Iterator[int]:
    """Yield those of *places* whose block does hold the needle."""
    done = 0
    while done < len(places):
        some = places[done:]
        found = kernel.blocks_of(blocks, [rows[place] for place in some], _READ)
        for place, block in zip(some, found, strict=False):
            if block is not None and _holds(block[CID_BYTES:], needle):
                yield place
        done += len(found)


def _holds(data: bytes, needle: Needle) -> bool:
    folded = needle.text.casefold()
    return any(
        folded in data[start:end].decode(errors="replace").casefold()
        for start, end in texts(data)
    )


def match_in(value: Value, text: str) -> Match | None:
    """Return the first place where a needle stands in a record, words first.

    Names that programs give come after the words that somebody wrote: AT URIs,
    DIDs, CIDs. None where it does not stand in it: then the record is not as it
    was searched.

    Args:
        value: The record.
        text: The needle; see `Needle`.
    """
    needle, named = Needle(text), None
    # Each with the way to it, from its end: paths are for the one that is found.
    todo: list[tuple[Value, _Way | None]] = [(value, None)]
    while todo:
        item, way = todo.pop()
        if isinstance(item, str):
            span = needle.find(item)
            if span is None or (named and _NAME.match(item)):
                continue
            named = Match(_path_of(way), item, *span)
            if not _NAME.match(item):
                return named
        elif isinstance(item, list):
            inner = [(each, _Way(way, n)) for n, each in enumerate(item)]
            todo.extend(reversed(inner))
        elif isinstance(item, dict):
            pairs = [(each, _Way(way, key)) for key, each in item.items()]
            if way is None and isinstance(item.get("$type"), str):
                pairs = [pair for pair in pairs if pair[1].step != "$type"]
            todo.extend(reversed(pairs))
    return named


def byte_of(data: bytes, text: str) -> int | None:
    """Return where in a block the text begins that `match_in` finds in its value.

    Args:
        data: The block.
        text: The needle; see `Needle`.
    """
    needle, named = Needle(text), None
    for start, end in texts(data):
        item = data[start:end].decode(errors="replace")
        if needle.find(item) is None or (named is not None and _NAME.match(item)):
            continue
        named = start
        if not _NAME.match(item):
            break
    return named


class _Way(NamedTuple):
    """A step into a value, and those before it."""

    before: _Way | None
    step: str | int


def _path_of(way: _Way | None) -> str:
    steps: list[str | int] = []
    while way is not None:
        steps.append(way.step)
        way = way.before
    path = ""
    for step in reversed(steps):
        path = step_into(path, step)
    return path
