"""Facts about broken files: what the engine says of each is what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.breaking.beside import cells, pair_of
from repoview.breaking.cases import SHOWN, NoCase, cases_named, data_of, found, grouped
from repoview.breaking.judged import judge
from repoview.breaking.page import page_of
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.findings.explained import EXPLAINED
from repoview.corpus.manifest import WITHOUT_A_FILE
from repoview.present.styled import Row, section_text

if TYPE_CHECKING:
    from repoview.breaking.cases import Case

WIDTHS = (56, 76, 116, 196)


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case.id)
def test_a_page_says_what_the_engine_finds(case: Case) -> None:
    """The code and the exit code of the broken file, and that its twin is sound."""
    width = WIDTHS[SHOWN.index(case) % len(WIDTHS)]
    data, sound = data_of(case), data_of(case, is_twin=True)
    judged, twin = judge(data, case), judge(sound, case)
    assert judged.exit_code == case.exit_code
    assert case.code in {code for code, *_ in judged.findings}
    if data != sound and case.code != "SIG007":
        assert twin.is_sound

    sections = page_of([case], width)
    rows = [line for each in sections for line in each.lines if isinstance(line, Row)]
    assert max(len(row.text) for row in rows) <= width
    text = section_text(sections)
    assert judged.verdict in text
    assert f"The broken file: exit code {case.exit_code}" in text
    assert EXPLAINED[case.code].why in text
    assert "\x1b" not in text


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case.id)
def test_what_is_shown_of_the_bytes_differs(case: Case) -> None:
    """Unless the fault is not in the file."""
    broken, twin = case.build(), case.twin
    aligned = cells(twin.data, broken.data, pair_of(twin, broken))
    assert any(cell.differs for cell in aligned) == (broken.data != twin.data)


def test_every_rule_has_a_file_or_a_reason_why_not() -> None:
    """Which says so when it is asked for."""
    shown = {case.code for case in SHOWN}
    for code in CATALOGUE.keys() - shown:
        with pytest.raises(NoCase, match=code):
            cases_named(code)
        assert code in WITHOUT_A_FILE
    for code in shown:
        assert {case.code for case in cases_named(code)} == {code}


def test_a_file_is_named_by_code_rule_family_or_its_own_name() -> None:
    """In small and capital letters."""
    (case,) = cases_named("mst014-key-over-its-range")
    assert case in cases_named("MST-key-in-range".lower())
    assert case in cases_named("mst")
    assert {each.code[:3] for each in cases_named("KEY")} == {"KEY"}
    with pytest.raises(NoCase, match="no code"):
        cases_named("nothing")


def test_words_find_files_by_rule_and_fault() -> None:
    """All words must be there; in capitals they are a code's."""
    assert {each.code for each in found("KEY01")} == {
        code for code in CATALOGUE if code.startswith("KEY01") and found(code)
    }
    assert "SIG003" in {each.code for each in found("high-s curve")}
    assert not found("high-s nothing")
    assert found("") == list(SHOWN)
    groups = grouped(found(""))
    assert [case for group in groups for case in group.cases] == list(SHOWN)
