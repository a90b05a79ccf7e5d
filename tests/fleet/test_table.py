"""Facts about one file as a table: its row, its records, its findings."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repoview
from repoview import fleet
from repoview.core.cid import Cid
from repoview.core.errors import SourceError
from repoview.corpus.cases import FAULTS, LIGHT_CASES
from repoview.fleet import hashed as hashing
from repoview.fleet import table as tables
from repoview.fleet.arrow import NoArrow
from repoview.sample import write_sample
from tests.core.repos import DID, REV, make_repo, many
from tests.export.test_formats import BARE, bare_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def sample() -> bytes:
    """A repository with all kinds of records."""
    out = bytearray()
    write_sample(out.extend, 400)
    return bytes(out)


def plain(row: fleet.RepoRow) -> dict[str, Any]:
    """Return a row without what says when and how long."""
    told = row.to_json()
    return {k: v for k, v in told.items() if k not in {"seconds", "judged_at"}}


def test_the_rows_of_records_are_what_the_library_says_of_them(sample: bytes) -> None:
    """Each record of the repository is a row, in key order, with its JSON."""
    table = fleet.tabulate(sample).records.to_pylist()
    with repoview.open(sample) as repo:
        records = list(repo.records())
        assert len(table) == len(records) == len(repo)
        for row, record in zip(table, records, strict=True):
            assert f"{row['collection']}/{row['rkey']}" == record.path
            assert row["cid"] == str(record.cid)
            assert row["size"] == record.size
            assert json.loads(row["value"]) == record.json()
            assert (row["did"], row["rev"]) == (repo.commit.did, repo.commit.rev)


def test_the_row_of_a_file_is_its_report(sample: bytes) -> None:
    """With the hash of its bytes; compressed or not, the CAR is the same."""
    row = fleet.verify_one(sample, name="a.car")
    with repoview.open(sample) as repo:
        report = repo.report
    assert (row.source, row.verdict, row.exit_code) == ("a.car", "sound", 0)
    assert (row.records, row.blocks) == (report.counts.records, report.counts.blocks)
    assert row.codes == tuple(sorted({found.code for found in report.findings}))
    packed = fleet.verify_one(gzip.compress(sample, mtime=0), name="a.car")
    assert packed.sha256 != row.sha256
    assert packed.bytes == row.bytes == len(sample)
    assert (packed.rev, packed.records) == (row.rev, row.records)


def test_the_same_bytes_give_the_same_however_they_come(
    sample: bytes, tmp_path: Path
) -> None:
    """A path, a URL, an open file, pieces of bytes."""
    path = tmp_path / "a.car"
    path.write_bytes(sample)
    pieces = [sample[at : at + 1_000] for at in range(0, len(sample), 1_000)]
    targets = [sample, path, str(path), path.as_uri(), io.BytesIO(sample), pieces]
    found = [fleet.tabulate(target, name="a") for target in targets]
    assert len({repr(plain(table.row)) for table in found}) == 1
    assert all(table.records.equals(found[0].records) for table in found)


def test_functions_and_answers_can_be_pickled(sample: bytes) -> None:
    """As a cluster of any kind sends them."""
    function = pickle.loads(pickle.dumps(fleet.tabulate))
    table = pickle.loads(pickle.dumps(function(sample)))
    assert table.records.num_rows == table.row.rows == 400
    one = pickle.loads(pickle.dumps(fleet.verify_one))
    assert pickle.loads(pickle.dumps(one(sample))).records == 400


@pytest.mark.parametrize("family", FAULTS)
def test_a_broken_file_gives_its_verdict_and_the_records_that_are_there(
    family: str,
) -> None:
    """The verdict and codes of the library, and a row for each record that it has."""
    for case in FAULTS[family]:
        if case not in LIGHT_CASES:
            continue
        car = case.build().car
        data = car if isinstance(car, bytes) else car.data
        table = fleet.tabulate(data)
        with repoview.Repo.load(data) as repo:
            report = repo.report
        row = table.row
        assert (row.verdict, row.exit_code) == (report.verdict.value, report.exit_code)
        assert row.codes == tuple(sorted({f.code for f in report.findings})), case.id
        assert table.findings.num_rows == len(report.findings)
        assert row.rows + row.left_out == report.counts.records, case.id
        assert table.records.num_rows == row.rows


def test_a_file_that_cannot_be_read_has_a_row_that_says_why(tmp_path: Path) -> None:
    """No verdict, and no error raised."""
    for target in (tmp_path / "none.car", tmp_path, "nowhere://a/b.car"):
        row = fleet.verify_one(target)
        assert (row.verdict, row.exit_code, row.sha256) == (None, 1, None)
        assert str(target) in (row.error or "")
        assert fleet.tabulate(target).records.num_rows == 0


PANIC: Final = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
"""As pyo3 has it."""


def failing(error: BaseException) -> Iterator[bytes]:
    """Yield a few bytes, and then fail."""
    yield bytes(9)
    raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "a takes more memory than there is"),
        (PermissionError(13, "Permission denied"), "cannot read it: permission denied"),
        (PANIC("index"), "a: a fault of repoview itself (PanicException: index)"),
    ],
)
def test_whatever_goes_wrong_with_a_file_is_its_row(
    error: BaseException, said: str
) -> None:
    """A panic of the kernel and want of memory among it."""
    assert said in (fleet.verify_one(failing(error), name="a").error or "")
    assert said in (fleet.tabulate(failing(error), name="a").row.error or "")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), TypeError()])
def test_what_says_nothing_of_a_file_is_raised(error: BaseException) -> None:
    """Such as that somebody asks to end."""
    for function in (fleet.verify_one, fleet.tabulate):
        with pytest.raises(type(error)):
            function(failing(error))


def test_without_pyarrow_there_is_a_verdict_and_no_table(
    monkeypatch: pytest.MonkeyPatch, sample: bytes
) -> None:
    """And it is said how to install it."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert fleet.verify_one(sample).verdict == "sound"
    with pytest.raises(NoArrow, match="pip install"):
        fleet.tabulate(sample)


def test_a_large_file_is_read_in_place_and_hashed_as_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: bytes
) -> None:
    """Over the bound a path is not held in memory, and a URL goes to a file."""
    path = tmp_path / "a.car"
    path.write_bytes(sample)
    small = fleet.tabulate(path, name="a")
    monkeypatch.setattr(hashing, "_IN_MEMORY", 4_096)
    for target in (path, path.as_uri()):
        large = fleet.tabulate(target, name="a")
        assert plain(large.row) == plain(small.row)
        assert large.records.equals(small.records)


def test_a_file_that_is_written_to_meanwhile_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: bytes
) -> None:
    """Its hash would be that of other bytes."""
    path = tmp_path / "a.car"
    path.write_bytes(sample)
    monkeypatch.setattr(hashing, "_IN_MEMORY", 4_096)
    with pytest.raises(SourceError, match="changed"), hashing.hashed(path):
        path.write_bytes(sample + b"more")


def test_chosen_fields_are_columns_of_their_type() -> None:
    """Null where a record has none, or one of another type."""
    value = {"$type": "com.example.kind", "text": "é", "n": 5, "on": True}
    value |= {"reply": {"root": {"uri": "at://x"}}, "at": "2024-01-01T00:00:00.5+02:00"}
    odd = {"$type": "com.example.kind", "text": 7, "n": "five", "on": 1, "reply": []}
    data = make_repo({"com.example.kind/a": value, "com.example.kind/b": odd})
    columns = ["text", "n:integer", "on:flag", "uri=reply.root.uri", "at:time"]
    (first, second), *_ = [fleet.tabulate(data, columns=columns).records.to_pylist()]
    assert (first["text"], first["n"], first["on"]) == ("é", 5, True)
    assert first["uri"] == "at://x"
    assert first["at"].isoformat() == "2023-12-31T22:00:00.500000+00:00"
    assert {second[name] for name in ("text", "n", "on", "uri", "at")} == {None}


@pytest.mark.parametrize(
    "columns",
    [
        ["value"],
        ["a:number2"],
        [""],
        ["a."],
        ["a", "a"],
        ["a", "x=a.b"],
        ["createdAt.x"],
    ],
)
def test_columns_that_cannot_be_are_refused(columns: list[str]) -> None:
    """In one sentence, before anything is read."""
    with pytest.raises(ValueError, match=r"column|type|field"):
        fleet.tabulate(b"", columns=columns)


times = st.datetimes(timezones=st.timezones()).map(
    lambda time: time.isoformat(timespec="microseconds")
)
texts = st.one_of(times, st.text(max_size=30), st.integers(-9, 9), st.none())


@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=5))
def test_created_at_does_not_depend_on_the_records_beside_it(values: list[Any]) -> None:
    """Arrow reads what Python reads, and what is no time is null."""
    records = [
        {"$type": "com.example.kind", "createdAt": value, "n": number}
        for number, value in enumerate(values)
    ]
    together = make_repo({f"com.example.kind/{r['n']}": r for r in records})
    alone = [make_repo({"com.example.kind/a": record}) for record in records]
    found = fleet.tabulate(together).records["created_at"].to_pylist()
    singly = [fleet.tabulate(each).records["created_at"].to_pylist() for each in alone]
    assert found == [each for one in singly for each in one]


def test_a_key_that_is_no_utf_8_is_a_row_too() -> None:
    """As its path has it; so is one without a collection."""
    record = Cid.for_block(b"\xa0"), b"\xa0"
    data = bare_tree({b"k/\xff": record, b"k/a": record, b"alone": record})
    rows = fleet.tabulate(data, checks=BARE).records.to_pylist()
    found = [(row["collection"], row["rkey"]) for row in rows]
    assert found == [(None, "alone"), ("k", "a"), ("k", "\\xff")]


def test_what_is_in_too_many_collections_is_counted_as_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file cannot make more folders than honest ones would."""
    monkeypatch.setattr(tables, "MOST_COLLECTIONS", 2)
    found = fleet.tabulate(make_repo(many(9, collections=3)))
    assert (found.row.rows, found.row.left_out, found.row.records) == (6, 3, 9)


def test_the_row_has_did_rev_and_commit() -> None:
    """Of the commit, as it says them."""
    row = fleet.verify_one(make_repo(many(3)))
    assert (row.did, row.rev) == (DID, REV)
    assert row.commit is not None
    assert str(Cid.parse(row.commit)) == row.commit
