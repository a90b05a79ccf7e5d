"""Facts about the program as a whole: help, version, what a first word means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import __version__
from repoview.cli.root import COMMANDS
from tests.cli.conftest import on_terminal, saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_page_for_newcomers(run: Program, arguments: tuple[str, ...]) -> None:
    """Alone, the program says what it is for, with examples of every command."""
    outcome = run(*arguments)

    assert outcome.code == 0
    assert outcome.err == ""
    for command in COMMANDS:
        if command != "open":
            assert f"repoview {command}" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(run: Program, command: str) -> None:
    """Within 80 columns."""
    outcome = run(command, "--help")

    assert outcome.code == 0
    assert "Examples:" in outcome.out
    assert f"repoview {command}" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_the_version_names_the_kernel(run: Program) -> None:
    """It matters for bug reports and for speed."""
    outcome = run("--version")

    assert outcome.code == 0
    assert outcome.out.startswith(f"repoview {__version__} (kernel: ")


def test_headings_are_bold_on_a_terminal() -> None:
    """And the page is the same otherwise."""
    code, drawn = on_terminal("--help")
    assert code == 0
    assert "\x1b[1mBrowse:\x1b[0m" in drawn
    plain = on_terminal("--help", NO_COLOR="1")[1]
    assert "\x1b" not in plain
    assert drawn.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


def test_a_file_is_opened(run: Program, sample: Path) -> None:
    """The first word names no command: it is short for `open`."""
    assert run(sample).out == run("open", sample).out


def test_a_command_wins_over_a_file(
    run: Program, sample_bytes: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file called `verify` is ./verify."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "verify", sample_bytes)
    saved(tmp_path / "build", sample_bytes)

    assert run("verify").code == 2
    assert run("./verify").code == 0
    assert run("build").code == 2
    assert run("./build").code == 0


@pytest.mark.parametrize(
    ("word", "meant"), [("verfy", "verify"), ("expor", "export"), ("LS", "ls")]
)
def test_a_mistyped_command_is_guessed(run: Program, word: str, meant: str) -> None:
    """It may be a file too, and both are said not to be there."""
    outcome = run(word, "repo.car")

    assert outcome.code == 2
    assert "neither a command nor a file" in outcome.err
    assert f"did you mean repoview {meant}?" in outcome.err


def test_a_file_that_looks_like_a_command_is_opened(
    run: Program, sample_bytes: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is never refused for its name."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "verfy", sample_bytes)

    assert run("verfy").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("verify",), "missing argument 'SOURCE' (see repoview verify --help)"),
        (("verify", "x", "--nope"), "no such option"),
        (("info", "x", "--jsn"), "'--jsn': did you mean '--json'? (see repoview info"),
        (
            ("ls", "x", "--limi"),
            "did you mean one of: '--disk-limit', '--mem-limit'? (see repoview ls",
        ),
        (("verify", "x", "--format", "xml"), "invalid value for '--format'"),
        (("ls", "a", "b", "c"), "unexpected extra argument"),
        (("mst", "x", "--depth", "-1"), "invalid value for '--depth'"),
        (("verify", "x", "--mem-limit", "much"), "'much' is no size"),
        (("verify", "x", "--mem-limit", "1"), "1 is too little"),
        (("-", "-"), "standard input can be read only once"),
        (("export", "x"), "missing option '-o'"),
        (
            ("mst", "x", "--steps"),
            "requires an argument: walk, look-up, proof, stream, diff",
        ),
    ],
)
def test_wrong_usage_is_one_sentence(
    run: Program, arguments: tuple[str, ...], told: str
) -> None:
    """Exit code 2, on stderr, with where help is."""
    outcome = run(*arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("repoview: ")
    assert told in outcome.err
    assert outcome.err.count("\n") == 1
    assert "--help)" in outcome.err


def test_common_options_may_stand_before_the_command(
    run: Program, sample: Path
) -> None:
    """Those behind it win."""
    assert run("-q", "verify", sample).out == "sound\n"
    assert "\x1b[" in run("--color", "verify", sample).out
    assert "\x1b[" not in run("--color", "verify", sample, "--no-color").out
    assert "\x1b[" in run("--no-color", "verify", sample, "--color").out
    assert run("--mem-limit", "64MiB", "verify", sample).code == 0
