"""Facts about opening: what is offered, what is remembered, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from repoview.settings import Settings
from repoview.tui.app.start import Starter
from repoview.tui.remembered.sources import (
    Choice,
    choices,
    paths_like,
    refusal,
    shortened,
)
from repoview.tui.remembered.state import MOST_RECENT, Recent, State
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.open_another import OpenAnother
from repoview.tui.screens.start import DEMO, Start
from repoview.tui.widgets.base.suggestions import Suggestions
from tests.tui.conftest import browsing, explorer, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App
    from textual.pilot import Pilot


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Path) -> Path:
    """A folder with some files, in which the program was started."""
    (tmp_path / "copy.car").write_bytes(sample.read_bytes())
    for name in ("b.car", "a.car.gz", "notes.txt", ".hidden.car", "bad\x1b[31m.car"):
        (tmp_path / name).write_bytes(b"12")
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "old.car").write_bytes(sample.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(found: list[Choice]) -> list[str]:
    """Return what choices are called."""
    return [each.text for each in found]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["a.car.gz", "b.car", "copy.car", "backup/"]),
        ("b", ["b.car", "backup/"]),
        ("B", ["b.car", "backup/"]),
        ("n", ["notes.txt"]),
        (".", [".hidden.car"]),
        ("bad", []),
        ("backup/", ["backup/old.car"]),
        ("backup/o", ["backup/old.car"]),
        ("./b", ["./b.car", "./backup/"]),
        ("nowhere/", []),
        ("a\x00b/", []),
    ],
)
@pytest.mark.usefixtures("here")
def test_paths_are_completed(typed: str, offered: list[str]) -> None:
    """CAR files first, and nothing that no terminal shows."""
    assert texts(paths_like(typed)) == offered


def test_a_tilde_is_the_home_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways."""
    monkeypatch.setenv("HOME", str(here))
    assert texts(paths_like("~/b")) == ["~/b.car", "~/backup/"]
    assert paths_like("~/b")[0].target == str(here / "b.car")
    assert texts(paths_like("~")) == [
        "~/a.car.gz",
        "~/b.car",
        "~/copy.car",
        "~/backup/",
    ]
    assert shortened(str(here / "b.car")) == "~/b.car"
    assert shortened("/elsewhere/b.car") == "/elsewhere/b.car"


def test_what_was_open_comes_first_if_it_is_still_there(here: Path) -> None:
    """Addresses are believed to be; each file is offered once."""
    recent = [
        Recent(str(here / "b.car"), "did:plc:b"),
        Recent(str(here / "gone.car"), "did:plc:gone"),
        Recent("https://example.org/a.car", "did:plc:a"),
    ]
    found = choices("", recent, [Choice("demo", "", "demo:")])
    names = [str(here / "b.car"), "https://example.org/a.car", "demo"]
    assert [each.target for each in found[:3]] == [*names[:2], "demo:"]
    assert texts(found[3:]) == ["a.car.gz", "copy.car", "backup/"]
    assert texts(choices("exam", recent)) == ["https://example.org/a.car"]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("b.car", ""),
        ("https://example.org/a.car", ""),
        ("gone.car", "gone.car: no such file"),
        ("backup", "that is a folder"),
        ("at://did:plc:a", "live accounts are not fetched"),
        ("a\x00b", "null"),
        ("a\x1b[31m", "a␛[31m: no such file"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_cannot_be_opened_is_told_where_it_was_typed(
    target: str, says: str
) -> None:
    """In words that can be shown."""
    assert says in refusal(target)
    assert bool(says) == bool(refusal(target))


def test_sources_are_remembered_with_the_latest_first(tmp_path: Path) -> None:
    """Each once, and no more than there is room for."""
    state = State(tmp_path / "state", pytest.fail)
    for number in range(MOST_RECENT + 5):
        state.keep_recent(Recent(f"/{number}", "x"))
    state.keep_recent(Recent("/20", "again"))
    found = state.recent()
    assert found[:2] == [Recent("/20", "again"), Recent(f"/{MOST_RECENT + 4}", "x")]
    assert len(found) == len({each.source for each in found}) == MOST_RECENT
    state.keep_recent(Recent("/" + "x" * 2_000))
    assert state.recent() == found


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"sources": 3}',
        '{"sources": [3, {}, {"source": ""}]}',
        '{"sources": [{"source": 3, "about": "x"}, {"source": "/a"}]}',
    ],
)
def test_what_another_program_wrote_is_no_source(tmp_path: Path, text: str) -> None:
    """Every value is looked at."""
    (tmp_path / "recent.json").write_text(text, encoding="utf-8")
    assert State(tmp_path, pytest.fail).recent() == []


async def offered(app: App[None], pilot: Pilot[None], what: str) -> Suggestions:
    """Wait until something is offered."""
    await until(pilot, lambda: app.screen.query(Suggestions))
    found = app.screen.query_one(Suggestions)
    await until(pilot, lambda: any(what in each.text for each in found.shown))
    await pilot.pause()
    return found


async def test_another_source_is_completed_and_opened(sample: Path, here: Path) -> None:
    """In a tab; what was open is offered without a word typed."""
    settings = Settings(state=here / "state")
    State(here / "state", pytest.fail).keep_recent(
        Recent(str(here / "b.car"), "7 records")
    )
    app = explorer(sample, settings=settings)
    async with app.run_test(size=(120, 40)) as pilot:
        await browsing(pilot)
        state = State(here / "state", pytest.fail)
        await until(pilot, lambda: state.recent()[0].source == str(sample))
        await pilot.press("ctrl+o")
        found = await offered(app, pilot, "b.car")
        assert found.shown[0].facts == "7 records"
        assert not any("sample.car" in each.text for each in found.shown)
        await pilot.press(*"cop")
        await offered(app, pilot, "copy.car")
        await pilot.press("tab")
        assert app.screen.query_one(Input).value == "copy.car"
        await pilot.press("enter")
        await browsing(pilot)
        assert [visit.called for visit in app.visits][1:] == ["copy.car"]


@pytest.mark.usefixtures("here")
async def test_a_folder_is_gone_into_and_what_is_not_there_refused(
    sample: Path,
) -> None:
    """The dialog stays for another try; a click opens."""
    app = explorer(sample)
    async with app.run_test(size=(120, 40)) as pilot:
        await browsing(pilot)
        await pilot.press("ctrl+o", *"nothing", "enter")
        await pilot.pause()
        assert "no such file" in screen_text(app)
        await pilot.press("ctrl+u", *"back")
        await offered(app, pilot, "backup/")
        await pilot.press("down", "enter")
        assert app.screen.query_one(Input).value == "backup/"
        await offered(app, pilot, "backup/old.car")
        assert isinstance(app.screen, OpenAnother)
        await pilot.click(Suggestions, offset=(6, 0))
        await until(pilot, lambda: len(app.visits) == 2)
        await browsing(pilot)
        assert isinstance(app.screen, Browse)


@pytest.mark.parametrize(
    ("keys", "chosen", "code"),
    [
        (["enter"], DEMO, 0),
        ([*"b.car", "enter"], "b.car", 0),
        (["down", "down", "enter"], "b.car", 0),
        (["escape"], None, 0),
        (["ctrl+c"], None, 130),
    ],
)
@pytest.mark.usefixtures("here")
async def test_the_first_screen_ends_with_what_was_chosen(
    keys: list[str], chosen: str | None, code: int
) -> None:
    """The sample stands first where nothing was open before."""
    app = Starter(Settings())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Start))
        await offered(app, pilot, "demo")
        await pilot.press(*keys)
        await until(pilot, lambda: not app.is_running or app.return_code is not None)
    assert (app.chosen, app.return_code) == (chosen, code)


async def test_what_was_typed_at_once_is_opened_and_not_what_was_offered(
    here: Path,
) -> None:
    """Before anything that begins so was looked for."""
    app = Starter(Settings())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Start))
        await offered(app, pilot, "demo")
        line = app.screen.query_one(Input)
        line.value = str(here / "b.car")
        await line.action_submit()
        await until(pilot, lambda: app.return_code is not None)
    assert app.chosen == str(here / "b.car")
