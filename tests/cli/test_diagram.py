"""Facts about `repoview mst --diagram`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.repo.repo import Repo
from tests.cli.conftest import damaged_top, on_terminal, saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

PROFILE = "app.bsky.actor.profile/self"


def test_a_diagram_has_a_band_for_each_depth(run: Program, sample: Path) -> None:
    """And a legend; in 80 columns where there is no terminal."""
    outcome = run("mst", sample, "--diagram")

    lines = outcome.out.splitlines()
    with Repo.load(sample) as repo:
        top = repo.tree.node(0).depth
    assert top is not None
    depths = [line[:7] for line in lines if line.startswith("depth")]
    assert depths == [f"depth {depth}" for depth in range(top, -1, -1)]
    assert lines[-1].startswith("● ")
    assert max(map(len, lines)) <= 80
    assert (outcome.code, outcome.err) == (0, "")


def test_the_way_to_a_path_is_heavy(run: Program, sample: Path) -> None:
    """And its key is marked."""
    drawn = run("mst", sample, PROFILE, "--diagram").out

    assert "▸profile self" in drawn
    assert "╔═" in drawn
    assert "╔═" in run("mst", sample, "--diagram").out
    assert "▸profile" not in run("mst", sample, "--diagram").out


def test_a_path_that_is_not_there_is_drawn_and_refused(
    run: Program, sample: Path
) -> None:
    """The way leads to the node that would have it."""
    outcome = run("mst", sample, "app.bsky.actor.profile/selg", "--diagram")

    assert outcome.code == 1
    assert "no record" in outcome.err
    assert "╔═" in outcome.out


def test_the_size_is_what_is_asked_for(run: Program, sample: Path) -> None:
    """Columns, and lines besides the legend."""
    lines = run("mst", sample, "--size", "120x20").out.splitlines()

    assert len(lines) == 20 + 2
    assert max(map(len, lines[:20])) > 80


@pytest.mark.parametrize(
    "size", ["80", "39x10", "x", "80x", "3000x3", "80x5000", "²x2"]
)
def test_what_is_no_size_is_refused(run: Program, sample: Path, size: str) -> None:
    """In a sentence that says what would be one."""
    outcome = run("mst", sample, "--diagram", "--size", size)

    assert outcome.code == 2
    assert "say 160x50" in outcome.err


def test_a_terminal_is_used_in_full_and_in_color(sample: Path) -> None:
    """Nothing is told by color alone."""
    code, drawn = on_terminal("mst", sample, "--diagram", COLUMNS="150")

    assert code == 0
    assert "\x1b[36m" in drawn
    plain = on_terminal("mst", sample, "--diagram", COLUMNS="150", NO_COLOR="1")[1]
    assert "\x1b[" not in plain
    assert max(map(len, plain.splitlines())) > 80


@pytest.mark.parametrize(
    ("name", "start"), [("a.svg", "<svg "), ("a.dot", "digraph "), ("a.txt", "depth ")]
)
def test_a_file_has_the_form_of_its_suffix(
    run: Program, sample: Path, tmp_path: Path, name: str, start: str
) -> None:
    """It overwrites nothing unasked."""
    to = tmp_path / name

    outcome = run("mst", sample, PROFILE, "-o", to)

    assert to.read_text().startswith(start)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith(f"repoview: wrote {to}: ")
    again = run("mst", sample, "-o", to)
    assert again.code == 1
    assert "is there already" in again.err
    assert run("mst", sample, "-o", to, "--force", "-q").err == ""


def test_other_suffixes_and_the_source_are_refused(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """Before anything is read."""
    outcome = run("mst", sample, "-o", tmp_path / "a.png")
    assert outcome.code == 2
    assert ".svg, .dot or .txt" in outcome.err
    source = saved(tmp_path / "source.svg", sample.read_bytes())
    assert run("mst", source, "-o", source, "--force").code == 1
    assert source.read_bytes() == sample.read_bytes()


@pytest.mark.parametrize("other", [("--json",), ("--depth", "1"), ("--explain",)])
def test_a_diagram_has_no_other_form(
    run: Program, sample: Path, other: tuple[str, ...]
) -> None:
    """The outline has those options."""
    outcome = run("mst", sample, "--diagram", *other)
    assert outcome.code == 2
    assert "no --json, --explain or --depth" in outcome.err


def test_a_damaged_tree_is_drawn_as_far_as_it_is_there(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """With the exit code of the tree; of nothing, nothing is drawn."""
    path = saved(tmp_path / "x.car", damaged_top(sample_bytes))
    nothing = saved(tmp_path / "y.car", b"no repository")

    outcome = run("mst", path, "--diagram")

    assert outcome.code == 11
    assert "╳ damaged node" in outcome.out
    assert "all keys" in outcome.out
    assert run("mst", nothing, "--diagram").code == 12
