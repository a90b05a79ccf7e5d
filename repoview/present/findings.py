"""Findings in words."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from repoview.core.catalogue import CATALOGUE
from repoview.present.text import safe, short_cid

if TYPE_CHECKING:
    from repoview.core.findings import Finding

_WIDTH: Final = 78
_LABEL: Final = 10
"""Columns of "expected" and its like, with the space behind."""


def finding_headline(found: Finding) -> str:
    """Return a finding on one safe line: code, severity, what was met."""
    return f"{found.code} {found.severity.value}: {message_text(found)}"


def message_text(found: Finding) -> str:
    """Return what a finding says, on one safe line."""
    text = safe(found.message)
    number = f"{found.count:,}"
    if found.count > 1 and number not in text:
        return f"{text} ({number} in all)"
    return text


def place_text(found: Finding) -> str:
    """Return where a finding is, on one safe line; "" for the whole file."""
    parts = []
    if found.offset is not None:
        parts.append(f"byte {found.offset:,}")
    if found.block_offset is not None:
        parts.append(f"byte {found.block_offset:,} of the block")
    if found.path is not None:
        parts.append(safe(found.path, 200))
    if found.cid is not None:
        parts.append(short_cid(found.cid))
    return " · ".join(parts)


def finding_details(found: Finding, *, rule: bool = True) -> list[tuple[str, str]]:
    """Return what is known of a finding beside its message, as (label, safe text).

    Args:
        found: What was found.
        rule: Whether the rule, and what was done about it, are told too.
    """
    told = [
        ("where", place_text(found)),
        ("expected", safe(found.expected or "", 400)),
        ("found", safe(found.found or "", 400)),
    ]
    if rule and (known := CATALOGUE.get(found.code)):
        told += [("rule", known.rule), ("so", known.recovery)]
    return [(label, text) for label, text in told if text]


def finding_lines(
    found: Finding, width: int = _WIDTH, *, rule: bool = True
) -> list[str]:
    """Return a finding as safe lines: what, where, expected, found, the rule.

    Args:
        found: What was found.
        width: Columns to wrap at.
        rule: Whether the rule, and what was done about it, are told too.
    """
    lines = wrapped(finding_headline(found), width, after="  ")
    for label, text in finding_details(found, rule=rule):
        lines += labelled_lines(label, text, width)
    return lines


def labelled_lines(label: str, text: str, width: int) -> list[str]:
    """Return *text* wrapped to *width*, behind a label in a column of its own."""
    first = f"  {label:<{_LABEL}}"
    rest = " " * len(first)
    return wrapped(text, width, first=first, after=rest)


def wrapped(text: str, width: int, *, first: str = "", after: str = "") -> list[str]:
    """Return *text* as lines of at most *width* columns.

    Lines end at spaces only: record keys and names have hyphens of their own.

    Args:
        text: Safe text.
        width: Columns of a line, with what stands before it.
        first: Stands before the first line.
        after: Stands before the others.
    """
    return wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )
