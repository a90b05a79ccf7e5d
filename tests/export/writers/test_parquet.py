"""Facts about Parquet, read by pyarrow."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview import export
from repoview.core.repo.repo import Repo
from repoview.export.destination import DestinationError
from repoview.export.writers.arrow_schema import Kind, type_of
from tests.core.repos import make_repo, many
from tests.export.writers.conftest import POST

if TYPE_CHECKING:
    from pathlib import Path


def rows_of(repo: Repo, collection: str) -> list[dict[str, Any]]:
    """Return the rows that pyarrow finds of a collection."""
    out = io.BytesIO()
    export.write(repo, out, "parquet", records=repo.records(collection))
    rows: list[dict[str, Any]] = pq.read_table(
        pa.BufferReader(out.getvalue())
    ).to_pylist()
    return rows


def bare(value: Any) -> Any:
    """Return a value without what is null, as a column of a table has it."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if each is not None}
    return [bare(each) for each in value] if isinstance(value, list) else value


def test_fields_are_columns_with_types(repo: Repo, values: dict[str, Any]) -> None:
    """Nested as the record has them."""
    (row,) = rows_of(repo, POST)
    record = repo.get(f"{POST}/3jpv3sr5udc2f")
    assert (row["uri"], row["cid"]) == (record.at_uri, str(record.cid))
    assert (row["collection"], row["rkey"]) == (POST, "3jpv3sr5udc2f")
    assert bare(row["value"]) == values[record.path]


def test_what_has_several_types_is_json() -> None:
    """Whichever comes first; a type that is met later widens none before."""
    records: dict[str, Any] = {
        "a.b.c/1": {"$type": "a.b.c", "x": 1, "y": [1], "z": {}},
        "a.b.c/2": {"$type": "a.b.c", "x": "1", "y": [{"a": 2**63}], "z": {"a": 1}},
        "a.b.c/3": {"$type": "a.b.c", "x": None, "y": [], "e": {}, "w": 5},
    }
    with Repo.load(make_repo(records)) as repo:
        one, two, three = (row["value"] for row in rows_of(repo, "a.b.c"))
    assert (one["x"], two["x"], three["x"]) == ("1", '"1"', None)
    assert (one["y"], two["y"], three["y"]) == (
        ["1"],
        ['{"a":9223372036854775808}'],
        [],
    )
    assert (one["z"], two["z"], three["z"]) == ({"a": None}, {"a": 1}, None)
    assert (one["e"], three["e"], three["w"]) == (None, "{}", 5)


def test_the_schema_is_that_of_the_records_whatever_their_number(
    tmp_path: Path,
) -> None:
    """A field that comes late is a column from the first row group on."""
    records: dict[str, Any] = dict(many(300, 1))
    records["com.example.kind0/999999"] = {"$type": "com.example.kind0", "late": 1}
    with Repo.load(make_repo(records)) as repo:
        export.write(repo, tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    late = table.column("value").combine_chunks().field("late").to_pylist()
    assert late == [None] * 300 + [1]


def test_several_collections_are_a_folder(repo: Repo, tmp_path: Path) -> None:
    """With a file for each; one file cannot hold them."""
    with pytest.raises(DestinationError, match="the records of one collection"):
        export.write(repo, tmp_path / "x.parquet")
    written = export.write(repo, f"{tmp_path}/x/", "parquet")
    files = [*(tmp_path / "x").iterdir()]
    assert len(files) == len({record.collection for record in repo.records()})
    found = [row for path in files for row in pq.read_table(path).to_pylist()]
    assert {row["uri"] for row in found} == {r.at_uri for r in repo.records()}
    assert written.size == sum(path.stat().st_size for path in files)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_no_other_format_writes_a_folder(repo: Repo, tmp_path: Path) -> None:
    """It says so."""
    with pytest.raises(DestinationError, match="csv is one file"):
        export.write(repo, f"{tmp_path}/x/", "csv")


@pytest.mark.parametrize("name", ["x.parquet", "x/"])
def test_what_ends_the_writing_leaves_nothing(name: str, tmp_path: Path) -> None:
    """A cancel, and too many bytes."""

    def stop(progress: Any) -> None:
        if progress.stage == "export" and progress.done:
            raise KeyboardInterrupt

    with Repo.load(make_repo(many(700, 1))) as repo:
        with pytest.raises(KeyboardInterrupt):
            export.write(repo, f"{tmp_path}/{name}", "parquet", report=stop)
        with pytest.raises(DestinationError, match="more than 512 bytes"):
            export.write(repo, f"{tmp_path}/{name}", "parquet", max_bytes=512)
    assert [*tmp_path.iterdir()] == []


def test_without_pyarrow_it_says_how_to_install_it(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And writes nothing."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DestinationError, match="written by pyarrow"):
        export.write(repo, f"{tmp_path}/x/", "parquet")
    assert [*tmp_path.iterdir()] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), below, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), max_size=6))
def test_any_records_fit_the_type_that_is_found_of_them(records: list[Any]) -> None:
    """And come out as they went in, but for what is JSON and what is null."""
    texts = [json.dumps(each, separators=(",", ":")) for each in records]
    kind = type_of(texts)
    column = pa.array([kind.fit(each) for each in records], kind.arrow(pa))
    for before, after in zip(records, column.to_pylist(), strict=True):
        if kind.is_json:
            assert json.loads(after) == before
        elif kind.kind is not Kind.NONE:
            assert bare(after).keys() == bare(before).keys()
