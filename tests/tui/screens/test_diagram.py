"""Facts about the diagram view: where its keys and clicks lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.diagram.bands import Focus
from repoview.tui.screens.diagram import DiagramView
from repoview.tui.screens.tree import TreeView
from repoview.tui.values.place import Place
from repoview.tui.widgets.tree_diagram import TreeDiagram
from tests.core.repos import make_repo
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


def shown(app: Explorer) -> TreeDiagram:
    """Return the diagram."""
    return app.screen.query_one(TreeDiagram)


async def pressed(app: Explorer, pilot: Pilot[None], *keys: str) -> Focus:
    """Press keys in the diagram view; return what it is about then."""
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, DiagramView))
    await pilot.pause()
    return shown(app).focus_at


async def test_it_opens_at_the_record_and_enter_leads_to_the_tree(
    sample: Path,
) -> None:
    """Back leads to the diagram again."""
    async with exploring(sample) as (app, pilot):
        await pilot.press(*["down"] * 5, "d")
        await until(pilot, lambda: isinstance(app.screen, DiagramView))
        await pilot.pause()
        assert shown(app).focus_at.record == 5
        assert app.view is not None
        assert app.view.place() == Place("diagram", "record", 5)
        text = screen_text(app)
        assert "▸" in text
        assert "╔═" in text
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        assert app.view.place() == Place("tree", "record", 5)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, DiagramView))
        assert shown(app).focus_at.record == 5


async def test_arrows_move_from_node_to_node(sample: Path) -> None:
    """Up and down along the links, and back to where one came from."""
    async with exploring(sample) as (app, pilot):
        top = await pressed(app, pilot, "d", "g")
        assert top == Focus(0)
        tree = shown(app)._tree  # noqa: SLF001 (it is what is drawn)
        assert tree is not None
        first = await pressed(app, pilot, "down")
        assert tree.node(first.node).parent == 0
        aside = await pressed(app, pilot, "left")
        assert aside.node == tree.beside(first.node, -1)
        assert await pressed(app, pilot, "up") == top
        assert await pressed(app, pilot, "down") == aside
        assert await pressed(app, pilot, "up", "up", "left", "right") == top
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        assert app.view is not None
        assert app.view.place() == Place("tree", "node", aside.node)


async def test_keys_are_gone_through_in_their_order(sample: Path) -> None:
    """Whichever node they are in."""
    async with exploring(sample) as (app, pilot):
        await pressed(app, pilot, "d")
        tree = shown(app)._tree  # noqa: SLF001 (it is what is drawn)
        assert tree is not None
        for record in range(1, 9):
            focus = await pressed(app, pilot, "full_stop")
            assert focus == Focus(tree.holder(record), record)
        assert (await pressed(app, pilot, "comma")).record == 7


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_zooming_out_shows_the_shape_and_in_leads_back(
    sample: Path, size: tuple[int, int]
) -> None:
    """Columns are moved along, and Enter shows the boxes there."""
    async with exploring(sample, size) as (app, pilot):
        before = await pressed(app, pilot, "d", "full_stop")
        await pressed(app, pilot, "z")
        assert shown(app).is_shape
        assert "300 keys, a column is" in screen_text(app)
        assert await pressed(app, pilot, "z") == before
        await pressed(app, pilot, "minus", "right", "right", "plus")
        await pressed(app, pilot, "plus", "plus", "plus")
        assert not shown(app).is_shape
        assert (shown(app).focus_at.record or 0) > (before.record or 0)
        await pressed(app, pilot, "minus", "g", "enter")
        assert shown(app).focus_at.record == 0


async def test_a_click_moves_to_a_box_and_a_second_one_opens_it(
    sample: Path,
) -> None:
    """A click on a key chooses it, one on a count shows what is folded there."""
    async with exploring(sample) as (app, pilot):
        await pressed(app, pilot, "d", "g")
        drawing = shown(app)._drawing  # noqa: SLF001 (where boxes are)
        assert drawing is not None
        box = next(box for box in drawing.boxes if box.node)
        await pilot.click(TreeDiagram, offset=(box.x, box.y))
        assert (await pressed(app, pilot)) == Focus(box.node)
        drawing = shown(app)._drawing  # noqa: SLF001 (where boxes are)
        assert drawing is not None
        piece = next(
            piece
            for box in drawing.boxes
            for piece in box.pieces
            if piece.record is not None and len(piece.text) > 1
        )
        await pilot.click(TreeDiagram, offset=(piece.x, piece.y))
        assert (await pressed(app, pilot)).record == piece.record
        drawing = shown(app)._drawing  # noqa: SLF001 (where boxes are)
        assert drawing is not None
        fold = drawing.folds[-1]
        await pilot.click(TreeDiagram, offset=(fold.x, fold.y))
        assert (await pressed(app, pilot)) == Focus(fold.node)
        drawing = shown(app)._drawing  # noqa: SLF001 (where boxes are)
        assert drawing is not None
        (box,) = (box for box in drawing.boxes if box.is_focus)
        await pilot.click(TreeDiagram, offset=(box.x, box.y))
        await until(pilot, lambda: isinstance(app.screen, TreeView))


async def test_holes_are_told_like_nodes(broken: Path) -> None:
    """With what they hide, in the line below."""
    async with exploring(broken) as (app, pilot):
        await pressed(app, pilot, "d", "g")
        tree = shown(app)._tree  # noqa: SLF001 (it is what is drawn)
        assert tree is not None
        assert app.session is not None
        hole = next(n for n in range(len(app.session.tree)) if tree.node(n).hole)
        app.go(Place("diagram", "node", hole))
        await pilot.pause()
        text = screen_text(app)
        assert "╳ missing node" in text
        assert "missing node, depth" in text


async def test_trees_with_little_in_them_are_drawn(tmp_path: Path) -> None:
    """No key leads anywhere in them, and none fails."""
    for name, data in (("empty", make_repo({})), ("nothing", b"no repository")):
        path = tmp_path / f"{name}.car"
        path.write_bytes(data)
        async with exploring(path) as (app, pilot):
            keys = ("up", "down", "left", "right", "comma", "full_stop", "g", "z")
            focus = await pressed(app, pilot, "d", *keys, "plus", "minus")
            assert focus == Focus(0)
            says = "no keys" if name == "empty" else "No tree could be reached"
            assert says in screen_text(app)
