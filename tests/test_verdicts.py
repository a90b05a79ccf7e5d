"""Facts about verdicts in words: they say what failed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from repoview.core.findings.findings import Finding, finding
from repoview.core.verify.report import Counts, Report, Verdict
from repoview.present import (
    completeness_text,
    effects_text,
    meaning_text,
    safe,
    verdict_style,
    verdicts_text,
)

if TYPE_CHECKING:
    from repoview import Repo

CUT = finding("CAR023", "the last section is cut off", offset=1_577)
DAMAGED = finding("BLK001", "x", offset=5, path="a.b.c/1")


def told(verdict: Verdict, *found: Finding, **counts: int) -> str:
    """Return what a verdict means, with these findings."""
    complete = verdict not in {Verdict.INCOMPLETE, Verdict.INVALID}
    report = Report(
        "x.car", verdict, 0, complete, None, None, Counts(**counts), [*found]
    )
    return meaning_text(report)


def because(cause: Finding, code: str, **more: int) -> Finding:
    """Return a finding that another one explains."""
    return replace(finding(code, "x"), caused_by=cause.as_cause, **more)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("CAR023", "the file is cut off at byte 1,577"),
        ("CAR021", "the file cannot be read from byte 1,577 on"),
        ("CAR029", "blocks are missing behind the end of the file, byte 1,577"),
        ("BLK001", "blocks that the tree needs are missing"),
    ],
)
def test_what_is_missing_is_told_by_its_cause(code: str, says: str) -> None:
    """An early end of the file has a byte."""
    cause = finding(code, "x", offset=1_577)
    missing = because(cause, "BLK009")
    assert told(Verdict.INCOMPLETE, cause, missing, missing_records=1) == says


def test_one_damaged_record_is_no_fault_of_the_tree() -> None:
    """It is named; of several, it is told how many."""
    one = told(Verdict.INVALID, DAMAGED, damaged_records=1)
    assert one == "1 record is damaged: a.b.c/1"
    node = finding("BLK001", "x", offset=7)
    three = told(
        Verdict.INVALID, DAMAGED, DAMAGED, node, damaged_records=2, damaged_nodes=1
    )
    assert three == "1 node and 2 records are damaged"


def test_a_commit_that_does_not_hash_is_called_damaged() -> None:
    """It is neither node nor record."""
    assert told(Verdict.INVALID, finding("BLK001", "x")) == "the commit is damaged"


def test_a_broken_rule_is_told_in_the_words_of_its_finding() -> None:
    """The first kind of several, and how many there are."""
    first = finding("MST009", "the key 'a' stands behind 'b'")
    assert told(Verdict.INVALID, first) == "the key 'a' stands behind 'b'"
    twice = told(Verdict.INVALID, first, first)
    assert twice == "keys of a node are out of order (2 times)"
    more = told(Verdict.INVALID, first, first, finding("COM010", "x"))
    assert more == "keys of a node are out of order, and 1 other fault"


def test_damage_and_the_end_of_a_file_are_both_told() -> None:
    """Neither hides the other."""
    text = told(
        Verdict.INVALID, DAMAGED, CUT, because(CUT, "BLK009"), damaged_records=1
    )
    assert text == ("1 record is damaged: a.b.c/1; the file is cut off at byte 1,577")


def test_bad_records_are_counted_once_each() -> None:
    """However much is wrong with one."""
    one = [
        finding(code, "x", offset=9, path="a.b.c/1") for code in ("REC003", "CBR011")
    ]
    text = "the tree is right, but 1 record in it is not: a.b.c/1"
    assert told(Verdict.BAD_RECORDS, *one) == text
    other = finding("REC003", "x", offset=20, path="a.b.c/2")
    text = "the tree is right, but 2 records in it are not"
    assert told(Verdict.BAD_RECORDS, *one, other) == text


def test_a_file_that_is_no_car_is_called_what_it_is() -> None:
    """Of others it is told why nothing can be made out."""
    page = finding("CAR030", "this is no CAR, but a zip archive")
    assert told(Verdict.UNREADABLE, page) == "this is no CAR, but a zip archive"
    none = finding("COM001", "the file holds no commit")
    text = "no repository can be made out: the file holds no commit"
    assert told(Verdict.UNREADABLE, none) == text


def test_damage_is_counted_beside_what_is_missing() -> None:
    """With their numbers."""
    counts = Counts(missing_nodes=1, damaged_records=2)
    report = Report("x", Verdict.INVALID, 0, False, None, None, counts, [])
    text = "Not complete: 1 node is missing, and 2 records are damaged"
    assert completeness_text(report) == text


def test_what_comes_of_a_finding_is_counted_to_the_last() -> None:
    """Those that are not kept, too."""
    missing = [because(CUT, "BLK008"), because(CUT, "BLK009")]
    rest = replace(because(CUT, "LIM002"), found="BLK009", count=900)
    unlinked = because(CUT, "BLK004", count=40)
    assert effects_text(missing) == ("1 node and 1 record are missing because of it")
    assert effects_text([*missing, rest, unlinked]) == (
        "1 node and 901 records are missing, and 40 blocks cannot be reached "
        "because of it"
    )
    assert effects_text([because(CUT, "BLK010")]) == ""


def check(repo: Repo) -> None:
    """See that there is a sentence of what was found, without its full stop.

    It is on one line.
    """
    text = meaning_text(repo.report)
    assert text
    assert "\n" not in text
    assert not text.endswith((".", ":", ";"))


def test_verdicts_are_counted_in_their_order_those_of_a_later_version_last() -> None:
    """None of which there is none, and nothing that a terminal would obey."""
    later = "\x1b[2Jlater"
    counts = {later: 1, "not-read": 2, "invalid": 0, "sound": 1_100}
    told = verdicts_text(counts, "not-read")
    assert told == f"1,100 sound, 2 not-read, 1 {safe(later)}"
    assert not verdicts_text({}, "not read")


def test_a_verdict_is_good_bad_or_in_doubt() -> None:
    """As is one of a later version; what could not be read is bad."""
    styles = {verdict: verdict_style(verdict) for verdict in Verdict}
    assert [v.value for v, style in styles.items() if style == "good"] == ["sound"]
    bad = [v.value for v, style in styles.items() if style == "bad"]
    assert bad == ["invalid", "unreadable"]
    assert (verdict_style("later"), verdict_style(None)) == ("doubt", "bad")
