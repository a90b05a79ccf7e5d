"""A finding: one fact about bad data, as a value.

It says what is wrong (code, message), where (offset, block, path) and how bad
(severity); its `Scope` says what it is about, which decides the exit code.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from repoview.core.findings.catalogue import CATALOGUE, Scope, Severity
from repoview.core.frozen import frozen
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from repoview.core.cid import Cid


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


@frozen
class Finding:
    """One fact about bad data."""

    code: str
    severity: Severity
    scope: Scope
    message: str

    offset: int | None = None
    """Position in the CAR: of the section, or of the byte the rule is about."""

    block_offset: int | None = None
    """The same, from the first byte of the block's data.

    None where it is about no byte, and of a `$type` whose block was not kept
    (`stream(process=)`).
    """

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

    original_severity: Severity | None = None
    """What it weighed before the reader's policy changed that; None otherwise."""

    @property
    def as_cause(self) -> Cause:
        """The value of `caused_by` in findings that this one explains."""
        return Cause(self.code, self.offset)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as `verify --format json` prints it."""
        original = self.original_severity
        out: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity.value,
            "original_severity": original and original.value,
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


def unread(count: int) -> str:
    """Return the end of a message about *count* unread bytes."""
    if count <= 0:
        return ""
    amount, are = count_text(count, "byte"), agreed(count, "is", "are")
    return f"; {amount} {are} left unread"
