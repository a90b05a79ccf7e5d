"""Facts about the screen of a folder, and the way from it and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import fleet
from repoview.settings import Settings
from repoview.tui.app.folder import FolderApp
from repoview.tui.screens.dialogs.found_in_all import FoundInAll
from repoview.tui.screens.folder import FolderScreen
from repoview.tui.session.folder import By, Folder, Look
from repoview.tui.widgets.repositories import Repositories
from tests.core.repos import make_repo, many
from tests.tui.conftest import screen_text, until
from tests.tui.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.pictures import Looks

OPTIONS = Settings().options


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sound repositories, one that lacks records, and no CARs."""
    folder = tmp_path_factory.mktemp("folder") / "backups"
    (folder / "old").mkdir(parents=True)
    (folder / "a.car").write_bytes(make_repo(many(3)))
    (folder / "b.car").write_bytes(make_repo(many(120), leave_out=125))
    (folder / "old" / "c.car").write_bytes(make_repo(many(40)))
    (folder / "junk.car").write_bytes(b"no CAR at all")
    (folder / "notes.txt").write_bytes(b"not listed")
    return folder


def to_the_end(folder: Folder) -> None:
    """Wait until a folder is read."""
    run = folder._run_now  # noqa: SLF001 (a screen polls)
    assert run is not None
    run._thread.join()  # noqa: SLF001 (the same)
    assert folder.is_done


def read(place: Path) -> Folder:
    """Return a folder that was read to its end."""
    folder = Folder(str(place), OPTIONS)
    folder.begin()
    to_the_end(folder)
    return folder


async def read_on(app: FolderApp, pilot: Pilot[None]) -> FolderScreen:
    """Wait until all files are shown with their verdicts."""
    await until(pilot, lambda: isinstance(app.screen, FolderScreen))
    screen = app.screen
    assert isinstance(screen, FolderScreen)
    await until(pilot, lambda: "read ·" not in screen_text(app))
    await until(pilot, lambda: "4 files" in screen_text(app))
    return screen


def names(folder: Folder) -> list[str]:
    """Return the names that are shown, in their order."""
    return [each.name for each in folder.lines()]


def test_each_file_is_told_as_verify_tells_it(place: Path) -> None:
    """Those below the folder too; what is called otherwise is not listed."""
    folder = read(place)
    assert folder.is_done
    assert not folder.error
    assert names(folder) == ["a.car", "b.car", "junk.car", "old/c.car"]
    for each in folder.lines():
        alone = fleet.verify_one(each.source)
        assert each.row is not None
        told = (each.row.verdict, each.row.codes, each.row.records, each.row.did)
        assert told == (alone.verdict, alone.codes, alone.records, alone.did)
    assert folder.says() == "4 files · 2 sound, 2 not"
    assert sum(folder.verdicts().values()) == len(folder) == 4


@pytest.mark.parametrize(
    ("by", "first"),
    [(By.FILE, "old/c.car"), (By.RECORDS, "b.car"), (By.SIZE, "b.car")],
)
def test_files_are_sorted_both_ways(place: Path, by: By, first: str) -> None:
    """The greatest first, and the other way round."""
    folder = read(place)
    folder.look = Look(by, is_down=True)
    assert names(folder)[0] == first
    there = names(folder)
    folder.look = Look(by, is_down=False)
    assert names(folder)[-1] == first
    assert sorted(there) == sorted(names(folder))


def test_the_worst_come_first(place: Path) -> None:
    """What is no CAR, then what is not complete, then what is sound."""
    folder = read(place)
    folder.look = Look(By.VERDICT, is_down=True)
    assert names(folder)[:2] == ["junk.car", "b.car"]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("old/", ["old/c.car"]),
        ("SOUND", ["a.car", "old/c.car"]),
        ("incomplete blk", ["b.car"]),
        ("car nothing", []),
    ],
)
def test_words_narrow_the_list(place: Path, words: str, left: list[str]) -> None:
    """Parts of names, verdicts and codes; all of them, in any case."""
    folder = read(place)
    folder.look = Look(words=words)
    assert names(folder) == left


def test_codes_are_counted_over_all_files(place: Path) -> None:
    """Each once a file, the most severe first."""
    folder = read(place)
    found = folder.findings()
    rows = [each.row for each in folder.lines() if each.row is not None]
    assert {each.code for each in found} == {c for row in rows for c in row.codes}
    for each in found:
        assert each.files == sum(each.code in row.codes for row in rows)
    grave = ["fatal", "error", "warning", "info"]
    order = [grave.index(each.severity) for each in found]
    assert order == sorted(order)


def test_what_was_read_is_kept_when_it_goes_on(place: Path) -> None:
    """Until all is asked for anew."""
    folder = read(place)
    before = [each.row for each in folder.lines()]
    folder.is_done = False
    folder.begin()
    to_the_end(folder)
    after = [each.row for each in folder.lines()]
    assert all(a is b for a, b in zip(before, after, strict=True))
    folder.again()
    to_the_end(folder)
    anew = [each.row for each in folder.lines()]
    assert all(a is not b for a, b in zip(before, anew, strict=True))


def test_a_data_set_is_shown_in_place_of_files(place: Path, tmp_path: Path) -> None:
    """With the same verdicts, and the sources as they were read."""
    out = tmp_path / "data"
    fleet.write([str(place)], str(out))
    folder, files = read(out), read(place)
    assert {each.source: each.verdict for each in folder.lines()} == {
        each.source: each.verdict for each in files.lines()
    }


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    """Why there is nothing to see."""
    folder = read(tmp_path)
    assert folder.is_done
    assert "there is no CAR in" in folder.error


def test_names_and_errors_are_safe_to_show(tmp_path: Path) -> None:
    """Whatever somebody called a file."""
    (tmp_path / "\x1b[2Jevil.car").write_bytes(b"x")
    (each,) = read(tmp_path).lines()
    assert "\x1b" not in each.name + each.about


async def test_a_folder_is_sorted_and_narrowed_by_keys(place: Path) -> None:
    """And by a click on the name of a column; the cursor goes to the first."""
    folder = Folder(str(place), OPTIONS)
    app = FolderApp(Settings(), folder)
    async with app.run_test(size=(120, 30)) as pilot:
        await read_on(app, pilot)
        rows = app.screen.query_one(Repositories)
        await pilot.press("down", "s", "s", "s")
        assert folder.look == Look(By.RECORDS, is_down=True)
        assert rows.here is not None
        assert rows.here.name == "b.car"
        await pilot.press("S")
        assert names(folder)[-1] == "b.car"
        head = screen_text(app).split("\n")[1]
        await pilot.click(Repositories, offset=(head.index("verdict") - 2, 0))
        await pilot.pause()
        assert folder.look == Look(By.VERDICT, is_down=True)
        await pilot.press("slash", *"sound", "enter")
        assert names(folder) == ["a.car", "old/c.car"]
        assert "2 shown" in screen_text(app)
        await pilot.press("escape")
        assert len(names(folder)) == 4
        await pilot.press("question_mark")
        await pilot.pause()
        # Of what the explorer and lessons have, help says nothing here.
        assert "what was found in all files" in screen_text(app)
        assert "See it another way" not in screen_text(app)
        await pilot.press("question_mark", "v")
        await pilot.pause()
        assert isinstance(app.screen, FoundInAll)
        assert "1 incomplete" in screen_text(app)
        first = folder.findings()[0].code
        await pilot.press("enter")
        await pilot.pause()
        assert folder.look.words == first
        await pilot.press("escape", "q")
        await pilot.pause()
    assert app.chosen is None
    assert app.return_code == 0


async def test_a_repository_is_chosen_if_it_is_still_there(tmp_path: Path) -> None:
    """The app ends with it; of one that is gone it says so."""
    for name in ("a.car", "b.car"):
        (tmp_path / name).write_bytes(make_repo(many(3)))
    folder = read(tmp_path)
    (tmp_path / "a.car").unlink()
    app = FolderApp(Settings(), folder)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "b.car" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "not there any more" in screen_text(app))
        await pilot.press("down", "enter")
        await pilot.pause()
    assert app.chosen == str(tmp_path / "b.car")


def test_the_explorer_leads_back_to_the_folder(place: Path) -> None:
    """In the program: open one, leave it, stand where it was chosen, and leave."""
    terminal = Terminal("--no-cache", "open", "backups", folder=place.parent)
    terminal.wait_for("4 files · 2 sound, 2 not")
    terminal.press("sssss")
    terminal.wait_for("verdict▼")
    terminal.press("jj\r")
    terminal.wait_for("c Records")
    terminal.press("q")
    terminal.wait_for("verdict▼")
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.watcher.left_behind() == []


def test_it_looks_as_it_did(looks: Looks, place: Path) -> None:
    """By verdict, with what is told of the worst."""
    folder = read(place)
    folder.look = Look(By.VERDICT, is_down=True)
    folder.name = "backups"

    async def arrive(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "4 files" in screen_text(pilot.app))

    looks(FolderApp(Settings(), folder), arrive)


def test_findings_over_all_look_as_they_did(looks: Looks, place: Path) -> None:
    """Above the list."""
    folder = read(place)
    folder.name = "backups"

    async def arrive(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "4 files" in screen_text(pilot.app))
        await pilot.press("v")
        await pilot.pause()

    looks(FolderApp(Settings(), folder), arrive)
