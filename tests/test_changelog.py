"""Facts about the changelog: one section a version, the present one on top."""

from __future__ import annotations

import re
from pathlib import Path

import repoview

TEXT = (Path(__file__).resolve().parents[1] / "CHANGELOG.md").read_text()
SECTIONS = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]


def test_the_top_section_is_that_of_the_version() -> None:
    """It has the day of its release, or is still to be released."""
    title = SECTIONS[0].splitlines()[0]
    version, _, day = title.partition(" - ")
    assert version == f"[{repoview.__version__}]"
    assert day == "Unreleased" or re.fullmatch(r"\d{4}-\d\d-\d\d", day)


def test_each_version_has_one_section() -> None:
    """And each list of changes in it one heading."""
    assert len({section.partition("]")[0] for section in SECTIONS}) == len(SECTIONS)
    for section in SECTIONS:
        headings = re.findall(r"^###.*$", section, re.MULTILINE)
        assert len(set(headings)) == len(headings)


def test_nothing_is_told_twice() -> None:
    """As it would be after two changes of one place were joined."""
    items = [line for line in TEXT.splitlines() if line.startswith("- ")]
    assert len(set(items)) == len(items)
