"""Read the files of a chunk, and write what came of them; in one process.

Whatever goes wrong with a file is its row. Where it goes wrong when records of it are
held already, the chunk is done again without it, so that a file has all of its records
in the data set or none.
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.core.errors import why_not_read
from repoview.fleet.dataset import ChunkWriter
from repoview.fleet.done import Done, counted
from repoview.fleet.hashed import hashed
from repoview.fleet.layout import REPOS, part_name
from repoview.fleet.store import CannotWrite, Store, store_at, writing
from repoview.fleet.table import How, failed, reading
from repoview.fleet.verdict import RepoRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.fleet.chunks import Chunk
    from repoview.fleet.sources import File

_MOST_HELD: Final = 16 * limits.MiB
"""Bytes. More makes larger row groups, and a process that grows with its chunk."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process is to do with each chunk; can be pickled."""

    how: How
    out: str
    """Where the data set is."""

    @property
    def held(self) -> int:
        """Bytes of records that are held, no more than indexes may take."""
        return min(self.how.mem_limit, _MOST_HELD)


class _Failed(Exception):
    """A file cannot be read to its end: its number, and why."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(number, why)
        self.number = number
        self.why = why


def do(chunk: Chunk, setup: Setup, begin: Callable[[int], object]) -> Done:
    """Read the files of a chunk and write what came of them.

    A chunk that this run wrote before, to the end, is not read again.

    Args:
        chunk: Which files.
        setup: How, and where to.
        begin: Called with the number of each file before it is read, and with their
            count before the parts are written.

    Raises:
        CannotWrite: The data set cannot be written.
        SourceError: fsspec is not installed.
    """
    store = store_at(setup.out)
    name = chunk.name
    if (known := _written(store, name)) is not None:
        return known
    while True:
        try:
            return _attempt(chunk, setup, store, name, begin)
        except _Failed as error:
            chunk = replace(chunk, failed={**chunk.failed, error.number: error.why})


def _written(store: Store, name: str) -> Done | None:
    """Return what came of a chunk that is written to the end."""
    data = store.read(f"{REPOS}/{part_name(name)}")
    if data is None:
        return None
    table = import_module("pyarrow.parquet").read_table(io.BytesIO(data))
    return counted(rows_of(table))


def rows_of(table: Any) -> list[RepoRow]:  # noqa: ANN401 (pyarrow has no types)
    """Return the rows of a table of `repos/`; what is null is as by default."""
    arrow = import_module("pyarrow")
    place = table.schema.get_field_index("judged_at")
    plain = table.set_column(place, "judged_at", table["judged_at"].cast(arrow.int64()))
    return [_row_of(each) for each in plain.to_pylist()]


def _row_of(told: dict[str, Any]) -> RepoRow:
    values = {name: value for name, value in told.items() if value is not None}
    return RepoRow(**{**values, "codes": tuple(values.get("codes", ()))})


def _attempt(
    chunk: Chunk,
    setup: Setup,
    store: Store,
    name: str,
    begin: Callable[[int], object],
) -> Done:
    done = Done()
    with ExitStack() as stack:
        with writing(store.root):
            folder = stack.enter_context(store.staging())
        writer = ChunkWriter(store, folder, name, setup.held)
        # Where a file fails, so that they can be removed.
        stack.callback(writer.close)
        for number, file in enumerate(chunk.files):
            if number in chunk.failed:
                row = failed(file.source, file.stamp, file.size, chunk.failed[number])
                writer.add_file(row)
            else:
                begin(number)
                row = _one(number, file, chunk, setup.how, writer)
            done.note(row)
        begin(len(chunk.files))
        done.parts = writer.finish()
    return done


def _one(
    number: int, file: File, chunk: Chunk, how: How, writer: ChunkWriter
) -> RepoRow:
    """Read one file and add what it holds; return its row.

    Raises:
        _Failed: It cannot be read to its end, and some of it is added already.
        CannotWrite: A part cannot be written.
    """
    held = False
    try:
        with hashed(file.source) as found:
            known = found.sha256 in chunk.known
            with reading(found.target, file.source, how, file.stamp, found) as read:
                for batch in () if known else read.batches():
                    held = True
                    writer.add(batch)
                row, findings = read.row, () if known else read.found
    except CannotWrite:
        raise
    # A panic of the compiled kernel is no `Exception`.
    except BaseException as error:
        why = why_not_read(error, file.source)
        if held:
            raise _Failed(number, why) from error
        row, findings = failed(file.source, file.stamp, file.size, why), ()
    writer.add_file(row, findings)
    return row
