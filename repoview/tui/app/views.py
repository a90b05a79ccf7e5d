"""The views that there are.

A view is imported when it is first shown, or a little before (`import_rest`).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from repoview.tui.app.garbage import keep_what_is

if TYPE_CHECKING:
    from repoview.tui.screens.view import View


_KINDS: Final = {
    "browse": "Browse",
    "tree": "TreeView",
    "blocks": "BlocksView",
    "findings": "FindingsView",
    "overview": "OverviewView",
}
"""Name of a view, which is that of its module too → name of its class."""


def view_named(name: str) -> type[View]:
    """Return the view that places call so."""
    view: type[View] = getattr(import_module(f"{_SCREENS}.{name}"), _KINDS[name])
    return view


def import_rest() -> None:
    """Import what is shown or asked only later, before somebody waits for it."""
    for room in (_SCREENS, "repoview.tui.session"):
        for module in iter_modules(import_module(room).__path__, f"{room}."):
            import_module(module.name)
    keep_what_is()


_SCREENS: Final = "repoview.tui.screens"
