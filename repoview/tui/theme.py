"""Our themes: a dark one and a light one, by the meaning of colors."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

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
        variables={"quiet": "#8b93a1"},
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
        variables={"quiet": "#5f6873"},
    ),
)
"""The first one is where everybody begins; the palette has the others."""

FALLBACKS: Final = {"quiet": "#888888"}
"""What our style sheet asks of themes that are not ours."""
