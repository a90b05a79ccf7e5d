"""Facts about what a data set says, asked with the library and with DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import repoview
from repoview import fleet
from repoview.core.errors import NotFound, SourceError
from tests.core.repos import make_repo, many
from tests.fleet.datasets import did_of, make_files


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of sound and broken files, some of which were read twice."""
    folder = tmp_path_factory.mktemp("it's") / "in"
    make_files(folder, 12)
    sound = make_repo(many(30), did=did_of(50))
    (folder / "cut.car").write_bytes(sound[:-40])
    (folder / "flipped.car").write_bytes(sound[:200] + b"\xff" + sound[201:])
    (folder / "text.car").write_bytes(b"hello")
    out = folder.parent / "out"
    sources = [folder, folder / "later.car"]
    fleet.write(sources, out, processes=1)
    (folder / "0003.car").write_bytes(make_repo(many(90), did=did_of(3)))
    (folder / "later.car").write_bytes(make_repo(many(5), did=did_of(60)))
    fleet.write(sources, out, processes=1)
    return out


def asked(out: Path, name: str) -> list[dict[str, Any]]:
    """Return the answer of DuckDB to one of the queries."""
    with duckdb.connect() as connection:
        found = connection.execute(fleet.queries(out)[name])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_newest_row_of_each_file_counts(out: Path) -> None:
    """One that changed, and one that could not be read at first."""
    summary = fleet.summary(out)
    rows = {Path(row.source).name: row for row in summary.rows()}
    assert len(summary) == len(rows) == 16
    assert (rows["0003.car"].records, rows["later.car"].verdict) == (90, "sound")


def test_a_part_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    """As a source that cannot be read, with the place of the data set."""
    make_files(tmp_path / "in", 1)
    fleet.write([tmp_path / "in"], tmp_path / "out", processes=1)
    (part,) = (tmp_path / "out" / "repos").iterdir()
    part.write_bytes(b"no parquet")
    with pytest.raises(SourceError, match=f"cannot read {tmp_path}/out: "):
        fleet.summary(tmp_path / "out")


def test_columns_of_a_later_version_are_left_out(tmp_path: Path) -> None:
    """And what is not there, or null, is as by default."""
    make_files(tmp_path / "in", 1)
    fleet.write([tmp_path / "in"], tmp_path / "out", processes=1)
    (part,) = (tmp_path / "out" / "repos").iterdir()
    table = pq.read_table(part).drop_columns(["blocks", "codes"])
    nothing = pa.nulls(1, pa.int64())
    place = table.schema.get_field_index("records")
    table = table.append_column("later", nothing)
    pq.write_table(table.set_column(place, "records", nothing), part)
    (row,) = fleet.summary(tmp_path / "out").rows()
    assert (row.blocks, row.codes, row.records, row.verdict) == (0, (), 0, "sound")


def test_a_column_of_another_type_is_told(tmp_path: Path) -> None:
    """As a source that cannot be read."""
    (tmp_path / "repos").mkdir()
    table = pa.table({"source": ["a.car"], "records": ["many"]})
    pq.write_table(table, tmp_path / "repos" / "part-0-00000.parquet")
    with pytest.raises(SourceError, match="cannot read"):
        fleet.summary(tmp_path)


def test_the_totals_are_those_of_the_files(out: Path) -> None:
    """Each counted by the library itself."""
    totals = fleet.summary(out).totals()
    reports = []
    for path in (out.parent / "in").glob("*.car"):
        with repoview.Repo.load(path) as repo:
            reports.append(repo.report)
    assert totals.files == len(reports)
    assert totals.records == sum(report.counts.records for report in reports)
    assert totals.bytes == sum(report.counts.bytes for report in reports)
    verdicts = [report.verdict.value for report in reports]
    assert totals.verdicts == {name: verdicts.count(name) for name in {*verdicts}}


def test_duckdb_answers_what_the_library_answers(out: Path) -> None:
    """Each query that is shown, row by row."""
    summary = fleet.summary(out)
    totals = summary.totals()
    (told,) = asked(out, "totals")
    assert told == {name: getattr(totals, name) for name in told}
    verdicts = {row["verdict"]: row["files"] for row in asked(out, "verdicts")}
    assert verdicts == totals.verdicts
    found = [fleet.FoundCode(**row) for row in asked(out, "findings")]
    assert sorted(found) == sorted(summary.findings())
    collections = [fleet.CollectionRows(**row) for row in asked(out, "collections")]
    assert collections == summary.collections()
    rows = asked(out, "repositories")
    assert [row["source"] for row in rows] == [row.source for row in summary.rows()]
    assert [row["codes"] for row in rows] == [list(row.codes) for row in summary.rows()]


def test_records_of_sound_repositories_can_be_asked_for(out: Path) -> None:
    """Proof over bulk: what is not proved is left out."""
    found = {(row["did"], row["cid"]) for row in asked(out, "sound records")}
    expected = set()
    for path in (out.parent / "in").glob("*.car"):
        with repoview.Repo.load(path) as repo:
            if repo.verdict.value == "sound":
                did = repo.commit.did
                expected |= {(did, str(record.cid)) for record in repo.records()}
    assert found == expected


def test_records_of_copies_are_there_once_a_copy(tmp_path: Path) -> None:
    """The query gives no more rows than `records/` has."""
    (path,) = make_files(tmp_path / "in", 1, records=3)
    path.with_name("copy.car").write_bytes(path.read_bytes())
    fleet.write([tmp_path / "in"], tmp_path / "out", processes=1)
    assert len(asked(tmp_path / "out", "sound records")) == 6


def test_collections_are_counted_in_rows_and_different_files(tmp_path: Path) -> None:
    """A copy of the same run has rows, one of a later run has none; all are one."""
    (path,) = make_files(tmp_path / "in", 1, records=3)
    path.with_name("copy.car").write_bytes(path.read_bytes())
    out = tmp_path / "out"
    fleet.write([tmp_path / "in"], out, processes=1)
    found = fleet.summary(out).collections()
    assert (sum(each.records for each in found), {each.files for each in found}) == (
        6,
        {1},
    )
    path.with_name("later.car").write_bytes(path.read_bytes())
    fleet.write([tmp_path / "in"], out, processes=1)
    assert len(fleet.summary(out)) == 3
    assert fleet.summary(out).collections() == found
    asked_rows = asked(out, "collections")
    assert found == [fleet.CollectionRows(**row) for row in asked_rows]


def test_findings_are_counted_in_each_copy_of_a_file(tmp_path: Path) -> None:
    """Whether copies were met in one run, or one of them in a later."""
    (path,) = make_files(tmp_path / "in", 1)
    path.write_bytes(path.read_bytes()[:-200])
    out = tmp_path / "out"
    single = fleet.write([path], tmp_path / "single", processes=1)
    assert single.done.files == 1
    of_one = fleet.summary(tmp_path / "single").findings()
    for name in ("one.car", "two.car"):
        path.with_name(name).write_bytes(path.read_bytes())
        fleet.write([tmp_path / "in"], out, processes=1)
    found = fleet.summary(out).findings()
    assert found == [
        each._replace(files=3, findings=3 * each.findings) for each in of_one
    ]
    assert sorted(found) == sorted(fleet.FoundCode(**r) for r in asked(out, "findings"))


def test_rows_are_sorted_and_filtered(out: Path) -> None:
    """By any column, from either end, some of them."""
    summary = fleet.summary(out)
    rows = summary.rows("records", reverse=True)
    assert [row.records for row in rows] == sorted(
        (r.records for r in rows), reverse=True
    )
    assert summary.rows("records", reverse=True, start=2, count=3) == rows[2:5]
    invalid = summary.rows(verdicts=["invalid", "incomplete"])
    assert {Path(row.source).name for row in invalid} == {"cut.car", "flipped.car"}
    (code,) = {c for row in invalid for c in row.codes if c.startswith("BLK001")} or {
        ""
    }
    assert all(code in row.codes for row in summary.rows(codes=[code]))
    assert [Path(r.source).name for r in summary.rows(find="LATER")] == ["later.car"]
    assert [r.did for r in summary.rows(find=did_of(4))] == [did_of(4)]
    assert summary.rows(find="no such") == []
    with pytest.raises(ValueError, match="color"):
        summary.rows("color")


def test_a_severity_of_another_version_comes_last(tmp_path: Path) -> None:
    """Whatever wrote the data set, it can be read."""
    path = tmp_path / "text.car"
    path.write_bytes(b"hello")
    out = tmp_path / "out"
    fleet.write([path], out, processes=1)
    (part,) = (out / "findings").iterdir()
    table = pq.read_table(part)
    for name, value in (("code", "AAA001"), ("severity", "dreadful")):
        place = table.schema.get_field_index(name)
        column = pa.repeat(value, table.num_rows)
        table = table.set_column(place, name, column)
    pq.write_table(table, part.with_name("part-later-00000.parquet"))
    *known, last = fleet.summary(out).findings()
    assert known
    assert (last.code, last.severity) == ("AAA001", "dreadful")


def test_there_is_no_summary_of_what_is_no_data_set(tmp_path: Path) -> None:
    """It says so."""
    with pytest.raises(NotFound, match="no data set"):
        fleet.summary(tmp_path)
