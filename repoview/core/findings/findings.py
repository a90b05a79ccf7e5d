"""Collect findings: at most 100 a code, the rest only counted.

One of them is `finding`'s; what a severity is by profile and policy is `policy`'s.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.findings.catalogue import CATALOGUE, GRAVEST_FIRST, Scope, Severity
from repoview.core.findings.finding import Cause, Finding, Place, bare, finding, unread
from repoview.core.findings.policy import (
    LEFT_OUT,
    SHIFTED,
    Changes,
    Policy,
    Profile,
)
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from repoview.core.cid import Cid

__all__ = [
    "Cause",
    "Finding",
    "Findings",
    "Place",
    "Profile",
    "Scope",
    "Severity",
    "bare",
    "finding",
    "unread",
]


_REST: Final = "LIM002"
"""Stands for findings that were only counted."""

_NAMED: Final = [(severity, severity.value) for severity in GRAVEST_FIRST]


class Findings:
    """Collects findings under a profile, at most 100 a code.

    Counts (`totals`, `total`) tell of all, kept or not. What the verification
    goes by (`kept`, `has`) is as it was found; `sorted`, `totals` and `weights`
    are what is told of it, as the policy weighs it.

    Args:
        profile: How strictly is judged.
        policy: What the reader makes of it. Findings about a CID of its skip
            list are left out from the start, or they would take the room of
            others.
    """

    def __init__(
        self, profile: Profile = Profile.DEFAULT, policy: Policy | None = None
    ) -> None:
        self.profile = profile
        self.policy = policy or Policy()
        self.known = frozenset(self.policy.skipped)
        """The CIDs of the skip list."""
        self._skipped = 0
        self._most = max(limits.FINDINGS_A_CODE, self.policy.most or 0)
        self._kept: list[Finding] = []
        self._by_code: Counter[str] = Counter()
        self._counts: defaultdict[str, Counter[tuple[Severity, Scope]]]
        self._counts = defaultdict(Counter)
        self._shifted = SHIFTED.get(profile, {})
        self._left_out = LEFT_OUT.get(profile, ())

    def add(self, found: Finding) -> None:
        """Add one finding, with the severity that the profile gives it."""
        if found.code.startswith(self._left_out):
            return
        if (
            self.known
            and found.cid in self.known
            and found.severity is not Severity.FATAL
        ):
            self._skipped += 1
            return
        severity = self._shifted.get(found.code)
        if severity is not None and severity is not found.severity:
            found = replace(found, severity=severity)
        self._by_code[found.code] += 1
        self._counts[found.code][found.severity, found.scope] += 1
        if self._by_code[found.code] <= self._most:
            self._kept.append(found)

    def count_more(self, like: Finding, more: int) -> None:
        """Count *more* findings like one, without making them."""
        if more > 0 and not like.code.startswith(self._left_out):
            severity = self._shifted.get(like.code, like.severity)
            self._by_code[like.code] += more
            self._counts[like.code][severity, like.scope] += more

    def skip_more(self, count: int) -> None:
        """Count findings about CIDs of the skip list that were never made."""
        self._skipped += count

    def has_enough(self, like: Finding) -> bool:
        """Tell whether one more finding like this one would only be counted.

        Then `count_more` does all that `add` would, and only code, severity and
        scope of the finding matter (see `bare`). With a skip list its CID
        matters too, so each has to be made.
        """
        if like.code.startswith(self._left_out):
            return True
        if self.known or self._by_code[like.code] < self._most:
            return False
        severity = self._shifted.get(like.code, like.severity)
        return (severity, like.scope) in self._counts[like.code]

    def room(self, code: str) -> int:
        """Return how many more findings of *code* would be kept."""
        return max(0, self._most - self._by_code[code])

    def worsen(
        self, code: str, offset: int, scope: Scope, cid: Cid | None = None
    ) -> None:
        """Make the finding of *code* at *offset* an error about *scope*.

        For a block that turns out, at the walk, to be one that the tree needs.

        Args:
            code: Of the finding.
            offset: Where it is.
            scope: What it is about, as is known now.
            cid: The CID of the block.
        """
        if cid in self.known:
            return
        counts = self._counts[code]
        rule = CATALOGUE[code]
        # What is not kept was counted, with what its code has by itself.
        was = self._shifted.get(code, rule.severity), rule.scope
        for place, found in enumerate(self._kept):
            if found.code == code and found.offset == offset:
                was = found.severity, found.scope
                self._kept[place] = replace(found, severity=Severity.ERROR, scope=scope)
                break
        counts[was] -= 1
        counts[Severity.ERROR, scope] += 1
        # Without those that are none any more.
        self._counts[code] = +counts

    @property
    def kept(self) -> Sequence[Finding]:
        """Those that were kept, in the order in which they were added."""
        return self._kept

    def attribute(self, causes: Mapping[int, Cause]) -> None:
        """Set `caused_by` of findings.

        Args:
            causes: By the index of the finding in `kept`.
        """
        for place, cause in causes.items():
            self._kept[place] = replace(self._kept[place], caused_by=cause)

    def has(self, severity: Severity, scope: Scope) -> bool:
        """Tell whether a finding of *severity* about *scope* was added."""
        return any((severity, scope) in counts for counts in self._counts.values())

    def total(self, code: str) -> int:
        """Return how many findings of *code* were added, kept or not."""
        return self._by_code[code]

    def __len__(self) -> int:
        return self._by_code.total()

    # What is told of them

    def weights(self) -> set[tuple[Severity, Scope]]:
        """Return which severities there are, each with what it is about."""
        return {
            (weight, scope)
            for _, weight, scope, count in self._weighed()
            if weight is not None and count
        }

    def totals(self) -> dict[str, int]:
        """Return the number of findings by severity, gravest first."""
        totals = dict.fromkeys(Severity, 0)
        for _, weight, _, count in self._weighed():
            if weight is not None:
                totals[weight] += count
        return {name: totals[s] for s, name in _NAMED}

    def changes(self) -> Changes:
        """Return how many findings the policy changed."""
        if not self.policy.severities:
            return Changes(skipped=self._skipped)
        less = more = off = 0
        for severity, weight, _, count in self._weighed():
            if weight is None:
                off += count
            elif weight is not severity:
                less += count * (weight < severity)
                more += count * (weight > severity)
        return Changes(less, more, off, self._skipped)

    def _weighed(self) -> Iterator[tuple[Severity, Severity | None, Scope, int]]:
        """Yield severity, severity by the policy, scope, and how many there are."""
        for code, counts in self._counts.items():
            for (severity, scope), count in counts.items():
                yield severity, self.policy.weighed(code, severity), scope, count

    def sorted(self) -> list[Finding]:
        """Return what was kept, by (offset, code), and LIM002 for the rest.

        Findings without an offset, which are about the whole file, come first.
        """
        most = self.policy.most or self._most
        if self.policy.severities:
            kept = [each for found in self._kept if (each := self._told(found))]
        else:
            kept = list(self._kept)
        kept.sort(key=lambda f: (_position(f), f.code))
        if max(self._by_code.values(), default=0) <= most:
            return kept
        # The cause of the last one kept counts for those after it.
        causes = {found.code: found.caused_by for found in kept}
        shown: Counter[str] = Counter()
        some: list[Finding] = []
        for each in kept:
            shown[each.code] += 1
            if shown[each.code] <= most:
                some.append(each)
        for code in sorted(causes):
            more = self._told_of(code) - min(shown[code], most)
            if more > 0:
                amount = count_text(more, "more finding")
                are = agreed(more, "is", "are")
                text = f"{amount} of {code} {are} counted but not shown"
                rest = finding(_REST, text, found=code, count=more)
                some.append(replace(rest, caused_by=causes[code]))
        return some

    def _told(self, found: Finding) -> Finding | None:
        """Return a finding as the policy weighs it; None to leave it out."""
        severity = self.policy.weighed(found.code, found.severity)
        if severity is None or severity is found.severity:
            return None if severity is None else found
        return replace(found, severity=severity, original_severity=found.severity)

    def _told_of(self, code: str) -> int:
        """Return how many findings of *code* the policy leaves."""
        weighed = self.policy.weighed
        counts = self._counts[code].items()
        return sum(count for (each, _), count in counts if weighed(code, each))


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Return findings as a report has them: by (offset, code), LIM002 last."""
    return sorted(found, key=lambda f: (f.code == _REST, _position(f), f.code))


def _position(found: Finding) -> int:
    return -1 if found.offset is None else found.offset
