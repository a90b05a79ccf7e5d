"""Find keys that differ only in the case of their letters (KEY012).

They are different keys, but equal to many file systems. A key with capital
letters sorts before the same key in lower case, so it is enough to remember
those with capitals, one collection at a time, and compare later ones to them.
Whether a batch has capitals, the kernel tells: without them nothing is done.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.findings.findings import finding
from repoview.core.marks import NO_ROW
from repoview.core.verify.tree_rules import key_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.findings.findings import Finding, Findings
    from repoview.core.kernel.seam import Batch

_ENTRY: Final = 200
"""Overhead of a `dict` item of two `bytes`, roughly."""


class LetterCase:
    """Compares the keys of one walk, batch by batch.

    Args:
        blocks: Those that are walked.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._found: list[Finding] = []
        self._more = 0
        """How many were only counted."""
        self._in_order = True
        self._collection = b""
        self._collections: dict[bytes, bytes] = {}
        """Names with capitals, by their lower-case form."""
        self._keys: dict[bytes, bytes] = {}
        """The same for keys of the present collection."""
        self._small: list[bytes] = []
        """The lower-case forms of the keys, sorted."""
        self._held = 0
        """Memory of all these, roughly."""

    def take(self, batch: Batch, first: int, behind: int) -> None:
        """Go on with what a batch met.

        Args:
            batch: The next of the walk.
            first: Number of its first record.
            behind: Bytes of all keys before.
        """
        self._in_order = self._in_order and batch.in_order
        if not self._in_order or not batch.collections:
            return
        collection = batch.collections[-1].collection
        if not (self._keys or self._collections or batch.has_capitals):
            self._collection = collection
            return
        starts = [each.start - first for each in batch.collections]
        for each, (start, stop) in zip(
            batch.collections, pairwise([*starts, len(batch.rows)]), strict=True
        ):
            if each.collection != self._collection:
                self._enter(each.collection, batch.rows[start])
            self._take_range(batch, start, stop, behind)

    def report(self, findings: Findings) -> None:
        """Report what was found; nothing if keys are out of order."""
        if not self._in_order:
            return
        for each in self._found:
            findings.add(each)
        if self._found and self._more:
            findings.count_more(self._found[-1], self._more)

    def _enter(self, collection: bytes, row: int) -> None:
        """Begin another collection, whose first record is in *row*."""
        self._collection = collection
        self._held -= _size(self._keys)
        self._keys.clear()
        self._small.clear()
        self._compare(self._collections, collection, row, "collection")

    def _take_range(self, batch: Batch, start: int, stop: int, behind: int) -> None:
        """Compare the record keys from *start* to *stop*, all of one collection."""
        ends, keys, known = batch.ends, batch.keys, self._keys
        prefix = len(self._collection)

        def key(number: int) -> bytes:
            first = ends[number - 1] - behind if number else 0
            return keys[first : ends[number] - behind]

        begin = ends[start - 1] - behind if start else 0
        part = keys[begin : ends[stop - 1] - behind]
        if _has_capitals(
            part.replace(self._collection + b"/", b"") if prefix else part
        ):
            numbers: Iterable[int] = range(start, stop)
        else:
            numbers = self._alike(start, stop, lambda number: key(number)[prefix:])
        for number in numbers:
            self._compare(known, key(number), batch.rows[number], "key", prefix)

    def _alike(
        self, start: int, stop: int, own: Callable[[int], bytes]
    ) -> Iterator[int]:
        """Yield which of some lower-case keys equal a known lower-case form.

        The known forms are few, so these are searched for in the keys.
        """
        if len(self._small) != len(self._keys):
            self._small = sorted(self._keys)
        first = bisect_left(self._small, own(start))
        last = bisect_right(self._small, own(stop - 1))
        numbers = range(start, stop)
        for small in self._small[first:last]:
            number = start + bisect_left(numbers, small, key=own)
            if own(number) == small:
                yield number

    def _compare(
        self,
        known: dict[bytes, bytes],
        name: bytes,
        row: int,
        what: str,
        prefix: int = 0,
    ) -> None:
        """Compare a name with those known, and keep it if it has capitals.

        Args:
            known: Names with capitals, by their lower-case form.
            name: The key, or collection.
            row: The block of its record, or of its first record.
            what: What it is, in a word.
            prefix: Bytes of the name that all of them share.
        """
        small = name[prefix:].lower()
        other = known.get(small)
        if other is not None:
            if other != name:
                self._tell(other, name, row, what)
        elif small != name[prefix:] and self._held < limits.MAX_CASE_BYTES:
            known[small] = name
            self._held += len(small) + len(name) + _ENTRY

    def _tell(self, other: bytes, name: bytes, row: int, what: str) -> None:
        if len(self._found) == limits.FINDINGS_A_CODE:
            self._more += 1
            return
        at = key_place(name)
        before = key_place(other)["path"]
        text = f"the {what} differs from {before!a} only in the case of its letters"
        self._found.append(
            finding(
                "KEY012",
                text,
                at=at,
                offset=None if row == NO_ROW else self._blocks.index.offset(row),
                cid=None if row == NO_ROW else self._blocks.cid(row),
                found=before,
            )
        )


def _has_capitals(text: bytes) -> bool:
    return text.lower() != text


def _size(names: dict[bytes, bytes]) -> int:
    return sum(len(a) + len(b) + _ENTRY for a, b in names.items())
