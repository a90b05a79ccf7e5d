"""The themes: dark, light, high contrast, and one without colors.

No information is in color alone. The theme without colors uses the terminal's
foreground and background only, with bold, reverse and heavier lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Collection

NO_COLOR: Final = "repoview-no-color"

THEMES: Final = (
    Theme(
        name="repoview-dark",
        dark=True,
        primary="#61afef",
        secondary="#b48ead",
        accent="#6cc7d8",
        success="#98c379",
        warning="#e5c07b",
        error="#ef6b73",
        foreground="#d7dae0",
        background="#11151c",
        surface="#171c25",
        panel="#222936",
        variables={"quiet": "#8b93a1", "edge": "#475063"},
    ),
    Theme(
        name="repoview-light",
        dark=False,
        primary="#1f6feb",
        secondary="#8250df",
        accent="#0a7285",
        success="#1a7f37",
        warning="#8a5a00",
        error="#c4232e",
        foreground="#1f2328",
        background="#fbfcfd",
        surface="#f1f4f8",
        panel="#dfe5ec",
        variables={"quiet": "#5f6873", "edge": "#8c959f"},
    ),
    Theme(
        name="repoview-high-contrast",
        dark=True,
        primary="#4da6ff",
        secondary="#ff9df5",
        accent="#5ef2ff",
        success="#5dff5d",
        warning="#ffe14d",
        error="#ff8080",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#303030",
        variables={"quiet": "#d0d0d0", "edge": "#a0a0a0"},
    ),
    Theme(
        name=NO_COLOR,
        dark=True,
        primary="#ffffff",
        secondary="#ffffff",
        accent="#ffffff",
        success="#ffffff",
        warning="#ffffff",
        error="#ffffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        variables={"quiet": "#ffffff", "edge": "#ffffff"},
    ),
)
"""The first one is the default."""

FALLBACKS: Final = {"quiet": "#888888", "edge": "#808080"}
"""Variables of our style sheets that themes of Textual do not define."""


def theme_named(name: str | None, there: Collection[str]) -> str | None:
    """Return the full name of a theme, None for an unknown one.

    Args:
        name: Of a theme; of ours, also without the prefix.
        there: The names of all themes.
    """
    tried = () if name is None else (name, f"repoview-{name}")
    return next((each for each in tried if each in there), None)
