"""Facts about the folders of collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.fleet.partitions import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = "com.example." + "long" * 40 + ".kind"
NAMES = [
    *(
        "app.bsky.feed.post",
        "com.example.Kind",
        "com.example.kind",
        "a=b",
        "a/b",
        "é",
        ".",
    ),
    *(
        "..",
        "con",
        "a.json",
        "a%2Fb",
        " ",
        "_x",
        "-x",
        "\x1b[31m",
        "a\\b",
        "1",
        "a.",
        "%",
    ),
]


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_two_collections_never_have_one_folder(one: bytes, other: bytes) -> None:
    """Nor one that a file system might refuse."""
    first, second = partition_of(one), partition_of(other)
    assert (first == second) == (one == other)
    assert len(first) <= 143
    assert first.isascii()
    assert not set(first) & set('/\\:*?"<>|\0')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set with a file for each name, and one of no collection."""
    root = tmp_path_factory.mktemp("partitions")
    for name in [*NAMES, ""]:
        path = root / "records" / partition_of(name.encode()) / "part.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(pa.table({"name": [name]}), path)
    return root


def with_arrow(root: Path) -> list[tuple[str, str | None]]:
    """Return names and collections, as pyarrow reads them."""
    found = ds.dataset(root / "records", partitioning="hive").to_table()
    return [(row["name"], row["collection"]) for row in found.to_pylist()]


def with_duckdb(root: Path) -> list[tuple[str, str | None]]:
    """Return the same, as DuckDB reads them."""
    query = f"SELECT name, collection FROM read_parquet('{root}/records/*/*.parquet')"
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("read", [with_arrow, with_duckdb])
def test_readers_see_the_name_of_the_collection(
    read: Callable[[Path], list[tuple[str, str | None]]], folder: Path
) -> None:
    """Whatever it holds; null where there is none."""
    found = read(folder)
    assert len(found) == len(NAMES) + 1
    assert all(said == (name or None) for name, said in found)


def test_a_name_that_is_too_long_begins_as_it_does() -> None:
    """With the hash of all of it behind, so that it is one of its own."""
    name = partition_of(LONG.encode())
    assert name.startswith("collection=com.example.longlong")
    assert "~" in name
    assert partition_of((LONG + "s").encode()) != name
