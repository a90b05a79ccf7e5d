"""Facts about `repoview.export`: what users of the library write."""

from __future__ import annotations

import gzip
import io
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import repoview
from repoview import export
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


FORMATS = ("jsonl", "json", "car")


@pytest.fixture
def car(tmp_path: Path) -> Path:
    """A file with thirty records of three collections."""
    path = tmp_path / "repo.car"
    path.write_bytes(make_repo(many(30)))
    return path


@pytest.fixture
def repo(car: Path) -> Iterator[repoview.Repo]:
    """The same, open."""
    with repoview.open(car) as repo:
        yield repo


def paths_in(lines: bytes) -> list[str]:
    """Return the repo paths in JSON lines."""
    return [json.loads(line)["path"] for line in lines.splitlines()]


# Formats


@pytest.mark.parametrize("form", FORMATS)
def test_a_path_and_an_open_file_get_what_the_command_line_writes(
    repo: repoview.Repo, car: Path, form: Any, tmp_path: Path
) -> None:
    """To the byte."""
    from repoview.cli import main  # noqa: PLC0415 (the library does without it)

    by_command, by_path = tmp_path / f"command.{form}", tmp_path / f"path.{form}"
    assert main(["export", str(car), "-o", str(by_command), "-q"]) == 0
    written = export.write(repo, by_path)
    file = io.BytesIO()
    assert export.write(repo, file, form) == written
    assert by_path.read_bytes() == file.getvalue() == by_command.read_bytes()
    assert (written.records, written.size) == (30, by_path.stat().st_size)
    assert (written.missing, written.partly) == (0, 0)


def test_json_is_one_array_of_what_the_lines_hold(repo: repoview.Repo) -> None:
    """Which any reader of JSON takes."""
    lines, array = io.BytesIO(), io.BytesIO()
    export.write(repo, lines, "jsonl")
    export.write(repo, array, "json")
    told = json.loads(array.getvalue())
    assert told == [json.loads(line) for line in lines.getvalue().splitlines()]
    assert told[3]["value"] == repo.record(3).json()
    assert told[3]["uri"] == repo.record(3).at_uri


def test_no_records_are_an_empty_array() -> None:
    """Not an empty file, which is no JSON."""
    file = io.BytesIO()
    with repoview.open(make_repo({})) as repo:
        assert export.write(repo, file, "json").records == 0
    assert file.getvalue() == b"[]\n"


def test_a_car_of_some_records_is_a_slice_that_proves_them(
    repo: repoview.Repo, tmp_path: Path
) -> None:
    """Whatever the order in which they are named."""
    wanted = [repo.record(number) for number in (25, 3, 11)]
    written = export.write(repo, tmp_path / "part.car", records=wanted)
    assert written.records == 3
    checks = repoview.Checks(expect="slice")
    with repoview.Repo.load(tmp_path / "part.car", checks=checks) as part:
        assert part.verdict is repoview.Verdict.SOUND
        held = [r.path for r in part if r.state == "sound"]
    assert held == [repo.record(number).path for number in (3, 11, 25)]


@pytest.mark.parametrize(
    ("destination", "form", "said"),
    [
        (
            "x.txt",
            None,
            "the suffix of 'x.txt' names no format: say format='jsonl', 'json', ",
        ),
        ("x.car", "xml", "'xml' is no format: say 'jsonl', 'json', 'csv', "),
        (io.BytesIO(), None, "a file does not tell its format: say format='jsonl', "),
    ],
)
def test_a_format_that_cannot_be_told_is_asked_for(
    repo: repoview.Repo, destination: Any, form: Any, said: str
) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError, match=said):
        export.write(repo, destination, form)


# Which records


def test_json_has_records_in_the_order_given_each_once(repo: repoview.Repo) -> None:
    """Records, their paths as text or bytes, and what a search found."""
    last, first = repo.record(29), repo.record(0)
    file = io.BytesIO()
    export.write(repo, file, "jsonl", records=[last, first.path, last.key])
    assert paths_in(file.getvalue()) == [last.path, first.path]
    by_size = repo.records_at(repo.ordered(repo.numbers(), "size", reverse=True))
    file = io.BytesIO()
    export.write(repo, file, "jsonl", records=by_size)
    assert paths_in(file.getvalue()) == [record.path for record in by_size]


def test_some_records_are_those_of_a_list_or_of_a_generator(
    repo: repoview.Repo,
) -> None:
    """A collection, or whatever a program decides."""
    file = io.BytesIO()
    export.write(repo, file, "jsonl", records=repo.records("com.example.kind1"))
    assert paths_in(file.getvalue()) == [
        record.path for record in repo.records("com.example.kind1")
    ]
    file = io.BytesIO()
    even = (record for record in repo if record.number % 2 == 0)
    assert export.write(repo, file, "json", records=even).records == 15


def test_records_of_another_repository_are_refused(repo: repoview.Repo) -> None:
    """Also under a path that this one has; but not what is the same."""
    changed: dict[str, Any] = {
        **many(30),
        "com.example.kind1/000001": {"$type": "com.example.kind1"},
    }
    with repoview.open(make_repo(changed)) as other:
        mine = other.get("com.example.kind0/000000")
        theirs = other.get("com.example.kind1/000001")
        assert mine is not None
        assert theirs is not None
        sent = pickle.loads(pickle.dumps(mine))  # noqa: S301 (our own)
        assert export.write(repo, io.BytesIO(), "json", records=[sent]).records == 1
        with pytest.raises(repoview.NotFound, match="is a record of another reposit"):
            export.write(repo, io.BytesIO(), "json", records=[theirs])
    with pytest.raises(repoview.NotFound, match="there is no record 'a/b'"):
        export.write(repo, io.BytesIO(), "json", records=["a/b"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"records": "com.example.kind1"}, "not a single str: records() gives those"),
        ({"records": [1, 2]}, "a repo path is text, or bytes as in the tree, not int"),
        ({"destination": io.StringIO()}, "open for text: open it in mode 'wb'"),
        ({"destination": 5}, "a path or a file open for writing is wanted, not int"),
        ({"repo": "repo.car"}, "a Repo is wanted first, not str"),
    ],
)
def test_what_is_wanted_is_said(
    repo: repoview.Repo, arguments: dict[str, Any], said: str
) -> None:
    """In place of some error from inside."""
    usual: dict[str, Any] = {
        "repo": repo,
        "destination": io.BytesIO(),
        "format": "json",
    }
    with pytest.raises(TypeError) as refused:
        export.write(**usual | arguments)
    assert said in str(refused.value)


# Where to


def test_a_file_that_is_there_is_kept_unless_told(
    repo: repoview.Repo, tmp_path: Path
) -> None:
    """And the error says how to tell."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"mine")
    with pytest.raises(export.DestinationTaken, match="overwrite=True replaces it"):
        export.write(repo, path)
    assert path.read_bytes() == b"mine"
    export.write(repo, str(path), overwrite=True)
    assert len(paths_in(path.read_bytes())) == 30


def test_the_source_is_never_written_over(repo: repoview.Repo, car: Path) -> None:
    """Whatever is said; and no advice is for a command line."""
    before = car.read_bytes()
    with pytest.raises(export.DestinationError, match="is the source itself"):
        export.write(repo, car, overwrite=True)
    assert car.read_bytes() == before
    with pytest.raises(export.DestinationError) as refused:
        export.write(repo, "/dev/null", "json")
    assert str(refused.value) == "/dev/null is not a regular file"


def test_what_ends_the_writing_leaves_nothing(
    repo: repoview.Repo, tmp_path: Path
) -> None:
    """No part of a file, under any name."""

    def stop(_: repoview.Progress) -> None:
        raise repoview.Cancelled("enough")

    before = set(tmp_path.iterdir())
    with pytest.raises(repoview.Cancelled, match="enough"):
        export.write(repo, tmp_path / "x.json", report=stop)
    assert set(tmp_path.iterdir()) == before


def test_an_open_file_is_written_from_where_it_stands_and_stays_open(
    repo: repoview.Repo, tmp_path: Path
) -> None:
    """Packed, with a buffer or without."""
    with gzip.open(tmp_path / "x.gz", "wb") as packed:
        size = export.write(repo, packed, "jsonl").size
    plain = gzip.decompress((tmp_path / "x.gz").read_bytes())
    assert len(plain) == size
    with (tmp_path / "raw").open("wb", buffering=0) as raw:
        raw.write(b"#")
        export.write(repo, raw, "jsonl")
        raw.write(b"#")
    assert (tmp_path / "raw").read_bytes() == b"#" + plain + b"#"


def test_a_file_that_takes_a_few_bytes_at_a_time_gets_all(
    repo: repoview.Repo,
) -> None:
    """As a pipe or a socket without a buffer does."""

    class Slow(io.RawIOBase):
        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: Any, /) -> int:
            self.taken += bytes(data[:1_000])
            return min(len(data), 1_000)

    slow, whole = Slow(), io.BytesIO()
    export.write(repo, slow, "json")
    export.write(repo, whole, "json")
    assert bytes(slow.taken) == whole.getvalue()
    assert not slow.closed


# What is lost


def test_what_is_missing_is_counted_and_named(tmp_path: Path) -> None:
    """The rest is written."""
    with repoview.open(make_repo(many(9), leave_out=2)) as repo:
        written = export.write(repo, tmp_path / "x.json")
        lost = [record.path for record in repo if record.state == "missing"]
    assert (written.records, written.missing) == (7, 2)
    assert written.missing_names == lost
    assert len(json.loads((tmp_path / "x.json").read_bytes())) == 7
