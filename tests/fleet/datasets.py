"""Data sets as plain values, and folders of files to make them of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow.dataset as ds

from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VARYING: Final = {"seconds", "judged_at", "stamp"}
"""Columns of `repos/` that say when, and how long it took."""


def did_of(number: int) -> str:
    """Return an account by number."""
    return f"did:plc:{number:024}".replace("0", "a").replace("1", "b").replace("8", "c")


def make_files(folder: Path, count: int, records: int = 12) -> list[Path]:
    """Write so many small repositories, of an account each, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        paths.append(folder / f"{number:04}.car")
        data = make_repo(many(records + number % 7), did=did_of(number))
        paths[-1].write_bytes(data)
    return paths


def rows_in(out: Path, folder: str) -> list[dict[str, Any]]:
    """Return the rows of one folder of a data set, in an order of their own."""
    files = sorted(map(str, (out / folder).rglob("*.parquet")))
    if not files:
        return []
    base = str(out / folder)
    found = ds.dataset(files, partitioning="hive", partition_base_dir=base).to_table()
    kept = [name for name in found.schema.names if name not in _VARYING]
    return sorted(found.select(kept).to_pylist(), key=repr)


def everything(out: Path) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a data set."""
    return {name: rows_in(out, name) for name in ("records", "repos", "findings")}


def parts(out: Path) -> Iterator[Path]:
    """Yield all files of a data set that a reader takes."""
    return out.rglob("*.parquet")
