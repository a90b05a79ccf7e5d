"""Facts about findings: what is kept, counted, and judged how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.catalogue import CATALOGUE, gravest_first
from repoview.core.findings.findings import (
    Cause,
    Findings,
    Profile,
    Scope,
    Severity,
    finding,
)
from repoview.core.verify.report import Verdict, judge

WITHOUT_KERNEL = True


def test_severity_and_scope_come_from_the_catalogue() -> None:
    """A finding says only what is special about its case."""
    made = finding("MST014", "a key", offset=7)
    assert (made.severity, made.scope) == (Severity.ERROR, Scope.TREE)
    assert finding("BLK008", "x", severity=Severity.INFO).severity is Severity.INFO


def test_severities_compare_by_gravity() -> None:
    """Not as the text that they also are, which would put errors first."""
    mildest_first = [Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.FATAL]
    assert sorted(Severity, key=lambda each: each) == mildest_first
    assert min(Severity.WARNING, Severity.INFO) is Severity.INFO
    assert max(Severity) is Severity.FATAL
    for rank, one in enumerate(mildest_first):
        for other_rank, other in enumerate(mildest_first):
            assert (one < other) == (rank < other_rank)
            assert (one <= other) == (rank <= other_rank)
            assert (one > other.value) == (rank > other_rank)
            assert (one >= other.value) == (rank >= other_rank)


def test_severities_are_sorted_by_text_the_gravest_first() -> None:
    """One that is not known comes last."""
    texts = ["info", "dreadful", "error", "fatal", "warning"]
    gravest = ["fatal", "error", "warning", "info", "dreadful"]
    assert sorted(texts, key=gravest_first) == gravest
    assert gravest_first(Severity.ERROR) == gravest_first("error")


def test_a_severity_does_not_compare_with_any_text() -> None:
    """A slip of a pen is an error, and not an answer."""
    with pytest.raises(ValueError, match="grave"):
        assert Severity.ERROR >= "grave"


def test_at_most_a_hundred_of_a_code_are_kept_and_all_are_counted() -> None:
    """The rest is one finding more, which says how many."""
    findings = Findings()
    for offset in range(250):
        findings.add(finding("BLK001", "x", offset=offset))
    kept = findings.sorted()
    assert len(kept) == limits.FINDINGS_A_CODE + 1
    assert (kept[-1].code, kept[-1].count) == ("LIM002", 150)
    assert findings.total("BLK001") == 250
    assert findings.totals()["error"] == 250
    assert len(findings) == 250


def test_findings_are_ordered_by_offset_and_code() -> None:
    """What is about the whole file comes first."""
    findings = Findings()
    for code, offset in [("MST014", 9), ("BLK001", 9), ("BLK008", 3), ("ORD003", None)]:
        findings.add(finding(code, "x", offset=offset))
    order = [found.code for found in findings.sorted()]
    assert order == ["ORD003", "BLK008", "BLK001", "MST014"]


@pytest.mark.parametrize(
    ("profile", "code", "severity"),
    [
        (Profile.STRICT, "KEY005", Severity.ERROR),
        (Profile.DEFAULT, "KEY005", Severity.WARNING),
        (Profile.LENIENT, "REC005", Severity.WARNING),
        (Profile.DEFAULT, "REC005", Severity.ERROR),
    ],
)
def test_profiles_shift_severities(
    profile: Profile, code: str, severity: Severity
) -> None:
    """The same fact weighs differently."""
    findings = Findings(profile)
    findings.add(finding(code, "x"))
    assert findings.sorted()[0].severity is severity


@pytest.mark.parametrize("code", ["COM001", "REC003", "KEY004", "KEY013", "BLK009"])
def test_trees_alone_are_not_judged_as_repositories(code: str) -> None:
    """Test vectors have no commit, no records and no repo paths."""
    findings = Findings(Profile.MST_ONLY)
    findings.add(finding(code, "x"))
    assert not findings.sorted()


@pytest.mark.parametrize("code", ["KEY001", "KEY014", "MST014", "BLK008"])
def test_trees_alone_are_still_judged_as_trees(code: str) -> None:
    """Everything that makes the tree canonical holds."""
    findings = Findings(Profile.MST_ONLY)
    findings.add(finding(code, "x"))
    assert findings.sorted()


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ([], Verdict.SOUND),
        (["KEY005"], Verdict.SOUND),
        (["CAR023"], Verdict.BAD_CONTAINER),
        (["CAR023", "REC003"], Verdict.BAD_RECORDS),
        (["CAR023", "REC003", "BLK008"], Verdict.INCOMPLETE),
        (["REC003", "BLK008", "MST014"], Verdict.INVALID),
        (["MST014", "CAR001"], Verdict.UNREADABLE),
    ],
)
def test_the_gravest_finding_gives_the_verdict(
    codes: list[str], verdict: Verdict
) -> None:
    """Unreadable, invalid, incomplete, bad records, bad container, sound."""
    findings = Findings()
    for code in codes:
        findings.add(finding(code, "x"))
    assert judge(findings) is verdict


def test_warnings_weigh_when_asked_to() -> None:
    """They give the verdict of what they are about."""
    findings = Findings()
    findings.add(finding("KEY005", "x"))
    assert judge(findings, warnings_count=True) is Verdict.INVALID


def test_more_of_a_kind_can_be_counted_without_being_made() -> None:
    """Millions of damaged blocks cost nothing but a number."""
    findings = Findings()
    one = finding("BLK001", "x")
    findings.add(one)
    findings.count_more(one, 1_000_000)
    assert findings.total("BLK001") == 1_000_001


def test_a_finding_can_become_graver() -> None:
    """When the walk shows that the tree needs the block."""
    findings = Findings()
    findings.add(finding("CID004", "x", offset=5))
    findings.worsen("CID004", 5, Scope.TREE)
    (found,) = findings.sorted()
    assert (found.severity, found.scope) == (Severity.ERROR, Scope.TREE)
    assert judge(findings) is Verdict.INVALID
    assert findings.totals()["warning"] == 0


def test_json_has_every_field_of_the_contract() -> None:
    """Fields that do not apply are null; `key_hex` stands only when needed."""
    cid = Cid.for_block(b"")
    made = finding("MST014", "a key", offset=7, cid=cid, path="a.b.c/1")
    assert made.to_json() == {
        "code": "MST014",
        "severity": "error",
        "original_severity": None,
        "message": "a key",
        "offset": 7,
        "block_offset": None,
        "cid": str(cid),
        "path": "a.b.c/1",
        "expected": None,
        "found": None,
        "count": 1,
        "caused_by": None,
    }
    because = replace(made, caused_by=Cause("CAR023", 9))
    assert because.to_json()["caused_by"] == ["CAR023", 9]
    assert finding("KEY002", "x", key_hex="ff").to_json()["key_hex"] == "ff"


def test_every_rule_of_the_catalogue_is_told_in_words() -> None:
    """There is no bare code."""
    for code, rule in CATALOGUE.items():
        assert rule.code == code
        assert rule.title
        assert rule.rule
        assert rule.recovery
