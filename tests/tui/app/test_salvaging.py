"""Facts about saving what is left of a file: told first, then written if asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button, Input

from repoview.core.errors import Cancelled
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.repo import Repo
from repoview.core.salvage.salvage import salvage
from repoview.present.salvage import salvage_sentence
from repoview.tui.screens.dialogs.salvage import SalvageDialog
from repoview.tui.screens.findings import FindingsView
from repoview.tui.session.writing.salvage import SalvageAnswers
from tests.core.repos import make_repo, many
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of 200 records with a byte changed, and its end cut off."""
    data = bytearray(make_repo(many(200)))
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "damaged.car"
    path.write_bytes(data[:-700])
    monkeypatch.chdir(tmp_path)
    return path


def held(path: Path) -> dict[str, bytes]:
    """Return all files of the folder of a file, by name."""
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def write_beside(path: Path, name: str, data: bytes) -> Path:
    """Write another file into the folder of a file."""
    other = path.with_name(name)
    other.write_bytes(data)
    return other


async def shown(app: Explorer, pilot: Pilot[None]) -> SalvageDialog:
    """Wait for the dialog, and for what was found."""
    await until(pilot, lambda: isinstance(app.screen, SalvageDialog))
    dialog = app.screen
    assert isinstance(dialog, SalvageDialog)
    await until(pilot, lambda: not dialog.has_class("-looking"))
    await pilot.pause()
    return dialog


async def test_what_can_be_saved_is_told_and_written(damaged: Path) -> None:
    """By R from any view; the words are those of the command."""
    with salvage(str(damaged), OpenOptions()) as expected:
        sentence = salvage_sentence(expected.report, is_dry=True)
        blocks = expected.report.blocks
    before = held(damaged)
    async with exploring(damaged) as (app, pilot):
        await pilot.press("R")
        await shown(app, pilot)
        assert sentence in screen_text(app)
        assert "Better: ask the server again" in screen_text(app)
        assert held(damaged) == before
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, SalvageDialog))
        said = [note.message for note in app._notifications]  # noqa: SLF001 (there is no other way to see them)
    saved = damaged.with_name("damaged-saved.car")
    assert f"wrote {saved}: {blocks} blocks" in said[-1]
    assert before.items() < held(damaged).items()
    with Repo.load(saved) as repo:
        assert repo.report.counts.blocks == blocks
        assert "BLK001" not in {found.code for found in repo.report.findings}


async def test_a_new_tree_has_all_keys_that_are_known(damaged: Path) -> None:
    """Chosen with the arrow keys; nobody has signed it."""
    async with exploring(damaged) as (app, pilot):
        await pilot.press("R")
        dialog = await shown(app, pilot)
        dialog.query_one("#salvage-tree").focus()
        await pilot.press("down", "ctrl+s")
        await until(pilot, lambda: not isinstance(app.screen, SalvageDialog))
    with (
        Repo.load(damaged.with_name("damaged-saved.car")) as repo,
        salvage(str(damaged), OpenOptions()) as expected,
    ):
        assert repo.report.complete
        assert len(repo) == expected.report.reachable + expected.report.detached
        assert "COM003" in {found.code for found in repo.report.findings}


async def test_a_click_on_the_verdict_leads_there(damaged: Path) -> None:
    """Where a file is not sound; and Esc goes back to the verdict."""
    async with exploring(damaged, (120, 40)) as (app, pilot):
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        await until(pilot, lambda: "R tells what can be saved." in screen_text(app))
        lines = screen_text(app).splitlines()
        y = next(n for n, line in enumerate(lines) if "R tells what" in line)
        await pilot.click(offset=(lines[y].index("R tells what") + 3, y))
        await shown(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))


async def test_of_a_sound_file_the_verdict_offers_nothing(sample: Path) -> None:
    """R still tells that all is saved."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        await until(pilot, lambda: "SOUND" in screen_text(app))
        assert "what can be saved" not in screen_text(app)
        await pilot.press("R")
        await shown(app, pilot)
        assert "ALL CAN BE SAVED" in screen_text(app)


async def test_a_file_that_is_there_is_asked_about(damaged: Path) -> None:
    """And what is open is never written over."""
    write_beside(damaged, "taken.car", b"mine")
    async with exploring(damaged) as (app, pilot):
        await pilot.press("R")
        dialog = await shown(app, pilot)
        line = dialog.query_one("#write-to", Input)
        line.value = "damaged.car"
        await pilot.press("enter")
        await until(pilot, lambda: dialog.has_class("-refused"))
        line.value = "taken.car"
        await pilot.press("enter")
        await until(pilot, lambda: dialog.has_class("-taken"))
        assert held(damaged)["taken.car"] == b"mine"
        await pilot.click("#write-over")
        await until(pilot, lambda: not isinstance(app.screen, SalvageDialog))
    assert held(damaged)["taken.car"] != b"mine"


async def test_where_nothing_is_whole_nothing_is_offered(damaged: Path) -> None:
    """The file was replaced since it was opened; only the way out is left."""
    async with exploring(damaged) as (app, pilot):
        write_beside(damaged, "other", bytes(3_000)).replace(damaged)
        await pilot.press("R")
        dialog = await shown(app, pilot)
        assert "NOTHING TO SAVE" in screen_text(app)
        assert not dialog.query_one("#write-now", Button).display
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, SalvageDialog))
    assert [*held(damaged)] == ["damaged.car"]


async def test_a_pipe_is_told_to_be_no_file() -> None:
    """It came once, so it cannot be searched again."""
    app = explorer(iter([make_repo(many(40))]))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await browsing(pilot)
        await pilot.press("R")
        await until(pilot, lambda: "A pipe cannot be read again" in screen_text(app))
        assert not isinstance(app.screen, SalvageDialog)


def test_a_search_that_is_closed_ends(damaged: Path) -> None:
    """Closing twice is fine."""
    answers = SalvageAnswers(str(damaged), OpenOptions(), "damaged.car")
    answers.close()
    answers.close()
    with pytest.raises(Cancelled):
        answers.find(lambda _: None)
    assert answers.job(damaged, force=False, rebuild_tree=False) is None
