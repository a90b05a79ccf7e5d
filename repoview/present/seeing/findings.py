"""The page about a verdict, and about one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.wording import count_text
from repoview.present.findings import finding_details, finding_headline
from repoview.present.seeing.page import Page
from repoview.present.seeing.repository import what_is_a_repository
from repoview.present.styled import Section
from repoview.present.verdicts import (
    completeness_text,
    meaning_text,
    signature_text,
    verdict_word,
)

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding
    from repoview.core.repo.repo import Repo


def findings_page(repo: Repo, found: Finding | None = None) -> Page:
    """Return the page about a verdict, and about the finding that is looked at."""
    report = repo.report
    counts = report.counts
    lines = [
        (
            "Every block was hashed and compared with its CID, every node and the "
            "commit read byte by byte, every key checked for order, depth and form: "
            f"{count_text(counts.blocks, 'block')}, "
            f"{count_text(counts.nodes, 'node')}, "
            f"{count_text(counts.records, 'record')}."
        ),
        f"{verdict_word(report)}: {meaning_text(report)}.",
        f"Whether all is there is another question: {completeness_text(report)}.",
    ]
    if signed := signature_text(report):
        lines.append(
            f"And who made it is a third, which hashes cannot answer: {signed}."
        )
    sections = [Section("What is this verdict?", lines)]
    if found is not None:
        sections.append(_finding(found))
    return Page("a verdict", [*sections, what_is_a_repository(repo)])


def _finding(found: Finding) -> Section:
    lines = [
        "A finding is one fact about the file that breaks a rule, or is worth a word.",
        finding_headline(found),
        *(f"{label}: {says}" for label, says in finding_details(found)),
        (
            f"The code {found.code} is the same in every file: "
            f"“{CATALOGUE[found.code].title}”. `repoview explain {found.code}` says "
            "how it comes about, and what to do."
        ),
    ]
    return Section("This finding", lines)
