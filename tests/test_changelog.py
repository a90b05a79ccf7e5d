"""Facts about the changelog, and about the tag that makes a release of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import repoview

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CHANGELOG.md").read_text()
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


@pytest.mark.parametrize(
    ("tag", "version", "title", "refused"),
    [
        ("v1.2.0", "1.2.0", "## [1.2.0] - 2030-01-31", ""),
        ("v1.3.0", "1.2.0", "## [1.2.0] - 2030-01-31", "v1.3.0 is not v1.2.0"),
        ("1.2.0", "1.2.0", "## [1.2.0] - 2030-01-31", "1.2.0 is not v1.2.0"),
        ("v1.2.0", "1.2.0", "## [1.2.0] - Unreleased", "not the day of 1.2.0"),
        ("v1.2.0", "1.2.0", "## [1.1.0] - 2030-01-31", "not the day of 1.2.0"),
    ],
)
def test_a_tag_names_the_version_and_its_day_is_told(
    tmp_path: Path, tag: str, version: str, title: str, refused: str
) -> None:
    """Or it makes no release."""
    for folder in (".ci", "repoview"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / ".ci" / "tag", tmp_path / ".ci")
    (tmp_path / "repoview" / "__init__.py").write_text(f'__version__ = "{version}"\n')
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{title}\n\n## [1.1.0]\n")
    done = subprocess.run(
        [tmp_path / ".ci" / "tag", tag],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused in done.stderr
    assert (done.returncode == 0) == (not refused)


def test_the_first_version_has_nothing_but_what_was_added() -> None:
    """Nothing was there before it that could have been changed or mended."""
    assert re.findall(r"^### .*$", SECTIONS[-1], re.MULTILINE) == ["### Added"]
