"""Facts about policies: what findings weigh for a reader, and what that changes."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.catalogue import CATALOGUE, Scope, Severity
from repoview.core.findings.findings import Findings, finding
from repoview.core.findings.policy import (
    Changes,
    Policy,
    Weight,
    cids_of,
    codes_of,
    weight_of,
)
from repoview.core.verify.report import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

WITHOUT_KERNEL = True

CODES = [code for code in CATALOGUE if not code.startswith("LIM")]
FAMILIES = sorted({code[:3] for code in CODES})
CIDS = [Cid.for_block(bytes((n,))) for n in range(4)]

POLICIES = st.builds(
    Policy,
    st.dictionaries(st.sampled_from(CODES + FAMILIES), st.sampled_from(Weight)),
    st.frozensets(st.sampled_from(CIDS)),
    st.none() | st.integers(1, 5),
)
FOUND = st.lists(
    st.builds(
        lambda code, severity, cid, offset: finding(
            code, "x", severity=severity, cid=cid, offset=offset
        ),
        st.sampled_from(CODES),
        st.none() | st.sampled_from(Severity),
        st.none() | st.sampled_from(CIDS),
        st.integers(0, 3),
    ),
    max_size=30,
)


def found_under(policy: Policy, found: Sequence[Any]) -> Findings:
    """Return findings that were collected under a policy."""
    findings = Findings(policy=policy)
    for each in found:
        findings.add(each)
    return findings


@given(POLICIES, FOUND)
def test_every_finding_is_told_or_counted_among_the_changes(
    policy: Policy, found: Sequence[Any]
) -> None:
    """None is lost: what is not in the totals is turned off or on the skip list."""
    findings = found_under(policy, found)
    changes = findings.changes()
    told = sum(findings.totals().values())
    assert told + changes.off + changes.skipped == len(found)
    listed = findings.sorted()
    rest = sum(each.count for each in listed if each.code == "LIM002")
    assert len([e for e in listed if e.code != "LIM002"]) + rest == told


@given(POLICIES, FOUND)
def test_a_finding_weighs_what_its_policy_says(
    policy: Policy, found: Sequence[Any]
) -> None:
    """Fatal ones weigh what they did, and those that changed say what that was."""
    for each in found_under(policy, found).sorted():
        weight = policy.severities.get(each.code)
        if each.original_severity is not None:
            assert each.original_severity is not each.severity
            assert each.original_severity is not Severity.FATAL
            assert each.severity == weight
        elif weight is not None and each.severity is not Severity.FATAL:
            assert each.severity == weight
        assert each.cid not in findings_known(policy) or (
            each.severity is Severity.FATAL
        )


def findings_known(policy: Policy) -> frozenset[Cid]:
    """Return the CIDs of a skip list."""
    return frozenset(policy.skipped)


@given(FOUND)
def test_no_policy_changes_nothing(found: Sequence[Any]) -> None:
    """Nor does one that says what is so anyway."""
    plain = found_under(Policy(), found)
    assert not plain.changes()
    assert all(each.original_severity is None for each in plain.sorted())


@given(POLICIES, FOUND)
def test_the_verdict_is_that_of_what_is_told(
    policy: Policy, found: Sequence[Any]
) -> None:
    """So the findings of a report explain it, and no others do."""
    findings = found_under(policy, found)
    told = found_under(Policy(), [each for each in found if _told(policy, each)])
    assert (judge(findings) is Verdict.UNREADABLE) == any(
        each.severity is Severity.FATAL for each in found
    )
    if not policy.severities:
        assert judge(findings) is judge(told)


def _told(policy: Policy, found: Any) -> bool:
    is_known = found.cid in findings_known(policy)
    return not is_known or found.severity is Severity.FATAL


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ({"MST014": "warning"}, Verdict.SOUND),
        ({"MST": "off"}, Verdict.SOUND),
        ({"MST014": "error"}, Verdict.INVALID),
        ({"REC": "off"}, Verdict.INVALID),
        ({"mst014": "OFF"}, Verdict.SOUND),
    ],
)
def test_a_verdict_follows_the_severities(
    severities: dict[str, str], verdict: Verdict
) -> None:
    """By code or by family, in letters of any case."""
    findings = found_under(Policy(severities), [finding("MST014", "x")])
    assert judge(findings) is verdict


def test_a_warning_can_be_made_an_error() -> None:
    """It gives the verdict of what it is about."""
    findings = found_under(Policy({"KEY005": "error"}), [finding("KEY005", "x")])
    assert judge(findings) is Verdict.INVALID
    assert findings.changes() == Changes(more=1)


def test_what_is_fatal_stays_so() -> None:
    """Without a repository there is nothing to weigh."""
    cid = CIDS[0]
    policy = Policy({"CAR": "off", "COM": "info"}, [cid])
    fatal = [finding("CAR001", "x"), finding("COM002", "x", cid=cid)]
    findings = found_under(policy, fatal)
    assert judge(findings) is Verdict.UNREADABLE
    assert len(findings.sorted()) == 2


def test_a_code_wins_over_its_family() -> None:
    """In whatever order they stand."""
    for order in (1, -1):
        said = dict([("REC", "off"), ("REC005", "info")][::order])
        policy = Policy(said)
        assert policy.weighed("REC005", Severity.ERROR) is Severity.INFO
        assert policy.weighed("REC003", Severity.ERROR) is None


@given(POLICIES, POLICIES)
def test_one_policy_over_another_wins_code_by_code(one: Policy, other: Policy) -> None:
    """And both skip lists hold."""
    both = one.over(other)
    for code in CODES:
        said = one.severities.get(code, other.severities.get(code))
        assert both.severities.get(code) == said
    assert both.skipped == findings_known(one) | findings_known(other)
    assert both.most == (other.most if one.most is None else one.most)


@given(POLICIES, POLICIES)
def test_policies_have_one_digest_exactly_when_they_are_equal(
    one: Policy, other: Policy
) -> None:
    """What is kept under one is never taken for that of another."""
    assert (one.digest() == other.digest()) == (one == other)
    again = Policy(
        dict(reversed(one.severities.items())), [*one.skipped][::-1], one.most
    )
    assert again.digest() == one.digest()


@given(POLICIES)
def test_a_policy_can_be_sent_to_another_process(policy: Policy) -> None:
    """And is the same there."""
    assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301 (our own)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("REC0055", "did you mean REC005"),
        ("RECS", "did you mean REC"),
        ("", "'' is no code"),
        ("LIM001", "about a limit"),
        ("LIM", "about a limit"),
        ("xyzzy", "is no code of a finding$"),
    ],
)
def test_a_code_that_is_not_known_is_refused(name: str, told: str) -> None:
    """With those that are near; limits are no fault of a file."""
    with pytest.raises(ValueError, match=told):
        codes_of(name)
    with pytest.raises(ValueError, match=told):
        Policy({name: "off"})


@pytest.mark.parametrize(
    ("word", "told"), [("fatal", "nothing is made fatal"), ("bad", "say one of error")]
)
def test_a_weight_that_is_not_known_is_refused(word: str, told: str) -> None:
    """With those that are."""
    with pytest.raises(ValueError, match=told):
        weight_of(word)


def test_every_code_is_in_the_family_of_its_letters() -> None:
    """A family is all its codes."""
    assert sorted(code for name in FAMILIES for code in codes_of(name)) == sorted(CODES)


def test_more_findings_can_be_kept_up_to_a_bound() -> None:
    """And fewer can be listed; all are counted."""
    many = [finding("REC003", "x", offset=n) for n in range(250)]
    for most, listed, rest in ((200, 200, 50), (3, 3, 247), (None, 100, 150)):
        findings = found_under(Policy(most=most), many)
        *shown, last = findings.sorted()
        assert [each.offset for each in shown] == [*range(listed)]
        assert (last.code, last.count) == ("LIM002", rest)
        assert findings.totals()["error"] == 250
    for wrong in (0, limits.MOST_FINDINGS + 1):
        with pytest.raises(ValueError, match="no number of findings"):
            Policy(most=wrong)


def test_what_is_turned_off_is_not_said_to_be_hidden() -> None:
    """LIM002 is about what is counted."""
    many = [finding("REC003", "x", offset=n) for n in range(250)]
    assert found_under(Policy({"REC": "off"}), many).sorted() == []


def test_findings_of_the_skip_list_take_no_room() -> None:
    """A hundred others are kept, however many are known."""
    cid = CIDS[0]
    known = [finding("REC003", "x", cid=cid, offset=n) for n in range(150)]
    others = [finding("REC003", "x", cid=CIDS[1], offset=n) for n in range(100)]
    findings = found_under(Policy(skipped=[cid]), [*known, *others])
    assert len(findings.sorted()) == 100
    assert findings.changes() == Changes(skipped=150)


def test_a_block_of_the_skip_list_gets_no_worse() -> None:
    """When the walk shows that the tree needs it."""
    cid = CIDS[0]
    findings = Findings(policy=Policy(skipped=[cid]))
    findings.add(finding("CID004", "x", offset=5, cid=cid))
    findings.worsen("CID004", 5, Scope.TREE, cid)
    assert judge(findings) is Verdict.SOUND


def test_what_was_only_counted_can_get_worse() -> None:
    """It is an error then, and one warning less."""
    findings = Findings()
    for offset in range(limits.FINDINGS_A_CODE + 1):
        findings.add(finding("CID004", "x", offset=offset))
    findings.worsen("CID004", limits.FINDINGS_A_CODE, Scope.TREE)
    totals = findings.totals()
    assert (totals["error"], totals["warning"]) == (1, limits.FINDINGS_A_CODE)


def test_a_skip_list_has_a_cid_a_line() -> None:
    """With comments, spaces, empty lines, and in any base."""
    a, b = CIDS[:2]
    text = f"# known\n\n  {a}  # a post\r\n{b}\n{a}\n#{CIDS[2]}\n"
    assert cids_of(text) == {a, b}
    assert cids_of("") == frozenset()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# x\nnot-a-cid\n", "line 2: "),
        (f"{CIDS[0]} {CIDS[1]}", "line 1: "),
        ("bafy\n", "line 1: "),
    ],
)
def test_a_line_that_is_no_cid_is_named(text: str, told: str) -> None:
    """By its number."""
    with pytest.raises(ValueError, match=told):
        cids_of(text)


def test_a_skip_list_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As what a reader is handed may be anything."""
    monkeypatch.setattr(limits, "MAX_SKIPPED", 2)
    with pytest.raises(ValueError, match="line 3: a skip list has at most 2 CIDs"):
        cids_of("\n".join(map(str, CIDS)))
    with pytest.raises(ValueError, match="at most 2 CIDs: this one has 4"):
        Policy(skipped=CIDS)
