"""The views that there are, and the style sheets: what the app is made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.findings import FindingsView
from repoview.tui.screens.overview import OverviewView
from repoview.tui.screens.tree import TreeView

if TYPE_CHECKING:
    from repoview.tui.screens.view import View


class Offer(NamedTuple):
    """A view, as the command palette offers it."""

    title: str
    says: str
    view: type[View]


OFFERS: Final = (
    Offer("Records", "Collections, records, and one record", Browse),
    Offer("Tree", "The tree as an outline", TreeView),
    Offer("Blocks", "Every block of the file, and what is wasted", BlocksView),
    Offer("Findings", "What is wrong, and whether all is there", FindingsView),
    Offer("Overview", "What the repository is, at a glance", OverviewView),
)

VIEWS: Final[dict[str, type[View]]] = {each.view.VIEW: each.view for each in OFFERS}
"""By the names that places have."""

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
