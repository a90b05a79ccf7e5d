"""Facts about `repoview prove`, and what `verify` says of what it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.cli.options.key_ranges import typed_range
from repoview.core.proof import parts
from repoview.core.proof.ranges import prove_range, range_records
from repoview.export.proved.proving import ProofDiffers
from tests.cli.conftest import saved
from tests.core.repos import car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from repoview import Cid
    from tests.cli.conftest import Program

WHOLE = make_repo(many(90))
THERE = "com.example.kind0/000030"
NOT_THERE = "com.example.kind0/000030x"
SOME = "com.example.kind1/000010..com.example.kind1/000040"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A repository of 90 records in three collections."""
    return saved(tmp_path / "whole.car", WHOLE)


def without(gone: Cid) -> bytes:
    """Return the repository without a block."""
    head, parts = parts_of(WHOLE)
    return car_of(WHOLE, head, [part for part in parts if part.cid != gone])


def way_to(path: str) -> list[Cid]:
    """Return the blocks that prove something of a path, the commit first."""
    with Repo.load(WHOLE) as repo:
        return [step.cid for step in repo.prove(path).steps]


def test_paths_are_proved_present_and_absent(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """In one file, which verify takes for proved; what it proves is said."""
    out = tmp_path / "proof.car"
    outcome = run("prove", whole, THERE, NOT_THERE, "-o", out)
    assert (outcome.code, outcome.out) == (0, "")
    assert f"wrote {out}: " in outcome.err
    assert f"it proves {THERE} present" in outcome.err
    assert f"it proves {NOT_THERE} absent" in outcome.err
    asked = run("verify", out, "--path", THERE, "--absent", NOT_THERE, "-q")
    assert (asked.code, asked.out) == (0, "proved\nproved\n")
    assert out.stat().st_size < len(WHOLE) / 4


def test_a_range_and_a_collection_are_proved_whole(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """With all keys in them, and those beside them."""
    out = tmp_path / "proof.car"
    given = ["--range", SOME, "--collection", "com.example.kind2"]
    assert run("prove", whole, *given, "-o", out).code == 0
    asked = run(
        "verify", out, "--range", SOME, "--range", "com.example.kind2/*", "--json"
    )
    assert asked.code == 0
    some, collection = asked.json["ranges"]
    with Repo.load(WHOLE) as repo:
        keys = [each.path for each in repo]
        cids = {each.path: str(each.cid) for each in repo}
    first, _, last = SOME.partition("..")
    inside = [path for path in keys if first <= path <= last]
    assert [each["path"] for each in some["records"]] == inside
    assert all(each["cid"] == cids[each["path"]] for each in some["records"])
    assert (some["before"], some["after"]) == (
        keys[keys.index(inside[0]) - 1],
        keys[keys.index(inside[-1]) + 1],
    )
    assert len(collection["records"]) == len([k for k in keys if "kind2" in k])
    assert (collection["answer"], collection["after"]) == ("proved", None)
    told = run("verify", out, "--range", SOME)
    assert told.out.startswith(f"PROVED: {len(inside)} keys in ")
    assert all(f"{path}\t{cids[path]}\n" in told.out for path in inside)


def test_a_range_without_keys_is_said_to_have_none(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """As after a slip of the keyboard; an empty range is none."""
    out = tmp_path / "proof.car"
    told = run("prove", whole, "--collection", "com.example.other", "-o", out)
    assert told.code == 0
    assert "it proves that there is no key in com.example.other/*" in told.err
    refused = run("verify", out, "--range", "")
    assert refused.code == 2
    assert "nothing is no range" in refused.err


def test_a_range_that_the_file_does_not_prove_is_unknown(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """The exit code is 10, and what is known of its keys is told all the same."""
    out = tmp_path / "proof.car"
    run("prove", whole, "--range", SOME, "-o", out)
    asked = run("verify", out, "--range", "com.example.kind1/*")
    assert asked.code == 10
    assert asked.out.startswith("UNKNOWN: what keys are in com.example.kind1/* cannot")
    assert "com.example.kind1/000010\t" in asked.out
    assert run("verify", out, "--range", "com.example.kind1/*", "-q").out == "unknown\n"
    lines = run("verify", out, "--range", SOME, "--path", THERE, "--format", "jsonl")
    assert lines.out.count("\n") == 2
    assert lines.code == 10


def test_a_record_that_is_missing_leaves_its_range_unknown(
    run: Program, tmp_path: Path
) -> None:
    """Its key is proved, and marked."""
    gone = way_to("com.example.kind1/000019")[-1]
    part = saved(tmp_path / "part.car", without(gone))
    asked = run("verify", part, "--range", SOME)
    assert asked.code == 10
    assert f"com.example.kind1/000019\t{gone}\tmissing\n" in asked.out
    (told,) = run("verify", part, "--range", SOME, "--json").json["ranges"]
    assert (told["answer"], told["missing"], told["lacking"]) == (
        "unknown",
        str(gone),
        1,
    )


def test_what_cannot_be_proved_is_not_written(run: Program, tmp_path: Path) -> None:
    """The block that is missing is named; without a commit there is no repository."""
    for number, gone in enumerate(way_to(THERE)):
        part = saved(tmp_path / "part.car", without(gone))
        for given in ([THERE], ["--collection", "com.example.kind0"]):
            out = tmp_path / "proof.car"
            outcome = run("prove", part, *given, "-o", out)
            assert outcome.code == (10 if number else 12)
            assert (str(gone) if number else "holds no commit") in outcome.err
            assert not out.exists()
    page = saved(tmp_path / "page.car", b"<!doctype html><html></html>")
    assert run("prove", page, THERE, "-o", tmp_path / "proof.car").code == 12


def test_a_proof_can_be_made_of_a_proof(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """What it lacks otherwise is no fault."""
    first, second = tmp_path / "first.car", tmp_path / "second.car"
    run("prove", whole, "--collection", "com.example.kind1", "-o", first)
    outcome = run("prove", first, "com.example.kind1/000010", "-o", second)
    assert outcome.code == 0
    assert run("verify", second, "--path", "com.example.kind1/000010", "-q").code == 0


def test_it_is_told_as_json(run: Program, whole: Path, tmp_path: Path) -> None:
    """For programs, with nothing on standard error."""
    out = tmp_path / "proof.car"
    given = [THERE, "--range", SOME, "--neighbors", "-o", out, "--json"]
    outcome = run("prove", whole, *given)
    assert (outcome.code, outcome.err) == (0, "")
    told = outcome.json
    assert told["bytes"] == out.stat().st_size
    assert [each["answer"] for each in told["paths"]] == ["proved"]
    assert told["ranges"][0]["range"] == SOME
    with Repo.load(out) as repo:
        assert str(repo.commit and repo.commit.cid) == told["root"]
        assert repo.report.counts.blocks == told["blocks"]


def test_nothing_is_overwritten_unasked_and_never_the_source(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """Nor is anything left where the file would not prove the same."""
    taken = saved(tmp_path / "taken.car", b"mine")
    assert run("prove", whole, THERE, "-o", taken).code == 1
    assert taken.read_bytes() == b"mine"
    assert run("prove", whole, THERE, "-o", taken, "--force").code == 0
    outcome = run("prove", whole, THERE, "-o", whole, "--force")
    assert outcome.code == 1
    assert "is the source itself" in outcome.err
    assert whole.read_bytes() == WHOLE


def test_a_disk_that_keeps_something_else_is_found_out(
    run: Program, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is left."""
    section = parts.encode_section
    monkeypatch.setattr(
        parts, "encode_section", lambda cid, data: section(cid, data[:-1] + b"x")
    )
    out = tmp_path / "proof.car"
    outcome = run("prove", whole, THERE, "-o", out)
    assert outcome.code == ProofDiffers.exit_code == 1
    assert "what was written does not prove" in outcome.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["whole.car"]


def test_standard_output_takes_the_bytes(
    run: Program,
    process: Callable[..., subprocess.Popen[bytes]],
    whole: Path,
    tmp_path: Path,
) -> None:
    """As for a pipe into verify."""
    out = tmp_path / "proof.car"
    assert run("prove", whole, THERE, "-o", out).code == 0
    data, _ = process("prove", whole, THERE, "-o", "-").communicate()
    assert data == out.read_bytes()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "name a PATH, a --range or a --collection"),
        (["nothing"], "nothing is no path of a record"),
        (["a.b.c"], "a.b.c is a collection: --collection a.b.c proves all"),
        (["--range", "a..b"], "a..b is no range"),
        (["--range", "a/b..c/d..e/f"], "may be read in two ways"),
        (["--range", "a.b.c/2..a.b.c/1"], "ends before it begins"),
        (["--range", ".."], ".. is no range"),
    ],
)
def test_what_is_no_path_and_no_range_is_refused(
    run: Program, whole: Path, tmp_path: Path, given: list[str], told: str
) -> None:
    """Before anything is read."""
    outcome = run("prove", whole, *given, "-o", tmp_path / "proof.car")
    assert outcome.code == 2
    assert told in outcome.err
    assert outcome.out == ""


def test_a_range_may_be_open_at_either_end(
    run: Program, whole: Path, tmp_path: Path
) -> None:
    """From the first key on, or up to the last."""
    for text in ("..com.example.kind0/000030", "com.example.kind2/000080.."):
        out = tmp_path / "proof.car"
        assert run("prove", whole, "--range", text, "-o", out, "--force").code == 0
        assert run("verify", out, "--range", text, "-q").out == "proved\n"


def test_what_proves_nothing_is_named(run: Program, tmp_path: Path) -> None:
    """With what it is; and a part of a repository with what it lacks."""
    junk = saved(tmp_path / "junk.txt", b"hello")
    out = tmp_path / "proof.car"
    outcome = run("prove", junk, THERE, "-o", out)
    assert outcome.code == 12
    assert outcome.err == (
        f"repoview: nothing can be proved: {junk} is unreadable: this is no CAR, but "
        "plain text: it holds no repository\n"
    )
    part = saved(tmp_path / "part.car", without(way_to(THERE)[-1]))
    outcome = run("prove", part, THERE, "-o", out)
    assert outcome.code == 10
    assert outcome.err.startswith(f"repoview: {part}: nothing is proved of '{THERE}': ")
    outcome = run("prove", part, "--collection", "com.example.kind0", "-o", out)
    said = "nothing is proved of com.example.kind0/*: the keys are proved, but 1 record"
    assert outcome.err.startswith(f"repoview: {part}: {said}")
    assert not out.exists()


@pytest.mark.parametrize("text", [SOME, "com.example.kind2/*", "com.example.kind9/*"])
def test_what_is_listed_by_number_is_what_a_walk_meets(
    run: Program, whole: Path, text: str
) -> None:
    """Of a sound repository, where no node need be read again for it."""
    keys = typed_range(text).keys
    with Repo.load(WHOLE) as repo:
        walked = [
            {"path": linked.path, "cid": str(linked.cid), "missing": not is_there}
            for linked, is_there in range_records(repo, keys)
        ]
        numbers = prove_range(repo, keys).numbers
    assert numbers is not None
    assert len(numbers) == len(walked)
    (told,) = run("verify", whole, "--range", text, "--json").json["ranges"]
    assert told["records"] == walked
    lines = run("verify", whole, "--range", text).out.splitlines()
    listed = [line.split("\t") for line in lines if "\t" in line]
    assert listed == [[each["path"], each["cid"]] for each in walked]


def test_where_a_block_is_lost_a_walk_tells_which_keys_there_are() -> None:
    """A node or a record of the range: then no number is relied on."""
    keys = typed_range("com.example.kind0/*").keys
    for gone in way_to(THERE)[1:]:
        with Repo.load(without(gone)) as repo:
            assert prove_range(repo, keys).numbers is None
