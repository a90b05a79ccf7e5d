"""Make the screenshots: drive the real explorer, and draw what it shows.

    uv run python screenshots/make.py
    uv run python screenshots/make.py salvage broken-verdict

Without names it makes all. Writes SVG files beside this script, and PNG files
too where Chromium is installed to draw them.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import repoview
from repoview.core.cid import Cid
from repoview.core.formats.car import write_car
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.sample import write_sample
from repoview.settings import Settings
from repoview.tui.app.explorer import Explorer
from repoview.tui.app.folder import FolderApp
from repoview.tui.session.folder import Folder
from repoview.tui.visits.visit import Visit

HERE = Path(__file__).resolve().parent
SIZES = ((80, 24), (120, 40))
POSTS = ("shift+tab", "down", "down", "down", "down", "tab")

KEY = write_sample(lambda _: None, 1).signing_key
"""Of the account of the sample."""

SCREENS: dict[str, tuple[str, ...]] = {
    "browse": (*POSTS, *["down"] * 6),
    "bytes": (*POSTS, *["down"] * 2, "2", "tab", *["down"] * 3),
    "path": (*POSTS, *["down"] * 4, "3"),
    "filter": (*POSTS, "slash", *"3jr"),
    "selection": ("slash", *"collection:*.post created:2024 text:bread"),
    "find": ("f", *"garden", "enter"),
    "marks": (*POSTS, "space", "space", "down", "space", *["down"] * 4, "r"),
    "export": (*POSTS, "e"),
    "tree": (*["down"] * 5, "t"),
    "diagram": (*["down"] * 700, "d"),
    "steps": (*["down"] * 12, "P", *["right"] * 4),
    "walk-steps": (*["down"] * 12, "t", "left", "P", *["right"] * 3),
    "stream-steps": ("P", "4", "o", "o", *["pagedown"] * 9),
    "shape": ("d", "z", *["right"] * 20),
    "what": (*["down"] * 5, "t", "up", "x"),
    "anatomy": (*["down"] * 5, "t", "left", "tab", "2", *["down"] * 12),
    "break-page": ("B", *["down"] * 12, "enter"),
    "blocks": ("b", *["down"] * 3),
    "verdict": ("v",),
    "overview": ("i",),
    "go-to": ("colon", *"app.bsky.feed.post/3k"),
    "help": ("question_mark",),
    "signature": ("K", *KEY),
    "signature-checked": ("K", *KEY, "enter", "v"),
}
"""What to press on the sample for each picture."""

BROKEN: dict[str, tuple[str, ...]] = {
    "broken-verdict": ("v",),
    "broken-tree": ("v", "enter", "down", "enter"),
    "broken-diagram": ("d", "g"),
    "broken-blocks": ("b",),
    "salvage": ("R",),
}
"""The same on a copy of it that was cut off."""

PROOF: dict[str, tuple[str, ...]] = {
    "proof": ("3",),
}
"""The same on a proof of one of its records."""

COMPARED: dict[str, tuple[str, ...]] = {
    "differences": ("D", "down"),
}
"""The same on the sample and a later state of it."""

FOLDER: dict[str, tuple[str, ...]] = {
    "folder": (*["s"] * 5, "down"),
    "found-in-all": ("v",),
}
"""On the list of a folder with all of these files."""

CELL = (12.2, 24.4)
"""Points that Textual's SVG takes for a cell, width and height."""


async def draw(
    path: Path, size: tuple[int, int], keys: tuple[str, ...], *others: Path
) -> str:
    """Return the screen that *keys* lead to, as SVG."""
    settings = Settings()
    visits = [Visit(str(each), settings, each.name) for each in (path, *others)]
    app = Explorer(visits, settings)
    async with app.run_test(size=size) as pilot:
        while app.browse is None or not all(visit.is_whole for visit in visits):
            await pilot.pause()
        await app.workers.wait_for_complete()
        for key in keys:
            await pilot.press(key)
            if key == "enter":
                # What is entered may be looked at in a thread.
                await app.workers.wait_for_complete()
                await pilot.pause()
        # What is counted or searched in the background belongs to the picture.
        await app.workers.wait_for_complete()
        while app.screen.has_class("-looking"):
            await pilot.pause()
        await pilot.pause(0.5)
        return app.export_screenshot(title=f"repoview {path.name}")


async def draw_folder(place: Path, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    """Return the screen of a folder that *keys* lead to, as SVG."""
    folder = Folder(str(place), Settings().options)
    folder.name = "backups"
    app = FolderApp(Settings(), folder)
    async with app.run_test(size=size) as pilot:
        while not folder.files.is_done:
            await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause(0.5)
        return app.export_screenshot(title="repoview backups/")


def fill_folder(place: Path, *files: Path) -> None:
    """Put files into a folder, some sound repositories beside them, and no CAR."""
    for file in files:
        shutil.copy(file, place)
    for number in range(1, 15):
        with (place / f"account-{number:02}.car").open("wb") as file:
            write_sample(file.write, 40 * number)
    (place / "page.car").write_text("<html>not found</html>")


def write_later(path: Path, later: Path) -> None:
    """Write a later state of a repository: some records changed, nobody signed it."""
    with repoview.open(path) as repo:
        if repo.commit is None:
            raise SystemExit(f"{path} has no commit")
        edited = repo.tree.edit()
        posts = list(repo.records("app.bsky.feed.post"))
        edited.delete(posts[40].path)
        edited.update(posts[99].path, {**posts[99].value, "text": "on second thought"})
        edited.insert(f"{posts[-1].collection}/3zzzzzzzzzz22", posts[0].value)
        profile = repo.records("app.bsky.actor.profile")[0]
        edited.update(profile.path, {**profile.value, "displayName": "renamed"})
        blocks = dict(edited.delta().blocks)
        commit = {"did": repo.commit.did, "version": 3, "data": edited.top}
        fields = {**commit, "rev": "3zzzzzzzzzz22", "prev": None, "sig": b"1" * 64}
        data = dagcbor.encode(fields)
        with later.open("wb") as file:
            files = [(Cid.for_block(data), data), *blocks.items()]
            write_car(file.write, [files[0][0]], files)


def to_png(svg: Path, size: tuple[int, int], chromium: str) -> None:
    """Draw *svg* as a PNG beside it."""
    width = int(size[0] * CELL[0]) + 20
    height = int(size[1] * CELL[1]) + 60
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={svg.with_suffix('.png')}",
                svg.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def main() -> int:
    """Make those that were named, or all; 0 when that went well."""
    named = set(sys.argv[1:])
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("no Chromium here: SVG files only", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.car"
        with sample.open("wb") as file:
            write_sample(file.write, 3_000)
        broken = Path(folder) / "broken.car"
        whole = sample.read_bytes()
        broken.write_bytes(whole[: len(whole) * 2 // 3])
        proof = Path(folder) / "proof.car"
        with repoview.open(sample) as repo:
            posts = repo.records("app.bsky.feed.post")
            repoview.export.write(repo, proof, records=posts[7:8])
        later = Path(folder) / "later.car"
        write_later(sample, later)
        for screens, *paths in (
            (SCREENS, sample),
            (BROKEN, broken),
            (PROOF, proof),
            (COMPARED, sample, later),
        ):
            for name, keys in screens.items():
                for size in SIZES if not named or name in named else ():
                    svg = HERE / f"{name}-{size[0]}x{size[1]}.svg"
                    drawn = draw(paths[0], size, keys, *paths[1:])
                    svg.write_text(asyncio.run(drawn))
                    finish(svg, size, chromium)
        place = Path(folder) / "backups"
        place.mkdir()
        fill_folder(place, sample, broken, proof, later)
        for name, keys in FOLDER.items():
            for size in SIZES if not named or name in named else ():
                svg = HERE / f"{name}-{size[0]}x{size[1]}.svg"
                svg.write_text(asyncio.run(draw_folder(place, size, keys)))
                finish(svg, size, chromium)
    return 0


def finish(svg: Path, size: tuple[int, int], chromium: str | None) -> None:
    """Draw a picture as a PNG too where that can be, and say that it is there."""
    if chromium is not None:
        to_png(svg, size, chromium)
    print(svg.name)


if __name__ == "__main__":
    sys.exit(main())
