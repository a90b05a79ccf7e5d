"""Facts about `repoview rewrite`."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

import repoview
from repoview import Repo
from repoview.corpus import sample as small
from repoview.corpus.repo import with_stray
from repoview.export import DestinationTaken, NotWhole, RewriteDiffers
from tests.cli.conftest import RECORDS, saved
from tests.core.repos import car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from tests.cli.conftest import Program


_HELD = 512 << 10
"""Bytes of a file up to which it is in memory before it is judged."""


def backwards(data: bytes, *, twice: int = 0) -> bytes:
    """Return the blocks of a CAR in the opposite order, some of them twice."""
    head, parts = parts_of(data)
    return car_of(data, head, [*reversed(parts), *parts[:twice]])


def test_it_is_the_same_repository_in_the_order_of_the_walk(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """A word about it goes to standard error, and the file is sound."""
    path = saved(tmp_path / "b.car", backwards(sample_bytes, twice=2))
    out = tmp_path / "new.car"

    outcome = run("rewrite", path, "-o", out)

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith(f"repoview: wrote {out}: {RECORDS} records in ")
    assert outcome.err.endswith("; left out: 2 copies\n")
    assert out.read_bytes() == sample_bytes
    assert run("verify", out, "--json").json["order"] == "preorder"
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


def test_what_was_done_is_told_as_json(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """For programs."""
    path = saved(tmp_path / "b.car", backwards(sample_bytes, twice=2))
    out = tmp_path / "new.car"

    outcome = run("rewrite", path, "-o", out, "--json")

    report = run("verify", path, "--json").json
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.json == {
        "source": str(path),
        "destination": str(out),
        "commit": report["commit"]["cid"],
        "did": report["commit"]["did"],
        "rev": report["commit"]["rev"],
        "verdict": "sound",
        "order": {"before": report["order"], "after": "preorder"},
        "bytes": {"before": len(path.read_bytes()), "after": len(sample_bytes)},
        "blocks": report["counts"]["blocks"] - 2,
        "nodes": report["counts"]["nodes"],
        "records": RECORDS,
        "left_out": {"duplicate_blocks": 2, "unlinked_blocks": 0},
    }


@pytest.mark.parametrize("kind", ["gzip", "standard input", "standard output"])
def test_any_source_and_a_pipe_will_do(
    process: Callable[..., Popen[bytes]],
    sample_bytes: bytes,
    tmp_path: Path,
    kind: str,
) -> None:
    """Packed, or read once; and the bytes may go on to another program."""
    data = backwards(sample_bytes)
    path = saved(tmp_path / "a.car", gzip.compress(data) if kind == "gzip" else data)
    out = tmp_path / "new.car"
    destination = "-" if kind == "standard output" else out
    with path.open("rb") as file:
        source = "-" if kind == "standard input" else path
        with process("rewrite", source, "-o", destination, stdin=file) as program:
            printed, said = program.communicate()
    assert program.returncode == 0, said
    assert (printed or out.read_bytes()) == sample_bytes


def test_what_is_not_whole_is_refused_by_name(run: Program, tmp_path: Path) -> None:
    """Nothing is written, and the exit code is that of the verdict."""
    repo = small()
    car = repo.car()
    out = tmp_path / "new.car"
    cases = {
        10: car.without(repo.second.cid),
        11: car.with_data(repo.first.cid, b"\xa0"),
        12: car.without(repo.cid, repo.top.cid).cut(70),
    }
    for code, broken in cases.items():
        path = saved(tmp_path / f"{code}.car", broken.data)
        outcome = run("rewrite", path, "-o", out)
        assert (outcome.code, outcome.out) == (code, "")
        assert "nothing was written" in outcome.err
        named = {10: "missing: node bafy", 11: "damaged: node bafy", 12: ""}[code]
        assert named in outcome.err
        assert not out.exists()


def test_bad_records_stay_bad_and_a_bad_container_is_mended(
    run: Program, tmp_path: Path
) -> None:
    """The tree is what has to be sound."""
    out = tmp_path / "new.car"
    record = make_repo({"com.example.kind/a": {"$type": "com.example.other"}})
    assert run("rewrite", saved(tmp_path / "r.car", record), "-o", out).code == 0
    assert run("verify", out).code == 13
    car = small().car()
    file = saved(tmp_path / "c.car", car.with_roots(car.cids[-1]).plus(b"\0").data)
    assert run("verify", file).code == 14
    assert run("rewrite", file, "-o", out, "--force").code == 0
    assert out.read_bytes() == car.data


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "{source}"), "is the source itself"),
        (("-o", "{source}", "--force"), "is the source itself"),
        (("-o", "{other}"), "--force overwrites it"),
        (("-o", "{folder}"), "is a directory"),
        (("-o", "-", "--json"), "would both go to standard output"),
        ((), "missing option"),
    ],
)
def test_a_wrong_destination_is_refused_before_anything_is_read(
    run: Program, sample: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    """And nothing that is there is changed."""
    other = saved(tmp_path / "other.car", b"mine")
    before = sample.read_bytes()
    places = {"source": sample, "other": other, "folder": tmp_path}

    outcome = run("rewrite", sample, *(word.format(**places) for word in words))

    assert outcome.code in {1, 2}
    assert told in outcome.err
    assert sample.read_bytes() == before
    assert other.read_bytes() == b"mine"


def test_an_old_file_is_replaced_when_asked(
    run: Program, sample: Path, sample_bytes: bytes, tmp_path: Path
) -> None:
    """By --force, and quietly by -q."""
    out = saved(tmp_path / "old.car", b"old")
    outcome = run("rewrite", sample, "-o", out, "--force", "-q")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert out.read_bytes() == sample_bytes


def test_the_library_does_the_same(tmp_path: Path) -> None:
    """And its errors say what helps there."""
    path, out = tmp_path / "a.car", tmp_path / "new.car"
    path.write_bytes(with_stray().data)
    with Repo.load(path) as repo:
        written = repoview.export.rewrite(repo, out)
        assert out.read_bytes() == small().car().data
        assert written.bytes == len(out.read_bytes())
        with pytest.raises(DestinationTaken, match="overwrite=True"):
            repoview.export.rewrite(repo, out)
        with pytest.raises(repoview.export.DestinationError, match="source itself"):
            repoview.export.rewrite(repo, path, overwrite=True)
    with (
        Repo.load(small().car().cut(-3).data) as repo,
        pytest.raises(NotWhole, match="is not sound and complete"),
    ):
        repoview.export.rewrite(repo, tmp_path / "never.car")
    assert not (tmp_path / "never.car").exists()


def test_a_file_that_reads_otherwise_than_it_was_written_is_removed(
    tmp_path: Path,
) -> None:
    """As on a disk that loses bytes; a small file is in memory before it is judged."""
    whole = make_repo(many(6_000))
    assert len(whole) > _HELD
    path = saved(tmp_path / "a.car", backwards(whole))
    out = tmp_path / "new.car"

    def spoil(progress: object) -> None:
        # The first report of reading the new file comes when all is written.
        if getattr(progress, "stage", "") == "load":
            for part in tmp_path.glob(".new.car.*.part"):
                part.write_bytes(backwards(whole))

    with Repo.load(path) as repo, pytest.raises(RewriteDiffers, match="has order"):
        repoview.export.rewrite(repo, out, report=spoil)
    assert not out.exists()
    assert not list(tmp_path.glob("*part*"))
