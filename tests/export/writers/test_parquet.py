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
from repoview.export.writers import arrow_json
from repoview.export.writers.arrow_json import BEGIN, END, columns_in, type_in
from repoview.export.writers.arrow_schema import Type, type_of
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


def test_what_is_nested_deepest_is_json_where_fields_are_many() -> None:
    """Each column takes memory, also one of a small record."""
    many_fields = {f"{n}": {f"{m}": {"a": m} for m in range(400)} for n in range(20)}
    record: dict[str, Any] = {"$type": "a.b.c", "x": many_fields, "y": {"a": 1}}
    with Repo.load(make_repo({"a.b.c/1": record})) as repo:
        (row,) = rows_of(repo, "a.b.c")
    value = row["value"]
    assert {name: json.loads(each) for name, each in value["x"].items()} == many_fields
    assert value["y"] == {"a": 1}


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


NAMES = st.sampled_from(
    ["a", "b", "c", "", "$type", "a.b", "\0", '"', "\\", "\u2028", "😀"]
)
TEXTS = st.text(max_size=3) | st.sampled_from(
    ["2026-12-01T00:00:00Z", "2026-12-01", "12:00:00", "1", "null", "\0", "😀"]
)
INTEGERS = st.integers(-9, 9) | st.sampled_from([2**53, 2**63 - 1, -(2**63), 2**63])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS | FLOATS,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def alike(draw: st.DrawFn) -> list[Any]:
    """Return records that mostly agree in their types, as real ones do."""
    shape = draw(st.dictionaries(NAMES, st.sampled_from(range(7)), max_size=5))
    kinds = (
        TEXTS,
        st.integers(-9, 9),
        st.booleans(),
        FLOATS,
        st.lists(TEXTS | st.none(), max_size=2),
        st.dictionaries(NAMES, TEXTS | st.none(), max_size=3),
        st.lists(st.dictionaries(NAMES, st.lists(TEXTS), max_size=2), max_size=2),
    )
    fields = {name: st.none() | kinds[at] for name, at in shape.items()}
    return draw(st.lists(st.fixed_dictionaries({}, optional=fields), max_size=6))


RECORDS = alike() | st.lists(
    st.dictionaries(NAMES, JSON, max_size=3) | JSON, max_size=6
)


def text_of(value: Any) -> str:
    """Return JSON as records have it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@settings(deadline=None)
@given(RECORDS)
def test_any_records_fit_the_type_that_is_found_of_them(records: list[Any]) -> None:
    """And come out as they went in, but for what is JSON and what is null."""
    kind = type_of(map(text_of, records))
    column = pa.array([kind.fit(each) for each in records], kind.arrow(pa))
    for before, after in zip(records, column.to_pylist(), strict=True):
        if kind.is_json and before is not None:
            assert json.loads(after) == before
        elif isinstance(before, dict):
            assert bare(after).keys() == bare(before).keys()


@settings(deadline=None, max_examples=300)
@given(RECORDS, RECORDS)
def test_pyarrow_finds_the_types_that_a_look_at_each_value_finds(
    first: list[Any], second: list[Any]
) -> None:
    """And their order, also of lines that come later."""
    found = Type()
    for records in (first, second):
        texts = [text_of(each).encode() for each in records]
        found.join(type_in(b"".join(BEGIN + text + END for text in texts)))
    wanted = type_of(map(text_of, [*first, *second]))
    assert [*found.lines("value")] == [*wanted.lines("value")]
    assert found.arrow(pa) == wanted.arrow(pa)


@settings(deadline=None, max_examples=300)
@given(RECORDS.filter(bool), st.booleans())
def test_pyarrow_reads_what_python_fits(
    records: list[Any],
    is_odd: bool,
) -> None:
    """The same columns, whatever is missing, mixed, or strangely named."""
    kind = type_of(map(text_of, records))
    extra = {"key_hex": "ff"} if is_odd else {}
    rows = [{"uri": "at://x", **extra, "value": each} for each in records]
    lines = "".join(text_of(row) + "\n" for row in rows).encode()
    names, values = columns_in(lines, ("uri",), kind)
    assert names.to_pylist() == ["at://x"] * len(records)
    assert values.equals(pa.array([kind.fit(each) for each in records], values.type))
    assert values.type == kind.arrow(pa)
    assert values.validate(full=True) is None


def test_what_agrees_is_not_looked_at_in_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not a value of it: that is what it is for."""
    value = {"text": "😀", "langs": ["en"], "size": 2**63 - 1, "embed": {"alt": ""}}
    text = text_of(value).encode()
    monkeypatch.setattr(arrow_json, "json", None)
    monkeypatch.setattr(arrow_json, "type_of", None)
    kind = type_in(BEGIN + text + END)
    (column,) = columns_in(BEGIN + text + END, (), kind)
    assert column.to_pylist() == [value]
