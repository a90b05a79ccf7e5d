"""The JSON of records, many at a time: what the formats are made of.

The kernel writes what JSON says of records in their one form. All others are read
here one by one: those that can be decoded only in part, or are no DAG-CBOR, and those
that are missing, which are left out and counted.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from repoview.core import limits
from repoview.core.cid import DAG_CBOR
from repoview.core.errors import BlockMissing
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.key import path_of
from repoview.core.in_turn import begun, in_turn
from repoview.core.kernel import kernel
from repoview.core.kernel.seam import JsonField
from repoview.core.load.result import Progress
from repoview.core.repo.inside import inside
from repoview.export.formats import note_missing, note_partly
from repoview.present import json_text

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.kernel.seam import JsonLines
    from repoview.core.repo.repo import Record, Repo
    from repoview.export.formats import Written

Form: TypeAlias = "Sequence[bytes | JsonField]"
"""What the line of a record is made of; its end is a part of it."""

Spell: TypeAlias = "Callable[[Record, Any], bytes]"
"""Returns the line of a record by its value, in the same form."""

_AT_ONCE: Final = 4_096, 4 * limits.MiB
"""Records of a batch, and bytes of their blocks, at most."""

_FIRST: Final = 512
"""Records of the first batch; there are twice as many in each that follows."""

_OUT_OF_ORDER: Final = 32_768, 16 * limits.MiB
"""The same where the file has them in no order of use: what is read of the disk for
one record is of use for others, if there are many."""

_OUT_OF_ORDER_LEAST: Final = 8_192, 4 * limits.MiB
"""The same where memory is short, and the index therefore on disk."""

_SHARE: Final = 32
"""Three batches are in memory at once, each as blocks and as lines: of the memory
limit, the blocks of one have one in so many."""

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
    done = 0
    for asked in _asked(repo, numbers, form):
        report(Progress("export", done, len(numbers), written.blocks))
        done += len(asked.numbers)
        some, keys, text = _whole(repo, asked, spell, written)
        # The next are read without what was asked in memory.
        del asked
        written.records += len(some)
        written.blocks += len(some)
        yield some, keys, text
        del keys, text


class _Lines(NamedTuple):
    """Records, and the lines of those that the kernel wrote."""

    numbers: Sequence[int]
    keys: list[bytes]
    lines: JsonLines


def _asked(repo: Repo, numbers: Sequence[int], form: Form) -> Iterator[_Lines]:
    jobs = _jobs(repo, numbers, form)
    with closing(in_turn(jobs, is_shared=inside(repo).is_shared)) as batches:
        for batch in batches:
            yield from batch


def _jobs(
    repo: Repo, numbers: Sequence[int], form: Form
) -> Iterator[Callable[[], Iterator[_Lines]]]:
    """Yield what reads some records; all but the first of them as they are wanted."""
    largest, most = _bounds(repo)
    parts, done, at_once = inside(repo), 0, _FIRST
    while done < len(numbers):
        some = numbers[done : done + at_once]
        done += len(some)
        at_once = min(2 * at_once, largest)
        keys, rows = parts.holdings.keyed(some)
        yield partial(begun, _lines(parts.blocks, some, keys, rows, form, most))


def _lines(
    blocks: Blocks,
    numbers: Sequence[int],
    keys: list[bytes],
    rows: array[int],
    form: Form,
    most: int,
) -> Iterator[_Lines]:
    """Yield records, as many together as have *most* bytes."""
    while numbers:
        lines = kernel.json_lines(blocks, keys, rows, form, most)
        count = len(lines.ends)
        yield _Lines(numbers[:count], keys[:count], lines)
        del lines
        numbers, keys, rows = numbers[count:], keys[count:], rows[count:]


def _bounds(repo: Repo) -> tuple[int, int]:
    """Return how many records to ask for at once, and how many bytes of blocks."""
    parts = inside(repo)
    if not parts.is_scattered:
        return _AT_ONCE
    room = 0 if parts.blocks.index.disk_used else parts.room.memory // _SHARE
    (least, few), (most, many) = _OUT_OF_ORDER_LEAST, _OUT_OF_ORDER
    size = max(few, min(room, many))
    return least if size == few else most * size // many, size


def _whole(
    repo: Repo, asked: _Lines, spell: Spell, written: Written
) -> tuple[Sequence[int], list[bytes], bytes]:
    """Return numbers and keys of the records that are there, and all their lines."""
    numbers, keys, lines = asked
    if len({0, *lines.ends}) > len(numbers):
        return numbers, keys, lines.text
    parts = _completed(repo, numbers, lines, spell, written)
    held = [place for place, part in enumerate(parts) if part]
    return [numbers[at] for at in held], [keys[at] for at in held], b"".join(parts)


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
