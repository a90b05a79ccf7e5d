"""Records as Parquet: typed, nested columns; a file a collection.

The columns are ``collection``, ``rkey``, ``uri``, ``cid``, and ``value``, in which
the fields of the records are, each with its type (`arrow_schema`). A file has one
schema, so it has the records of one collection; of several there is a folder, with
a file for each. The records are read twice: for the schema, and for the rows.

pyarrow writes the files: ``pip install 'atproto-repoview[parquet]'``.
"""

from __future__ import annotations

import io
from importlib import import_module
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, Final

from repoview.core.formats.key import collection_of, path_of
from repoview.core.kernel.seam import JsonField
from repoview.core.load.result import Progress
from repoview.core.repo.inside import inside
from repoview.export import jsonl
from repoview.export.destination import DestinationError
from repoview.export.forecast import sampled_bytes
from repoview.export.formats import Written
from repoview.export.json_records import json_lines
from repoview.export.style import PLAIN, Style
from repoview.export.texts import record_texts
from repoview.export.writers.arrow_import import ARROW_HINT, import_arrow
from repoview.export.writers.arrow_json import BEGIN, END, columns_in, type_in
from repoview.export.writers.arrow_schema import Type, type_of
from repoview.export.writers.names import folders_of
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.repo.repo import Record, Repo
    from repoview.core.storage.atomic_folder import AtomicFolder
    from repoview.export.destination import Meter

_SUFFIX: Final = ".parquet"
_GROUP_BYTES: Final = 4 << 20
"""Bytes of JSON of a row group, whose columns are held in memory."""

_PIECE_BYTES: Final = 1 << 20
_PART_BYTES: Final = 1 << 18
"""Bytes of JSON that pyarrow reads at once, of which it takes several times as much;
and by which they grow."""

_SHOWN: Final = 1_000
"""Records of which a preview tells the types."""

_NAMES: Final = ("collection", "rkey", "uri", "cid")


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write the records of one collection as Parquet; see `formats.Writer`.

    Raises:
        DestinationError: They are of several; or there is no pyarrow.
    """
    numbers = _in_order(numbers)
    if len(numbers) and _collection(repo, numbers[0]) != _collection(repo, numbers[-1]):
        fact = "a Parquet file has the records of one collection"
        raise DestinationError(fact, "choose one, or name a folder, with a / behind it")
    written = Written()
    _write_file(repo, numbers, write, report, style, written)
    return written


def write_folder(
    repo: Repo,
    numbers: Sequence[int],
    folder: AtomicFolder,
    report: Callable[[Progress], None],
    style: Style,
    meter: Meter,
) -> Written:
    """Write a file for each collection; arguments are those of `folder`.

    Raises:
        DestinationError: There are too many bytes; or there is no pyarrow.
        OSError: A file cannot be written.
    """
    written = Written()
    numbers = _in_order(numbers)
    for collection, some in groupby(numbers, lambda number: _collection(repo, number)):
        *folders, name = folders_of(collection)
        with folder.file([*folders, name + _SUFFIX]) as file:

            def metered(data: bytes, write: Any = file.write) -> None:  # noqa: ANN401 (a function)
                meter.add(len(data))
                write(data)

            _write_file(repo, _gathered(some), metered, report, style, written)
    return written


def _collection(repo: Repo, number: int) -> bytes:
    return collection_of(inside(repo).index.key(number))


def _in_order(numbers: Sequence[int]) -> Sequence[int]:
    """Return numbers so that those of a collection stand together."""
    return numbers if isinstance(numbers, range) else sorted(numbers)


def _gathered(numbers: Iterator[int]) -> Sequence[int]:
    """Return adjacent numbers as a range, others as a list."""
    found = [*numbers]
    if found[-1] - found[0] + 1 == len(found):
        return range(found[0], found[-1] + 1)
    return found


def _write_file(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style,
    written: Written,
) -> None:
    arrow = _arrow()
    parquet = import_module("pyarrow.parquet")
    kind = _type(repo, numbers, report, style)
    schema = _schema(arrow, repo, kind)
    pool = arrow.default_memory_pool()
    collection = path_of(_collection(repo, numbers[0])) if len(numbers) else ""
    lines = jsonl.lines(repo, numbers, report, written, end=b"\n")
    with parquet.ParquetWriter(_Sink(write), schema, compression="zstd") as file:
        group: list[Any] = []
        size = 0
        for piece in _pieces(map(style.apply_lines, lines)):
            group.append(_table(piece, collection, kind, schema))
            size += len(piece)
            if size >= _GROUP_BYTES:
                file.write_table(arrow.concat_tables(group))
                group, size = [], 0
            # What is freed stays with the allocator, if it is not asked.
            pool.release_unused()
        if group:
            file.write_table(arrow.concat_tables(group))


def _type(
    repo: Repo,
    numbers: Sequence[int],
    report: Callable[[Progress], None],
    style: Style,
) -> Type:
    """Return the type of all records together."""

    def note(progress: Progress) -> None:
        report(Progress("columns", progress.done, progress.total, progress.blocks))

    def spell(_: Record, value: Any) -> bytes:  # noqa: ANN401 (any record)
        return BEGIN + json_text(value, None).encode() + END

    pool = _arrow().default_memory_pool()
    found, form = Type(), (BEGIN, JsonField.VALUE, END)
    lines = json_lines(repo, numbers, form, spell, note, Written())
    for piece in _pieces(map(style.apply_lines, lines)):
        found.join(type_in(piece))
        found.narrow()
        pool.release_unused()
    return found


def _arrow() -> Any:  # noqa: ANN401 (pyarrow has no types)
    try:
        return import_arrow()
    except ImportError as error:
        raise DestinationError("Parquet is written by pyarrow", ARROW_HINT) from error


def _schema(arrow: Any, repo: Repo, kind: Type) -> Any:  # noqa: ANN401 (pyarrow's)
    columns = [(name, arrow.string()) for name in _NAMES]
    facts = {"made by": "repoview"}
    if repo.commit is not None:
        facts |= {"did": repo.commit.did or "", "rev": repo.commit.rev or ""}
    return arrow.schema([*columns, ("value", kind.arrow(arrow))], facts)


def _table(lines: bytes, collection: str, kind: Type, schema: Any) -> Any:  # noqa: ANN401 (pyarrow's)
    """Return the columns of some lines."""
    arrow = _arrow()
    paths, *columns = columns_in(lines, ("path", "uri", "cid"), kind)
    texts = paths.to_pylist()
    # `pyarrow.compute` would do it too, and takes 15 MB.
    keys = [text[len(collection) :].removeprefix("/") for text in texts]
    names = [arrow.repeat(collection, len(keys)), arrow.array(keys, arrow.string())]
    return arrow.Table.from_arrays([*names, *columns], schema=schema)


def _pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines in pieces: together as many as may be."""
    piece: list[bytes] = []
    size = 0
    for part in chain.from_iterable(map(_parts, lines)):
        piece.append(part)
        size += len(part)
        if size >= _PIECE_BYTES:
            joined = b"".join(piece)
            piece, size = [], 0
            yield joined
            del joined
    if piece:
        yield b"".join(piece)


def _parts(lines: bytes) -> Iterator[bytes]:
    """Yield lines in parts that are small, as far as the lines are."""
    done = 0
    while done < len(lines):
        most = done + _PART_BYTES
        end = lines.rfind(b"\n", done, most) + 1 or lines.find(b"\n", most) + 1
        yield lines[done:end]
        done = end


class _Sink(io.RawIOBase):
    """A file, as pyarrow wants one, over a function that takes bytes."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write = write
        self._size = 0

    def writable(self) -> bool:
        """Tell that it is to be written."""
        return True

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._size

    def write(self, data: Any) -> int:  # noqa: ANN401 (io's signature)
        """Take the next bytes."""
        taken = bytes(data)
        self._write(taken)
        self._size += len(taken)
        return len(taken)


def estimate(repo: Repo, numbers: Sequence[int]) -> int:
    """Return about how many bytes the files take: a third of the JSON."""
    return 4_096 + sampled_bytes(repo, numbers, jsonl.write) // 3


def preview(repo: Repo, numbers: Sequence[int], most: int) -> list[str]:
    """Return the types of the fields of the first records."""
    some = numbers[:_SHOWN]
    records = record_texts(repo, some, lambda _: None, Written())
    kind = type_of(record.text for record in records)
    return [*(f"{name}: text" for name in _NAMES), *kind.lines("value")][:most]
