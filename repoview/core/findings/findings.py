"""Findings: facts about bad data, as values.

A finding says what is wrong (code, message), where (offset, block, path) and
how bad (severity); its `Scope` says what it is about, which decides the exit
code. `Findings` collects them: at most 100 a code, the rest only counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict, Unpack

from repoview.core import limits
from repoview.core.findings.catalogue import CATALOGUE, Scope, Severity
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
]


class Profile(StrEnum):
    """How strictly a repository is judged."""

    STRICT = "strict"
    """What the IETF draft says must be is an error."""

    DEFAULT = "default"
    LENIENT = "lenient"
    """A `$type` that is not the collection is a warning."""

    MST_ONLY = "mst-only"
    """The root may be an MST node; no commit, path or record is judged."""


SHIFTED: dict[Profile, dict[str, Severity]] = {
    Profile.STRICT: dict.fromkeys(
        ("CAR004", "CAR013", "CAR022", "CID009", "KEY005"), Severity.ERROR
    ),
    Profile.LENIENT: {"REC005": Severity.WARNING},
}
"""Severities that a profile changes."""

LEFT_OUT: dict[Profile, tuple[str, ...]] = {
    Profile.MST_ONLY: (
        "BLK009",
        "COM",
        "SIG",
        "REC",
        *(f"KEY{n:03}" for n in range(3, 14)),
    ),
}
"""Codes, or their beginnings, that a profile does not judge."""


class Place(TypedDict, total=False):
    """The fields of a finding that may be left out."""

    severity: Severity | None
    scope: Scope | None
    offset: int | None
    block_offset: int | None
    cid: Cid | None
    path: str | None
    key_hex: str | None
    expected: str | None
    found: str | None
    count: int


class Cause(NamedTuple):
    """The finding that explains another one."""

    code: str
    offset: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about bad data."""

    code: str
    severity: Severity
    scope: Scope
    message: str

    offset: int | None = None
    """Position in the CAR: of the section, or of the byte the rule is about."""

    block_offset: int | None = None
    """The same, from the first byte of the block's data."""

    cid: Cid | None = None
    path: str | None = None
    """Repo path; bytes that are not UTF-8 stand as `\\xNN`."""

    key_hex: str | None = None
    """The key's bytes, when `path` cannot say them exactly."""

    expected: str | None = None
    found: str | None = None
    count: int = 1
    """How many times the same fact holds, if one finding stands for many."""

    caused_by: Cause | None = None
    """The finding that explains this one (see `causes`)."""

    @property
    def as_cause(self) -> Cause:
        """The value of `caused_by` in findings that this one explains."""
        return Cause(self.code, self.offset)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as `verify --format json` prints it."""
        out: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "offset": self.offset,
            "block_offset": self.block_offset,
            "cid": None if self.cid is None else str(self.cid),
            "path": self.path,
            "expected": self.expected,
            "found": self.found,
            "count": self.count,
            "caused_by": None if self.caused_by is None else list(self.caused_by),
        }
        if self.key_hex is not None:
            out["key_hex"] = self.key_hex
        return out


def finding(
    code: str, message: str, *, at: Place | None = None, **more: Unpack[Place]
) -> Finding:
    """Make a finding, with severity and scope from the catalogue by default.

    Args:
        code: A code of the catalogue.
        message: What was found, with its numbers.
        at: Fields that several findings share: offset, CID, path.
        **more: The fields of this one; they override those of *at*.
    """
    rule = CATALOGUE[code]
    fields: Place = {**(at or {}), **more}
    return Finding(
        code,
        fields.get("severity") or rule.severity,
        fields.get("scope") or rule.scope,
        message,
        fields.get("offset"),
        fields.get("block_offset"),
        fields.get("cid"),
        fields.get("path"),
        fields.get("key_hex"),
        fields.get("expected"),
        fields.get("found"),
        fields.get("count", 1),
    )


@cache
def bare(code: str) -> Finding:
    """Return a finding without a message, to be counted."""
    return finding(code, "")


_GRAVEST_FIRST: Final = [(severity, severity.value) for severity in reversed(Severity)]


class Findings:
    """Collects findings under a profile, at most 100 a code.

    Counts (`totals`, `total`) tell of all, kept or not.
    """

    def __init__(self, profile: Profile = Profile.DEFAULT) -> None:
        self.profile = profile
        self._kept: list[Finding] = []
        self._by_code: Counter[str] = Counter()
        self._by_severity: Counter[Severity] = Counter()
        self._scopes: set[tuple[Severity, Scope]] = set()
        self._shifted = SHIFTED.get(profile, {})
        self._left_out = LEFT_OUT.get(profile, ())

    def add(self, found: Finding) -> None:
        """Add one finding, with the severity that the profile gives it."""
        if found.code.startswith(self._left_out):
            return
        severity = self._shifted.get(found.code)
        if severity is not None and severity is not found.severity:
            found = replace(found, severity=severity)
        self._by_code[found.code] += 1
        self._by_severity[found.severity] += 1
        self._scopes.add((found.severity, found.scope))
        if self._by_code[found.code] <= limits.FINDINGS_A_CODE:
            self._kept.append(found)

    def count_more(self, like: Finding, more: int) -> None:
        """Count *more* findings like one that was added, without making them."""
        if self._by_code[like.code]:
            severity = self._shifted.get(like.code, like.severity)
            self._by_code[like.code] += more
            self._by_severity[severity] += more

    def has_enough(self, like: Finding) -> bool:
        """Tell whether one more finding like this one would only be counted.

        Then `count_more` does all that `add` would, and only code, severity and
        scope of the finding matter (see `bare`).
        """
        if like.code.startswith(self._left_out):
            return True
        severity = self._shifted.get(like.code, like.severity)
        is_full = self._by_code[like.code] >= limits.FINDINGS_A_CODE
        return is_full and (severity, like.scope) in self._scopes

    def worsen(self, code: str, offset: int, scope: Scope) -> None:
        """Make the finding of *code* at *offset* an error about *scope*.

        For a block that turns out, at the walk, to be one that the tree needs.
        """
        for place, found in enumerate(self._kept):
            if found.code == code and found.offset == offset:
                self._kept[place] = replace(found, severity=Severity.ERROR, scope=scope)
                self._by_severity[found.severity] -= 1
        self._by_severity[Severity.ERROR] += 1
        self._scopes.add((Severity.ERROR, scope))

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

    def has(self, severity: Severity, scope: Scope | None = None) -> bool:
        """Tell whether a finding of *severity* (about *scope*) was added."""
        if scope is not None:
            return (severity, scope) in self._scopes
        return any(s is severity for s, _ in self._scopes)

    def total(self, code: str) -> int:
        """Return how many findings of *code* were added, kept or not."""
        return self._by_code[code]

    def totals(self) -> dict[str, int]:
        """Return the number of findings by severity, gravest first."""
        return {name: self._by_severity[s] for s, name in _GRAVEST_FIRST}

    def __len__(self) -> int:
        return self._by_code.total()

    def sorted(self) -> list[Finding]:
        """Return what was kept, by (offset, code), and LIM002 for the rest.

        Findings without an offset, which are about the whole file, come first.
        """
        kept = sorted(self._kept, key=lambda f: (_position(f), f.code))
        if max(self._by_code.values(), default=0) <= limits.FINDINGS_A_CODE:
            return kept
        # The cause of the last one kept counts for those after it.
        causes = {found.code: found.caused_by for found in self._kept}
        for code, total in sorted(self._by_code.items()):
            if (more := total - limits.FINDINGS_A_CODE) > 0:
                amount = count_text(more, "more finding")
                are = agreed(more, "is", "are")
                text = f"{amount} of {code} {are} counted but not shown"
                rest = finding("LIM002", text, found=code, count=more)
                kept.append(replace(rest, caused_by=causes.get(code)))
        return kept


def unread(count: int) -> str:
    """Return the end of a message about *count* unread bytes."""
    if count <= 0:
        return ""
    amount, are = count_text(count, "byte"), agreed(count, "is", "are")
    return f"; {amount} {are} left unread"


def _position(found: Finding) -> int:
    return -1 if found.offset is None else found.offset
