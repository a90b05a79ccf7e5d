"""Facts that hold of every broken file, whatever is wrong with it.

What has to be found of each is in `tests.core.findings.test_malformed`, for both
kernels; that both give the same in everything a caller can see is in
`tests.core.kernel.test_twins`. So what follows from what a caller sees is asked
here of one kernel, and each file is opened once for as many facts as can be
asked of it as it stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from repoview import Policy, Profile, Repo, Severity
from repoview.corpus import CASES, LEGAL, LIGHT_CASES
from tests import test_checks, test_grammar, test_verdicts
from tests.core.block_table import test_table
from tests.core.diff import test_diff
from tests.core.findings import test_causes
from tests.core.inventory import (
    test_repeated,
    test_sizes,
    test_unlinked,
    test_walk_order,
)
from tests.core.opened import checks_of
from tests.core.proof import test_ranges, test_sound_part
from tests.core.repo import (
    test_check_signature,
    test_proof,
    test_proof_path,
    test_walk_places,
)
from tests.core.salvage import test_left
from tests.core.selection import test_selected
from tests.core.source.test_any_source import in_odd_pieces, outcome
from tests.measuring import ONE_OF_EACH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview import Finding
    from repoview.corpus import Case

SAID = (test_checks.check, test_verdicts.check)
"""Facts about what is said of a file, which are asked of the largest, too."""

HELD = (
    test_grammar.check,
    test_causes.check,
    test_table.check,
    test_sizes.check,
    test_walk_order.check,
    test_repeated.check,
    test_proof.check,
    test_proof_path.check,
    test_walk_places.check,
    test_ranges.check,
    test_sound_part.check,
    test_selected.check,
    test_diff.check,
)
"""Facts about what a file holds and lacks, and what can be proved of it."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_holds_of_a_repository_holds_of_a_broken_one(case: Case) -> None:
    """Of its blocks, bytes, order and proofs, and of all that is said of it."""
    with Repo.load(case.build().data) as repo:
        for check in SAID:
            check(repo)
        if case not in LIGHT_CASES:
            return
        for check in HELD:
            check(repo)
        if case.code != "LIM001":
            # After a walk that was cut short nobody knows what is unlinked.
            test_unlinked.check(repo)


@pytest.mark.parametrize("case", [*LIGHT_CASES, *LEGAL], ids=lambda case: case.id)
def test_what_stands_whole_in_a_broken_file_is_saved(case: Case) -> None:
    """And a table says what salvage comes to."""
    test_left.check(case)


READ_TO_THE_END = [case for case in LIGHT_CASES if "budget" not in case.options]
"""Where a limit ends the reading, a stream may have come further."""


@pytest.mark.parametrize("case", READ_TO_THE_END, ids=lambda case: case.id)
def test_a_broken_stream_is_broken_like_a_file(case: Case) -> None:
    """Whatever its fault."""
    data, checks = case.build().data, checks_of(case)
    assert outcome(in_odd_pieces(data), checks=checks) == outcome(data, checks=checks)


SHOWN = [case for case in LIGHT_CASES if case.code != "LIM002"]
"""Of the files with more findings than are kept, other tests tell."""


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case.id)
def test_a_skip_list_leaves_out_what_is_on_it_and_nothing_else(case: Case) -> None:
    """Of every kind of broken file, for each CID that a finding is about."""
    data, checks = case.build().data, checks_of(case)
    with Repo.load(data, checks=checks) as repo:
        plain = repo.report
    for cid in {each.cid for each in plain.findings if each.cid is not None}:
        policed = replace(checks, policy=Policy(skipped=[cid]))
        with Repo.load(data, checks=policed) as repo:
            report = repo.report
        assert report.complete is plain.complete
        left = [
            each
            for each in plain.findings
            if each.cid != cid or each.severity is Severity.FATAL
        ]
        assert facts(report.findings) == facts(left)
        assert report.changes.skipped == len(plain.findings) - len(left)


def facts(findings: Iterable[Finding]) -> list[tuple[Any, ...]]:
    """Return what does not depend on what else was found."""
    return [(each.code, each.severity, each.scope, each.offset) for each in findings]


WITH_COMMIT = [
    case
    for case in LIGHT_CASES
    if (case in ONE_OF_EACH or case.code.startswith("SIG"))
    and case.options.get("profile") != Profile.MST_ONLY
]
"""Of a tree without a commit no signature is judged."""


@pytest.mark.parametrize("case", WITH_COMMIT, ids=lambda case: case.id)
def test_a_key_that_is_given_later_gives_the_same_report(case: Case) -> None:
    """As one that is given at the opening, whatever else is wrong with the file."""
    checks = replace(checks_of(case), key=None, document=None)
    test_check_signature.check(case.build().data, checks)


OF_TREES = [case for case in LIGHT_CASES if case.code[:3] in {"CID", "MST", "KEY"}]


@pytest.mark.parametrize("case", OF_TREES, ids=lambda case: case.id)
def test_rebuilding_says_nothing_new(case: Case) -> None:
    """Whatever makes a tree differ from its keys' is told by its own code."""
    checks = replace(checks_of(case), rebuild=True)
    with Repo.load(case.build().data, checks=checks) as repo:
        assert "MST024" not in {found.code for found in repo.report.findings}
