"""Facts about the room that panes have, and about what sets them apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from repoview.tui.screens.browse import Browse
from repoview.tui.styles.theme import NO_COLOR, THEMES
from repoview.tui.widgets.base.outline import Outline
from repoview.tui.widgets.collections import Collections
from repoview.tui.widgets.finding_groups import FindingGroups
from repoview.tui.widgets.record.json_view import JsonView
from repoview.tui.widgets.record.record_view import RecordView
from repoview.tui.widgets.records import Records
from tests.core.repos import make_repo
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.color import Color

    from repoview.tui.app.explorer import Explorer

LONGEST = "app.bsky.graph.starterpack"


def column(app: Explorer, kind: type[Collections | Records]) -> list[str]:
    """Return the lines of a pane."""
    region = app.screen.query_one(kind).region
    lines = screen_text(app).split("\n")[region.y : region.bottom]
    return [line[region.x : region.right] for line in lines]


async def test_collections_have_their_whole_names_where_there_is_room(
    sample: Path,
) -> None:
    """And no more than these need."""
    async with exploring(sample, (200, 50)) as (app, _):
        assert any(LONGEST in line for line in column(app, Collections))
        assert not any("…" in line for line in column(app, Collections))
        longest = max(len(c.name) for c in app.session.repo.collections)  # type: ignore[union-attr]
        assert app.screen.query_one(Collections).region.width <= longest + 10


@pytest.mark.parametrize(("width", "share"), [(80, 0.45), (120, 0.27), (200, 0.27)])
async def test_collections_take_no_more_than_a_share(
    tmp_path: Path, width: int, share: float
) -> None:
    """However long their names are; the end of a name tells it apart."""
    name = "com.example." + ".".join(["averylongword"] * 12)
    path = tmp_path / "long.car"
    path.write_bytes(make_repo({f"{name}/1": {}, "a.b.c/1": {}}))
    async with exploring(path, (width, 40)) as (app, _):
        assert app.screen.query_one(Collections).region.width <= share * width
        assert any("…" in line and "word" in line for line in column(app, Collections))


async def test_short_names_leave_their_room_to_the_records(tmp_path: Path) -> None:
    """Sizes follow what is shown."""
    path = tmp_path / "short.car"
    path.write_bytes(make_repo({"a.b.c/1": {}, "a.b.d/1": {}}))
    async with exploring(path, (200, 40)) as (app, _):
        assert app.screen.query_one(Collections).region.width <= 24


async def test_a_wide_screen_has_the_time_and_longer_texts(sample: Path) -> None:
    """Of records of all collections, too."""
    async with exploring(sample, (200, 50)) as (app, pilot):
        await pilot.press("end")
        row = next(each for each in column(app, Records) if "watering" in each)
        assert re.search(r" \d{4}-\d\d-\d\d \d\d:\d\d ", row)
        records = app.screen.query_one(Records)
        columns = records._columns(records.size.width)  # noqa: SLF001 (the picture has it)
        assert records.size.width - sum(columns) - 6 >= 36
        assert app.screen.query_one(RecordView).size.width >= 64


async def test_json_keeps_words_whole(sample: Path) -> None:
    """As the description of the account."""
    async with exploring(sample) as (app, _):
        view = app.screen.query_one(JsonView)
        lines = [view.row(n, view.size.width).plain for n in range(view.count)]
        text = " ".join(line.strip() for line in lines)
        for words in ("Gardens, bread, birds and the sky.", "made-up account"):
            assert words in text
        assert max(len(line) for line in lines) <= view.size.width


@pytest.mark.parametrize("theme", [t.name for t in THEMES])
async def test_frames_can_be_seen_in_every_theme(sample: Path, theme: str) -> None:
    """Against what is behind them: by a ratio of 1.5 at least."""
    async with exploring(sample) as (app, pilot):
        app.theme = theme
        await pilot.press("t", "i", "b", "c")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        for pane in app.screen.query("#collections, RecordView"):
            _, edge = pane.styles.border.top
            assert contrast(edge, pane.background_colors[0]) >= 1.5


def contrast(one: Color, other: Color) -> float:
    """Return how different two colors are in brightness, from 1 to 21."""

    def light(color: Color) -> float:
        parts = [c / 255 for c in color.rgb]
        r, g, b = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        )
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


async def test_without_colors_only_links_are_underlined(sample: Path) -> None:
    """Numbers and words are bold; and a pane that has the keys keeps its width."""
    async with exploring(sample) as (app, pilot):
        app.theme = NO_COLOR
        await pilot.press("down", "tab")
        await pilot.pause()
        view = app.screen.query_one(JsonView)
        assert not view.style("warn").underline
        assert view.style("warn").bold
        drawn = "\n".join(
            view.render_line(y).text.rstrip() for y in range(view.size.height)
        )
        assert '"mimeType": "image/' in drawn
        assert "…" not in drawn
        assert app.screen.query_one(RecordView).styles.border.top[0] == "heavy"


async def test_what_tells_lines_apart_is_not_dim(sample: Path, broken: Path) -> None:
    """Record keys in the tree, and what findings are about; rails are."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("down", "down", "t")
        await pilot.pause()
        outline = app.screen.query_one(Outline)
        dim = outline.style("dim").color
        line = list(outline.render_line(outline.cursor_line - 1))
        assert next(each for each in line if "├" in each.text).style.color == dim  # type: ignore[union-attr]
        assert next(each for each in line if "benches" in each.text).style.color != dim  # type: ignore[union-attr]
    async with exploring(broken) as (app, pilot):
        await pilot.press("v")
        await until(pilot, lambda: app.screen.query_one(FindingGroups).count)
        groups = app.screen.query_one(FindingGroups)
        dim = groups.style("dim").color
        assert all(
            each.style.color != dim  # type: ignore[union-attr]
            for each in groups.render_line(0)
            if "a part of a repository" in each.text
        )
        assert "a part of a repository" in groups.render_line(0).text
