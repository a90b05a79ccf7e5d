"""Facts about the corpus as it is written for others.

That each file is judged as the manifest says is a fact of the cases it is made
of, which `tests.core.findings.test_malformed` tests on both kernels.
"""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from repoview import CATALOGUE, Repo
from repoview.cli.commands.corpus import told_of
from repoview.core.verify.verify import Checks
from repoview.corpus.folder import corpus_files, write_corpus
from repoview.corpus.manifest import WITHOUT_A_FILE, published
from repoview.corpus.readme import README

DOC = Path(__file__).resolve().parents[2] / "docs" / "corpus.md"

DIGEST = "b2877db25018d7c718563341b3d5327bf3ec72d19645bc070ceebc2d6a17eebc"
"""Of all paths and files. It changes with a case, and never by itself."""


class Corpus:
    """All files of the corpus, and what its two JSON files say."""

    def __init__(self) -> None:
        self.files = dict(corpus_files(told_of))
        self.manifest: dict[str, Any] = json.loads(self.files["manifest.json"])
        self.cases: list[dict[str, Any]] = self.manifest["cases"]
        self.vectors: list[dict[str, Any]] = json.loads(self.files["vectors.json"])


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """The corpus, made once."""
    return Corpus()


def test_it_is_the_same_byte_for_byte(corpus: Corpus) -> None:
    """On every machine, and on every run."""
    digest = sha256()
    for path, data in corpus.files.items():
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    assert digest.hexdigest() == DIGEST


def test_it_is_written_as_it_is(corpus: Corpus, tmp_path: Path) -> None:
    """All files and no others, into a new folder."""
    folder = tmp_path / "new"
    size = write_corpus(folder, told_of)
    written = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert written == corpus.files
    assert size == sum(map(len, corpus.files.values()))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """Whatever it is."""
    (tmp_path / "mine").touch()
    with pytest.raises(FileExistsError):
        write_corpus(tmp_path, told_of)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_run_that_ends_early_leaves_nothing(tmp_path: Path, exists: bool) -> None:
    """However far it came; a folder that was there stays."""
    folder = tmp_path / "corpus"
    if exists:
        folder.mkdir()

    def interrupted(code: str) -> str:
        # The manifest is the last to be made, when all else is written.
        assert len(list(folder.rglob("*.car"))) > 300
        raise KeyboardInterrupt(code)

    with pytest.raises(KeyboardInterrupt):
        write_corpus(folder, interrupted)
    assert list(tmp_path.rglob("*")) == ([folder] if exists else [])


def test_every_file_is_in_the_manifest(corpus: Corpus) -> None:
    """And every file of the manifest is there."""
    twins = {case["twin"]["file"] for case in corpus.cases if case["twin"]}
    pages = {"README.md", "manifest.json", "vectors.json"}
    assert {
        case["file"] for case in corpus.cases
    } | twins | pages == corpus.files.keys()
    for case, source in zip(corpus.cases, published(), strict=True):
        assert corpus.files[case["file"]] == source.build().data
        if case["twin"]:
            assert corpus.files[case["twin"]["file"]] == source.twin.data


def test_what_is_wrong_has_a_twin_that_is_another_file(corpus: Corpus) -> None:
    """There are far more than 150 of them; what is right has none."""
    invalid = [case for case in corpus.cases if case["result"] == "invalid"]
    assert len(invalid) > 350
    for case in corpus.cases:
        assert (case["twin"] is None) == (case["result"] == "valid")
        if case["twin"] and case["code"] not in {"COM015", "COM018"}:
            assert corpus.files[case["twin"]["file"]] != corpus.files[case["file"]], (
                case["name"]
            )


def test_results_follow_from_verdict_and_severity(corpus: Corpus) -> None:
    """A file that is valid has no finding worse than an info."""
    for case in corpus.cases:
        assert (case["result"] == "invalid") == (case["verdict"] != "sound")
        assert (case["exit_code"] == 0) == (case["verdict"] == "sound")
        worst = {CATALOGUE[code].severity.value for code in case["codes"]}
        if case["result"] == "valid" and "--expect" not in case["arguments"]:
            # Zeros at the end are less than those between sections.
            assert worst <= {"info"} or case["code"] == "CAR025", case["name"]


def test_every_code_has_a_file_or_a_reason(corpus: Corpus) -> None:
    """Not both; and no code is told of that the catalogue has not."""
    met = {case["code"] for case in corpus.cases if case["code"]}
    assert met | WITHOUT_A_FILE.keys() == CATALOGUE.keys()
    assert not met & WITHOUT_A_FILE.keys()
    page = DOC.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line[2:8] in CATALOGUE]
    assert rows == [f"| {code} | {why} |" for code, why in WITHOUT_A_FILE.items()]
    assert {code for case in corpus.cases for code in case["codes"]} <= CATALOGUE.keys()
    assert all(corpus.manifest["without_a_file"].values())


def test_rules_and_readers_are_those_of_the_catalogue(corpus: Corpus) -> None:
    """By the code."""
    for case in corpus.cases:
        rule = CATALOGUE[case["code"]].id if case["code"] else None
        assert case["rule"] == rule
    by_code = {case["code"]: case["detected_by"] for case in corpus.cases}
    assert by_code["CAR017"] == ["@ipld/car 5.4.7"]
    assert by_code["CAR001"] == ["all"]
    assert by_code["BLK002"] == by_code[None] == []


def test_names_are_found_in_one_place(corpus: Corpus) -> None:
    """Of cases, and of vectors."""
    for names in (
        [c["name"] for c in corpus.cases],
        [v["name"] for v in corpus.vectors],
    ):
        assert len(names) == len(set(names))


def test_vectors_are_the_small_cars(corpus: Corpus) -> None:
    """With the bytes that the folder has, and what the manifest says of them."""
    by_name = {case["name"]: case for case in corpus.cases}
    for vector in corpus.vectors:
        case = by_name[vector["name"].removesuffix("-twin")]
        is_twin = vector["tags"][0] == "twin"
        file = case["twin"]["file"] if is_twin else case["file"]
        assert b64decode(vector["carBase64"]) == corpus.files[file]
        assert vector["validRepo"] == (is_twin or case["result"] != "invalid")
        assert vector["tags"] == [
            "twin" if is_twin else case["result"],
            *([case["code"]] if case["code"] else []),
        ]
    small = [
        case["name"]
        for case in corpus.cases
        if case["file"].endswith(".car")
        and len(corpus.files[case["file"]]) < 100_000
        and "--expect" not in case["arguments"]
    ]
    assert [v["name"] for v in corpus.vectors if v["tags"][0] != "twin"] == small


def opened(vector: dict[str, Any]) -> Repo:
    """Open the CAR of a vector, and check its signature."""
    checks = Checks(key=vector["signingKeyDid"], did=vector["did"])
    return Repo.load(b64decode(vector["carBase64"]), checks=checks)


def test_vectors_that_are_valid_say_what_is_in_them(corpus: Corpus) -> None:
    """Account, revision, CIDs and keys; and their signatures are right."""
    for vector in corpus.vectors:
        if not vector["validRepo"]:
            continue
        with opened(vector) as repo:
            commit = repo.commit
            assert commit is not None
            told = (commit.did, commit.rev, str(commit.cid), str(commit.data))
            names = ("did", "rev", "commitCid", "dataCid")
            assert told == tuple(vector[name] for name in names), vector["name"]
            assert [each.path for each in repo.records()] == vector["keys"]
            assert repo.report.signature == "verified", vector["name"]
            assert repo.report.exit_code == 0


def test_signatures_are_right_where_they_are_not_the_fault(corpus: Corpus) -> None:
    """In every file that a commit is found in."""
    for vector in corpus.vectors:
        code = vector["tags"][-1]
        if vector["validRepo"] or code.startswith("SIG"):
            continue
        with opened(vector) as repo:
            assert repo.report.signature != "failed", vector["name"]


def test_the_page_in_the_folder_is_the_page_of_the_docs(corpus: Corpus) -> None:
    """One text for both, which names every field there is."""
    page = Path(__file__).parents[2] / "docs" / "corpus.md"
    assert page.read_text(encoding="utf-8") == README
    for name in {*corpus.manifest, *corpus.cases[0], *corpus.vectors[0]}:
        assert f"`{name}`" in README, name
