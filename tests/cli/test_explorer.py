"""Facts about `repoview open` and `repoview demo`."""

from __future__ import annotations

import os
import pty
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from repoview.cli.commands import open as open_command
from repoview.core.findings.findings import Profile
from repoview.core.repo.repo import Repo
from repoview.folders import config_folder, state_folder
from tests.cli.conftest import PROGRAM, on_terminal, saved

if TYPE_CHECKING:
    from repoview.settings import Settings
    from tests.cli.conftest import Program


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Settings]]:
    """What the explorer was asked to open, instead of opening it."""
    calls: list[tuple[str, Settings]] = []

    def run(targets: list[tuple[str, str]], options: Settings) -> int:
        for target, name in targets:
            assert Path(target).exists()
            assert name == target
            calls.append((target, options))
        return 7

    tui = ModuleType("repoview.tui")
    tui.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "repoview.tui", tui)
    monkeypatch.setattr(open_command, "is_screen", lambda **_: True)
    return calls


def test_a_terminal_gets_the_explorer(
    run: Program, sample: Path, opened: list[tuple[str, Settings]]
) -> None:
    """With the settings of the command line; its code is the program's."""
    outcome = run(sample, "--profile", "strict", "--mem-limit", "32MiB")

    assert outcome.code == 7
    ((target, settings),) = opened
    assert target == str(sample)
    assert settings.options.checks.profile is Profile.STRICT
    assert settings.options.room.memory == 32 << 20


def test_the_explorer_loads_with_as_many_threads(
    run: Program,
    sample: Path,
    opened: list[tuple[str, Settings]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the command line or the environment asks for."""
    run(sample)
    run(sample, "--threads", "5")
    monkeypatch.setenv("REPOVIEW_THREADS", "6")
    run(sample)
    assert [settings.options.threads for _, settings in opened] == [None, 5, 6]


def test_what_cannot_be_read_is_told_before(
    run: Program, tmp_path: Path, opened: list[tuple[str, Settings]]
) -> None:
    """On the ordinary screen."""
    outcome = run(tmp_path / "no.car")
    assert outcome.code == 1
    assert "there is no file" in outcome.err
    assert opened == []


def test_a_pipe_gets_the_info_page(run: Program, sample: Path) -> None:
    """There is no terminal to draw on."""
    assert run(sample).out == run("info", sample).out
    assert run("open", sample).out == run("info", sample).out


def test_a_dumb_terminal_gets_the_info_page(sample: Path) -> None:
    """Without colors."""
    code, drawn = on_terminal(sample, TERM="dumb")
    assert code == 0
    assert drawn.startswith("SOUND: ")
    assert "\x1b" not in drawn


@pytest.mark.parametrize("code", [10, 11, 12])
def test_the_info_page_ends_as_the_tree_does(
    run: Program, broken: dict[int, Path], code: int
) -> None:
    """Opened or asked for."""
    assert run(broken[code]).code == code


def test_the_demo_is_opened(run: Program, opened: list[tuple[str, Settings]]) -> None:
    """From a temporary file, which goes afterwards."""
    assert run("demo", "--records", "20").code == 7
    ((target, settings),) = opened
    assert not Path(target).exists()
    assert not Path(target).parent.exists()
    assert settings.is_passing
    assert settings.options.cache is None


def test_the_demo_without_a_terminal_is_the_info_page(run: Program) -> None:
    """Sound, with as many records as asked for; nothing of it is kept."""
    outcome = run("demo", "--records", "20")
    assert outcome.code == 0
    assert outcome.out.startswith("SOUND: ")
    assert "20 in " in outcome.out
    assert run("cache", "ls").out == ""


def test_the_demo_can_be_kept(run: Program, tmp_path: Path) -> None:
    """In a file that is never overwritten unasked; nothing is opened."""
    path = tmp_path / "sample.car"

    outcome = run("demo", "-o", path, "--records", "20")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith(f"repoview: wrote {path}: 20 records, ")
    assert outcome.err.count("\n") == 1
    first = path.read_bytes()
    with Repo.load(path) as repo:
        assert len(repo) == 20
    assert run("demo", "-o", path, "--records", "20").code == 1
    assert run("demo", "-o", path, "--records", "20", "--force").code == 0
    assert path.read_bytes() == first


def test_the_demo_has_bounds(run: Program) -> None:
    """Too many records would only take long."""
    assert run("demo", "--records", "99999999").code == 2
    assert run("demo", "--records", "-1").code == 2
    assert run("demo", "--records", "0").code == 0


def test_a_file_named_like_an_option(
    run: Program, sample_bytes: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind two dashes, or by its folder."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "--json", sample_bytes)
    assert run("info", "--", "--json").code == 0
    assert run("info", "./--json").code == 0


def test_what_comes_down_a_pipe_is_explored(sample: Path) -> None:
    """While keys come from the terminal."""
    words = " ".join(map(shlex.quote, [*PROGRAM, "-"]))
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        line = f"cat {shlex.quote(str(sample))} | {words}"
        os.execv("/bin/sh", ["sh", "-c", line])  # noqa: S606 (it is one)
    drawn = b""
    while b"SOUND" not in drawn:
        drawn += os.read(terminal, 65_536)
    os.write(terminal, b"q")
    with suppress(OSError):
        while os.read(terminal, 65_536):
            pass
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_explorer_is_told_where_it_remembers(
    run: Program, sample: Path, opened: list[tuple[str, Settings]]
) -> None:
    """In the folders of this user; nowhere, if nothing is to be kept."""
    run(sample)
    run(sample, "--no-cache")
    run(sample, "--color")
    (_, kept), (_, unkept), (_, colored) = opened
    assert kept.state == state_folder()
    assert unkept.state is None
    folder = config_folder()
    assert folder is not None
    assert kept.config == unkept.config == folder / "config.toml"
    assert (kept.color, colored.color) == (False, True)


def test_help_tells_where_settings_are(run: Program) -> None:
    """The whole path, to be copied."""
    assert str(config_folder()) in run("open", "--help").out


def test_several_sources_are_opened_at_once(
    run: Program, sample: Path, opened: list[tuple[str, Settings]]
) -> None:
    """Each in a tab of its own."""
    run("open", sample, sample)
    assert [target for target, _ in opened] == [str(sample), str(sample)]


def test_the_pages_of_several_sources_follow_each_other(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """And the run ends as the worst of them does."""
    broken = tmp_path / "broken.car"
    broken.write_bytes(sample.read_bytes()[:-9])
    alone = run("info", sample), run("info", broken)

    both = run(sample, broken)

    assert both.out == "\n".join(each.out for each in alone)
    assert both.code == max(each.code for each in alone) > 0
