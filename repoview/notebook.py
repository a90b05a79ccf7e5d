"""What a notebook shows of a value: a table of facts, and what stands below it.

Text is escaped, and isolated so that it cannot turn the text around it; sizes
are bounded, for a cell is kept in the file of the notebook.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 300
_LINES: Final = 200
"""Characters of a fact or a line, and lines of JSON."""

_TABLE: Final = "border-collapse: collapse; font-size: 0.9em"
_CELL: Final = "text-align: left; padding: 0.1em 0.8em 0.1em 0"


def card(title: str, facts: Iterable[tuple[str, object]], below: str = "") -> str:
    """Return HTML with a title and a table.

    Args:
        title: What the value is.
        facts: Name and value of each; those that are None are left out.
        below: HTML below the table.
    """
    rows = "".join(
        f'<tr><th style="{_CELL}">{escape(name)}</th>'
        f'<td style="{_CELL}">{_text(value)}</td></tr>'
        for name, value in facts
        if value is not None
    )
    return (
        f'<div class="repoview"><strong>{_text(title)}</strong>'
        f'<table style="{_TABLE}">{rows}</table>{below}</div>'
    )


def json_block(value: Any) -> str:  # noqa: ANN401 (JSON)
    """Return JSON as HTML, cut after some lines."""
    lines = json.dumps(value, indent=2, ensure_ascii=False).splitlines()
    shown = [_text(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"… {len(lines) - _LINES:,} more lines")
    return "<pre>" + "\n".join(shown) + "</pre>"


def note(text: str) -> str:
    """Return a sentence as HTML."""
    return f"<p>{_text(text)}</p>"


def _text(value: object) -> str:
    """Return a value as text, escaped, in a direction of its own."""
    text = f"{value:,}" if isinstance(value, int) else str(value)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    # Neither characters that no document may have, nor lone surrogates.
    kept = (
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )
    return f"<bdi>{escape(''.join(kept))}</bdi>"
