"""Full-text search of records, without an index: a scan of their blocks.

Searched are the text values at any depth, but not the keys of maps nor the
`$type` of the record itself. Smart case: a needle in lower case ignores case,
one with a capital letter does not.

The kernel returns which records contain the needle, 4 bytes each; where in a
record it is found is computed on demand, by `match_in`.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import CID_BYTES
from repoview.core.formats.dagcbor.spans import step_into
from repoview.core.formats.dagcbor.text_spans import texts
from repoview.core.frozen import frozen
from repoview.core.kernel import kernel
from repoview.core.kernel.batches import blocks_by_batch
from repoview.core.limits import MiB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.dagcbor.strict import Value
    from repoview.core.index.records import RecordIndex

_AT_ONCE: Final = 1 << 14
"""Records searched at a time, in some hundredths of a second."""

_READ: Final = 4 * MiB
"""Bytes of blocks that are in memory at a time."""

_LAST_FOLDED: Final = 0x1E921
"""The greatest character that folds to another one."""


_NAME: Final = re.compile("at://|did:|bafy")
"""The beginnings of identifiers, which are not written by hand."""


class Searched(NamedTuple):
    """Progress of a search, and the matches since the last step."""

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


@frozen
class Needle:
    """What is looked for."""

    text: str

    @property
    def folds(self) -> bool:
        """Whether case is ignored: the needle has no capital letter."""
        return self.text == self.text.lower()

    @property
    def is_exact(self) -> bool:
        """Whether bytes alone tell a match: there are capitals beyond ASCII."""
        return not self.folds or self.text.isascii()

    def forms(self) -> list[bytes]:
        """Return byte strings of which every text that matches contains one.

        If it `is_exact`, no other text does.
        """
        if self.is_exact:
            return [_encoded(self.text)]
        folded = self.text.casefold()
        if not any(letter in _capitals() for letter in folded):
            return [_encoded(folded)]
        # A letter beyond ASCII is the most selective.
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
    # A lone surrogate is in no text of a record, and neither are these bytes.
    return text.encode(errors="surrogatepass")


@cache
def _capitals() -> Mapping[str, set[str]]:
    """Return, by lower-case letter, the letters that fold to it."""
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
    ends = [0, *accumulate(len(letter.casefold()) for letter in text)]
    return bisect_right(ends, at) - 1, bisect_left(ends, at + len(needle))


def containing(
    index: RecordIndex, blocks: Blocks, text: str, numbers: Sequence[int]
) -> Iterator[Searched]:
    """Search records for a text, lazily: the caller may stop at any step.

    Records whose blocks cannot be read, or do not hash to their CIDs, are
    skipped.

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
        rows = index.rows_of(some)
        places = kernel.holding(blocks, rows, wanted, fold=fold)
        if not needle.is_exact:
            places = array("I", _checked(blocks, needle, rows, places))
        found = array("I", map(some.__getitem__, places))
        yield Searched(start + len(some), found)


def _checked(
    blocks: Blocks, needle: Needle, rows: array[int], places: Sequence[int]
) -> Iterator[int]:
    """Yield those of *places* whose block does hold the needle."""
    wanted = [rows[place] for place in places]
    read = chain.from_iterable(blocks_by_batch(blocks, wanted, _READ))
    for place, block in zip(places, read, strict=True):
        if block is not None and _holds(block[CID_BYTES:], needle):
            yield place


def _holds(data: bytes, needle: Needle) -> bool:
    folded = needle.text.casefold()
    return any(
        folded in data[start:end].decode(errors="replace").casefold()
        for start, end in texts(data)
    )


def match_in(value: Value, text: str) -> Match | None:
    """Return the first match in a record, preferring texts written by hand.

    Identifiers (AT URIs, DIDs, CIDs) come last. None if there is no match: the
    record has changed since it was searched.

    Args:
        value: The record.
        text: The needle; see `Needle`.
    """
    needle, named = Needle(text), None
    # Each with its steps as a linked list: a path is only made for the match.
    todo: list[tuple[Value, _Step | None]] = [(value, None)]
    while todo:
        item, last = todo.pop()
        if isinstance(item, str):
            span = needle.find(item)
            if span is None or (named and _NAME.match(item)):
                continue
            named = Match(_path_of(last), item, *span)
            if not _NAME.match(item):
                return named
        elif isinstance(item, list):
            inner = [(each, _Step(last, n)) for n, each in enumerate(item)]
            todo.extend(reversed(inner))
        elif isinstance(item, dict):
            pairs = [(each, _Step(last, key)) for key, each in item.items()]
            if last is None and isinstance(item.get("$type"), str):
                pairs = [pair for pair in pairs if pair[1].step != "$type"]
            todo.extend(reversed(pairs))
    return named


def byte_of(data: bytes, text: str) -> int | None:
    """Return the offset in a block of the text that `match_in` finds in its value.

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


class _Step(NamedTuple):
    """A linked list of the steps into a value, the last one first."""

    before: _Step | None
    step: str | int


def _path_of(last: _Step | None) -> str:
    steps: list[str | int] = []
    while last is not None:
        steps.append(last.step)
        last = last.before
    path = ""
    for step in reversed(steps):
        path = step_into(path, step)
    return path
