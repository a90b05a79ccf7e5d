"""Facts about the screen of a folder, and the way from it and back."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from repoview import fleet
from repoview.fleet.layout import part_name
from repoview.fleet.verdict import RepoRow, repos_table
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


def read(place: Path) -> Folder:
    """Return a folder that was read to its end."""
    folder = Folder(str(place), OPTIONS)
    folder.begin()
    folder.wait()
    assert folder.files.is_done
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


def rows(folder: Folder) -> dict[str, RepoRow]:
    """Return what is told of the files that were read, by their sources."""
    return {each.source: each.row for each in folder.lines() if each.row is not None}


def test_each_file_is_told_as_verify_tells_it(place: Path) -> None:
    """Those below the folder too; what is called otherwise is not listed."""
    folder = read(place)
    assert not folder.files.error
    assert names(folder) == ["a.car", "b.car", "junk.car", "old/c.car"]
    for each in folder.lines():
        alone = fleet.verify_one(each.source)
        assert each.row is not None
        told = (each.row.verdict, each.row.codes, each.row.records, each.row.did)
        assert told == (alone.verdict, alone.codes, alone.records, alone.did)
    assert folder.files.says() == "4 files · 2 sound, 2 not"
    assert sum(folder.files.verdicts().values()) == len(folder.files) == 4


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
    found = folder.files.findings()
    read_rows = rows(folder).values()
    assert {each.code for each in found} == {c for row in read_rows for c in row.codes}
    for each in found:
        assert each.files == sum(each.code in row.codes for row in read_rows)
    grave = ["fatal", "error", "warning", "info"]
    order = [grave.index(each.severity) for each in found]
    assert order == sorted(order)


async def test_what_was_read_is_kept_when_it_goes_on(tmp_path: Path) -> None:
    """Until all is asked for anew."""
    for number in range(300):
        (tmp_path / f"{number}.car").write_bytes(make_repo(many(30)))
    folder = Folder(str(tmp_path), OPTIONS)
    app = FolderApp(Settings(), folder)
    async with app.run_test() as pilot:
        await until(pilot, lambda: folder.files.read)
    folder.wait()
    before = rows(folder)
    assert before
    folder.begin()
    folder.wait()
    after = rows(folder)
    assert len(after) == folder.files.read == 300
    assert all(after[source] is row for source, row in before.items())
    folder.again()
    folder.wait()
    anew = rows(folder)
    assert len(anew) == folder.files.read == 300
    assert all(anew[source] is not row for source, row in after.items())


def test_a_file_is_left_before_it_is_read_anew(tmp_path: Path) -> None:
    """However long it takes: two are never read at once, which may be large."""
    pipe = tmp_path / "a.car"
    os.mkfifo(pipe)
    folder = Folder(str(pipe), OPTIONS)
    folder.begin()
    with pipe.open("wb") as file:
        # By now it is being read. The second waits a while for the first.
        folder.again()
        folder.again()
        both_ends = 2
        assert len(opened(pipe)) == both_ends
        file.write(b"no CAR at all")
        pipe.unlink()
        pipe.write_bytes(make_repo(many(3)))
    folder.wait()
    assert folder.files.verdicts() == {"sound": 1}


def opened(path: Path) -> list[str]:
    """Return the descriptors that this process has of a file."""
    wanted, found = path.stat(), []
    for each in os.listdir("/dev/fd"):  # noqa: PTH208 (numbers, not paths)
        # That of the listing is closed by now.
        with suppress(OSError):
            if os.path.samestat(os.fstat(int(each)), wanted):
                found.append(each)
    return found


def test_a_data_set_is_shown_in_place_of_files(place: Path, tmp_path: Path) -> None:
    """With the same verdicts, and the sources as they were read."""
    out = tmp_path / "data"
    fleet.write([str(place)], str(out))
    folder, files = read(out), read(place)
    assert {each.source: each.verdict for each in folder.lines()} == {
        each.source: each.verdict for each in files.lines()
    }


async def test_a_file_is_opened_whatever_its_name(tmp_path: Path) -> None:
    """From the folder, and from a data set, whose names are all of UTF-8."""
    name = os.fsdecode(b"l\xe9.car")
    place, out = tmp_path / "in", tmp_path / "data"
    place.mkdir()
    (place / name).write_bytes(make_repo(many(3)))
    (place / r"m\xe9.car").write_bytes(make_repo(many(4)))
    fleet.write([str(place)], str(out))
    for shown in (place, out):
        assert await chosen(shown, "enter") == str(place / name)
        assert await chosen(shown, "down", "enter") == str(place / r"m\xe9.car")


async def chosen(place: Path, *keys: str) -> str | None:
    """Return the file of a folder of two that keys choose."""
    app = FolderApp(Settings(), read(place))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "2 files" in screen_text(app))
        await pilot.press(*keys)
        await pilot.pause()
    return app.chosen


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    """Why there is nothing to see."""
    folder = read(tmp_path)
    assert "there is no CAR in" in folder.files.error


def test_names_and_errors_are_safe_to_show(tmp_path: Path) -> None:
    """Whatever somebody called a file."""
    (tmp_path / "\x1b[2Jevil.car").write_bytes(b"x")
    (each,) = read(tmp_path).lines()
    assert "\x1b" not in each.name + each.about


async def test_the_size_of_an_empty_file_is_told(tmp_path: Path) -> None:
    """It was read, other than one that is not there."""
    (tmp_path / "empty.car").touch()
    (tmp_path / "gone.car").symlink_to("nowhere")
    app = FolderApp(Settings(), read(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "2 files" in screen_text(app))
        await until(pilot, lambda: "read ·" not in screen_text(app))
        lines = screen_text(app).splitlines()
        assert ["0 B" in line for line in lines if ".car" in line][:2] == [True, False]


def test_words_of_a_data_set_are_safe_to_show(tmp_path: Path) -> None:
    """Anybody may have written it, and not this program."""
    word = "\x1b[31m" + "x" * 100
    row = RepoRow("a.car", "00", verdict=word, signature=word, codes=(word,))
    (tmp_path / "repos").mkdir()
    pq.write_table(repos_table([row]), tmp_path / "repos" / part_name("0"))
    folder = read(tmp_path)
    (shown,) = folder.lines()
    (found,) = folder.files.findings()
    for text in (shown.verdict, shown.about, found.code, *folder.files.verdicts()):
        assert "␛[31mxxx" in text
        assert "\x1b" not in text


async def test_a_folder_is_sorted_and_narrowed_by_keys(place: Path) -> None:
    """And by a click on the name of a column; the cursor goes to the first."""
    folder = Folder(str(place), OPTIONS)
    app = FolderApp(Settings(), folder)
    async with app.run_test(size=(120, 30)) as pilot:
        await read_on(app, pilot)
        listed = app.screen.query_one(Repositories)
        await pilot.press("down", "s", "s", "s")
        assert folder.look == Look(By.RECORDS, is_down=True)
        assert listed.here is not None
        assert listed.here.name == "b.car"
        await pilot.press("S")
        assert names(folder)[-1] == "b.car"
        assert "signature not checked" in screen_text(app)
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
        first = folder.files.findings()[0].code
        await pilot.press("enter")
        await pilot.pause()
        assert folder.look.words == first
        # As from any first screen, Esc leads nowhere once the filter is closed.
        await pilot.press("escape", "escape", "escape")
        await pilot.pause()
        assert folder.look.words == ""
        assert app.is_running
        assert app.return_code is None
        await pilot.press("q")
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
        await until(pilot, lambda: "no such file" in screen_text(app))
        await pilot.press("down", "enter")
        await pilot.pause()
    assert app.chosen == str(tmp_path / "b.car")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("s3://backups/a.car", "fetch it first"),
        ("memory::a.car", "fetch it first"),
        ("gone\0.car", "embedded null"),
    ],
)
async def test_what_cannot_be_opened_here_is_not_chosen(
    tmp_path: Path, source: str, why: str
) -> None:
    """Of the sources in a data set, which any machine may have read."""
    (tmp_path / "repos").mkdir()
    part = tmp_path / "repos" / part_name("0")
    pq.write_table(repos_table([RepoRow(source, verdict="sound")]), part)
    app = FolderApp(Settings(), read(tmp_path))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "1 file" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: why in screen_text(app))
    assert app.chosen is None


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


FAULTY = """
import sys
from repoview.cli import main
from repoview.tui.session import folder

def verify_one(*_, **__):
    raise RuntimeError("a bug")

folder.verify_one = verify_one
sys.exit(main(sys.argv[1:]))
"""


def test_a_bug_in_the_thread_that_reads_ends_the_program(place: Path) -> None:
    """And is said, where it would wait for ever."""
    terminal = Terminal(
        "--no-cache", str(place), command=(sys.executable, "-c", FAULTY)
    )
    terminal.wait_for("fault of repoview itself (RuntimeError: a bug)")
    assert terminal.end() == 1


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
