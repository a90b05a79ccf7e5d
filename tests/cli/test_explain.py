"""Facts about `repoview explain`: what a code means, in words and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview.core.findings.catalogue import CATALOGUE, FAMILIES
from repoview.corpus import sample as make_sample
from tests.cli.conftest import on_terminal, saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


HEADINGS = (
    "The rule",
    "Why the rule exists",
    "How it comes about",
    "What other readers do",
    "What repoview does",
    "What to do with the file",
    "What to do in software",
)


@pytest.mark.parametrize("name", ["MST014", "mst014", "mst-key-in-range"])
def test_a_code_is_explained(run: Program, name: str) -> None:
    """By its code or its id, in any case."""
    outcome = run("explain", name)

    assert (outcome.code, outcome.err) == (0, "")
    first, second, *rest = outcome.out.splitlines()
    assert first == "MST014 error, exit code 11: a key is outside its parent's range"
    assert second == "Rule mst-key-in-range"
    assert tuple(line for line in rest if line in HEADINGS) == HEADINGS
    assert "    https://atproto.com/specs/repository#mst-structure" in rest


def test_several_codes_are_explained_in_their_order(run: Program) -> None:
    """Each once."""
    out = run("explain", "SIG003", "BLK001", "sig003").out

    assert out.index("Rule signature-low-s") < out.index("Rule block-hash-matches")
    assert out.count("Rule ") == 2


def test_alone_it_lists_all_codes_by_family(run: Program) -> None:
    """With severity and title."""
    lines = run("explain").out.splitlines()

    assert [line.partition(":")[0] for line in lines if line[:1].strip()] == list(
        FAMILIES
    )
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(
        CATALOGUE
    )
    assert "  CAR004  warning  the header's length has needless bytes" in lines


def test_a_family_is_listed_and_a_code_beside_it_explained(run: Program) -> None:
    """A family has too many codes to explain each."""
    out = run("explain", "lim", "SPC001").out

    assert out.startswith("LIM: limits\n  LIM001  error    a limit ended the reading\n")
    assert "\n\nSPC001 info: the file is the CAR of a permissioned space\n" in out


def test_all_explains_all(run: Program) -> None:
    """Within the width of a page, but for addresses."""
    lines = run("explain", "--all").out.splitlines()

    assert sum(line.startswith("Rule ") for line in lines) == len(CATALOGUE)
    assert max(len(line) for line in lines if "https://" not in line) <= 80


def test_pages_are_as_wide_as_the_terminal() -> None:
    """With headings in bold, and each code in the color of its severity."""
    code, drawn = on_terminal("explain", "CAR001", "MST014")
    assert code == 0
    assert "\x1b[1mThe rule\x1b[0m" in drawn
    assert "\x1b[1;31mCAR001\x1b[0m fatal" in drawn


def test_json_has_all_that_is_told(run: Program) -> None:
    """One array, whether one code is asked for, several, or none."""
    (one,) = json.loads(run("explain", "MST005", "--json").out)
    assert one["id"] == "mst-first-prefix-zero"
    assert (one["code"], one["severity"], one["exit_code"]) == ("MST005", "error", 11)
    assert one["sources"][0]["section"] == "MST Structure"
    detect = {each["name"]: each for each in one["readers"]["detect"]}
    assert detect["indigo"]["crashes"]
    assert detect["indigo"]["by_source"]
    assert not detect["atcute"]["crashes"]
    assert [each["name"] for each in one["readers"]["miss"]] == [
        "@atproto/repo",
        "arroba",
    ]
    assert one["why"]
    assert one["cause"]
    assert one["owner"]
    assert one["software"]

    every = json.loads(run("explain", "--json").out)
    assert [each["code"] for each in every] == list(CATALOGUE)
    assert all(each.keys() == one.keys() for each in every)


def test_a_code_that_is_none_is_told_in_one_sentence(run: Program) -> None:
    """Wrong usage, with what may have been meant."""
    outcome = run("explain", "MST14")

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("repoview: 'MST14' is no code of a finding: ")
    assert "MST014" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_verdict_leads_to_the_explanation(run: Program, tmp_path: Path) -> None:
    """Of its gravest finding; where nothing is wrong, nothing is said of it."""
    whole, broken = tmp_path / "whole.car", tmp_path / "broken.car"
    saved(whole, make_sample().car().data)
    saved(broken, make_sample().car().data[:-3])

    page = run("verify", broken).out
    assert page.splitlines()[-2] == "What a code means: repoview explain CAR023"
    assert "more      repoview explain CAR023" in run("verify", broken, "-v").out
    assert "repoview explain" not in run("verify", whole).out
