"""The views that there are, and the style sheets: what the app is made of.

A view is imported when it is first shown, or a little before (`import_rest`).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.tui.garbage import keep_what_is

if TYPE_CHECKING:
    from repoview.tui.screens.view import View


class Offer(NamedTuple):
    """A view, as the command palette offers it."""

    title: str
    says: str
    name: str
    """As places have it; its module's too."""

    kind: str
    """The name of its class."""


OFFERS: Final = (
    Offer("Records", "Collections, records, and one record", "browse", "Browse"),
    Offer("Tree", "The tree as an outline", "tree", "TreeView"),
    Offer(
        "Blocks", "Every block of the file, and what is wasted", "blocks", "BlocksView"
    ),
    Offer(
        "Findings",
        "What is wrong, and whether all is there",
        "findings",
        "FindingsView",
    ),
    Offer(
        "Overview", "What the repository is, at a glance", "overview", "OverviewView"
    ),
)


def view_named(name: str) -> type[View]:
    """Return the view that places call so."""
    kinds = {offer.name: offer.kind for offer in OFFERS}
    view: type[View] = getattr(import_module(f"{_SCREENS}.{name}"), kinds[name])
    return view


def import_rest() -> None:
    """Import what is shown or asked only later, before somebody waits for it."""
    for room in (_SCREENS, "repoview.tui.session"):
        for module in iter_modules(import_module(room).__path__, f"{room}."):
            import_module(module.name)
    keep_what_is()


_SCREENS: Final = "repoview.tui.screens"

_NAMES: Final = (
    "base",
    "browse",
    "tree",
    "findings",
    "record",
    "copy",
    "overview",
    "blocks",
    "dialogs",
    "export",
    "bookmarks",
    "plain",
)

STYLES: Final = [Path(__file__).with_name("styles") / f"{name}.tcss" for name in _NAMES]
"""The style sheets; what comes later has the last word."""
