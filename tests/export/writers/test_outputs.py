"""Facts about each format, found by programs of another hand."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from markdown_it import MarkdownIt

from repoview import export
from repoview.core.repo.repo import Repo
from repoview.export.style import PLAIN, Style
from repoview.export.writers.csv_table import LONGEST_NAME
from repoview.export.writers.names import key_of
from tests.core.repos import make_repo, many
from tests.export.writers.conftest import FORMULAS, POST, RECORDS

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.token import Token


# A folder, and the same as a zip file


def test_a_folder_has_a_file_for_each_record(
    repo: Repo, values: dict[str, Any], tmp_path: Path
) -> None:
    """Which holds the record, and is named for it; there is nothing else."""
    written = export.write(repo, f"{tmp_path}/out/")
    files = [path for path in (tmp_path / "out").rglob("*") if not path.is_dir()]
    read = {
        key_of(path.relative_to(tmp_path / "out").parts).decode(): json.loads(
            path.read_bytes()
        )
        for path in files
    }
    assert read == values
    assert written.records == len(files) == len(values)
    assert written.size == sum(path.stat().st_size for path in files)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_zip_file_has_the_files_of_the_folder(repo: Repo, tmp_path: Path) -> None:
    """To the byte, as `python -m zipfile` extracts them."""
    export.write(repo, f"{tmp_path}/out/")
    export.write(repo, tmp_path / "out.zip")
    command = [sys.executable, "-m", "zipfile", "-e", "out.zip", "again"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert held(tmp_path / "again") == held(tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert {info.external_attr for info in archive.infolist()} == {0o100644 << 16}


def held(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, by path."""
    files = (path for path in folder.rglob("*") if not path.is_dir())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_zip_file_of_very_many_files_is_one(tmp_path: Path) -> None:
    """Over 65,535 it takes the longer form of the directory."""
    records = {f"a.b.c/{number:05}": {"$type": "a.b.c"} for number in range(65_600)}
    with Repo.load(make_repo(dict(records))) as repo:
        export.write(repo, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert len(archive.namelist()) == 65_600
        assert archive.read("a.b.c/65599.json") == b'{"$type":"a.b.c"}\n'


# CSV


def rows_of(repo: Repo, style: Style = PLAIN) -> list[dict[str, str]]:
    """Return the rows that a reader of CSV finds."""
    out = io.BytesIO()
    export.write(repo, out, "csv", style=style)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_a_row_has_the_fields_of_a_record(repo: Repo) -> None:
    """Objects in it have columns of their own, arrays are JSON."""
    rows = {f"{row['collection']}/{row['rkey']}": row for row in rows_of(repo)}
    assert rows.keys() == {record.path for record in repo.records()}
    post = rows[f"{POST}/3jpv3sr5udc2f"]
    assert post["reply.parent.uri"] == "at://did:plc:x/a.b.c/d"
    assert post["langs"] == '["en","de"]'
    assert post["text"] == RECORDS[f"{POST}/3jpv3sr5udc2f"]["text"]  # type: ignore[index,call-overload]
    assert post["uri"].startswith("at://")
    odd = rows["com.example.odd/names"]
    assert (odd["a\\.b"], odd["a.b"], odd["\\uri"]) == ("1", "2", "its own")
    assert (odd["a.\\"], odd["\\"]) == ("null", "empty")
    assert odd["uri"].startswith("at://")
    assert odd["b.$bytes"] == ""


def test_no_cell_is_a_formula_unless_asked(repo: Repo) -> None:
    """Neither in the header."""
    cells = {row["f"] for row in rows_of(repo)} - {""}
    assert cells == {f"'{text}" for text in FORMULAS}
    raw = {row["f"] for row in rows_of(repo, Style(raw_csv=True))} - {""}
    assert raw == set(FORMULAS)
    records = {"a.b.c/x": {"$type": "a.b.c", "=1": "x", "n": -5}}
    with Repo.load(make_repo(records)) as small:
        (row,) = rows_of(small)
    assert row["'=1"] == "x"
    assert row["n"] == "-5"


def test_what_is_remembered_of_names_changes_no_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of fields without number, and of none at all."""
    records: dict[str, Any] = {
        f"a.b.c/{n}": {"": {f"x.{n % 7}": n}, "y" * n: {"z": {}, "\\": [n]}}
        for n in range(1, 250)
    }
    with Repo.load(make_repo(records)) as repo:
        before = rows_of(repo)
        monkeypatch.setattr("repoview.export.writers.csv_table._MOST_WAYS", 5)
        assert rows_of(repo) == before
    (row,) = (row for row in before if row["rkey"] == "8")
    assert (row["\\.x\\.1"], row["yyyyyyyy.z"]) == ("8", "{}")
    assert row["yyyyyyyy.\\\\"] == "[8]"


def test_columns_have_a_bound(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over it stands in one cell; nothing is lost."""
    monkeypatch.setattr("repoview.export.writers.csv_table.MOST_COLUMNS", 3)
    rows = rows_of(repo)
    assert [*rows[0]][-1] == "(other fields)"
    assert len(rows[0]) == 8
    (big,) = (row for row in rows if row["rkey"] == "big")
    assert json.loads(big["(other fields)"])["exact"] == 2**53 - 1


def test_names_of_columns_have_a_bound() -> None:
    """A longer one stands in the last cell with its value; nothing is lost."""
    most, way = "n" * LONGEST_NAME, {"a" * 150: {"b" * 150: 2, "c": 3}}
    record: Any = {"$type": "a.b.c", most: 1, most + "n": [4], **way}
    with Repo.load(make_repo({"a.b.c/1": record, "a.b.c/2": {}})) as repo:
        row, other = rows_of(repo)
    assert max(map(len, row)) == LONGEST_NAME
    assert (row[most], row["a" * 150 + ".c"]) == ("1", "3")
    left = {most + "n": [4], f"{'a' * 150}.{'b' * 150}": 2}
    assert json.loads(row["(other fields)"]) == left
    assert other["(other fields)"] == ""


def test_a_field_called_like_the_last_column_takes_no_other_ones_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has a name of its own."""
    monkeypatch.setattr("repoview.export.writers.csv_table.MOST_COLUMNS", 3)
    record: Any = {"(other fields)": 1, "$type": "a.b.c", "n" * 20: 2, "n" * 21: 3}
    with Repo.load(make_repo({"a.b.c/1": record})) as repo:
        (row,) = rows_of(repo)
    assert row["\\(other fields)"] == "1"
    assert row["n" * 20] == "2"
    assert json.loads(row["(other fields)"]) == {"n" * 21: 3}


# Markdown


def tokens_of(repo: Repo) -> list[Token]:
    """Return what a reader of Markdown finds, flat."""
    out = io.BytesIO()
    export.write(repo, out, "md")
    found: list[Token] = []
    for token in MarkdownIt("commonmark").parse(out.getvalue().decode()):
        found += [token, *(token.children or [])]
    return found


def test_a_heading_is_a_collection_or_a_record(repo: Repo) -> None:
    """Nothing that a record says is one."""
    tokens = tokens_of(repo)
    levels = [token.tag for token in tokens if token.type == "heading_open"]
    collections = len({record.collection for record in repo.records()})
    assert (levels.count("h1"), levels.count("h2")) == (collections, len(repo))
    assert len(levels) == collections + len(repo)


def test_no_text_of_a_record_is_html_an_image_or_a_link(repo: Repo) -> None:
    """But for links that a post says, to addresses of the web."""
    tokens = tokens_of(repo)
    assert not {"html_inline", "html_block", "image"} & {t.type for t in tokens}
    links = [t.attrs["href"] for t in tokens if t.type == "link_open"]
    assert links == ["https://example.org/a?b=c"]


def test_a_post_reads_as_it_was_written(repo: Repo) -> None:
    """Its text, word for word; what it answers; its pictures."""
    told = "".join(t.content for t in tokens_of(repo) if t.type == "text")
    assert "<b (javascript:alert(1))>world</b>!" in told
    assert "# no heading" in told
    assert "*z*" in told
    assert "answers at://did:plc:x/a.b.c/d" in told
    assert "picture: a tree" in told


# SQLite


def test_a_database_has_every_record_as_json(
    repo: Repo, values: dict[str, Any], tmp_path: Path
) -> None:
    """With its names; and it is sound."""
    export.write(repo, tmp_path / "x.sqlite")
    with sqlite3.connect(tmp_path / "x.sqlite") as base:
        rows = base.execute("SELECT path, uri, cid, json FROM records").fetchall()
        assert {path: json.loads(text) for path, _, _, text in rows} == values
        assert {(r.at_uri, str(r.cid)) for r in repo.records()} == {
            (uri, cid) for _, uri, cid, _ in rows
        }
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        facts = dict(base.execute("SELECT * FROM repo"))
    base.close()
    assert repo.commit is not None
    assert facts["did"] == repo.commit.did
    assert [path.name for path in tmp_path.iterdir()] == ["x.sqlite"]


def test_a_collection_is_a_view_with_its_fields(repo: Repo, tmp_path: Path) -> None:
    """Names that differ in case only have a number; others have no column.

    Text ends at NUL there; in `records` it does not.
    """
    export.write(repo, tmp_path / "x.sqlite")
    base = sqlite3.connect(tmp_path / "x.sqlite")
    base.row_factory = sqlite3.Row
    (post,) = base.execute(f'SELECT * FROM "{POST}"')  # noqa: S608 (a constant)
    assert post["rkey"] == "3jpv3sr5udc2f"
    assert json.loads(post["langs"]) == ["en", "de"]
    odd = base.execute("SELECT * FROM \"com.example.odd (2)\" WHERE rkey = 'names'")
    row = odd.fetchone()
    assert (row["Text"], row["text (2)"]) == ("one", "two")
    assert row["uri (2)"] == "its own"
    (other,) = base.execute('SELECT x FROM "com.example.Odd"')
    assert other["x"] == 1
    base.close()


def test_words_are_found(repo: Repo, tmp_path: Path) -> None:
    """With the text around them."""
    export.write(repo, tmp_path / "x.sqlite")
    base = sqlite3.connect(tmp_path / "x.sqlite")
    found = base.execute(
        "SELECT path, snippet(search, 0, '[', ']', '', 9) FROM search "
        "JOIN records ON number = search.rowid WHERE search MATCH 'world'"
    ).fetchall()
    base.close()
    assert [path for path, _ in found] == [f"{POST}/3jpv3sr5udc2f"]
    assert "[world]" in found[0][1]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 shell")
def test_the_shell_of_sqlite_reads_it(repo: Repo, tmp_path: Path) -> None:
    """As it does any database."""
    export.write(repo, tmp_path / "x.db")
    command = ["sqlite3", str(tmp_path / "x.db"), "SELECT count(*) FROM records"]
    told = subprocess.run(command, capture_output=True, check=True, text=True)
    assert told.stdout == f"{len(repo)}\n"


# Compressed


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "md", "car"])
def test_a_name_has_it_compressed(repo: Repo, form: str, tmp_path: Path) -> None:
    """What comes out of it again is what is written without."""
    plain = tmp_path / f"x.{form}"
    export.write(repo, plain)
    written = export.write(repo, tmp_path / f"x.{form}.gz")
    export.write(repo, tmp_path / f"x.{form}.ZST")
    packed = (tmp_path / f"x.{form}.gz").read_bytes()
    assert gzip.decompress(packed) == plain.read_bytes()
    assert written.size == len(packed)
    stream = io.BytesIO((tmp_path / f"x.{form}.ZST").read_bytes())
    read = zstandard.ZstdDecompressor().stream_reader(stream).read()
    assert read == plain.read_bytes()


# Integers


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_integers_beyond_doubles_are_text_if_asked(repo: Repo, form: Any) -> None:
    """Those that a double has stay numbers, and text stays as it is."""
    out = io.BytesIO()
    export.write(
        repo,
        out,
        form,
        style=Style(big_as_text=True),
        records=["com.example.odd/big"],
    )
    found = json.loads(out.getvalue())
    (line,) = found if form == "json" else [found]
    assert line["value"] == {
        "$type": "com.example.odd",
        "big": "9007199254740992",
        "less": "-9007199254740993",
        "exact": 2**53 - 1,
        "digits": "9007199254740993",
    }


def test_text_without_such_integers_is_not_changed() -> None:
    """To the byte."""
    text = '{"a":"\\u001b\\u2028é","n":1.5,"d":"12345678901234567890"}'
    assert Style(big_as_text=True).apply(text) == text


# All


def test_a_repository_without_records_goes_out_empty(tmp_path: Path) -> None:
    """In every format."""
    with Repo.load(make_repo({})) as repo:
        for name in ("x.csv", "x.md", "x.sqlite", "x.zip", "x/"):
            assert export.write(repo, f"{tmp_path}/{name}").records == 0
    assert [*(tmp_path / "x").iterdir()] == []
    assert zipfile.ZipFile(tmp_path / "x.zip").namelist() == []


def test_what_is_missing_is_counted_in_every_format(tmp_path: Path) -> None:
    """And left out."""
    with Repo.load(make_repo(many(9), leave_out=2)) as repo:
        for name in ("x.csv", "x.md", "x.sqlite", "x.zip", "x/"):
            written = export.write(repo, f"{tmp_path}/{name}")
            assert (written.records, written.missing) == (7, 2)
