"""Facts about `repoview learn --break` where there is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.breaking.cases import SHOWN, cases_named

if TYPE_CHECKING:
    from tests.cli.conftest import Program


def test_the_list_has_a_line_for_each_file(run: Program) -> None:
    """By family; also without a terminal, where the app cannot run."""
    listed = run("learn", "--break", "--list")
    assert (listed.code, listed.err) == (0, "")
    lines = [line.split() for line in listed.out.splitlines() if line[:3] == "  C"]
    codes = [case.code for case in SHOWN if case.code.startswith("C")]
    assert [line[0] for line in lines] == codes
    assert run("learn", "--break").out == listed.out
    few = run("learn", "--break", "--list", "mst")
    assert few.out.startswith("MST: the tree\n  MST001  ")
    assert few.out.count("MST014") == len(cases_named("MST014"))


@pytest.mark.parametrize("name", ["MST014", "mst-key-in-range", "CAR001", "SIG005"])
def test_a_code_is_printed_with_all_its_files(run: Program, name: str) -> None:
    """The rule once, each file with its bytes, verdict and exit code."""
    page = run("learn", "--break", "--print", name)
    assert (page.code, page.err) == (0, "")
    cases = cases_named(name)
    assert page.out.startswith(f"{cases[0].code} ")
    assert page.out.count("What was broken: ") == len(cases)
    assert page.out.count("Why the rule exists") == 1
    assert page.out.count("The broken file: exit code") == len(cases)
    lines = [line for line in page.out.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= 80
    assert run("learn", "--break", name).out == page.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--break", "MST021"], "a key of depth 25 takes"),
        (["--break", "MST99"], "is no code of a finding"),
        (["--break", "--sandbox"], "--break excludes"),
        (["--break", "--print", "MST014", "MST013"], "--print takes"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    run: Program, arguments: list[str], says: str
) -> None:
    """In one sentence, as wrong usage."""
    outcome = run("learn", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert says in outcome.err
