"""Styles of texts that act on a click, in any widget."""

from __future__ import annotations

from typing import Final

from rich.style import Style

TO_SIGNATURE: Final = Style(underline=True, meta={"@click": "app.signature"})
"""Of the outcome of checking the signature: a click asks for a key."""

TO_SALVAGE: Final = Style(underline=True, meta={"@click": "app.salvage"})
"""Of a verdict that is not sound: a click tells what can be saved."""
