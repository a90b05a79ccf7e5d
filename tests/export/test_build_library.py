"""Facts about `repoview.export.build`: what users of the library build."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import LimitExceeded, Repo, SourceError, export
from tests import strategies
from tests.core.repos import DID, REV, make_repo, many
from tests.export.test_build import values

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Some records as JSON lines."""
    path = tmp_path / "x.jsonl"
    with Repo.load(make_repo(many(30))) as repo:
        export.write(repo, path)
    return path


@strategies.examples(40, deadline=None)
@given(st.dictionaries(strategies.paths(), values(), max_size=20))
def test_records_in_memory_make_the_repository_they_came_from(
    records: dict[str, Any],
) -> None:
    """The same tree, in whatever order they come; nobody has signed it."""
    out = io.BytesIO()
    with Repo.load(make_repo(records)) as repo:
        pairs = [(record.path, record.value) for record in repo.records()]
        built = export.build(reversed(pairs), out, did=DID, rev=REV)
        assert repo.commit is not None
        assert (built.data, built.rev, built.did) == (repo.commit.data, REV, DID)
    assert (built.records, built.bytes) == (len(records), len(out.getvalue()))
    with Repo.load(out.getvalue()) as again:
        assert again.commit is not None
        assert (again.commit.cid, again.commit.sig) == (built.commit, None)
        assert [(r.path, r.value) for r in again.records()] == pairs


def test_a_path_gets_what_the_command_line_writes(lines: Path, tmp_path: Path) -> None:
    """To the byte; the account is that of the lines, the revision of this moment."""
    from repoview.cli import main  # noqa: PLC0415 (the library does without it)

    command = ["build", str(lines), "-o", str(tmp_path / "a.car"), "--rev", REV, "-q"]
    assert main(command) == 0
    built = export.build(lines, tmp_path / "b.car", rev=REV)
    assert built.did == DID
    assert (tmp_path / "a.car").read_bytes() == (tmp_path / "b.car").read_bytes()
    assert export.build(lines, tmp_path / "c.car").rev > REV


def test_nothing_is_overwritten_unasked(lines: Path, tmp_path: Path) -> None:
    """The hint is for the library."""
    path = tmp_path / "x.car"
    path.write_bytes(b"mine")
    with pytest.raises(export.DestinationTaken, match="overwrite=True replaces it"):
        export.build(lines, path)
    assert path.read_bytes() == b"mine"
    export.build(lines, path, overwrite=True)
    with pytest.raises(export.DestinationError, match="is the source itself"):
        export.build(lines, lines, overwrite=True)


def test_what_is_wrong_is_said_in_words_of_the_library(
    lines: Path, tmp_path: Path
) -> None:
    """An account, a value, a path; nothing is left behind."""
    path = tmp_path / "out" / "x.car"
    path.parent.mkdir()
    record = {"$type": "a.b.c"}
    with pytest.raises(
        ValueError, match="no account is named in the records: say did="
    ):
        export.build([("a.b.c/x", record)], path)
    with pytest.raises(ValueError, match="'alice' is no DID"):
        export.build(lines, path, did="alice")
    with pytest.raises(ValueError, match="'now' is no TID"):
        export.build(lines, path, rev="now")
    with pytest.raises(
        export.NotARecord, match="record x: no record can have the path"
    ):
        export.build([("x", record)], path, did=DID)
    with pytest.raises(export.NotARecord, match=r"there are two records a\.b\.c/x"):
        export.build([("a.b.c/x", record), ("a.b.c/x", record)], path, did=DID)
    with pytest.raises(SourceError, match="there is no file"):
        export.build(tmp_path / "none.jsonl", path)
    pairs = ((f"a.b.c/{n}", {**record, "n": n}) for n in range(2_000))
    with pytest.raises(LimitExceeded):
        export.build(pairs, path, did=DID, mem_limit=1 << 16)
    lines.write_text(lines.read_text().replace('"value":{', '"value":{"n":1,', 1))
    with pytest.raises(export.NotARecord, match="edited=True takes the value"):
        export.build(lines, path)
    assert not [*path.parent.iterdir()]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("a.b.c/\ud800", {}, r"no record can have the path 'a\.b\.c/\\ud800'"),
        ("a.b.c/x", {"a": {1}}, "record a.b.c/x: a set cannot be encoded"),
        ("a.b.c/x", {1: "a"}, "record a.b.c/x: a map key is a int, not text"),
        ("a.b.c/x", {"a": "\ud800"}, "record a.b.c/x: .* surrogates not allowed"),
        ("a.b.c/x", {"a": float("nan")}, "record a.b.c/x: the float nan cannot be"),
    ],
)
def test_a_pair_that_is_no_record_is_named(path: str, value: Any, said: str) -> None:
    """By its path, and why."""
    with pytest.raises(export.NotARecord, match=said):
        export.build([(path, value)], io.BytesIO(), did=DID)


def test_what_its_caller_raises_ends_it(lines: Path, tmp_path: Path) -> None:
    """And leaves nothing."""

    def report(progress: object) -> None:
        raise KeyError(progress)

    with pytest.raises(KeyError):
        export.build(lines, tmp_path / "x.car", report=report)
    assert not (tmp_path / "x.car").exists()
