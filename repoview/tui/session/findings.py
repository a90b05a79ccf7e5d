"""Answers about findings: the checks that ran, rows of lists, where they lead."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from repoview.core.catalogue import CATALOGUE
from repoview.present import finding_details, message_text, place_text
from repoview.present.advice import advice_text
from repoview.present.checks import checklist
from repoview.tui.rows import CheckRow, FindingRow, GroupRow
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
        """The gravest first, then by code, then by place."""
        found = self._repo.report.findings
        return sorted(found, key=lambda f: (-f.severity.rank, f.code))

    def rows(self) -> list[FindingRow]:
        """Return all findings that are kept, those of a code together."""
        return [finding_row(each) for each in self._sorted]

    def groups(self) -> list[GroupRow]:
        """Return the codes that were found, the gravest first."""
        more = {
            found.found: found.count
            for found in self._sorted
            if found.code == "LIM002" and found.found is not None
        }
        groups, start = list[GroupRow](), 0
        for (_, code), same in groupby(
            self._sorted, key=lambda found: (found.severity, found.code)
        ):
            found = list(same)
            kept = range(start, start + len(found))
            start = kept.stop
            # Of a code with two severities, the rest is counted with the first.
            total = len(found) + more.pop(code, 0)
            title = CATALOGUE[code].title
            severity = found[0].severity.value
            groups.append(GroupRow(code, severity, title, total, kept))
        return groups

    def checks(self) -> list[CheckRow]:
        """Return the checks that ran, in the order of trust."""
        return [
            CheckRow(each.name, each.outcome, each.amount, each.detail)
            for each in checklist(self._repo.report)
        ]

    def advice(self, number: int) -> str:
        """Return what the reader can do about a finding of `rows`."""
        return advice_text(self._sorted[number])

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
