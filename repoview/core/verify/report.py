"""The outcome of a verification: verdict, completeness, counts, findings.

Source of the verdicts and exit codes: the command-line contract, docs/cli.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from repoview.core.findings.findings import Finding, Findings, Scope, Severity
from repoview.core.findings.policy import Changes
from repoview.core.frozen import frozen
from repoview.core.verify.shape import FileShape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from repoview.core.cid import Cid
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.frames.frame import Frame


class Verdict(StrEnum):
    """What a repository is, in one word."""

    SOUND = "sound"
    INCOMPLETE = "incomplete"
    """Blocks that the tree needs are missing."""

    INVALID = "invalid"
    """The tree, the commit, or their encoding is wrong."""

    UNREADABLE = "unreadable"
    """No repository can be made out."""

    BAD_RECORDS = "bad-records"
    """Sound and complete, except for records in it."""

    BAD_CONTAINER = "bad-container"
    """Sound and complete, but the file around it is not."""


EXIT_CODES: Final = {
    Verdict.SOUND: 0,
    Verdict.INCOMPLETE: 10,
    Verdict.INVALID: 11,
    Verdict.UNREADABLE: 12,
    Verdict.BAD_RECORDS: 13,
    Verdict.BAD_CONTAINER: 14,
}

GRAVEST_FIRST: Final = (130, 1, 12, 11, 10, 13, 14, 0)
"""Exit codes of one source among several: interrupted, not read, and then the
verdicts. So a verdict means that every source was judged."""

_BY_SCOPE: Final = (
    (Scope.TREE, Verdict.INVALID),
    (Scope.MISSING, Verdict.INCOMPLETE),
    (Scope.RECORD, Verdict.BAD_RECORDS),
    (Scope.CONTAINER, Verdict.BAD_CONTAINER),
)
"""Scope of an error → verdict; the gravest first."""


def judge(findings: Findings, *, warnings_count: bool = False) -> Verdict:
    """Return the most severe verdict that the findings give.

    Args:
        findings: All findings about one repository, with the policy that gives
            their severities.
        warnings_count: Whether warnings count as errors.
    """
    weights = findings.weights()
    if any(severity is Severity.FATAL for severity, _ in weights):
        return Verdict.UNREADABLE
    for scope, verdict in _BY_SCOPE:
        if (Severity.ERROR, scope) in weights:
            return verdict
        if warnings_count and (Severity.WARNING, scope) in weights:
            return verdict
    return Verdict.SOUND


def gravest(codes: Iterable[int]) -> int:
    """Return the most severe of some exit codes; 0 of none."""
    return min(codes, key=GRAVEST_FIRST.index, default=0)


@frozen
class Outcome:
    """What findings come to: that of all, or of all but those on the signature."""

    verdict: Verdict = Verdict.SOUND
    failing: Verdict = Verdict.SOUND
    """That of the exit code: warnings count in it where they are to."""

    totals: Mapping[str, int] = field(default_factory=dict)
    """The number of findings by severity."""

    changes: Changes = field(default_factory=Changes)
    """How many of them the user's policy changed."""

    def to_json(self) -> dict[str, Any]:
        """Return it as `from_json` takes it."""
        return {
            "verdicts": [self.verdict.value, self.failing.value],
            "totals": dict(self.totals),
            "changes": self.changes.to_json(),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Return what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: It is something else.
        """
        verdict, failing = map(Verdict, told["verdicts"])
        return cls(verdict, failing, told["totals"], Changes(**told["changes"]))


@dataclass(slots=True)
class Counts:
    """How much of everything there is."""

    bytes: int = 0
    blocks: int = 0
    """Sections that hold a block, copies among them."""

    nodes: int = 0
    records: int = 0
    """Keys of the tree, those without a record block among them."""

    collections: int = 0
    duplicate_blocks: int = 0
    duplicate_bytes: int = 0
    """Of their data, as for the next."""

    unlinked_blocks: int = 0
    unlinked_bytes: int = 0
    missing_nodes: int = 0
    missing_records: int = 0
    damaged_nodes: int = 0
    """Those that the tree needs and that do not hash to their CIDs; each once."""

    damaged_records: int = 0
    findings: dict[str, int] = field(default_factory=dict)


COUNTED: Final = (
    "duplicate_blocks",
    "unlinked_blocks",
    "unlinked_nodes",
    "unlinked_commits",
    "missing_nodes",
    "missing_records",
    "damaged_nodes",
    "damaged_records",
)
"""Kinds of blocks whose first CIDs a report has."""


@frozen
class Report:
    """The result of a verification."""

    source: str
    verdict: Verdict
    exit_code: int
    """Of the command line: that of the verdict, or with `fail_on_warning` of the
    verdict in which warnings count as errors."""

    complete: bool | None
    """Whether every block that the tree needs is there and hashes; None when
    no tree could be reached, or a limit ended the reading."""

    order: str | None
    """By position: preorder, nodes-first, cid-ascending, cid-descending or
    mixed, the first that fits; None without a tree."""

    commit: Commit | None
    counts: Counts
    findings: list[Finding]
    """By (offset, code); at most 100 a code."""

    signature: str = "not-checked"
    """Of the commit: verified, failed or not-checked; failed also without a key,
    where none could accept it."""

    cids: Mapping[str, Sequence[Cid]] = field(default_factory=dict)
    """By the name of a count, the first 100 CIDs it counts. And, among unlinked
    blocks, those that look like nodes or commits."""

    changes: Changes = field(default_factory=Changes)
    """How many findings the user's policy changed."""

    shape: FileShape = FileShape.OTHER
    """What kind of file it looks like; it changes no verdict."""

    proves: str | None = None
    """The repo path of the record that a proof is of; None where it proves that
    one is not there, and for all other shapes."""

    frame: Frame | None = None
    """The event of the event stream that the repository stands in, with an answer
    to each operation; None where it stands in none."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `verify --format json` prints."""
        commit = self.commit
        frame = {} if self.frame is None else {"frame": self.frame.to_json()}
        return {
            "source": self.source,
            "verdict": self.verdict.value,
            "exit_code": self.exit_code,
            "signature": self.signature,
            "complete": self.complete,
            "shape": self.shape.value,
            "proves": self.proves,
            "order": self.order,
            "commit": None
            if commit is None
            else {
                "did": commit.did,
                "rev": commit.rev,
                "data": None if commit.data is None else str(commit.data),
                "version": commit.version,
                "cid": str(commit.cid),
            },
            "counts": {name: getattr(self.counts, name) for name in Counts.__slots__},
            "cids": {
                kind: [str(cid) for cid in self.cids.get(kind, ())] for kind in COUNTED
            },
            "policy": self.changes.to_json(),
            **frame,
            "findings": [found.to_json() for found in self.findings],
        }
