"""What is said of selections: where a text is none, and what one cannot find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.findings.names import codes_named
from repoview.core.selection.fields import ANY, SEVERITIES
from repoview.core.selection.parsing import parse
from repoview.core.selection.terms import values_of
from repoview.core.wording import count_text
from repoview.present.text import cells, safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.errors import SelectionError
    from repoview.core.findings.findings import Finding

_REST: Final = "LIM002"
"""Stands for findings that were only counted."""

_BEFORE: Final = 40
_BEHIND: Final = 30
"""Characters that are shown on either side of the place."""


def pointed_lines(error: SelectionError) -> tuple[str, str]:
    """Return the part of a text around what is wrong, and a line that points there.

    Args:
        error: Of the text.
    """
    start = max(0, error.position - _BEFORE)
    before = safe(error.text[start : error.position], None)
    behind = safe(error.text[error.position : error.position + _BEHIND], None)
    return before + behind, " " * cells(before) + "^"


def unnamed_text(findings: Iterable[Finding], selection: str) -> str:
    """Return how many findings that are asked for name no record; "" for none.

    Of one code some are kept, and the rest are only counted.

    Args:
        findings: Of the report.
        selection: As text.
    """
    asked = [text.lower() for text in values_of(parse(selection), "finding")]
    if not asked:
        return ""
    codes = {
        code
        for text in asked
        if text not in (ANY, *SEVERITIES)
        for code in codes_named(text)
    }
    is_any = any(text in (ANY, *SEVERITIES) for text in asked)
    rests = [each for each in findings if each.code == _REST]
    told = [each for each in rests if is_any or each.found in codes]
    if not told:
        return ""
    amount = count_text(sum(each.count for each in told), "finding")
    names = ", ".join(sorted({str(each.found) for each in told}))
    return (
        f"{amount} more ({names}) were counted without their records, which are not "
        "selected"
    )
