"""Every code, on a file that has just this fault.

The files and what must be found of them come from `repoview.corpus`, which shares
no code with the engine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.findings.findings import Profile, Severity
from repoview.core.formats.mst_build import TreeBuilder
from repoview.core.kernel import kernel
from repoview.core.opening.room import Room
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from repoview.corpus import ANYWHERE, CASES, LEGAL, Case, make_car, sample
from repoview.corpus.cases import FAULTS, keys, sections
from tests.core.findings.told import TOLD, told
from tests.core.opened import checks_of, opened

if TYPE_CHECKING:
    from repoview.core.verify.report import Report

BACKGROUND = "ORD003"
"""Said of every tree."""

GRAVE = {Severity.ERROR, Severity.FATAL}


def report_of(case: Case, data: bytes) -> Report:
    """Verify a case's file as the case asks for."""
    room = Room(case.options.get("budget", limits.MEMORY))
    with opened(data, checks=checks_of(case), room=room) as repo:
        return repo.report


OF_SEVERAL = {"REC011", "KEY014"}
"""Codes about several keys or records; what is about one has its path."""


@pytest.mark.parametrize("case", [*CASES, *LEGAL], ids=lambda case: case.id)
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
    assert {found.severity.value for found in mine} <= {case.severity}
    assert all(TOLD[case.code] <= told(found) for found in mine)
    if mine and broken.offset != ANYWHERE:
        assert mine[0].offset == broken.offset
    if broken.inside is not None:
        assert mine[0].block_offset == broken.inside
    assert report.verdict.value == case.verdict
    assert report.exit_code == case.exit_code
    assert report.complete is case.complete
    if case.code[:3] in {"KEY", "REC"} and case.code not in OF_SEVERAL:
        assert None not in {found.path for found in mine}
    places = [f.offset for f in report.findings if f.offset is not None]
    assert places == sorted(places)


@pytest.mark.parametrize("family", FAULTS)
def test_without_the_fault_nothing_is_wrong(family: str) -> None:
    """Each file has a twin that is sound; of many it is the same one."""
    seen = set()
    for case in FAULTS[family]:
        if case.result == "valid" or "document" in case.options:
            # There is no fault, or it is not in the file.
            continue
        twin = case.twin
        if (what := (twin.data, repr(case.options), twin.codes)) in seen:
            continue
        seen.add(what)
        report = report_of(case, twin.data)
        told = {found.code for found in report.findings} - {BACKGROUND}
        assert told == twin.codes, case.id
        worst = max((found.severity for found in report.findings), default="info")
        assert worst == Severity.INFO, case.id
        assert (report.verdict.value, report.exit_code) == ("sound", 0), case.id


def test_a_key_that_is_no_text_is_told_in_hexadecimal() -> None:
    """Its path says which bytes are not UTF-8, and `key_hex` all of them."""
    with Repo.load(keys.key_is_not_utf_8().data) as repo:
        (found,) = (f for f in repo.report.findings if f.code == "KEY002")
        assert found.path == r"com.example.note/caf\xe9"
        assert found.key_hex == b"com.example.note/caf\xe9".hex()
        assert found.to_json()["key_hex"] == found.key_hex
        assert repo.locate(found) == ("record", 10)


NEVER_MET = {
    # A key of depth 25 takes 4**25 hashes to find; see below.
    "MST021",
    # The other rules of the tree leave nothing for it to find; see below.
    "MST024",
}
"""Codes that no file can be made to show."""

WITHOUT_A_MAKER = {
    # Every report has `signature`, which says it in a word: as a finding it would
    # stand in each report of a file with which nothing is wrong.
    "SIG001",
}
"""Codes of the catalogue that `verify` does not report."""


def test_every_code_has_a_case() -> None:
    """Nothing is in the catalogue that was not met once."""
    met = {case.code for case in CASES}
    assert met == CATALOGUE.keys() - NEVER_MET - WITHOUT_A_MAKER


def test_what_is_told_of_a_finding_is_in_the_table() -> None:
    """Whoever adds a code says what its findings tell."""
    assert TOLD.keys() == {case.code for case in CASES}


def test_cases_have_names_of_their_own() -> None:
    """A failing case can be found."""
    names = [case.id for case in CASES]
    assert len(names) == len(set(names))


def test_a_mined_top_node_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """MST021: the top node is at a depth that chance does not give."""
    if kernel.NAME != "python":
        pytest.skip("the limit of the compiled kernel is built in")
    monkeypatch.setattr(limits, "HIGH_TREE", 1)
    repo = sample()
    car = repo.car()
    with Repo.load(car.data) as loaded:
        report = loaded.report
    found = [each for each in report.findings if each.code != BACKGROUND]
    assert [each.code for each in found] == ["MST021"]
    assert found[0].offset == car.offset_of(repo.top.cid)
    assert report.verdict.value == "sound"


def test_a_tree_that_its_keys_do_not_give_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MST024: a rule was broken that no other check knows."""
    other = Cid.for_block(b"another tree")
    monkeypatch.setattr(TreeBuilder, "finish", lambda _: other)
    repo = sample()
    car = repo.car()
    with Repo.load(car.data, checks=Checks(rebuild=True)) as loaded:
        report = loaded.report
    (found,) = (each for each in report.findings if each.code != BACKGROUND)
    assert (found.code, found.offset) == ("MST024", car.offset_of(repo.cid))
    assert found.expected == str(Cid(repo.top.cid))
    assert found.found == str(other)
    assert report.exit_code == 11


WARNINGS_BY_FAMILY = {
    "COM013": 11,
    "COM009": 11,
    "KEY005": 11,
    "CID009": 11,
    "MST019": 11,
    "CAR029": 10,
    "REC006": 13,
    "REC007": 13,
    "CBR016": 13,
    "CAR004": 14,
    "CAR022": 14,
    "CID004": 14,
    "BLK005": 14,
    "BLK006": 14,
    "CV2003": 14,
}
"""What a warning weighs when warnings count: that of what it is about."""


@pytest.mark.parametrize("code", WARNINGS_BY_FAMILY)
def test_a_warning_can_be_made_to_weigh(code: str) -> None:
    """With `--fail-on warning` the exit code says what the warning is about."""
    case = next(c for c in CASES if c.code == code and c.severity == "warning")
    asked = replace(case, options={**case.options, "fail_on_warning": True})
    report = report_of(asked, case.build().data)
    assert report.verdict.value == case.verdict
    assert report.exit_code == WARNINGS_BY_FAMILY[code]


ORDERS = {
    "preorder": sections.order_of_the_walk,
    "nodes-first": sections.nodes_before_records,
    "cid-ascending": sections.blocks_sorted,
    "cid-descending": sections.blocks_sorted_backwards,
    "mixed": sections.commit_at_the_end,
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_blocks_is_named(order: str) -> None:
    """The first that fits of the five."""
    with Repo.load(ORDERS[order]().data) as repo:
        report = repo.report
    assert report.order == order
    (found,) = (found for found in report.findings if found.code == "ORD003")
    assert found.found == order
    assert found.offset is None


GOOD = {
    "empty": lambda: make_car({}),
    "one-record": lambda: make_car({"com.example.note/self": {}}),
    "sample": lambda: sample().car(),
    "many": lambda: make_car({f"com.example.note/{n}": {"n": n} for n in range(500)}),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_said_of_what_is_right(name: str) -> None:
    """Sound files have no findings, but for their order."""
    with Repo.load(GOOD[name]().data, checks=Checks(rebuild=True)) as repo:
        report = repo.report
    assert {found.code for found in report.findings} == {"ORD003"}
    assert (report.verdict.value, report.exit_code) == ("sound", 0)
    assert report.complete is True
    assert report.order == "preorder"


def test_a_tree_without_a_commit_can_be_judged_by_itself() -> None:
    """The `mst-only` profile takes a node as root, and asks for no records."""
    repo = sample()
    nodes = [each.cid for each in (repo.top, repo.inner, repo.first, repo.second)]
    car = repo.car().in_order([*nodes, repo.bridge.cid, repo.last.cid])
    data = car.with_roots(repo.top.cid).data
    with Repo.load(data, checks=Checks(profile=Profile.MST_ONLY)) as loaded:
        report = loaded.report
    assert (report.verdict.value, report.exit_code) == ("sound", 0)
    assert report.complete is True
    assert report.counts.records == 10
