"""Facts about the list of checks, and about what readers can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.core.catalogue import CATALOGUE
from repoview.core.findings import finding
from repoview.present.advice import advice_text
from repoview.present.checks import checklist
from tests.cars import CASES
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from tests.cars.case import Case


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


@pytest.mark.parametrize("code", CATALOGUE)
def test_there_is_something_to_do_about_every_code(code: str) -> None:
    """Or it is said that there is nothing."""
    assert advice_text(finding(code, "met")).endswith(".")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.name}")
def test_a_broken_file_fails_a_check_or_has_no_error(case: Case) -> None:
    """No error goes by without a check that failed."""
    with Repo.load(case.build().data) as repo:
        failed = any(c.outcome == "FAIL" for c in checklist(repo.report))
        graves = repo.report.counts.findings
        assert failed == bool(graves["fatal"] + graves["error"])
