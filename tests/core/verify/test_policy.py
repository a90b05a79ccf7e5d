"""Facts about policies on whole files: skip lists, and what is kept of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from repoview import Checks, Cid, Policy, Repo
from repoview.core.verify.report import Verdict
from repoview.corpus.cbor import encode
from tests.core.repos import make_repo, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.verify.report import Report

COUNT = 130
"""More than are kept of a code."""


def report_of(data: bytes, **policy: Any) -> Report:
    """Return what is said of a file under a policy."""
    with Repo.load(data, checks=Checks(policy=Policy(**policy))) as repo:
        return repo.report


def records(value: Any) -> bytes:
    """Return a repository with many records of a kind, each of its own."""
    return make_repo(
        {f"com.example.kind/{n:03}": encode({"n": n, **value(n)}) for n in range(COUNT)}
    )


def wrong_types(n: int) -> dict[str, Any]:
    """Give a record a `$type` that is not its collection."""
    return {"$type": f"com.example.other{n % 2}"}


def cids_of(data: bytes) -> list[Cid]:
    """Return the CIDs of all records, in the order of their keys."""
    with Repo.load(data) as repo:
        return [record.cid for record in repo.records()]


def damaged(data: bytes, cids: Iterable[Cid]) -> bytes:
    """Return a CAR in which these blocks do not hash."""
    wanted, changed = set(cids), bytearray(data)
    for part in parts_of(data)[1]:
        if Cid(data[part.data_offset - 36 : part.data_offset]) in wanted:
            changed[part.data_offset + part.data_length - 1] ^= 1
    return bytes(changed)


def without(data: bytes, cids: Iterable[Cid]) -> bytes:
    """Return a CAR that lacks these blocks."""
    wanted, kept = set(cids), bytearray()
    head, parts = parts_of(data)
    ends = [part.offset for part in parts[1:]] + [len(data)]
    for part, end in zip(parts, ends, strict=True):
        if Cid(data[part.data_offset - 36 : part.data_offset]) not in wanted:
            kept += data[part.offset : end]
    return head + bytes(kept)


BROKEN = {
    "of another type": lambda data, _: data,
    "damaged": damaged,
    "missing": without,
    "of nothing's": lambda data, cids: damaged(unlinked(data), cids),
}


def unlinked(data: bytes) -> bytes:
    """Return a CAR whose tree is empty, with all these records in it."""
    _, parts = parts_of(data)
    ends = [part.offset for part in parts[1:]] + [len(data)]
    sections = [data[a.offset : b] for a, b in zip(parts, ends, strict=True)]
    return make_repo({}) + b"".join(sections)


@pytest.mark.parametrize("how", BROKEN)
def test_all_findings_of_a_skip_list_are_left_out(how: str) -> None:
    """Of however many blocks: also of those that would only be counted."""
    whole = records(wrong_types)
    cids = cids_of(whole)
    data = BROKEN[how](whole, cids)

    plain, policed = report_of(data), report_of(data, skipped=cids)

    assert plain.exit_code in {10, 11, 13, 14}
    assert policed.verdict is Verdict.SOUND
    assert policed.changes.skipped >= COUNT
    assert policed.complete is plain.complete
    assert not [each for each in policed.findings if each.cid in cids]


@pytest.mark.parametrize("how", BROKEN)
def test_one_block_that_is_on_no_list_counts(how: str) -> None:
    """Wherever it is among the many."""
    whole = records(wrong_types)
    cids = cids_of(whole)
    data = BROKEN[how](whole, cids)
    plain = report_of(data)
    for number in (0, COUNT // 2, COUNT - 1):
        known = cids[:number] + cids[number + 1 :]
        policed = report_of(data, skipped=known)
        assert policed.exit_code == plain.exit_code
        assert policed.counts.findings["error"] == 1
        skipped = sum(plain.counts.findings.values()) - sum(
            policed.counts.findings.values()
        )
        assert policed.changes.skipped == skipped


def test_more_findings_of_a_code_can_be_asked_for() -> None:
    """All of them, up to a bound; and fewer."""
    data = records(wrong_types)
    for most in (1, COUNT - 1, COUNT, 1_000):
        report = report_of(data, most=most)
        listed = [each for each in report.findings if each.code == "REC005"]
        assert len(listed) == min(most, COUNT)
        assert report.counts.findings["error"] == COUNT
        rest = [each.count for each in report.findings if each.code == "LIM002"]
        assert rest == ([COUNT - most] if most < COUNT else [])


def test_completeness_is_a_fact_whatever_weighs() -> None:
    """Missing blocks can be let pass; that they are missing cannot."""
    whole = records(wrong_types)
    data = without(whole, cids_of(whole)[:3])
    report = report_of(data, severities={"BLK009": "off", "REC005": "info"})
    assert (report.verdict, report.exit_code) == (Verdict.SOUND, 0)
    assert report.complete is False
    assert (report.changes.off, report.changes.less) == (3, COUNT - 3)


def test_the_tree_is_judged_as_ever() -> None:
    """What is turned off explains what else is wrong all the same."""
    whole = records(wrong_types)
    data = whole[: parts_of(whole)[1][-2].offset + 40]
    plain = report_of(data)
    policed = report_of(data, severities={"CAR023": "warning"})
    causes = {each.caused_by for each in plain.findings}
    assert causes == {each.caused_by for each in policed.findings}
    assert len(causes) > 1


@pytest.mark.parametrize(
    ("wanted", "exit_code"),
    [("same", 0), ("same+", 0), ("older", 11), ("older+", 0), ("newer", 11)],
)
def test_a_commit_is_held_to_a_revision(wanted: str, exit_code: int) -> None:
    """To that one, or to that or a later one."""
    data = make_repo({})
    with Repo.load(data) as repo:
        assert repo.commit is not None
        rev = str(repo.commit.rev)
    revs = {"same": rev, "older": "2222222222222", "newer": "7" + rev[1:]}
    said = revs[wanted.rstrip("+")] + "+" * wanted.endswith("+")
    with Repo.load(data, checks=Checks(rev=said)) as repo:
        assert repo.report.exit_code == exit_code
        found = [each for each in repo.report.findings if each.code == "COM018"]
    assert [each.expected for each in found] == [said] * (exit_code == 11)


@pytest.mark.parametrize("rev", ["", "+", "abc", "3jzfcijpj2z2a++", "3jzfcijpj2z2a "])
def test_what_is_no_revision_is_refused(rev: str) -> None:
    """Before anything is read."""
    with pytest.raises(ValueError, match="is no revision"):
        Checks(rev=rev)
