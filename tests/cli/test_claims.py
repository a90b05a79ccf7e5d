"""Facts about `verify --path` and `--absent`: answers about single records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.core.formats.car import write_car
from repoview.core.formats.mst_build import build_tree
from repoview.corpus.cases import signatures
from repoview.corpus.signing import ALICE, BOB
from tests.cli.conftest import saved
from tests.core.repos import DID, car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from repoview import Cid
    from tests.cli.conftest import Program

WHOLE = make_repo(many(60))
THERE = "com.example.kind0/000030"
NOT_THERE = "com.example.kind0/000030x"


def way_to(path: str) -> list[Cid]:
    """Return the blocks that prove something of a path, the commit first."""
    with Repo.load(WHOLE) as repo:
        return [step.cid for step in repo.prove(path).steps]


def without(gone: Collection[Cid]) -> bytes:
    """Return the repository without some of its blocks."""
    head, parts = parts_of(WHOLE)
    return car_of(WHOLE, head, [part for part in parts if part.cid not in gone])


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """The blocks that prove that the one path is there."""
    head, parts = parts_of(WHOLE)
    way = way_to(THERE)
    kept = [part for part in parts if part.cid in way]
    return saved(tmp_path / "proof.car", car_of(WHOLE, head, kept))


@pytest.mark.parametrize(
    ("asked", "path", "answer", "code"),
    [
        ("--path", THERE, "proved", 0),
        ("--absent", THERE, "disproved", 11),
        ("--absent", NOT_THERE, "proved", 0),
        ("--path", NOT_THERE, "disproved", 11),
    ],
)
def test_an_answer_is_proved_or_disproved(
    run: Program, tmp_path: Path, asked: str, path: str, answer: str, code: int
) -> None:
    """And the exit code is that of the answer."""
    whole = saved(tmp_path / "whole.car", WHOLE)
    outcome = run("verify", whole, asked, path)
    assert outcome.code == code
    assert outcome.out.startswith(f"{answer.upper()}: {path} is ")
    assert "Signature not checked: only a key tells who signed this" in outcome.out
    assert "Checks" not in outcome.out
    told = run("verify", whole, asked, path, "--json").json
    assert told["exit_code"] == code
    (only,) = told["paths"]
    assert (only["path"], only["answer"]) == (path, answer)
    assert only["asked"] == ("present" if asked == "--path" else "absent")
    quiet = run("verify", whole, asked, path, "-q")
    assert (quiet.code, quiet.out) == (code, f"{answer}\n")


def test_a_proof_answers_without_the_rest_of_the_repository(
    run: Program, proof: Path
) -> None:
    """Which is missing, and no fault here; the page says what to ask."""
    page = run("verify", proof)
    assert page.code == 10
    assert f"Ask what it proves with --path {THERE}." in page.out
    outcome = run("verify", proof, "--path", THERE, "-v")
    assert outcome.code == 0
    assert f"It looks like a proof of {THERE}" in " ".join(outcome.out.split())
    assert outcome.out.count("hash ✓") == len(way_to(THERE))


def test_what_a_missing_block_would_say_is_unknown(
    run: Program, tmp_path: Path
) -> None:
    """Whatever was asked; the block is named."""
    for gone in way_to(THERE)[1:]:
        path = saved(tmp_path / "part.car", without([gone]))
        for asked in ("--path", "--absent"):
            told = run("verify", path, asked, THERE, "--json").json
            assert told["exit_code"] == 10
            (only,) = told["paths"]
            assert (only["answer"], only["missing"]) == ("unknown", str(gone))


def test_a_commit_that_does_not_hash_proves_nothing(
    run: Program, tmp_path: Path
) -> None:
    """Whichever of its bytes is another, though the tree below it is found."""
    commit = parts_of(WHOLE)[1][0]
    for place in range(commit.data_offset, commit.end, 9):
        data = WHOLE[:place] + bytes((WHOLE[place] ^ 1,)) + WHOLE[place + 1 :]
        path = saved(tmp_path / "part.car", data)
        given = ["--path", THERE, "--absent", NOT_THERE, "--json"]
        told = run("verify", path, *given).json
        assert told["exit_code"] == 10
        for each in told["paths"]:
            assert (each["answer"], each["missing"]) == ("unknown", str(commit.cid))


def test_the_gravest_of_several_answers_counts(run: Program, tmp_path: Path) -> None:
    """All of them are given, those that should be there first."""
    other = "com.example.kind1/000031"
    path = saved(tmp_path / "part.car", without(way_to(other)[-1:]))
    given = ["--path", THERE, "--absent", NOT_THERE, "--path", other]
    outcome = run("verify", path, *given, "--format", "jsonl")
    assert outcome.code == 10
    assert outcome.out.count("\n") == 3
    assert run("verify", path, *given, "-q").out.split() == [
        "proved",
        "unknown",
        "proved",
    ]
    assert run("verify", path, *given, "--absent", THERE).code == 11


def test_a_signature_that_was_asked_for_and_is_wrong_makes_all_wrong(
    run: Program, tmp_path: Path
) -> None:
    """Proved is only that the records are those of the commit."""
    signed = saved(tmp_path / "signed.car", signatures.signed_on_k256().data)
    with Repo.load(signed) as repo:
        path = repo.record(0).path
    right = run("verify", signed, "--path", path, "--key", ALICE.did_key)
    assert right.code == 0
    assert "Signature verified." in right.out
    wrong = run("verify", signed, "--path", path, "--key", BOB.did_key)
    assert wrong.code == 11
    assert wrong.out.startswith("PROVED: ")
    assert "Signature wrong." in wrong.out
    assert "SIG002" in wrong.out
    other = run("verify", signed, "--path", path, "--did", "did:web:example.com")
    assert other.code == 11


def test_what_is_wrong_elsewhere_changes_no_answer(
    run: Program, tmp_path: Path
) -> None:
    """A damaged record is no fault of another."""
    data = bytearray(WHOLE)
    data[-1] ^= 1
    path = saved(tmp_path / "damaged.car", bytes(data))
    assert run("verify", path).code == 11
    assert run("verify", path, "--path", THERE).code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing is no path of a record"),
        ("com.example.kind0", "one has a collection and a record key"),
        ("com.example.kind0/", "one has a collection and a record key"),
        ("com.example.kind0/a/b", "joined by one slash"),
        ("com.example.kind0/..", "the record key is '..'"),
        ("com/1", "is not an NSID"),
        ("com.example.kind0/a b", "the record key holds ' '"),
        ("com.example.kind0/\x1b", "the record key holds"),
        (f"at://{DID}/com.example.kind0", "one has a collection and a record key"),
    ],
)
def test_a_path_that_no_record_can_have_is_refused(
    run: Program, tmp_path: Path, text: str, says: str
) -> None:
    """Before anything is read, and in words."""
    for asked in ("--path", "--absent"):
        outcome = run("verify", tmp_path / "none.car", asked, text)
        assert outcome.code == 2
        assert asked in outcome.err
        assert says in outcome.err
        assert "\x1b" not in outcome.err


def test_an_at_uri_is_a_path_of_its_account(run: Program, tmp_path: Path) -> None:
    """That of another account is about another repository."""
    whole = saved(tmp_path / "whole.car", WHOLE)
    uri = f"at://{DID}/{THERE}?a#b"
    told = run("verify", whole, "--path", uri, "--json").json
    assert told["paths"][0]["path"] == THERE
    outcome = run("verify", whole, "--path", f"at://did:web:example.com/{THERE}")
    assert outcome.code == 1
    assert "is of did:web:example.com" in outcome.err


def test_a_tree_without_a_commit_answers_when_it_may(
    run: Program, tmp_path: Path
) -> None:
    """Its paths need be no repo paths; nobody signed them."""
    blocks: list[tuple[Cid, bytes]] = []
    last = parts_of(WHOLE)[1][-1]
    record = last.cid, WHOLE[last.data_offset : last.end]
    top = build_tree([(b"k/00", last.cid)], lambda *block: blocks.append(block))
    out = bytearray()
    write_car(out.extend, [top], [*blocks, record])
    path = saved(tmp_path / "tree.car", bytes(out))
    given = ["--profile", "mst-only", "--path", "k/00", "--absent", "k/01"]
    outcome = run("verify", path, *given)
    assert outcome.code == 0
    assert "There is no commit, so nobody signed this." in outcome.out
    assert run("verify", path, *given[2:]).code == 2
    unread = run("verify", path, "--path", THERE, "-q")
    assert (unread.code, unread.out) == (12, "unknown\n")


def test_paths_are_asked_about_in_one_source(run: Program, tmp_path: Path) -> None:
    """Of several, it would not be clear which is meant."""
    whole = saved(tmp_path / "whole.car", WHOLE)
    outcome = run("verify", whole, whole, "--path", THERE)
    assert outcome.code == 2
    assert "--path, --absent and --range ask about one source" in outcome.err
