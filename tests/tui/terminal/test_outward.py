"""Facts about what leaves the explorer: files, and programs to read in."""

from __future__ import annotations

import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App

from repoview.export.destination import DestinationError
from repoview.tui.terminal.outward import read_outside, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator


class Suspendable(App[None]):
    """An app that can stand aside."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Do nothing of it."""
        yield


def program(tmp_path: Path, *lines: str) -> str:
    """Return a command that runs these lines of Python on its last argument."""
    script = tmp_path / "reader.py"
    head = ("import os, pathlib, sys", "path = pathlib.Path(sys.argv[-1])")
    script.write_text("\n".join((*head, *lines)))
    return f"'{sys.executable}' '{script}' --an 'argument of two words'"


def test_a_program_is_given_a_private_file_that_is_gone_afterwards(
    tmp_path: Path,
) -> None:
    """Its mode is read-only, and for its owner only."""
    out = tmp_path / "out"
    command = program(
        tmp_path,
        f"out = pathlib.Path({str(out)!r})",
        "mode = oct(path.stat().st_mode), oct(path.parent.stat().st_mode)",
        "out.write_text(repr((str(path), sys.argv[1:3], mode, path.read_text())))",
    )
    assert read_outside(Suspendable(), command, '{"a": "é"}', "3k.json") == ""
    path, arguments, mode, text = eval(out.read_text())  # noqa: S307 (our own text)
    assert Path(path).name == "3k.json"
    assert arguments == ["--an", "argument of two words"]
    assert [stat.S_IMODE(int(each, 8)) for each in mode] == [0o400, 0o700]
    assert text == '{"a": "é"}\n'
    assert not Path(path).exists()
    assert not Path(path).parent.exists()


def test_no_shell_has_a_part_in_it(tmp_path: Path) -> None:
    """What a shell would obey is an argument."""
    command = program(tmp_path) + f" ; touch {tmp_path}/owned"
    assert read_outside(Suspendable(), command, "{}", "a.json") == ""
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("no-such-program-anywhere -R", "There is no program no-such-program"),
        ("", "There is no program named."),
        ("less 'half", "cannot be run: No closing quotation"),
    ],
)
def test_what_cannot_be_run_says_so(command: str, says: str) -> None:
    """In a sentence, and nothing else happens."""
    assert says in read_outside(Suspendable(), command, "{}", "a.json")


def test_a_program_that_fails_is_told_of(tmp_path: Path) -> None:
    """With its code."""
    command = program(tmp_path, "sys.exit(3)")
    assert "ended with code 3" in read_outside(Suspendable(), command, "", "a.json")


async def test_a_terminal_that_cannot_be_given_away_says_so() -> None:
    """Such as that of the web, or of a test."""
    app: App[Any] = App()
    async with app.run_test():
        says = read_outside(app, f"'{sys.executable}' -V", "{}", "a.json")
    assert says == "This terminal cannot be given to another program."


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """Also a link that leads nowhere."""
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("mine")
    link.symlink_to(tmp_path / "nowhere")
    for path in (there, link):
        with pytest.raises(DestinationError, match="there is already"):
            write_new(str(path), "{}")
    assert there.read_text() == "mine"
    assert write_new(str(tmp_path / "new"), "{}") == f"Written to {tmp_path / 'new'}"
    assert (tmp_path / "new").read_text() == "{}\n"
