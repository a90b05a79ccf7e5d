"""Write what came of a chunk as parts of the data set.

Records are held until they are over a budget, and then written, a part for each
collection. Parts are written beside and get their
names together: findings, records, and last the part of `repos/`, which says that the
chunk is done. A part of a chunk that has none there is of no run that ended, and is
removed by the next one.
"""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from repoview.fleet.columns import Columns
from repoview.fleet.layout import FINDINGS, RECORDS, REPOS, part_name
from repoview.fleet.partitions import partition_of
from repoview.fleet.store import writing
from repoview.fleet.verdict import (
    RepoRow,
    findings_batch,
    findings_schema,
    repos_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repoview.core.findings.findings import Finding
    from repoview.fleet.columns import Column
    from repoview.fleet.store import Store
    from repoview.fleet.table import Batch

_ROWS: Final = 65_536
"""Of a row group."""

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
        columns: That were chosen.
        budget: Bytes of records that are held.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        chunk: str,
        columns: Sequence[Column],
        budget: int,
    ) -> None:
        self._store = store
        self._folder = folder
        self._chunk = chunk
        self._schema = Columns(columns).schema
        self._budget = budget
        self._held: list[Batch] = []
        self._size = 0
        self._rows: list[RepoRow] = []
        self._findings: list[Any] = []
        self._staged: list[tuple[Path, str]] = []
        """Files, and the names that they get."""

    def add(self, batch: Batch) -> None:
        """Add records of one file.

        Raises:
            CannotWrite: A part cannot be written.
        """
        self._held.append(batch)
        self._size += batch.rows.nbytes
        if self._size > self._budget:
            self._write_held()

    def add_file(self, row: RepoRow, findings: Sequence[Finding] = ()) -> None:
        """Add what is told of a file, behind all of its records."""
        self._rows.append(row)
        if findings:
            self._findings.append(findings_batch(row, findings))

    def _write_held(self) -> None:
        """Write what is held, a part for each collection."""
        arrow = import_module("pyarrow")
        pieces: dict[bytes, list[Any]] = defaultdict(list)
        for rows, parts in self._held:
            for collection, start, stop in parts:
                pieces[collection].append(rows.slice(start, stop - start))
        self._held, self._size = [], 0
        for collection in sorted(pieces):
            # So that what is written is freed, part by part.
            table = arrow.Table.from_batches(pieces.pop(collection), self._schema)
            name = part_name(self._chunk, len(self._staged))
            self._stage(table, f"{RECORDS}/{partition_of(collection)}/{name}")

    def _stage(self, table: Any, name: str) -> None:  # noqa: ANN401 (a table)
        parquet = import_module("pyarrow.parquet")
        staged = self._folder / f"{len(self._staged)}.part"
        names = table.schema.names
        with writing(self._store.root):
            parquet.write_table(
                table,
                staged,
                row_group_size=_ROWS,
                compression="zstd",
                use_dictionary=[name for name in _REPEATED if name in names],
                write_statistics=[name for name in _SORTED_BY if name in names],
            )
        self._staged.append((staged, name))

    def finish(self) -> int:
        """Write what is left, and give all parts their names; return how many.

        Raises:
            CannotWrite: A part cannot be written.
        """
        arrow = import_module("pyarrow")
        self._write_held()
        if self._findings:
            found = arrow.Table.from_batches(self._findings, findings_schema())
            self._stage(found, f"{FINDINGS}/{part_name(self._chunk)}")
        self._stage(repos_table(self._rows), f"{REPOS}/{part_name(self._chunk)}")
        with writing(self._store.root):
            for staged, name in self._staged:
                self._store.publish(staged, name)
        return len(self._staged)
