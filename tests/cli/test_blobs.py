"""Facts about `repoview blobs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.cid import Cid
from tests.cli.conftest import RECORDS, on_terminal, saved
from tests.core.repos import make_repo

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.formats.dagcbor import strict as dagcbor
    from tests.cli.conftest import Program

IMAGES = [b"an image", b"another image", b"a third"]
CIDS = [Cid.for_block(data, 0x55) for data in IMAGES]
NOTE = "com.example.note"


def blob(number: int, **changes: Any) -> dict[str, Any]:
    """Return a reference to an image."""
    size = len(IMAGES[number])
    whole = {"$type": "blob", "ref": CIDS[number], "mimeType": "image/png"}
    return {**whole, "size": size, **changes}


def written(folder: Path, *images: list[dict[str, Any]]) -> Path:
    """Write a repository of notes with images."""
    records: dict[str, dagcbor.Value] = {
        f"{NOTE}/{n}": {"$type": NOTE, "images": list(each)}
        for n, each in enumerate(images)
    }
    return saved(folder / "repo.car", make_repo(records))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository of three images, one of the older form, one used twice."""
    old = {"cid": str(CIDS[2]), "mimeType": "image/gif"}
    return written(tmp_path, [blob(0), blob(1)], [blob(1)], [old])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that has the first image, a broken second, and something else."""
    folder = tmp_path / "blobs"
    folder.mkdir()
    (folder / "x.png").write_bytes(IMAGES[0])
    (folder / f"{CIDS[1]}.png").write_bytes(IMAGES[1][:-1])
    (folder / "notes.txt").write_bytes(b"remember")
    return folder


def by_cid(out: str, at: int = 0) -> dict[str, list[str]]:
    """Return the fields of each line, by the CID that it tells."""
    lines = [line.split("\t") for line in out.splitlines()]
    return {fields[at]: fields for fields in lines}


def test_a_line_tells_of_a_blob_and_its_records(run: Program, repo: Path) -> None:
    """CID, type, size, form, and every path."""
    outcome = run("blobs", repo)

    assert outcome.code == 0
    assert by_cid(outcome.out) == {
        str(cid): [str(cid), *rest]
        for cid, rest in zip(
            CIDS,
            (
                ["image/png", "8", "blob", f"{NOTE}/0"],
                ["image/png", "13", "blob", f"{NOTE}/0", f"{NOTE}/1"],
                ["image/gif", "-", "legacy", f"{NOTE}/2"],
            ),
            strict=True,
        )
    }
    assert outcome.err == (
        "repoview: 3 blobs, 21 B, in 4 references, 1 of the older form; "
        "the size of 1 blob is not told\n"
    )
    assert run("blobs", repo, "-q").err == ""


def test_the_json_tells_the_same(run: Program, repo: Path) -> None:
    """An array of objects."""
    objects = run("blobs", repo, "--json").json
    assert {each["cid"]: each for each in objects}[str(CIDS[1])] == {
        "cid": str(CIDS[1]),
        "type": "image/png",
        "size": 13,
        "form": "blob",
        "consistent": True,
        "records": [f"{NOTE}/0", f"{NOTE}/1"],
    }
    lines = by_cid(run("blobs", repo).out)
    assert [each["cid"] for each in objects] == list(lines)


def test_a_folder_is_held_against_it(run: Program, repo: Path, folder: Path) -> None:
    """What is there, what is damaged, what is missing, and what is none."""
    outcome = run("blobs", repo, "--check", folder)

    found = by_cid(outcome.out, 1)
    other = str(Cid.for_block(b"remember", 0x55))
    assert outcome.code == 11
    path = f"{NOTE}/0"
    assert found.pop(str(CIDS[0]))[2:] == ["image/png", "8", "x.png", path]
    damaged = found.pop(str(CIDS[1]))
    assert damaged[0] == "damaged"
    assert damaged[2:] == ["image/png", "12", f"{CIDS[1]}.png", path]
    missing = found.pop(str(CIDS[2]))
    assert missing == ["missing", str(CIDS[2]), "image/gif", "-", "-", f"{NOTE}/2"]
    assert found == {other: ["unused", other, "-", "8", "notes.txt", "-"]}
    assert outcome.err == (
        "repoview: 3 blobs: 1 there, 1 missing, 1 damaged; 1 file is of no record\n"
    )


def test_what_was_checked_is_json_too(run: Program, repo: Path, folder: Path) -> None:
    """With all files, and all records."""
    objects = run("blobs", repo, "--check", folder, "--json").json
    found = {each["cid"]: each for each in objects}
    assert found[str(CIDS[1])] == {
        "status": "damaged",
        "cid": str(CIDS[1]),
        "type": "image/png",
        "size": 13,
        "form": "blob",
        "consistent": True,
        "files": [],
        "damaged": [f"{CIDS[1]}.png"],
        "file_size": 12,
        "records": [f"{NOTE}/0", f"{NOTE}/1"],
    }
    assert len({tuple(each) for each in objects}) == 1


def test_quiet_shows_what_is_wanting(run: Program, repo: Path, folder: Path) -> None:
    """Nothing, when all is there."""
    out = run("blobs", repo, "--check", folder, "-q").out
    assert [line.split("\t")[0] for line in sorted(out.splitlines())] == [
        "damaged",
        "missing",
    ]
    for number, data in enumerate(IMAGES):
        (folder / str(number)).write_bytes(data)
    outcome = run("blobs", repo, "--check", folder, "-q")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_a_missing_blob_gives_ten(run: Program, repo: Path, tmp_path: Path) -> None:
    """As blocks do that the tree needs."""
    (tmp_path / "none").mkdir()
    assert run("blobs", repo, "--check", tmp_path / "none").code == 10


@pytest.mark.parametrize("code", [10, 11, 12])
def test_it_ends_as_the_tree_does(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """There may be more blobs than are known."""
    outcome = run("blobs", broken[code])
    assert outcome.code == code
    assert f"{broken[code]} is " in outcome.err


def test_the_gravest_counts(run: Program, repo: Path, folder: Path) -> None:
    """A tree that is cut off, and a blob that is damaged."""
    repo.write_bytes(repo.read_bytes()[:-3])
    assert run("blobs", repo, "--check", folder).code == 11


def test_faulty_references_are_told(run: Program, tmp_path: Path) -> None:
    """The first three, with their records."""
    path = written(tmp_path, *[[blob(0, ref="none")]] * 5)
    outcome = run("blobs", path)
    assert (outcome.code, outcome.out) == (0, "")
    assert "5 references are malformed: com.example.note/0: " in outcome.err
    assert "and 2 more" in outcome.err


def test_a_type_cannot_break_a_line_or_a_terminal(run: Program, tmp_path: Path) -> None:
    """Nor can the name of a file."""
    path = written(tmp_path, [blob(0, mimeType="a\tb\n\x1b[31m\u202e")])
    folder = tmp_path / "blobs"
    folder.mkdir()
    (folder / "x\x1b[31m\n").write_bytes(IMAGES[0])

    (line,) = run("blobs", path).out.splitlines()
    (other,) = run("blobs", path, "--check", folder).out.splitlines()
    assert line.split("\t")[1] == "a\\tb\\n\x1b[31m\u202e"
    assert other.split("\t")[4] == "x\x1b[31m\\n"
    for arguments in (("blobs", path), ("blobs", path, "--check", folder)):
        _, drawn = on_terminal(*arguments, "--no-color")
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn


def test_a_folder_that_is_none_is_wrong_usage(run: Program, repo: Path) -> None:
    """Nothing is read then."""
    assert run("blobs", repo, "--check", repo).code == 2
    assert run("blobs", repo, "--check", repo.with_name("gone")).code == 2


def test_the_sample_has_no_blob_that_is_wrong(run: Program, sample: Path) -> None:
    """However many it has."""
    outcome = run("blobs", sample)
    assert outcome.code == 0
    assert len(outcome.out.splitlines()) <= RECORDS
    assert "not as a blob" not in outcome.err
