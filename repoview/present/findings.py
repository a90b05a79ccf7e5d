"""Findings in words."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.wording import count_text
from repoview.present.text import are_text, safe, short_cid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.findings.findings import Finding

_ENDS: Final = ("CAR021", "CAR023", "CAR027", "CAR028")
_PART: Final = "BLK010"
_WIDTH: Final = 78
_LABEL: Final = 10
"""Columns of a label such as "expected", with the space behind."""


def finding_headline(found: Finding) -> str:
    """Return a finding on one safe line: code, severity, message."""
    return f"{found.code} {found.severity.value}: {message_text(found)}"


def message_text(found: Finding) -> str:
    """Return the message of a finding, on one safe line."""
    text = safe(found.message)
    number = f"{found.count:,}"
    if found.count > 1 and number not in text:
        return f"{text} ({number} in all)"
    return text


def place_text(found: Finding) -> str:
    """Return where a finding is, on one safe line; "" for the whole file.

    A path that the message has in quotes is not said again.
    """
    parts = []
    if found.offset is not None:
        parts.append(f"byte {found.offset:,}")
    if found.block_offset is not None:
        parts.append(f"byte {found.block_offset:,} of the block")
    if found.path is not None and repr(found.path) not in found.message:
        parts.append(safe(found.path, 200))
    if found.cid is not None:
        parts.append(short_cid(found.cid))
    return " · ".join(parts)


def finding_details(
    found: Finding, *, rule: bool = True, brief: bool = False
) -> list[tuple[str, str]]:
    """Return the details of a finding beside its message, as (label, safe text).

    Args:
        found: The finding.
        rule: Whether to include the rule, the recovery, and where there is more.
        brief: Whether to leave out digests.
    """
    told = [("where", place_text(found))]
    if found.original_severity is not None:
        weights = f"{found.severity} by policy, {found.original_severity} by itself"
        told.append(("severity", weights))
    if not (brief and found.code == "BLK001"):
        told.append(("expected", safe(found.expected or "", 400)))
        told.append(("found", safe(found.found or "", 400)))
    if rule and (known := CATALOGUE.get(found.code)):
        more = f"repoview explain {found.code}"
        told += [("rule", known.rule), ("so", known.recovery), ("more", more)]
    return [(label, text) for label, text in told if text]


def effects_text(effects: Iterable[Finding], head: Finding | None = None) -> str:
    """Return the effects of a finding: "1 node is missing because of it", or "".

    Args:
        effects: The findings that it explains.
        head: The finding, whose own message may say what is missing.
    """
    amounts: Counter[str] = Counter()
    for each in effects:
        # Of codes with many findings, most are only counted.
        code = each.found if each.code == "LIM002" and each.found else each.code
        amounts[code] += each.count
    said = []
    if amounts["CAR032"]:
        said.append("bytes behind it are skipped")
    elif any(amounts[code] for code in _ENDS):
        said.append("nothing behind it can be read")
    if head is None or head.code != _PART:
        nodes, records = amounts["BLK008"], amounts["BLK009"]
        said.append(are_text("missing", nodes=nodes, records=records))
    if amounts["COM001"] or amounts["CAR020"]:
        said.append("the commit is missing")
    if unlinked := amounts["BLK004"]:
        said.append(f"{count_text(unlinked, 'block')} cannot be reached")
    *before, last = [each for each in said if each] or [""]
    told = f"{', '.join(before)}, and {last}" if before else last
    return f"{told} because of it" if told else ""


def finding_lines(
    found: Finding, width: int = _WIDTH, *, rule: bool = True
) -> list[str]:
    """Return a finding as safe lines: what, where, expected, found, the rule.

    Args:
        found: The finding.
        width: Columns to wrap at.
        rule: Whether to include the rule and the recovery.
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
        width: Columns of a line, its prefix included.
        first: Prefix of the first line.
        after: Prefix of the others.
    """
    return wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )
