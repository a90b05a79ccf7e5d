"""Many repositories as one table: read, verified, and written as Parquet.

::

    from repoview import fleet

    row = fleet.verify_one("repo.car")          # a verdict, as plain values
    table = fleet.tabulate("repo.car")          # its records, as Arrow
    fleet.write(["backups/"], "data")           # all of a folder, as a data set
    fleet.summary("data").totals()              # what came of it

`verify_one` and `tabulate` are functions of a file's bytes alone: they keep nothing,
can be pickled, and give the same for the same bytes, so a cluster of any kind can map
them over files. `write` does that over processes of this machine or a Dask cluster;
`sources` lists files, `chunks` groups them, `work` reads a group and `dataset` writes
what came of it, `done` knows what an earlier run wrote, `summary` reads all of it.

Arrow is pyarrow's: ``pip install 'atproto-repoview[parquet]'``, or ``[cluster]`` for
object stores and Dask.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repoview.fleet.by import By as By
    from repoview.fleet.columns import Column as Column
    from repoview.fleet.done import Done as Done
    from repoview.fleet.duckdb_queries import queries as queries
    from repoview.fleet.one import Tabulated as Tabulated
    from repoview.fleet.one import tabulate as tabulate
    from repoview.fleet.one import verify_one as verify_one
    from repoview.fleet.run import Outcome as Outcome
    from repoview.fleet.run import Passed as Passed
    from repoview.fleet.run import write as write
    from repoview.fleet.store import CannotWrite as CannotWrite
    from repoview.fleet.summaries import CollectionRows as CollectionRows
    from repoview.fleet.summaries import Fleet as Fleet
    from repoview.fleet.summaries import FoundCode as FoundCode
    from repoview.fleet.summaries import Totals as Totals
    from repoview.fleet.summaries import summary as summary
    from repoview.fleet.table import How as How
    from repoview.fleet.verdict import RepoRow as RepoRow

_HOMES = {
    "By": "by",
    "CannotWrite": "store",
    "CollectionRows": "summaries",
    "Column": "columns",
    "Done": "done",
    "Fleet": "summaries",
    "FoundCode": "summaries",
    "How": "table",
    "Outcome": "run",
    "Passed": "run",
    "RepoRow": "verdict",
    "Tabulated": "one",
    "Totals": "summaries",
    "queries": "duckdb_queries",
    "summary": "summaries",
    "tabulate": "one",
    "verify_one": "one",
    "write": "run",
}
"""Public name → module that has it."""

__all__ = [
    "By",
    "CannotWrite",
    "CollectionRows",
    "Column",
    "Done",
    "Fleet",
    "FoundCode",
    "How",
    "Outcome",
    "Passed",
    "RepoRow",
    "Tabulated",
    "Totals",
    "queries",
    "summary",
    "tabulate",
    "verify_one",
    "write",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (any public name)
    if name not in _HOMES:
        raise AttributeError(f"module 'repoview.fleet' has no attribute {name!r}")
    value = getattr(import_module(f"repoview.fleet.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
