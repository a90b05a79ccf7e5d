"""One file, open and judged: its verdict in a row, its findings, and its records.

A function of the bytes alone: it keeps nothing between two files, and gives the same
for the same bytes (but for what says when and how long). Whoever asks says what becomes
of a file that cannot be read; `failed` is its row.
"""

from __future__ import annotations

import tempfile
import time
from bisect import bisect_left, bisect_right
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core import limits
from repoview.core.formats.key import collection_of, path_of
from repoview.core.kernel.seam import JsonField
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish
from repoview.export.formats import Written
from repoview.export.json_records import numbered_lines
from repoview.fleet.columns import Column, Columns
from repoview.fleet.hashed import hashed
from repoview.fleet.verdict import RepoRow, judged
from repoview.present import json_text

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from repoview.core.findings.findings import Finding
    from repoview.core.repo.repo import Record, Repo
    from repoview.core.source.opener import Target
    from repoview.core.verify.verify import Checks
    from repoview.fleet.hashed import Hashed

MOST_COLLECTIONS: Final = 1_000
"""Collections of a file that are written: a folder each. Honest ones have some dozen;
what is in others is counted as left out."""

_CID: Final = 59
"""Characters of all CIDs but odd ones."""

_LONGEST: Final = 1 << 30
"""Bytes of a line, at most; without a last byte pyarrow takes the length of a slice for
negative."""

_FORM: Final = (JsonField.CID, b"\t", JsonField.VALUE, b"\n")
"""JSON has neither a tab nor the end of a line in it."""


@dataclass(frozen=True, slots=True)
class How:
    """How files are read, and what is told of their records; can be pickled."""

    columns: tuple[Column, ...] = ()
    """Fields of records that have columns of their own."""

    checks: Checks | None = None
    mem_limit: int = limits.MEMORY
    """Bytes, for one file; the rest goes to a temporary folder."""

    disk_limit: int = limits.DISK
    max_seconds: float | None = None
    """For one file; what is not read by then is left unread (LIM001)."""

    threads: int = 1

    def options(self) -> OpenOptions:
        """Return how one file is opened."""
        return OpenOptions.of(
            checks=self.checks,
            mem_limit=self.mem_limit,
            spill=tempfile.gettempdir() if self.disk_limit else False,
            disk_limit=self.disk_limit,
            max_seconds=self.max_seconds,
            threads=self.threads,
            on_limit="leave",
        )


class Part(NamedTuple):
    """Adjacent rows of a batch that are of one collection."""

    collection: bytes
    """As keys have it; empty for records whose key has none."""

    start: int
    stop: int


class Batch(NamedTuple):
    """Some hundred records, of one collection or several."""

    rows: Any
    """A record batch of pyarrow, without the collections."""

    parts: list[Part]
    """The collections of all rows, in their order."""


class Reading:
    """A file that is open, and judged. Made by `reading`.

    Args:
        repo: What was read.
        row: What is told of it.
        columns: Those of its records.
    """

    def __init__(self, repo: Repo, row: RepoRow, columns: Columns) -> None:
        self._repo = repo
        self._row = row
        self._columns = columns
        self._written = Written()
        self._beyond = 0

    @property
    def row(self) -> RepoRow:
        """What is told of the file; with the records that were yielded so far."""
        rows, left_out = self._written.records, self._written.missing + self._beyond
        return replace(self._row, rows=rows, left_out=left_out)

    @property
    def found(self) -> Sequence[Finding]:
        """The findings, at most 100 a code."""
        return self._repo.report.findings

    def batches(self) -> Iterator[Batch]:
        """Yield the records, in key order, some hundred at a time.

        Raises:
            SourceError: The file was changed.
        """
        collections = list(islice(self._repo.collections, MOST_COLLECTIONS))
        ranges = sorted((n.start, n.stop) for each in collections for n in each.ranges)
        parts = [Part(self._name(start), start, stop) for start, stop in ranges]
        for numbers in _together(parts):
            for some, keys, text in numbered_lines(
                self._repo, numbers, _FORM, _spelled, lambda _: None, self._written
            ):
                if text:
                    yield Batch(self._batch(some, keys, text), _within(parts, some))
        held = sum(each.count for each in collections)
        self._beyond = len(self._repo) - held

    def _name(self, number: int) -> bytes:
        return collection_of(inside(self._repo).index.key(number))

    def _batch(self, numbers: Sequence[int], keys: list[bytes], text: bytes) -> Any:  # noqa: ANN401 (pyarrow has no types)
        arrow = import_module("pyarrow")
        cids, values = _split(text)
        same = (self._row.did, self._row.rev, self._row.sha256)
        count = len(keys)
        created_at, *chosen = self._columns.fields_of(values)
        columns = [
            *(arrow.repeat(arrow.scalar(each, arrow.string()), count) for each in same),
            _rkeys(keys),
            cids,
            created_at,
            arrow.array(self._sizes(numbers), arrow.int64()),
            values,
            *chosen,
        ]
        return arrow.RecordBatch.from_arrays(columns, schema=self._columns.schema)

    def _sizes(self, numbers: Sequence[int]) -> array[int] | list[int]:
        """Return the bytes of the records' blocks."""
        parts = inside(self._repo)
        sizes = parts.blocks.index.lengths(parts.index.rows_of(numbers))
        if 0 not in sizes:
            return sizes
        # A block with an odd CID has no row in the index.
        pairs = zip(numbers, sizes, strict=True)
        return [size or len(self._repo.record(number).data) for number, size in pairs]


def _together(parts: list[Part]) -> Iterator[range]:
    """Yield the numbers of records, as many together as are adjacent."""
    start = stop = 0
    for part in parts:
        if part.start != stop:
            if start < stop:
                yield range(start, stop)
            start = part.start
        stop = part.stop
    if start < stop:
        yield range(start, stop)


def _within(parts: list[Part], numbers: Sequence[int]) -> list[Part]:
    """Return the collections of some records, by their places among these."""
    found = []
    at = bisect_right(parts, numbers[0], key=lambda part: part.start) - 1
    first = 0
    while first < len(numbers):
        last = bisect_left(numbers, parts[at].stop, lo=first)
        if last > first:
            found.append(Part(parts[at].collection, first, last))
        first, at = last, at + 1
    return found


def _spelled(record: Record, value: Any) -> bytes:  # noqa: ANN401 (any record)
    return f"{record.cid}\t{json_text(value, None)}\n".encode()


def _split(text: bytes) -> list[Any]:
    """Return the CIDs and values of some lines, as arrays."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    kind = arrow.string()
    found = compute.split_pattern(arrow.array([text], kind), "\n").flatten()
    # Behind the last line nothing stands.
    lines = found.slice(0, len(found) - 1).cast(arrow.binary())
    behind = compute.binary_slice(lines, _CID, _CID + 1)
    if compute.all(compute.equal(behind, b"\t")).as_py():
        parts = [(0, _CID), (_CID + 1, _LONGEST)]
        return [compute.binary_slice(lines, *part).cast(kind) for part in parts]
    pairs = [line.split(b"\t") for line in text.split(b"\n")[:-1]]
    return [arrow.array(column, kind) for column in zip(*pairs, strict=True)]


def _rkeys(keys: list[bytes]) -> Any:  # noqa: ANN401 (an array)
    r"""Return what stands in keys behind the collection.

    Bytes that are no UTF-8 stand as ``\xNN``, as in paths.
    """
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    try:
        texts = arrow.array(keys, arrow.binary()).cast(arrow.string())
    except arrow.ArrowInvalid:
        texts = arrow.array([path_of(key) for key in keys], arrow.string())
    return compute.replace_substring_regex(texts, "^[^/]+/", "", max_replacements=1)


@contextmanager
def reading(
    target: Target, name: str, how: How, stamp: str = "", known: Hashed | None = None
) -> Iterator[Reading]:
    """Open a file, judge it, and give it for as long as it is open.

    Args:
        target: What can be opened, or a URL of any file system.
        name: What it is called in its row.
        how: How it is read.
        stamp: What the store says of its version.
        known: Its bytes with their hash, where they are there already.

    Raises:
        RepoviewError: It cannot be read.
        OSError: The same.
    """
    if known is None:
        with hashed(target) as found, reading(target, name, how, stamp, found) as read:
            yield read
        return
    begun = time.monotonic()
    with finish(begin(known.target, how.options(), name=name)) as repo:
        report = repo.report
        row = RepoRow(
            name,
            known.sha256,
            known.size,
            stamp,
            **judged(report, (found.code for found in report.findings)),
            seconds=round(time.monotonic() - begun, 6),
            judged_at=time.time_ns() // 1_000,
        )
        yield Reading(repo, row, Columns(how.columns))


def failed(source: str, stamp: str, size: int, why: str) -> RepoRow:
    """Return the row of a file that could not be read."""
    at = time.time_ns() // 1_000
    return RepoRow(source, None, size, stamp, error=why, judged_at=at)
