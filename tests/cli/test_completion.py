"""Facts about completing by Tab, in the shells themselves where they are here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

SHELLS = ("bash", "zsh", "fish")

PROGRAM = Path(sys.executable).parent
"""Where `repoview` is, which the scripts call by its name."""


def in_shell(shell: str, *arguments: str, folder: Path, **more: str) -> list[str]:
    """Return the lines that a shell prints."""
    path = f"{PROGRAM}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [shell, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "HOME": str(folder), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


def needs(shell: str) -> None:
    """Skip where a shell is not here."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")


@pytest.fixture
def script(run: Program, tmp_path: Path) -> dict[str, Path]:
    """The script for each shell, in a file."""
    scripts = {}
    for shell in SHELLS:
        outcome = run("completion", shell)
        assert (outcome.code, outcome.err) == (0, "")
        scripts[shell] = tmp_path / f"complete.{shell}"
        scripts[shell].write_text(outcome.out)
    (tmp_path / "repo.car").touch()
    return scripts


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("repoview veri", ["verify"]),
        ("repoview export --colle", ["--collection"]),
        ("repoview salvage --reb", ["--rebuild-tree"]),
        ("repoview verify --format j", ["json", "jsonl"]),
        ("repoview nonsense --thr", ["--threads"]),
        ("repoview verify --severity cv2001", ["CV2001="]),
        ("repoview ls --severity LIM", []),
        ("repoview explain spc", ["SPC001"]),
        ("repoview explain mst-key-i", ["mst-key-in-range"]),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_commands_options_and_choices_are_completed(
    shell: str, words: str, expected: list[str], script: dict[str, Path]
) -> None:
    """By what the shell itself makes of the script."""
    needs(shell)
    path = script[shell]
    if shell == "fish":
        lines = in_shell(
            "fish", "-c", f"source {path}; complete -C '{words}'", folder=path.parent
        )
        assert [line.partition("\t")[0] for line in lines] == expected
        return
    count = len(words.split()) - 1
    ask = f"COMP_WORDS=({words}); COMP_CWORD={count}; _repoview_completion repoview"
    lines = in_shell(
        "bash",
        "-c",
        f'source {path}; {ask}; echo "${{COMPREPLY[@]}}"',
        folder=path.parent,
    )
    assert lines[-1].split() == expected


def test_files_are_completed_where_a_source_stands(script: dict[str, Path]) -> None:
    """As the first word too, for a file opens by its name alone."""
    needs("fish")
    path = script["fish"]
    for words in ("repoview rep", "repoview verify rep", "repoview verify x.car rep"):
        ask = f"source {path}; complete -C '{words}'"
        assert "repo.car" in in_shell("fish", "-c", ask, folder=path.parent)


def test_zsh_takes_the_script(script: dict[str, Path]) -> None:
    """And is answered, with what each option means."""
    needs("zsh")
    assert in_shell("zsh", "-n", str(script["zsh"]), folder=script["zsh"].parent) == []
    lines = in_shell(
        "repoview",
        folder=script["zsh"].parent,
        COMP_WORDS="repoview verify --exp",
        COMP_CWORD="2",
        _REPOVIEW_COMPLETE="zsh_complete",
    )
    assert lines[:2] == ["plain", "--expect"]


def test_a_shell_that_is_not_known_is_refused(run: Program) -> None:
    """With those that are."""
    outcome = run("completion", "csh")
    assert outcome.code == 2
    assert "'bash', 'zsh', 'fish'" in outcome.err
