"""The style sheets of the app, each parsed once and cached for all screens."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from textual.css.stylesheet import Stylesheet

from repoview.tui.textual_internals import cache_style_sheets

_NAMES: Final = (
    "base",
    "browse",
    "tree",
    "diagram",
    "steps",
    "findings",
    "record",
    "dialogs/copy",
    "overview",
    "blocks",
    "dialogs/dialog",
    "dialogs/writing",
    "dialogs/export",
    "dialogs/salvage",
    "dialogs/differences",
    "dialogs/bookmarks",
    "learn",
    "breaking",
    "folder",
    "plain",
)

STYLES: Final = [Path(__file__).parent / f"{name}.tcss" for name in _NAMES]
"""The style sheets; later ones override earlier ones."""

_KEPT: Final = 512
"""Parsed style sheets that are cached: more than there are widget classes."""


class StyleSheets(Stylesheet):
    """A style sheet that is parsed again only when a variable has changed.

    Textual parses all sources again, twice, for each screen that is opened,
    which takes longer than the rest of opening it.
    """

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._colors = variables
        cache_style_sheets(self, _KEPT)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the variables, if they differ."""
        if variables != self._colors:
            self._colors = variables
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is new, or everything after the variables have changed."""
        self.parse()
