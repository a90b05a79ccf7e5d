"""One file: verified, as a row, or tabulated, as tables of Arrow.

Functions that can be pickled, and that give the same for the same bytes: what a cluster
of any kind can map over files. Whatever is wrong with a file is in its row.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from repoview.core import limits
from repoview.core.errors import RepoviewError, is_panic, why_not_read
from repoview.core.formats.key import path_of
from repoview.fleet.arrow import need_arrow
from repoview.fleet.columns import Columns, chosen_columns
from repoview.fleet.table import How, failed, reading
from repoview.fleet.verdict import findings_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.findings.findings import Finding
    from repoview.core.source.opener import Target
    from repoview.core.verify.verify import Checks
    from repoview.fleet.columns import Column
    from repoview.fleet.table import Batch, Part, Reading
    from repoview.fleet.verdict import RepoRow

T = TypeVar("T")


def verify_one(
    target: Target,
    *,
    name: str | None = None,
    checks: Checks | None = None,
    mem_limit: int = limits.MEMORY,
    disk_limit: int = limits.DISK,
    max_seconds: float | None = None,
    threads: int = 1,
) -> RepoRow:
    """Verify a file, and return what is told of it in one row of plain values.

    A file that cannot be read has a row too, with the reason in `error`.

    Args:
        target: A path, a URL of any file system that fsspec has, bytes, an open file
            or an iterable of bytes; compressed or not.
        name: What it is called in the row; by default what it is opened by.
        checks: What to check, and how strictly.
        mem_limit: Bytes of memory that indexes may take, besides 16 MiB for the file.
        disk_limit: Bytes of disk for what is over; 0 for no disk.
        max_seconds: Seconds that reading may take; the rest is left (LIM001).
        threads: How many hash and check. One: whoever has many files reads some at
            once.
    """
    how = How((), checks, mem_limit, disk_limit, max_seconds, threads)
    name = _name_of(target, name)
    return _told(target, name, how, lambda read: read.row, lambda row: row)


class Tabulated(NamedTuple):
    """One file as tables; can be pickled."""

    row: RepoRow
    records: Any
    """A table of pyarrow: did, rev, sha256, collection, rkey, cid, created_at, size,
    value and the columns that were chosen; in key order."""

    findings: Any
    """A table of pyarrow: the findings, at most 100 a code."""


def tabulate(
    target: Target,
    *,
    columns: Sequence[Column | str] = (),
    name: str | None = None,
    checks: Checks | None = None,
    mem_limit: int = limits.MEMORY,
    disk_limit: int = limits.DISK,
    max_seconds: float | None = None,
    threads: int = 1,
) -> Tabulated:
    """Verify a file, and return its records as a table, with its row and findings.

    All of it is in memory: about twice the bytes of the file. Whoever has files that
    are larger writes them with `write`, which holds a part at a time. Of a file whose
    tree is damaged, the records are those that can be reached: its row says so.

    Args:
        target: As for `verify_one`.
        columns: Fields that become columns: ``text``, ``reply.parent.uri``,
            ``likes=likeCount:integer``; null where a record has none of that type.
        name: As for `verify_one`, as all that follow.
        checks: Likewise.
        mem_limit: Likewise.
        disk_limit: Likewise.
        max_seconds: Likewise.
        threads: Likewise.

    Raises:
        NoArrow: pyarrow is not installed.
        ValueError: A column cannot be.
    """
    need_arrow()
    chosen = chosen_columns(columns)
    how = How(chosen, checks, mem_limit, disk_limit, max_seconds, threads)
    fields = Columns(chosen)

    def told(read: Reading) -> Tabulated:
        records = _table(read.batches(), fields)
        return Tabulated(read.row, records, _found(read.row, read.found))

    def of_unread(row: RepoRow) -> Tabulated:
        return Tabulated(row, _table((), fields), _found(row, ()))

    return _told(target, _name_of(target, name), how, told, of_unread)


def _told(
    target: Target,
    name: str,
    how: How,
    told: Callable[[Reading], T],
    of_unread: Callable[[RepoRow], T],
) -> T:
    """Read a file, and return what is told of it, whatever goes wrong with it.

    Args:
        target: What can be opened.
        name: What it is called.
        how: How it is read.
        told: Gives what is told of an open file.
        of_unread: The same of one that cannot be read, from its row.
    """
    try:
        with reading(target, name, how) as read:
            return told(read)
    # A panic of the compiled kernel is no `Exception`.
    except BaseException as error:
        is_of_file = isinstance(error, RepoviewError | OSError | MemoryError)
        if not (is_of_file or is_panic(error)):
            raise
        return of_unread(failed(name, "", 0, why_not_read(error, name)))


def _name_of(target: Target, name: str | None) -> str:
    if name is not None:
        return name
    if isinstance(target, str | os.PathLike):
        return os.fspath(target)
    return "memory" if isinstance(target, bytes) else "stream"


def _found(row: RepoRow, findings: Sequence[Finding]) -> Any:  # noqa: ANN401 (a table)
    arrow = import_module("pyarrow")
    return arrow.Table.from_batches([findings_batch(row, findings)])


def _table(batches: Iterator[Batch] | tuple[()], columns: Columns) -> Any:  # noqa: ANN401 (a table)
    arrow = import_module("pyarrow")
    place = columns.schema.get_field_index("rkey")
    field = arrow.field("collection", arrow.string())
    schema = columns.schema.insert(place, field)
    found = [
        rows.add_column(place, field, _collections(arrow, parts))
        for rows, parts in batches
    ]
    return arrow.Table.from_batches(found, schema)


def _collections(arrow: Any, parts: list[Part]) -> Any:  # noqa: ANN401 (an array)
    """Return the collections of rows; null for records whose key has none."""
    kind = arrow.string()
    names = [path_of(part.collection) if part.collection else None for part in parts]
    counts = [part.stop - part.start for part in parts]
    same = (arrow.scalar(name, kind) for name in names)
    return arrow.concat_arrays(
        [arrow.repeat(each, count) for each, count in zip(same, counts, strict=True)]
    )
