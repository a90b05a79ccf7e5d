"""Records as Parquet: typed, nested columns; a file a collection.

The columns are ``collection``, ``rkey``, ``uri``, ``cid``, and ``value``, in which
the fields of the records are, each with its type (`arrow_schema`). A file has one
schema, so it has the records of one collection; of several there is a folder, with
a file for each. The records are read twice: for the schema, and for the rows.

pyarrow writes the files: ``pip install 'atproto-repoview[parquet]'``.
"""

from __future__ import annotations

import io
import json
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from repoview.core.formats.key import collection_of
from repoview.core.repo.inside import inside
from repoview.export import jsonl
from repoview.export.destination import DestinationError
from repoview.export.forecast import sampled_bytes
from repoview.export.formats import Written
from repoview.export.style import PLAIN, Style
from repoview.export.texts import record_texts
from repoview.export.writers.arrow_schema import Type, type_of
from repoview.export.writers.names import folders_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo
    from repoview.core.storage.atomic_folder import AtomicFolder
    from repoview.export.destination import Meter

_SUFFIX: Final = ".parquet"
_ROWS: Final = 65_536
_GROUP_BYTES: Final = 8 << 20
"""Records of a row group, and bytes of their JSON, at most: it is held in memory."""

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
    met = record_texts(repo, numbers, report, Written(), style, "columns")
    kind = type_of(record.text for record in met)
    schema = _schema(arrow, repo, kind)
    with parquet.ParquetWriter(_Sink(write), schema, compression="zstd") as file:
        for columns in _groups(record_texts(repo, numbers, report, written, style)):
            values = [kind.fit(json.loads(text)) for text in columns.pop()]
            typed = zip([*columns, values], schema.types, strict=True)
            arrays = [arrow.array(column, each) for column, each in typed]
            file.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _arrow() -> Any:  # noqa: ANN401 (pyarrow has no types)
    try:
        return import_module("pyarrow")
    except ImportError as error:
        hint = "pip install 'atproto-repoview[parquet]'"
        raise DestinationError("Parquet is written by pyarrow", hint) from error


def _schema(arrow: Any, repo: Repo, kind: Type) -> Any:  # noqa: ANN401 (pyarrow's)
    columns = [(name, arrow.string()) for name in _NAMES]
    facts = {"made by": "repoview"}
    if repo.commit is not None:
        facts |= {"did": repo.commit.did or "", "rev": repo.commit.rev or ""}
    return arrow.schema([*columns, ("value", kind.arrow(arrow))], facts)


def _groups(records: Iterator[Any]) -> Iterator[list[list[Any]]]:
    """Yield the columns of row groups."""
    columns: list[list[Any]] = [[], [], [], [], []]
    size = 0
    for record in records:
        row = (*record.names, record.uri, record.cid, record.text)
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)
        size += len(record.text)
        if size > _GROUP_BYTES or len(columns[0]) == _ROWS:
            yield columns
            columns, size = [[], [], [], [], []], 0
    if columns[0]:
        yield columns


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
