"""Facts about hostile repositories: none of their text is obeyed anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.core.repos import make_repo
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.formats.dagcbor import strict as dagcbor

ESCAPES = "\x1b]0;owned\x07\x1b[31mred\x9b2J\x1b]52;c;cHduZWQ=\x07"
MARKUP = "[/] [@click=app.quit]quit[/] [bold red]markup[/bold red] [link=x]"
DIRECTION = "\u202eevil\u202c \u2066isolated\u2069 \u200b\ufeff \U000e0041"
ZALGO = "z" + "\u0301" * 200
DEEPEST = b"\xa1\x61d" + b"\x81" * 10_000 + b"\xf6"
"""A map whose value is nested ten thousand deep."""

HOSTILE: dict[str, dagcbor.Value] = {
    "app.bsky.feed.post/escapes": {"$type": "app.bsky.feed.post", "text": ESCAPES},
    "app.bsky.feed.post/markup": {"$type": "app.bsky.feed.post", "text": MARKUP},
    "app.bsky.feed.post/[/]": {"$type": MARKUP, ESCAPES: MARKUP, "text": DIRECTION},
    "app.bsky.feed.post/zalgo": {"$type": "app.bsky.feed.post", "text": ZALGO},
    "app.bsky.feed.post/long": {"$type": "app.bsky.feed.post", "text": "x" * 900_000},
    "app.bsky.feed.post/wide": {"$type": "app.bsky.feed.post", "n": [1] * 200_000},
    "app.bsky.feed.post/deep": DEEPEST,
    f"{ESCAPES}/{MARKUP}": {"$type": "x"},
    "[red]no[/red].collection.x/\u202e": {"$type": ESCAPES},
}

ELSEWHERE = (
    *(("t",), ("asterisk",), ("down", "down", "down"), ("G",)),
    *(("v",), ("down", "enter"), ("down",)),
    *(("b",), ("down",) * 4, ("s",), ("right",)),
    *(("i",), ("pagedown",), ("pagedown",)),
    *(("c",), ("slash", *"post"), ("enter",), ("escape",)),
    *(("f", *"owned", "enter"), ("down",), ("escape",), ("escape",)),
    *(("colon", *"app.bsky"), ("escape",), ("y",), ("escape",)),
    *(("m",), ("apostrophe",), ("escape",), ("e",), ("escape",)),
    *(("question_mark",), ("escape",), ("x",), ("escape",)),
)
"""Keys that lead over all other views and dialogs."""

FORBIDDEN = [*map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA0))]
FORBIDDEN += ["\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of everything that terminals and libraries obey."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.car"
    path.write_bytes(make_repo(HOSTILE))
    return path


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_screen_shows_hostile_text_raw(
    hostile: Path, size: tuple[int, int]
) -> None:
    """Every record as JSON, bytes and findings; then every view and dialog."""
    async with exploring(hostile, size) as (app, pilot):
        shown = []
        for way in "1234":
            await pilot.press("g", way)
            for _ in HOSTILE:
                await pilot.pause()
                shown.append(screen_text(app))
                await pilot.press("down")
        for keys in ELSEWHERE:
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
            shown.append(screen_text(app))
        text = "".join(shown).replace("\n", "")
        assert app.is_running
        assert [c for c in FORBIDDEN if c in text] == []
        assert "\u0301" * 20 not in text
        assert "[@click=app.quit]" in text


async def test_long_lines_can_be_had_in_full(hostile: Path) -> None:
    """Cut at first, whole when asked for."""
    async with exploring(hostile) as (app, pilot):
        await pilot.press("colon", *"app.bsky.feed.post/long", "enter")
        await until(pilot, lambda: "it whole" in screen_text(app))
        await pilot.press("w")
        await until(pilot, lambda: "it whole" not in screen_text(app))
        assert "xxxxxxxx" in screen_text(app)


async def test_a_record_of_very_many_numbers_is_shown(tmp_path: Path) -> None:
    """As JSON and as bytes, to its last number."""
    path = tmp_path / "wide.car"
    wide: dagcbor.Value = {"$type": "a.b.c", "n": [7] * 150_000}
    path.write_bytes(make_repo({"a.b.c/1": wide}))
    async with exploring(path) as (app, pilot):
        assert "150,000" in screen_text(app)
        await pilot.press("tab", "G", "2")
        await pilot.pause()
        assert "07" in screen_text(app)
