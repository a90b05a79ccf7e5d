"""The table of views.

A view is imported when it is first shown, or in the background before
(`import_rest`).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from repoview.tui.app.base.garbage import freeze

if TYPE_CHECKING:
    from repoview.tui.screens.view import View


_KINDS: Final = {
    "browse": "Browse",
    "tree": "TreeView",
    "diagram": "DiagramView",
    "steps": "StepsView",
    "blocks": "BlocksView",
    "findings": "FindingsView",
    "overview": "OverviewView",
}
"""Name of a view and its module → name of its class."""


def view_named(name: str) -> type[View]:
    """Return the class of a view, by the name that places use."""
    view: type[View] = getattr(import_module(f"{_SCREENS}.{name}"), _KINDS[name])
    return view


def import_rest() -> None:
    """Import what is needed only later, in the background."""
    for room in _ROOMS:
        for module in iter_modules(import_module(room).__path__, f"{room}."):
            import_module(module.name)
    freeze()


_SCREENS: Final = "repoview.tui.screens"

_SESSION: Final = "repoview.tui.session"

_ROOMS: Final = (_SCREENS, f"{_SCREENS}.dialogs", _SESSION, f"{_SESSION}.writing")
"""Packages whose modules are imported in the background; lessons are not."""
