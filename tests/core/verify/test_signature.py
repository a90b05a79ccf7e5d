"""Facts about signatures in a verification: when they are judged, and what of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.cid import Cid
from repoview.core.errors import SigningKeyError
from repoview.core.findings.findings import Profile
from repoview.core.formats.mst_build import TreeBuilder
from repoview.core.opening import cache_policy
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from repoview.corpus.cases import commits, signatures
from repoview.corpus.repo import DID
from repoview.corpus.signing import ALICE, BOB
from tests.core.kept import Kept
from tests.vectors import needs_vectors, vector

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.verify.report import Report


def report_of(data: bytes, **checks: Any) -> Report:
    """Verify a file."""
    with Repo.load(data, checks=Checks(**checks)) as repo:
        return repo.report


def outcome(data: bytes, **checks: Any) -> tuple[str, int, str]:
    """Return the answer, the exit code, and the codes about the signature."""
    report = report_of(data, **checks)
    codes = [f.code for f in report.findings if f.code.startswith("SIG")]
    return report.signature, report.exit_code, " ".join(codes)


# Real repositories


@needs_vectors
@pytest.mark.parametrize("document", ["pds/did.json", "pds/plcdata.json"])
@pytest.mark.parametrize(
    "name",
    ["full", "since", "record", "absent", "commit-3", "commit-193", "commit-204"],
)
def test_what_a_server_gives_is_signed_by_its_account(name: str, document: str) -> None:
    """All of it, a part, and the commits of the event stream."""
    text = vector(document).read_text()
    data = vector(f"pds/{name}.car").read_bytes()
    answer, code, found = outcome(data, document=text, expect="slice")
    assert (answer, code, found) == ("verified", 0, "SIG007")


@needs_vectors
def test_a_commit_of_version_2_is_verified_over_its_own_fields() -> None:
    """As those from before 2023 were signed."""
    document = vector("indigo/paul_staging.didDoc.json").read_text()
    data = vector("indigo/paul_staging.repo.car").read_bytes()
    assert outcome(data, document=document) == ("verified", 0, "SIG007")


@needs_vectors
def test_a_high_s_signature_from_the_wild_is_told_as_such() -> None:
    """It holds, and is refused."""
    document = vector("indigo/fakermaker.didDoc.json").read_text()
    data = vector("indigo/fakermaker.repo.car").read_bytes()
    assert outcome(data, document=document) == ("failed", 11, "SIG003")


@needs_vectors
def test_the_key_of_another_account_is_wrong() -> None:
    """That of one repository, for another one."""
    document = vector("pds/did.json").read_text()
    data = vector("indigo/paul_staging.repo.car").read_bytes()
    assert outcome(data, document=document) == ("failed", 11, "SIG002 SIG006")


# What comes of it


def test_without_a_key_a_signature_is_not_checked() -> None:
    """And nothing is said of it."""
    data = signatures.signed_on_k256().data
    assert outcome(data) == ("not-checked", 0, "")


@pytest.mark.parametrize(
    ("broken", "code"),
    [(signatures.der, "SIG004"), (signatures.signature_of_zeros, "SIG008")],
)
def test_what_no_key_could_accept_is_wrong_without_one(broken: Any, code: str) -> None:
    """No signer need be given."""
    data = broken().data
    assert outcome(data) == ("failed", 11, code)
    assert outcome(data, key=BOB.did_key) == ("failed", 11, code)


@pytest.mark.parametrize(
    ("broken", "key", "expected"),
    [
        (signatures.signed_on_k256, ALICE, ("verified", 0, "SIG007")),
        (signatures.signed_on_p256, BOB, ("verified", 0, "SIG007")),
        (signatures.signed_on_k256, BOB, ("failed", 11, "SIG002")),
        (signatures.high_s, ALICE, ("failed", 11, "SIG003")),
        (signatures.signed_without_prev, ALICE, ("verified", 0, "SIG009")),
    ],
)
def test_a_key_decides_and_the_exit_code_says_so(
    broken: Any, key: Any, expected: tuple[str, int, str]
) -> None:
    """As a did:key, as a Multikey, and in a document of the account."""
    data = broken().data
    assert outcome(data, key=key.did_key) == expected
    assert outcome(data, key=key.multikey) == expected
    document = signatures.document(DID, key.multikey)
    assert outcome(data, document=document) == expected


def test_a_document_of_another_account_is_a_warning_that_can_weigh() -> None:
    """The signature is right under its key."""
    data = signatures.signed_on_k256().data
    document = signatures.document("did:web:example.com")
    found = "SIG006 SIG007"
    assert outcome(data, document=document) == ("verified", 0, found)
    strict = outcome(data, document=document, fail_on_warning=True)
    assert strict == ("verified", 11, found)


def test_asked_for_and_not_checked_is_never_sound() -> None:
    """For want of a key, or of a signature."""
    data = signatures.signed_on_k256().data
    keyless = json.dumps({"id": DID, "verificationMethod": []})
    assert outcome(data, document=keyless) == ("not-checked", 11, "SIG005")
    unsigned = commits.no_sig().data
    assert outcome(unsigned, key=ALICE.did_key) == ("not-checked", 11, "")


def test_the_signature_of_a_commit_that_stands_in_for_the_root_is_judged() -> None:
    """The header names a record; the commit is found, and is what counts."""
    case = signatures.signed_on_k256()
    car = case.car
    assert not isinstance(car, bytes)
    data = car.with_roots(car.cids[-1]).data
    assert outcome(data, key=ALICE.did_key) == ("verified", 14, "SIG007")


def test_a_wrong_signature_explains_nothing_about_the_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A tree that its keys do not give is told beside it."""
    monkeypatch.setattr(TreeBuilder, "finish", lambda _: Cid.for_block(b"another"))
    data = signatures.signed_on_k256().data
    report = report_of(data, key=BOB.did_key, rebuild=True)
    assert {"MST024", "SIG002"} <= {found.code for found in report.findings}


def test_a_kept_repository_is_judged_by_the_key_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is read once: what is kept is judged without one."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    kept = Kept(tmp_path, signatures.signed_on_k256().data)
    for key, answer in ((None, "not-checked"), (ALICE, "verified"), (BOB, "failed")):
        checks = Checks(key=None if key is None else key.did_key)
        with kept.load(checks=checks) as repo:
            inside(repo).keep()
            assert (repo.report.signature, repo.from_cache) == (answer, key is not None)


# What is asked


def test_a_tree_without_a_commit_has_no_signature_to_ask_for() -> None:
    """The profile for such trees judges none, wrong or not."""
    data = signatures.signature_of_zeros().data
    assert outcome(data, profile=Profile.MST_ONLY) == ("not-checked", 0, "")
    with pytest.raises(ValueError, match="judges no commit and no signature"):
        Checks(key=ALICE.did_key, profile=Profile.MST_ONLY)


def test_a_key_and_a_document_are_not_asked_for_together() -> None:
    """They could differ."""
    with pytest.raises(ValueError, match="one of a key and a DID document"):
        Checks(key=ALICE.did_key, document=signatures.document())


def test_what_is_no_key_or_no_document_is_refused_before_anything_is_read() -> None:
    """With the reason."""
    with pytest.raises(SigningKeyError, match="is no key"):
        Checks(key="alice")
    with pytest.raises(SigningKeyError, match="is no JSON"):
        Checks(document="alice")
