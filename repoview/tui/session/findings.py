"""Answers about findings: the checks that ran, rows for lists, and places."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from repoview.core.findings.catalogue import CATALOGUE, Severity
from repoview.core.findings.causes import families
from repoview.present import (
    effects_text,
    finding_details,
    message_text,
    place_text,
)
from repoview.present.advice import advice_text
from repoview.present.checks import checklist
from repoview.tui.session.places import place_of
from repoview.tui.values.rows import CheckRow, FindingRow, GroupRow

if TYPE_CHECKING:
    from repoview.core.findings.causes import Family
    from repoview.core.findings.findings import Cause, Finding
    from repoview.core.repo.repo import Repo
    from repoview.tui.values.place import Place


class FindingAnswers:
    """Answers about the findings of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    @cached_property
    def _families(self) -> list[Family]:
        return families(self._repo.report.findings)

    @cached_property
    def _sorted(self) -> list[Finding]:
        """By severity, each before those that it explains."""
        return [found for each in self._families for found in each]

    @cached_property
    def _effects(self) -> dict[Cause, str]:
        """The consequences of findings that explain others, in words."""
        return {
            each.head.as_cause: effects_text(each.effects, each.head)
            for each in self._families
            if each.effects
        }

    def finding(self, number: int) -> Finding | None:
        """Return a finding by its number in `rows`; None for one that is not there."""
        return self._sorted[number] if 0 <= number < len(self._sorted) else None

    def rows(self) -> list[FindingRow]:
        """Return all findings that are kept, by number."""
        heads = {each.as_cause: each for each in self._sorted if not each.caused_by}
        return [self._row(each, heads) for each in self._sorted]

    def _row(self, found: Finding, heads: dict[Cause, Finding]) -> FindingRow:
        """Return a finding with its consequences, or with its cause."""
        row = finding_row(found)
        if found.caused_by is None:
            more = [("follows", self._effects.get(found.as_cause, ""))]
        else:
            head = heads.get(found.caused_by)
            says = "" if head is None else f"{head.code} {message_text(head)}"
            more = [("because", says)]
        told = [each for each in more if each[1]]
        return row._replace(details=[*row.details[:1], *told, *row.details[1:]])

    def groups(self, only: str = "") -> list[GroupRow]:
        """Return findings in groups, the most severe first.

        One that explains others makes a group together with them; the rest is
        grouped by code.

        Args:
            only: A severity, to return its findings only, by code.
        """
        groups, start = list[GroupRow](), 0
        parts = list[tuple[Severity, str, range]]()
        for each in self._families:
            size = 1 + len(each.effects)
            numbers = range(start, start + size)
            start += size
            if each.effects and not only:
                groups.append(self._cause(each, numbers))
            else:
                parts += [
                    (found.severity, found.code, range(n, n + 1))
                    for n, found in zip(numbers, each, strict=True)
                    if only in {"", found.severity.value}
                ]
        parts.sort(key=lambda part: (part[1], part[2].start))
        parts.sort(key=lambda part: part[0], reverse=True)
        more = {f.found: f.count for f in self._sorted if f.code == "LIM002"}
        for (severity, code), same in groupby(parts, key=lambda part: part[:2]):
            kept = [part[2].start for part in same]
            # Of a code with two severities, the rest is counted with the first.
            total = len(kept) + more.pop(code, 0)
            title = CATALOGUE[code].title
            if total == 1:
                # Its own sentence says more than the title of its code.
                title = message_text(self._sorted[kept[0]])
            groups.append(GroupRow(code, severity.value, title, total, kept))
        return sorted(groups, key=lambda each: Severity(each.severity), reverse=True)

    def _cause(self, family: Family, numbers: range) -> GroupRow:
        head = family.head
        title, says = CATALOGUE[head.code].title, self._effects[head.as_cause]
        if head.code == "BLK010":
            # It says itself how much is missing.
            title = message_text(head)
        if says:
            title = f"{title}: {says}"
        severity = family.severity.value
        return GroupRow(head.code, severity, title, 1, numbers, explains=True)

    def checks(self) -> list[CheckRow]:
        """Return the checks that ran, in the order of trust."""
        return [
            CheckRow(each.name, each.outcome, each.amount, each.detail)
            for each in checklist(self._repo.report)
        ]

    def advice(self, number: int) -> str:
        """Return what the user can do about a finding of `rows`."""
        return advice_text(self._sorted[number])

    def why(self, number: int) -> str:
        """Return why the rule exists that a finding of `rows` is about."""
        # Late: the texts about all codes are long.
        from repoview.present.explained import why_text

        return why_text(self._sorted[number].code)

    def counted(self) -> dict[str, int]:
        """Return the number of findings by severity, the most severe first."""
        return dict(self._repo.report.counts.findings)

    def place(self, number: int) -> Place | None:
        """Return the place of a finding of `rows`, None for none."""
        location = self._repo.locate(self._sorted[number])
        return None if location is None else place_of(location)


def finding_row(found: Finding) -> FindingRow:
    """Return a finding, ready to be shown."""
    return FindingRow(
        found.code,
        found.severity.value,
        message_text(found),
        place_text(found),
        finding_details(found),
    )
