"""The JSON of records, many at a time: what the formats are made of.

The kernel writes what JSON says of records in their one form. All others are read
here one by one: those that can be decoded only in part, or are no DAG-CBOR, and those
that are missing, which are left out and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from repoview.core import limits
from repoview.core.cid import DAG_CBOR
from repoview.core.errors import BlockMissing
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.key import path_of
from repoview.core.kernel import kernel
from repoview.core.kernel.seam import JsonField
from repoview.core.load.result import Progress
from repoview.core.repo.inside import inside
from repoview.export.formats import note_missing, note_partly
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.kernel.seam import JsonLines
    from repoview.core.repo.repo import Record, Repo
    from repoview.export.formats import Written

Form: TypeAlias = "Sequence[bytes | JsonField]"
"""What the line of a record is made of; its end is a part of it."""

Spell: TypeAlias = "Callable[[Record, Any], bytes]"
"""Returns the line of a record by its value, in the same form."""

_AT_ONCE: Final = 512, 4 * limits.MiB
"""Records of a batch, and bytes of their blocks, at most."""

_OUT_OF_ORDER: Final = 32_768, 16 * limits.MiB
"""The same where the file has them in no order of use: what is read of the disk for
one record is of use for others, if there are many."""

_OUT_OF_ORDER_ON_DISK: Final = 8_192, 4 * limits.MiB
"""The same where memory is short, and the index therefore on disk."""

_COLUMNS: Final = (JsonField.CID, b" ", JsonField.VALUE, b"\n")


class JsonBatch(NamedTuple):
    """Records in columns of the same length, those that are missing left out."""

    numbers: Sequence[int]
    keys: list[bytes]
    """The paths as the tree has them."""

    paths: list[str]
    cids: list[str]
    values: list[str]
    """Each as the JSON of the atproto data model, on one line."""


def json_batches(
    repo: Repo,
    numbers: Sequence[int],
    report: Callable[[Progress], None],
    written: Written,
) -> Iterator[JsonBatch]:
    """Yield records as JSON, some hundred at a time, of a few MiB.

    Args:
        repo: Where they are.
        numbers: Of the records, in the order wanted; a `range` is faster.
        report: Called with progress; what it raises ends it.
        written: Counts what is yielded, and what is lost.

    Raises:
        SourceError: The source was changed.
    """
    for some, keys, text in numbered_lines(
        repo, numbers, _COLUMNS, _columns, report, written
    ):
        lines = [line.decode().partition(" ") for line in text.split(b"\n")[:-1]]
        paths, cids = [path_of(key) for key in keys], [cid for cid, _, _ in lines]
        yield JsonBatch(some, keys, paths, cids, [value for _, _, value in lines])


def _columns(record: Record, value: Any) -> bytes:  # noqa: ANN401 (any record)
    return f"{record.cid} {json_text(value, None)}\n".encode()


def json_lines(
    repo: Repo,
    numbers: Sequence[int],
    form: Form,
    spell: Spell,
    report: Callable[[Progress], None],
    written: Written,
) -> Iterator[bytes]:
    """Yield the lines of records, some hundred together; raises as `json_batches`.

    Args:
        repo: Where they are.
        numbers: Of the records, in the order wanted; a `range` is faster.
        form: Of the lines of sound records.
        spell: Returns the lines of others.
        report: Called with progress; what it raises ends it.
        written: Counts what is yielded, and what is lost.
    """
    for _, _, text in numbered_lines(repo, numbers, form, spell, report, written):
        if text:
            yield text
        # The next are made without these in memory.
        del text


def numbered_lines(
    repo: Repo,
    numbers: Sequence[int],
    form: Form,
    spell: Spell,
    report: Callable[[Progress], None],
    written: Written,
) -> Iterator[tuple[Sequence[int], list[bytes], bytes]]:
    """Yield numbers and keys of records that are there, and their lines together.

    Arguments and errors are those of `json_lines`.
    """
    largest, most = _bounds(repo)
    at_once, done = largest, 0
    while done < len(numbers):
        report(Progress("export", done, len(numbers), written.blocks))
        some = numbers[done : done + at_once]
        keys, lines = inside(repo).holdings.json_lines(some, form, most)
        some, keys = some[: len(lines.ends)], keys[: len(lines.ends)]
        done += len(some)
        # Of large records, fewer are looked up that do not fit.
        at_once = min(largest, 2 * len(some) + 1)
        text = lines.text
        if len({0, *lines.ends}) <= len(some):
            parts = _completed(repo, some, lines, spell, written)
            held = [place for place, part in enumerate(parts) if part]
            some, keys = [some[at] for at in held], [keys[at] for at in held]
            text = b"".join(parts)
        written.records += len(some)
        written.blocks += len(some)
        yield some, keys, text
        del keys, lines, text


def _bounds(repo: Repo) -> tuple[int, int]:
    """Return how many records to ask for at once, and how many bytes of blocks."""
    if repo.report.order in {"preorder", "nodes-first"}:
        return _AT_ONCE
    is_on_disk = inside(repo).blocks.index.disk_used > 0
    return _OUT_OF_ORDER_ON_DISK if is_on_disk else _OUT_OF_ORDER


def _completed(
    repo: Repo,
    numbers: Sequence[int],
    lines: JsonLines,
    spell: Spell,
    written: Written,
) -> list[bytes]:
    """Return all lines, also of what the kernel left; empty for what is missing."""
    parts = kernel.cut(lines.text, lines.ends, 0)
    for place, number in enumerate(numbers):
        if not parts[place]:
            record = repo.record(number)
            try:
                value, whole = _value(record)
            except BlockMissing:
                note_missing(written, record.path)
                continue
            if not whole:
                note_partly(written, record.path)
            parts[place] = spell(record, value)
    return parts


def _value(record: Record) -> tuple[Any, bool]:
    """Return a record's value, and whether that is all of it."""
    data = record.data
    if record.cid.codec != DAG_CBOR:
        return data, True
    if record.is_strict:
        return dagcbor.decode_sound(data), True
    decoded = dagcbor.diagnose(data)
    return decoded.value, decoded.is_whole
