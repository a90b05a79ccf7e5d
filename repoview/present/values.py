"""Records as text: their JSON."""

from __future__ import annotations

from typing import Any

from repoview.core.formats.json_text import json_text
from repoview.present.text import LINE_LIMIT, LINES_LIMIT, safe_lines

__all__ = ["json_text", "value_lines"]


def value_lines(
    value: Any,  # noqa: ANN401 (JSON)
    limit: int = LINE_LIMIT,
    most: int = LINES_LIMIT,
) -> list[str]:
    """Return a record's JSON as lines for a screen, long ones cut.

    Args:
        value: A value of the data model, or of JSON.
        limit: Characters kept of a line.
        most: Lines kept; one more says how many are left out.
    """
    return safe_lines(json_text(value), limit, most)
