"""Write what came of a chunk as parts of the data set.

Records are held until they are over a budget, and then written, a row group for each
collection; a collection has one part, or several where there are many collections.
Parts are written beside and get their names together: records, findings, and last the
part of `repos/`, which says that the chunk is done. A part of a chunk that has none
there is of no run that ended, and is removed by the next one.
"""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.fleet.layout import FINDINGS, RECORDS, REPOS, part_name
from repoview.fleet.partitions import partition_of
from repoview.fleet.store import writing
from repoview.fleet.verdict import RepoRow, findings_batch, repos_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repoview.core.findings.findings import Finding
    from repoview.fleet.store import Store
    from repoview.fleet.table import Batch

_ROWS: Final = 65_536
"""Of a row group."""

_MOST_OPEN: Final = 32
"""Parts that are open side by side, and take 0.3 MB each; of more collections, each row
group is a part of its own."""

_PAGE: Final = 256 * limits.KiB
"""Bytes of a page, of which an open part keeps one. With pages of 1 MiB a data set is
1.4 % smaller, and a process that writes 17 collections 7 MB larger."""

_REPEATED: Final = ("did", "rev", "sha256", "source", "code", "severity", "scope")
"""Columns of few values, which are written once each."""

_SORTED_BY: Final = ("did", "rkey", "created_at", "size", "exit_code", "records")
"""Columns of which a reader uses the least and the greatest value."""


class ChunkWriter:
    """Writes the parts of one chunk.

    Args:
        store: Where the data set is.
        folder: A local one, for what is not whole.
        chunk: The name of the chunk.
        budget: Bytes of rows that are held.
    """

    def __init__(self, store: Store, folder: Path, chunk: str, budget: int) -> None:
        self._store = store
        self._folder = folder
        self._chunk = chunk
        self._budget = budget
        self._held: dict[str, list[tuple[Any, int, int]]] = defaultdict(list)
        """By folder: batches, and which rows of each, for slices take some kB."""

        self._size = 0
        """Bytes of these."""

        self._rows: list[RepoRow] = []
        self._open: dict[str, Any] = {}
        """By folder, what writes its part."""

        self._staged: list[tuple[Path, str]] = []
        """Files, and the names that they get."""

    def add(self, batch: Batch) -> None:
        """Add records of one file.

        Raises:
            CannotWrite: A part cannot be written.
        """
        rows, parts = batch
        for collection, start, stop in parts:
            folder = f"{RECORDS}/{partition_of(collection)}"
            self._held[folder].append((rows, start, stop))
        self._count(rows.nbytes)

    def add_file(self, row: RepoRow, findings: Sequence[Finding] = ()) -> None:
        """Add what is told of a file, behind all of its records.

        Raises:
            CannotWrite: A part cannot be written.
        """
        self._rows.append(row)
        if findings:
            batch = findings_batch(row, findings)
            self._held[FINDINGS].append((batch, 0, batch.num_rows))
            self._count(batch.nbytes)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._budget:
            self._write_held()

    def _write_held(self) -> None:
        """Write what is held, a row group for each folder."""
        arrow = import_module("pyarrow")
        with writing(self._store.root):
            for folder in sorted(self._held):
                held = self._held.pop(folder)
                rows = [batch.slice(at, stop - at) for batch, at, stop in held]
                self._write(folder, arrow.Table.from_batches(rows))
        self._size = 0

    def _write(self, folder: str, table: Any) -> None:  # noqa: ANN401 (a table)
        """Write a row group to the part of a folder.

        Raises:
            OSError: It cannot be written.
        """
        part = self._open.get(folder)
        if part is None:
            name = f"{folder}/{part_name(self._chunk, len(self._staged))}"
            part = self._staged_part(table.schema, name)
            if len(self._open) >= _MOST_OPEN:
                with part:
                    part.write_table(table, _ROWS)
                return
            self._open[folder] = part
        part.write_table(table, _ROWS)

    def _staged_part(self, schema: Any, name: str) -> Any:  # noqa: ANN401 (pyarrow's)
        """Return what writes a part that gets a name at the end."""
        staged = self._folder / f"{len(self._staged)}.part"
        self._staged.append((staged, name))
        return import_module("pyarrow.parquet").ParquetWriter(
            staged,
            schema,
            compression="zstd",
            data_page_size=_PAGE,
            use_dictionary=[name for name in _REPEATED if name in schema.names],
            write_statistics=[name for name in _SORTED_BY if name in schema.names],
        )

    def finish(self) -> int:
        """Write what is left, and give all parts their names; return how many.

        Raises:
            CannotWrite: A part cannot be written.
        """
        self._write_held()
        with writing(self._store.root):
            self.close()
            rows = repos_table(self._rows)
            name = f"{REPOS}/{part_name(self._chunk)}"
            with self._staged_part(rows.schema, name) as part:
                part.write_table(rows, _ROWS)
            for staged, name in self._staged:
                self._store.publish(staged, name)
        return len(self._staged)

    def close(self) -> None:
        """Close all parts.

        Raises:
            OSError: One cannot be written.
        """
        while self._open:
            self._open.popitem()[1].close()
