"""Facts about the list of checks, and about what readers can do."""

from __future__ import annotations

import pytest

from repoview import Repo
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.findings.findings import finding
from repoview.corpus import CASES
from repoview.corpus import make_repo as make_broken
from repoview.corpus.cbor import Raw, encode
from repoview.corpus.repo import DID
from repoview.present.advice import advice_text
from repoview.present.checks import checklist
from tests.core.repos import make_repo, many


def test_a_check_tells_how_much_was_checked() -> None:
    """Of everything that there is."""
    with Repo.load(make_repo(many(50))) as repo:
        amounts = {each.name: each.amount for each in checklist(repo.report)}
        nodes = len(repo.tree)
    assert amounts["hashes"] == f"{51 + nodes} blocks"
    assert amounts["records"] == "50 records"
    assert amounts["tree"] == f"{nodes} nodes"
    assert amounts["complete"] == f"{50 + nodes} links"


def test_findings_that_are_only_counted_count() -> None:
    """At most a hundred of a code are kept."""
    with Repo.load(make_repo(many(300), leave_out=290)) as repo:
        check = next(c for c in checklist(repo.report) if c.name == "complete")
        missing = repo.report.counts.missing_records + repo.report.counts.missing_nodes
    assert check.outcome == "FAIL"
    assert check.detail.startswith(f"{missing} errors")


def failed_checks(data: bytes) -> set[str]:
    """Return the names of the checks that a file fails."""
    with Repo.load(data) as repo:
        return {c.name for c in checklist(repo.report) if c.outcome == "FAIL"}


ABOUT = {
    "COM016-commit_is_not_canonical": {"commit"},
    "CBR021-commit_is_empty": {"commit"},
    "CID008-data_link_is_raw": {"commit"},
    "CID008-left_link_is_raw": {"tree"},
    "CBR003-long_count_of_items_in_a_node": {"tree"},
    "COM002-root_is_a_record": {"file"},
    "COM002-root_is_no_cbor_beside_a_commit": {"file"},
    "COM002-root_is_the_only_record": {"commit"},
    "CAR020-root_is_missing_beside_a_commit": {"file"},
    "CAR020-commit_is_missing": {"commit", "complete"},
    "CAR023-last_record_cut_off": {"file", "complete"},
    "CAR033-two_cars_in_a_row": {"file"},
    "CID001-malformed_cid": {"file"},
}
"""Cases, and the checks that they fail."""


@pytest.mark.parametrize("name", ABOUT)
def test_a_finding_counts_under_what_it_is_about(name: str) -> None:
    """Its place decides, and not its code alone."""
    (case,) = (case for case in CASES if case.id == name)
    assert failed_checks(case.build().data) == ABOUT[name]


def test_what_is_only_counted_is_of_the_check_that_has_its_kind() -> None:
    """A hundred faults of records make no second one of the commit."""
    records = {
        f"com.example.note/{number:03}": encode({"n": Raw.hex("1801"), "m": number})
        for number in range(101)
    }
    repo = make_broken(records)
    repo.commit["did"] = Raw(b"\x79\0\x20" + DID.encode())
    with Repo.load(repo.car().data) as loaded:
        details = {c.name: c.detail for c in checklist(loaded.report)}
    assert details["commit"] == "2 errors: CBR003, COM016"
    assert details["records"].startswith("202 errors: CBR003")


@pytest.mark.parametrize("code", CATALOGUE)
def test_there_is_something_to_do_about_every_code(code: str) -> None:
    """Or it is said that there is nothing."""
    assert advice_text(finding(code, "met")).endswith(".")


def check(repo: Repo) -> None:
    """See that no error goes by without a check that failed."""
    failed = any(c.outcome == "FAIL" for c in checklist(repo.report))
    graves = repo.report.counts.findings
    assert failed == bool(graves["fatal"] + graves["error"])
