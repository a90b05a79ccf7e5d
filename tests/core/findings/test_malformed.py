"""Every code, on a file that has just this fault.

The files and what must be found of them come from `tests.cars`, which shares
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
from tests.cars import ANYWHERE, CASES, Case, keys, make_car, sample, sections
from tests.core.opened import opened

if TYPE_CHECKING:
    from repoview.core.verify.report import Report

BACKGROUND = "ORD003"
"""Said of every tree."""

GRAVE = {Severity.ERROR, Severity.FATAL}


def report_of(case: Case, data: bytes) -> Report:
    """Verify a case's file as the case asks for."""
    options = dict(case.options)
    room = Room(options.pop("budget", limits.MEMORY))
    if "profile" in options:
        options["profile"] = Profile(options["profile"])
    with opened(data, checks=Checks(**options), room=room) as repo:
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
    places = [f.offset for f in report.findings if f.offset is not None]
    assert places == sorted(places)


OF_KEYS = [case for case in CASES if case.code[:3] in {"KEY", "REC"}]


@pytest.mark.parametrize("case", OF_KEYS, ids=lambda case: case.id)
def test_a_fault_of_a_key_or_record_names_it(case: Case) -> None:
    """Findings about one key or record have its path, if not several."""
    report = report_of(case, case.build().data)
    for found in report.findings:
        if found.code == case.code and case.code not in {"REC011", "KEY014"}:
            assert found.path is not None


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


def test_every_code_has_a_case() -> None:
    """Nothing is in the catalogue that was not met once."""
    assert {case.code for case in CASES} == CATALOGUE.keys() - NEVER_MET


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


OF_TREES = [case for case in CASES if case.code[:3] in {"CID", "MST", "KEY"}]


@pytest.mark.no_cover
@pytest.mark.parametrize("case", OF_TREES, ids=lambda case: case.id)
def test_rebuilding_says_nothing_new(case: Case) -> None:
    """Whatever makes a tree differ from its keys' is told by its own code."""
    broken = case.build()
    options = {**case.options, "rebuild": True}
    report = report_of(replace(case, options=options), broken.data)
    assert "MST024" not in {found.code for found in report.findings}


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
    options = {**case.options, "fail_on_warning": True}
    report = report_of(replace(case, options=options), case.build().data)
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
    "empty": make_car({}),
    "one-record": make_car({"com.example.note/self": {}}),
    "sample": sample().car(),
    "many": make_car({f"com.example.note/{n}": {"n": n} for n in range(500)}),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_said_of_what_is_right(name: str) -> None:
    """Sound files have no findings, but for their order."""
    with Repo.load(GOOD[name].data, checks=Checks(rebuild=True)) as repo:
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
