"""Answers about findings: rows of lists, and where they lead."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from repoview.present import finding_details, message_text, place_text
from repoview.tui.rows import FindingRow
from repoview.tui.session.places import place_of

if TYPE_CHECKING:
    from repoview.core.findings import Finding
    from repoview.core.repo import Repo
    from repoview.tui.place import Place


class FindingAnswers:
    """Answers about what was found in one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    @cached_property
    def _sorted(self) -> list[Finding]:
        return sorted(self._repo.report.findings, key=lambda f: -f.severity.rank)

    def rows(self) -> list[FindingRow]:
        """Return all findings, the gravest first, then by place."""
        return [finding_row(each) for each in self._sorted]

    def counted(self) -> dict[str, int]:
        """Return the number of findings by severity, gravest first."""
        return dict(self._repo.report.counts.findings)

    def place(self, number: int) -> Place | None:
        """Return where a finding of `rows` leads."""
        location = self._repo.locate(self._sorted[number])
        return None if location is None else place_of(location)


def finding_row(found: Finding) -> FindingRow:
    """Return a finding as it is shown."""
    return FindingRow(
        found.code,
        found.severity.value,
        message_text(found),
        place_text(found),
        finding_details(found),
    )
