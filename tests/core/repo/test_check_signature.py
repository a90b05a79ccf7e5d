"""Facts about a key that is given once a repository is open."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.errors import SigningKeyError, SourceError
from repoview.core.findings.policy import Policy, Profile
from repoview.core.opening import cache_policy
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from repoview.corpus.cases import sections, signatures
from repoview.corpus.repo import DID
from repoview.corpus.signing import ALICE, BOB
from tests.core.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview.corpus import Broken

ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"key": ALICE.did_key},
    {"key": BOB.multikey},
    {"document": signatures.document("did:web:example.com")},
    {"document": json.dumps({"id": DID, "verificationMethod": []})},
)
"""Nothing, a right key, a wrong one, another account's, and none in a document."""


def check(data: bytes, checks: Checks) -> None:
    """See that a key that is given later gives the report of one given at first.

    Whatever is wrong with the file, and whatever was asked at its opening.
    """
    for number, (first, then) in enumerate(pairwise((*ASKED, *ASKED[:1]))):
        others = replace(checks, fail_on_warning=number % 2 > 0)
        with Repo.load(data, checks=replace(others, **then)) as repo:
            expected = repo.report
        with Repo.load(data, checks=replace(others, **first)) as repo:
            was = repo.report.to_json()
            found = repo.check_signature(**then)
            assert repo.report.to_json() == was
        # A commit may hold a number that is not itself.
        assert replace(found.report, commit=None) == replace(expected, commit=None)
        assert found.answer == expected.signature
        codes = [f.code for f in expected.findings if f.code.startswith("SIG")]
        assert sorted(f.code for f in found.findings) == codes


@pytest.mark.parametrize(
    "build", [signatures.signed_on_k256, sections.last_record_cut_off]
)
def test_a_key_that_is_given_later_gives_the_same_report(
    build: Callable[[], Broken],
) -> None:
    """Of a file that is signed, and of one that is cut; `tests.test_corpus` has all."""
    check(build().data, Checks())


@pytest.mark.parametrize("weight", ["off", "info", "error"])
def test_the_policy_weighs_what_is_found_later(weight: str) -> None:
    """As it does at the opening: what is told, and of how much it was changed."""
    case = signatures.signed_on_k256()
    with Repo.load(case.data) as repo:
        assert repo.commit is not None
        cid = repo.commit.cid
    for skipped in ((), (cid,)):
        policy = Policy({"SIG": weight, "ORD": "warning"}, skipped)
        checks = Checks(policy=policy, key=BOB.did_key, fail_on_warning=True)
        with Repo.load(case.data, checks=checks) as repo:
            expected = repo.report
        with Repo.load(case.data, checks=replace(checks, key=None)) as repo:
            assert repo.check_signature(BOB.did_key).report == expected
        assert expected.signature == "failed"
        assert bool(expected.changes.skipped) == bool(skipped)


def test_what_was_given_later_is_forgotten_as_if_it_had_not_been() -> None:
    """A report that was taken over is judged again, to and fro."""
    with Repo.load(signatures.signed_on_k256().data) as repo:
        first = repo.report
        for asked, verdict in ((BOB, "invalid"), (ALICE, "sound"), (None, "sound")):
            key = None if asked is None else asked.did_key
            inside(repo).take(repo.check_signature(key).report)
            assert repo.verdict == verdict
        assert repo.report == first


def test_what_is_no_key_is_refused_and_changes_nothing() -> None:
    """With the reason, as at the opening."""
    with Repo.load(signatures.signed_on_k256().data) as repo:
        with pytest.raises(SigningKeyError, match="is no key"):
            repo.check_signature("alice")
        with pytest.raises(SigningKeyError, match="is an account, and no key"):
            repo.check_signature("did:plc:ewvi7nxzyoun6zhxrhs64oiz")
        with pytest.raises(ValueError, match="one of a key and a DID document"):
            repo.check_signature(ALICE.did_key, document=signatures.document())
        assert repo.report.signature == "not-checked"
    bare = Checks(profile=Profile.MST_ONLY)
    with Repo.load(signatures.signed_on_k256().data, checks=bare) as repo:
        with pytest.raises(ValueError, match="judges no commit"):
            repo.check_signature(ALICE.did_key)
        assert repo.check_signature().answer == "not-checked"


def test_a_commit_that_is_another_by_now_is_no_wrong_signature(tmp_path: Path) -> None:
    """The file was changed, which says nothing of who signed."""
    path = tmp_path / "repo.car"
    broken = signatures.signed_on_k256()
    path.write_bytes(broken.data)
    with Repo.load(str(path)) as repo:
        assert repo.commit is not None
        data = bytearray(broken.data)
        data[repo.commit.offset + 60] ^= 1
        path.write_bytes(data)
        with pytest.raises(SourceError, match="was changed"):
            repo.check_signature(ALICE.did_key)


def test_a_kept_repository_is_not_read_again_for_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept is what there is to say without one."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    kept = Kept(tmp_path, signatures.signed_on_k256().data)
    was_kept = False
    for key, answer in ((BOB, "failed"), (None, "not-checked"), (ALICE, "verified")):
        checks = Checks(key=None if key is None else key.did_key)
        with Repo.load(str(kept.path), checks=checks) as repo:
            expected = replace(repo.report, source="")
        with kept.load(checks=checks) as repo:
            assert repo.from_cache is was_kept
            assert repo.report.signature == answer
            assert replace(repo.report, source="") == expected
            again = repo.check_signature(ALICE.did_key)
            assert (again.answer, again.report.exit_code) == ("verified", 0)
            inside(repo).keep()
        was_kept = True
