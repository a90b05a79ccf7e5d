"""Facts about --key and --did-doc: what is answered, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.corpus.cases import signatures
from repoview.corpus.repo import DID
from repoview.corpus.signing import ALICE, BOB
from repoview.sample import write_sample
from tests.cli.conftest import saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

COMMANDS = ("verify", "info", "ls", "mst", "blobs", "export", "open")


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A repository that Alice signed."""
    return saved(tmp_path / "signed.car", signatures.signed_on_k256().data)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The DID document of its account."""
    return saved(tmp_path / "did.json", signatures.document().encode())


def test_the_answer_stands_wherever_a_verdict_or_a_proof_is_told(
    run: Program, signed: Path, document: Path
) -> None:
    """Verified, by a key or by a document."""
    path = run("ls", signed).out.partition("\t")[0]
    for given in (("--key", ALICE.did_key), ("--did-doc", document)):
        outcome = run("verify", signed, *given)
        assert outcome.code == 0
        assert ". Signature verified.\n" in outcome.out
        assert "pass  signature  verified" in outcome.out
        assert f"SIG007 the signature holds under\n         {ALICE.did_key}" in (
            outcome.out
        )
        page = run("info", signed, *given).out
        assert ". Signature verified.\n" in page
        assert "signature  64 bytes, verified\n" in page
        assert "is right; signature verified." in run("mst", signed, path, *given).out


def test_a_wrong_signature_is_said_with_the_reason(run: Program, signed: Path) -> None:
    """In the verdict, among the checks, and by the exit code."""
    outcome = run("verify", signed, "--key", BOB.multikey)
    assert outcome.code == 11
    assert outcome.out.startswith("INVALID: the signature does not hold under\ndid:key")
    assert ". Signature wrong.\n" in outcome.out
    assert "FAIL  signature  failed: SIG002" in outcome.out


def test_what_no_key_could_accept_is_wrong_without_one(
    run: Program, tmp_path: Path
) -> None:
    """Nothing has to be asked for."""
    path = saved(tmp_path / "der.car", signatures.der().data)
    outcome = run("verify", path)
    assert outcome.code == 11
    assert "FAIL  signature  failed: SIG004" in outcome.out


def test_json_has_the_answer(run: Program, signed: Path, document: Path) -> None:
    """In one word, beside the findings that say more."""
    for command in ("verify", "info"):
        told = run(command, signed, "--json", "--did-doc", document).json
        assert (told["signature"], told["exit_code"]) == ("verified", 0)
        told = run(command, signed, "--json", "--key", BOB.did_key).json
        assert (told["signature"], told["exit_code"]) == ("failed", 11)
    assert run("verify", signed, "--json").json["signature"] == "not-checked"


def test_a_document_of_another_account_is_said_beside_the_answer(
    run: Program, signed: Path, tmp_path: Path
) -> None:
    """Its key proves nothing about this one."""
    text = signatures.document("did:web:example.com")
    path = saved(tmp_path / "other.json", text.encode())
    outcome = run("verify", signed, "--did-doc", path)
    assert outcome.code == 0
    said = "Signature verified (the document is of another account)."
    assert said in " ".join(outcome.out.split())
    assert "warn  signature  verified: SIG006" in outcome.out


def test_a_document_without_a_key_leaves_the_question_open(
    run: Program, signed: Path, tmp_path: Path
) -> None:
    """And that is no success."""
    text = signatures.document(DID, "zNoKey")
    path = saved(tmp_path / "keyless.json", text.encode())
    outcome = run("verify", signed, "--did-doc", path)
    assert outcome.code == 11
    said = "Signature not checked (the document gives no key)."
    assert said in " ".join(outcome.out.split())
    assert "FAIL  signature  not checked: SIG005" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_reads_a_repository_checks_it(
    run: Program, signed: Path, tmp_path: Path, command: str
) -> None:
    """And ends as an invalid tree does when it is wrong."""
    more = ("-o", tmp_path / "out.jsonl") if command == "export" else ()
    assert run(command, signed, *more, "--key", BOB.did_key).code == 11


def test_the_sample_is_signed_with_the_key_that_is_told(
    run: Program, sample: Path
) -> None:
    """So that there is something to try it on."""
    key = write_sample(lambda _: None, 1).signing_key
    assert run("verify", sample, "--key", key).code == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--key", "alice"), "'alice' is no key: a key is did:key:z…, or z… alone"),
        (("--key", "\x1b[31m"), r"'\x1b[31m' is no key"),
        (("--key", ""), "is no key"),
        (("--did-doc", "not-there.json"), "cannot read not-there.json: no such file"),
        (("--did-doc", "."), "cannot read .: is a directory"),
        (("--did-doc", "a\0b"), "cannot read a␀b: embedded null byte"),
        (("--did-doc", "bytes.bin"), "bytes.bin: the DID document is no JSON"),
        (("--did-doc", "large.bin"), "large.bin is no DID document: it is too large"),
        (("--did-doc", "list.json"), "list.json: it is no DID document"),
        (
            ("--key", ALICE.did_key, "--did-doc", "did.json"),
            "give one of --key and --did-doc",
        ),
        (
            ("--key", ALICE.did_key, "--profile", "mst-only"),
            "--profile mst-only judges no commit",
        ),
        (
            ("--did-doc", "did.json", "--profile", "mst-only"),
            "--profile mst-only judges no commit",
        ),
    ],
)
def test_what_cannot_be_checked_with_is_refused_in_one_sentence(
    run: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    told: str,
) -> None:
    """Before anything is read, and safe for a terminal."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "did.json", signatures.document().encode())
    saved(tmp_path / "bytes.bin", b"\xff\xfe")
    saved(tmp_path / "large.bin", b" " * (1 << 20 | 1))
    saved(tmp_path / "list.json", b"[]")
    outcome = run("verify", "not-there.car", *given)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err
    assert outcome.err.count("\n") == 1
    assert "\x1b" not in outcome.err


def test_a_document_may_begin_with_a_byte_order_mark(
    run: Program, signed: Path, document: Path
) -> None:
    """As some editors write it."""
    document.write_bytes(b"\xef\xbb\xbf" + document.read_bytes())
    assert run("verify", signed, "--did-doc", document).code == 0
