"""One rule: its code and id, what must be, who says so, and what is done about it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from repoview.core.findings.catalogue.specs import Citation


class Severity(StrEnum):
    """How bad a finding is, mildest first; compared by gravity, not as text."""

    INFO = "info"
    """Worth knowing; nothing is wrong."""

    WARNING = "warning"
    """Odd, or refused by some readers, but no rule is broken for good."""

    ERROR = "error"
    """A rule is broken; reading went on."""

    FATAL = "fatal"
    """No repository can be made out, whatever else is there."""

    def __lt__(self, other: str) -> bool:
        return _RANKS[self] < _RANKS[Severity(other)]

    def __le__(self, other: str) -> bool:
        return _RANKS[self] <= _RANKS[Severity(other)]

    def __gt__(self, other: str) -> bool:
        return _RANKS[self] > _RANKS[Severity(other)]

    def __ge__(self, other: str) -> bool:
        return _RANKS[self] >= _RANKS[Severity(other)]


_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}

GRAVEST_FIRST: Final = tuple(reversed(Severity))

_PLACES: Final = {severity.value: at for at, severity in enumerate(GRAVEST_FIRST)}


def gravest_first(severity: str) -> int:
    """Return what severities are sorted by, the gravest first.

    One that this version does not know, as another may have written it, comes last.
    """
    return _PLACES.get(severity, len(_PLACES))


class Scope(StrEnum):
    """What a finding is about, which decides the exit code of an error.

    This is the default of a code; a finding may have another, as a CBR code in
    a node has.
    """

    CONTAINER = "container"
    """The file around the repository, or blocks that nothing links to: 14."""

    TREE = "tree"
    """The commit, a node, a key, or how any of them is encoded: 11."""

    MISSING = "missing"
    """Something that the tree needs and the file does not have: 10."""

    RECORD = "record"
    """One record, and nothing above it: 13."""


INFO, WARNING, ERROR, FATAL = Severity
CONTAINER, TREE, MISSING, RECORD = Scope


@frozen
class Rule:
    """One code of the catalogue."""

    code: str
    id: str
    """Names the rule itself, as in "mst-key-in-range"; as stable as the code."""

    severity: Severity
    """The default; a profile or a finding may have another."""

    scope: Scope
    title: str
    """What is wrong, in a few words."""

    must: str
    """What must be, should be or may be, in one sentence."""

    recovery: str
    """What repoview does about it."""

    sources: tuple[Citation, ...] = ()
    """Who says so; none for what is repoview's own."""

    note: str = ""
    """What else there is to know of the rule."""

    @property
    def rule(self) -> str:
        """What is asked for, and by which specification, in words."""
        cited = "; ".join(map(str, self.sources))
        must = f"{self.must[:-1]} ({cited})." if cited else self.must
        return f"{must} {self.note}" if self.note else must
