"""What of the explorer bears to be asked too early or too late."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

import repoview.tui
from repoview.tui.visits.resilient import Resilient, ResilientApp

if TYPE_CHECKING:
    from textual.app import ComposeResult


def nodes() -> list[type[DOMNode]]:
    """Return every app, screen and widget of ours."""
    names = [m.name for m in walk_packages(repoview.tui.__path__, "repoview.tui.")]
    return [
        value
        for name in names
        for value in vars(import_module(name)).values()
        if isinstance(value, type)
        and issubclass(value, DOMNode)
        and value.__module__ == name
    ]


def asks(kind: type[DOMNode]) -> bool:
    """Tell whether it looks for a single thing in itself."""
    calls = [
        node.func
        for node in ast.walk(ast.parse(inspect.getsource(kind)))
        if isinstance(node, ast.Call)
    ]
    return any(isinstance(f, ast.Attribute) and f.attr == "query_one" for f in calls)


def test_whoever_looks_into_itself_may_be_taken_out_meanwhile() -> None:
    """A dialog may be closed before it is mounted: keys are typed ahead."""
    asking = [kind for kind in nodes() if asks(kind)]
    assert len(asking) > 10
    assert [kind for kind in asking if not issubclass(kind, Resilient)] == []


class Leaving(Vertical):
    """While it is composed, the app exits, as a signal makes it."""

    def compose(self) -> ComposeResult:
        """Yield a widget, which Textual does not mount any more."""
        self.app.exit(return_code=143)
        yield Static(id="inner")


class Asking(Resilient, Screen[None]):
    """A screen that has some of its widgets by then."""

    def compose(self) -> ComposeResult:
        """Lay out both."""
        yield Static()
        yield Leaving()

    def on_mount(self) -> None:
        """Look for the one that is not there."""
        self.query_one("#inner")


class Ends(ResilientApp):
    """An app with that screen."""

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(Asking())


async def test_an_exit_while_a_screen_is_made_is_no_fault() -> None:
    """What was not composed any more is not missed."""
    app = Ends()
    async with app.run_test():
        pass
    assert app.fault is None
    assert app.return_code == 143
