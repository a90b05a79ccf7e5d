"""Facts about the catalogue: what each rule has, and which codes there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from repoview.core.findings.catalogue import CATALOGUE, FAMILIES, NOT_USED
from repoview.core.findings.explained import EXPLAINED
from repoview.core.findings.explained.readers import ALL, READERS
from repoview.core.findings.names import UnknownCode, codes_named

if TYPE_CHECKING:
    from repoview.core.findings.catalogue import Rule

WITHOUT_KERNEL = True

PUBLISHED = {
    "CAR": "001-007 009-030 032-033",
    "CID": "001-006 008-009",
    "BLK": "001-012",
    "CBR": "001-022",
    "COM": "001-013 015-018",
    "SIG": "001-009",
    "MST": "001-022 024-025",
    "KEY": "001-008 010-015",
    "REC": "001-011",
    "BLB": "001-005",
    "ORD": "001-003",
    "CV2": "001-007",
    "FRM": "001-017",
    "SPC": "001",
    "LIM": "001-002",
}
"""Every code that was ever given out, family by family: none may be missing."""


def published() -> list[str]:
    """Return all codes of `PUBLISHED`."""
    codes = []
    for family, ranges in PUBLISHED.items():
        for each in ranges.split():
            first, _, last = each.partition("-")
            numbers = range(int(first), int(last or first) + 1)
            codes += [f"{family}{number:03}" for number in numbers]
    return codes


def test_every_code_has_a_rule_or_a_reason_to_have_none() -> None:
    """And no code is there that was not given out."""
    assert set(published()) == CATALOGUE.keys() | NOT_USED.keys()
    assert CATALOGUE.keys().isdisjoint(NOT_USED)


def test_codes_stand_in_the_order_of_their_families() -> None:
    """As lists show them, and completion offers them."""
    order = list(FAMILIES)
    assert order == list(PUBLISHED)
    places = [(order.index(code[:3]), code) for code in CATALOGUE]
    assert places == sorted(places)


def test_ids_are_stable_names_and_each_is_given_once() -> None:
    """Small letters, digits and hyphens; no id looks like a code or a family."""
    ids = [rule.id for rule in CATALOGUE.values()]
    assert len(ids) == len(set(ids))
    for each in ids:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", each)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.code)
def test_a_rule_is_one_sentence_that_asks_for_something(rule: Rule) -> None:
    """With must, should or may; what else is to be said is its note."""
    assert re.search(r"\b(must|should|may)\b", rule.must)
    assert re.fullmatch(r"[A-Z`].*[^.]\.", rule.must)
    assert ". " not in rule.must
    assert rule.note == "" or rule.note.endswith(".")
    assert rule.recovery.endswith(".")
    assert rule.rule.startswith(rule.must[:-1])


OUR_OWN = {
    # Bounds that no specification gives.
    *("CAR005", "CAR024", "LIM001", "LIM002"),
    # Of text on a screen, and of files that hold several frames.
    *("REC007", "FRM008", "FRM017"),
}


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.code)
def test_a_rule_says_who_says_so(rule: Rule) -> None:
    """By name and address, unless it is our own."""
    assert bool(rule.sources) == (rule.code not in OUR_OWN)
    for source in rule.sources:
        assert source.name
        assert re.fullmatch(r"https://[\w./-]+(#[\w.-]+)?", source.url)
        assert str(source) in rule.rule


def test_every_code_is_explained() -> None:
    """All of it in sentences."""
    assert EXPLAINED.keys() == CATALOGUE.keys()
    for code, each in EXPLAINED.items():
        texts = [each.why, each.cause, each.fix]
        if each.readers is not None and each.readers.note:
            texts.append(each.readers.note)
        for text in texts:
            assert text.endswith("."), f"{code}: {text}"


def test_readers_are_known_by_name() -> None:
    """None both detects a fault and does not."""
    for code, each in EXPLAINED.items():
        if each.readers is None:
            continue
        detecting = [found.reader for found in each.readers.detecting()]
        missing = [found.reader for found in each.readers.missing()]
        assert set(detecting).isdisjoint(missing), code
        assert {*detecting, *missing} <= set(READERS.values())
        if each.readers.detect == ALL:
            assert not detecting


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_is_named_by_itself_and_by_its_id(code: str) -> None:
    """In small and capital letters."""
    for name in (code, code.lower(), CATALOGUE[code].id, CATALOGUE[code].id.upper()):
        assert codes_named(name) == (code,)


def test_a_family_names_its_codes() -> None:
    """All of them, in order."""
    assert codes_named("spc") == ("SPC001",)
    assert codes_named(" LIM ") == ("LIM001", "LIM002")
    assert sum(len(codes_named(family)) for family in FAMILIES) == len(CATALOGUE)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("MST114", "'MST114' is no code of a finding: did you mean MST014 or "),
        ("mst-keys-in-range", "did you mean mst-key-in-range or "),
        ("", "'' is no code of a finding: repoview explain lists all"),
        ("\x1b]0;x", r"'\x1b]0;x' is no code of a finding: "),
        ("x" * 10_000, "repoview explain lists all"),
        ("CBR022", "CBR022 is not used: it was meant for bytes that "),
    ],
)
def test_a_name_that_is_none_is_told_with_near_ones(name: str, told: str) -> None:
    """Or with the reason why there is none."""
    with pytest.raises(UnknownCode) as error:
        codes_named(name)
    assert told in str(error.value)
    assert len(str(error.value)) < 300
