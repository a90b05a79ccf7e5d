"""Every code, on a file that has just this fault.

The files and what must be found of them come from `tests.cars`, which shares
no code with the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core import limits
from repoview.core.findings import Profile, Severity
from repoview.core.repo import Repo
from repoview.core.verify import Checks
from tests.cars import ANYWHERE, CASES, Case

if TYPE_CHECKING:
    from repoview.core.report import Report

BACKGROUND = "ORD003"
"""Said of every tree."""

GRAVE = {Severity.ERROR, Severity.FATAL}


def report_of(case: Case, data: bytes) -> Report:
    """Verify a case's file as the case asks for."""
    options = dict(case.options)
    budget = options.pop("budget", limits.INDEX_BUDGET)
    if "profile" in options:
        options["profile"] = Profile(options["profile"])
    with Repo.load(data, checks=Checks(**options), budget=budget) as repo:
        return repo.report


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_fault_is_found(case: Case) -> None:
    """One fault gives one code, at its place, and the verdict it deserves."""
    broken = case.build()
    report = report_of(case, broken.data)
    grave = {found.code for found in report.findings if found.severity in GRAVE}
    mild = {found.code for found in report.findings if found.severity not in GRAVE}
    assert grave == case.errors, case.fact
    assert mild - {BACKGROUND} == case.others - {BACKGROUND}, case.fact
    mine = [found for found in report.findings if found.code == case.code]
    assert len(mine) == case.count
    assert {found.severity.value for found in mine} == {case.severity}
    if broken.offset != ANYWHERE:
        assert mine[0].offset == broken.offset
    if broken.inside is not None:
        assert mine[0].block_offset == broken.inside
    assert report.verdict.value == case.verdict
    assert report.exit_code == case.exit_code
    assert report.complete is case.complete
