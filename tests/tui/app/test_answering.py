"""Facts about comparing open sources, and about the proof of a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from repoview.core.formats import syntax
from repoview.core.repo.repo import Repo
from repoview.tui.app.explorer import Explorer
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.differences import Differences, DiffList
from repoview.tui.screens.dialogs.writing import WriteFile
from tests.core.repos import car_of, make_repo, parts_of
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until
from tests.tui.pictures import SIZES

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.tui.screens.test_snapshots import Compare

KIND = "com.example.kind"
LATER = syntax.make_tid(1_700_000_000_000_009)
OLD: dict[str, Any] = {f"{KIND}/{n:02}": {"$type": KIND, "n": n} for n in range(40)}
NEW: dict[str, Any] = {
    **{path: value for path, value in OLD.items() if path != f"{KIND}/07"},
    f"{KIND}/30": {"$type": KIND, "n": 31, "note": "\x1b[31mhi"},
    f"{KIND}/99": {"$type": KIND},
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The newer of two states, and the older."""
    monkeypatch.chdir(tmp_path)
    paths = [Path("new.car"), Path("old.car")]
    paths[0].write_bytes(make_repo(NEW, rev=LATER))
    paths[1].write_bytes(make_repo(OLD))
    return paths


@pytest.fixture
def third(files: list[Path]) -> Path:
    """A copy of the newer one."""
    path = Path("third.car")
    path.write_bytes(files[0].read_bytes())
    return path


@pytest.fixture
def text(files: list[Path]) -> Path:
    """A file without a repository, in the folder of the others."""
    path = files[0].with_name("text.txt")
    path.write_text("hello")
    return path


async def opened(app: Explorer, pilot: Pilot[None]) -> Differences:
    """Wait until all sources are read, press D, and wait for what differs."""
    await browsing(pilot)
    await until(pilot, lambda: all(visit.is_whole for visit in app.visits))
    await pilot.press("D")
    await until(pilot, lambda: isinstance(app.screen, Differences))
    dialog = app.screen
    assert isinstance(dialog, Differences)
    await compared(dialog, pilot)
    return dialog


async def compared(dialog: Differences, pilot: Pilot[None]) -> None:
    """Wait until two sources were compared."""
    await until(pilot, lambda: not dialog.has_class("-looking"))
    await pilot.pause()


def said(app: Explorer) -> str:
    """Return the last notification."""
    return [note.message for note in app._notifications][-1]  # noqa: SLF001 (there is no other way to see them)


async def test_what_differs_is_listed_beside_its_fields(files: list[Path]) -> None:
    """The older one is before, whichever tab it has."""
    app = explorer(*files)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await opened(app, pilot)
        text = screen_text(app)
        assert text.index("- old  ") < text.index("old.car") < text.index("new.car")
        assert "1 record created, 1 record updated, 1 record deleted;" in text
        for line in ("- delete  ", "~ update  ", "+ create  "):
            assert f"{line}{KIND}/" in text
        await pilot.press("down")
        await until(pilot, lambda: "note" in screen_text(app))
        text = screen_text(app)
        assert "\\u001b[31mhi" in text
        assert "\x1b" not in text


async def test_keys_lead_to_the_record_on_either_side(files: list[Path]) -> None:
    """In the tab of that source; to the other one, if it is not there."""
    for key, rows, tab, number in (
        ("enter", 1, 0, 29),
        ("o", 1, 1, 30),
        ("enter", 0, 1, 7),
        ("o", 2, 0, 39),
    ):
        app = explorer(*files)
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await opened(app, pilot)
            await pilot.press(*["down"] * rows, key)
            await until(pilot, lambda app=app: isinstance(app.screen, Browse))
            await pilot.pause()
            assert app.visit is app.visits[tab]
            view = app.view
            assert view is not None
            await until(
                pilot, lambda view=view, number=number: view.place().number == number
            )


async def test_the_sides_can_be_swapped_and_another_source_taken(
    files: list[Path], third: Path
) -> None:
    """Of three, the first is compared with each of the others."""
    app = explorer(*files, third)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        dialog = await opened(app, pilot)
        await pilot.press("s")
        await compared(dialog, pilot)
        text = screen_text(app)
        assert text.index("- old  ") < text.index("new.car") < text.index("old.car")
        await pilot.press("a")
        await compared(dialog, pilot)
        assert "third.car" in screen_text(app)
        assert "nothing differs" in screen_text(app)
        await pilot.press("enter", "w")
        assert isinstance(app.screen, Differences)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Browse))


async def test_a_source_without_a_tree_is_called_no_repository(
    files: list[Path], text: Path
) -> None:
    """And no tree without a commit, which can be compared."""
    app = explorer(files[0], text)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        dialog = await opened(app, pilot)
        await compared(dialog, pilot)
        assert "text.txt (no repository)" in screen_text(app)
        assert "has no tree to compare" in screen_text(app)


async def test_the_list_is_written_as_the_command_has_it(
    files: list[Path], tmp_path: Path
) -> None:
    """An object a line, with what differs in each record."""
    app = explorer(*files)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await opened(app, pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WriteFile))
        await pilot.press("enter")
        await until(pilot, lambda: app._notifications)  # noqa: SLF001 (see above)
        assert "3 differences, a line each" in said(app)
    lines = (tmp_path / "new-differences.jsonl").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert [each["op"] for each in told] == ["delete", "update", "create"]
    assert told[1]["fields"] == [
        {"field": "note", "new": "\x1b[31mhi"},
        {"field": "n", "old": 30, "new": 31},
    ]


async def test_what_a_missing_node_hides_is_said(files: list[Path]) -> None:
    """A range has no fields, and is no place to go to."""
    data = files[1].read_bytes()
    with Repo.load(data) as repo:
        gone = repo.tree.node(1).cid
    head, parts = parts_of(data)
    files[1].write_bytes(car_of(data, head, [p for p in parts if p.cid != gone]))
    app = explorer(*files)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        dialog = await opened(app, pilot)
        rows = dialog.query_one(DiffList)
        assert rows.answers is not None
        assert "nothing can be told: a node is missing" in rows.answers.sentence()
        assert "? unknown" in screen_text(app)
        kinds = [rows.answers.row(number).action for number in range(rows.count)]
        await pilot.press(*["down"] * kinds.index("unknown"))
        await until(pilot, lambda: str(gone)[:20] in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app._notifications)  # noqa: SLF001 (see above)
        assert "no record to go to" in said(app)
        assert app.screen is dialog


async def test_one_source_alone_is_compared_with_nothing(sample: Path) -> None:
    """What to do is said."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("D")
        await until(pilot, lambda: app._notifications)  # noqa: SLF001 (see above)
        assert "Ctrl+O opens another" in said(app)


async def test_a_proof_of_the_record_under_the_cursor_is_written(
    files: list[Path], tmp_path: Path
) -> None:
    """Which proves that it is there to whoever has nothing else."""
    async with exploring(files[1]) as (app, pilot):
        await pilot.press("home", "down", "down")
        view = app.view
        assert view is not None
        await until(pilot, lambda: view.place().number == 2)
        await pilot.press("E")
        await until(pilot, lambda: isinstance(app.screen, WriteFile))
        assert app.screen.query_one("#write-to", Input).value == "old-proof-02.car"
        await pilot.press("enter")
        await until(pilot, lambda: app._notifications)  # noqa: SLF001 (see above)
        assert f"a proof of {KIND}/02" in said(app)
    with Repo.load(tmp_path / "old-proof-02.car") as repo:
        assert repo.prove(f"{KIND}/02").answer == "present"


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40", "200x50"])
def test_what_differs_looks_as_it_did(
    snap_compare: Compare, files: list[Path], size: tuple[int, int]
) -> None:
    """The list beside the fields, or above them."""

    async def arrive(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, Explorer)
        await opened(app, pilot)
        await pilot.press("down")
        await pilot.pause()

    assert snap_compare(explorer(*files), terminal_size=size, run_before=arrive)
