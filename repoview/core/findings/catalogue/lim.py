"""Limits: repoview's own, and no fault of a file."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.catalogue.rule import ERROR, INFO, MISSING, Rule

RULES: Final = (
    Rule(
        "LIM001",
        "limit-not-reached",
        ERROR,
        MISSING,
        "a limit ended the reading",
        must=(
            "A file should be read to its end, within the limits of memory, disk and "
            "time."
        ),
        recovery="What was read until then is shown, and completeness is not judged.",
        note=(
            "repoview bounds what a file may take of the machine; nothing says that "
            "the file is wrong."
        ),
    ),
    Rule(
        "LIM002",
        "limit-of-findings",
        INFO,
        MISSING,
        "more findings of a code are not shown",
        must=(
            "At most 100 findings of a code should be listed, or as many as "
            "`--max-findings` says."
        ),
        recovery="They are counted.",
        note="The rest would say the same.",
    ),
)
