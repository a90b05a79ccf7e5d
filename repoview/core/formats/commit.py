"""The commit: the signed object on top of a repository.

It names the account (`did`), the logical time (`rev`) and the top node of the
tree (`data`), and signs them (`sig`). Whether the signature is right is for
`signature` to say.

Source: atproto repository v3, "Commit Objects"; version 2 as it was before.
"""

from __future__ import annotations

import re
import time
from dataclasses import field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.findings import Scope, Severity, finding
from repoview.core.formats import syntax
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.node_faults import STOPPED, encoding_findings
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.findings.findings import Finding, Place
    from repoview.core.formats.dagcbor.rules import Value

_T = TypeVar("_T")

FIELDS: Final = frozenset({"did", "version", "data", "rev", "prev", "sig"})
"""Those that the specification names."""

_PLAIN: Final = re.compile(
    rb"\xa6\x63did([\x60-\x77]|\x78[\x18-\x7f])([!-~]{0,127})\x63rev\x6d([!-~]{13})"
    rb"\x63sig\x58\x40(.{64})\x64data\xd8\x2a\x58\x25\x00(\x01\x71\x12\x20.{32})"
    rb"\x64prev\xf6\x67version\x03",
    re.DOTALL,
)
"""A canonical commit of version 3 without `prev`, with groups for its values."""

_VERSION_1: Final = "of a version 1 repository (before March 2023)"
_OLDEST_PLAUSIBLE: Final = datetime(2022, 1, 1, tzinfo=UTC).timestamp()
"""The network began that year; an earlier `rev` is not from a clock."""


@frozen
class Commit:
    """The fields of a commit's block; None for one that is not usable."""

    cid: Cid
    offset: int
    """Of its section."""

    size: int
    """Bytes of its block."""

    did: str | None
    version: int | None
    rev: str | None
    data: Cid | None
    prev: Cid | None
    sig: bytes | None
    fields: dict[str, Value] = field(repr=False)
    """All fields, unknown ones too: the signature covers them."""

    def unsigned_bytes(self) -> bytes:
        """Return the bytes that the signature is over.

        That is the canonical encoding without `sig`, and with every other
        field there is. atproto repository v3, "Commit Objects".
        """
        unsigned = {name: v for name, v in self.fields.items() if name != "sig"}
        return dagcbor.encode(unsigned)


def is_commit(value: Value) -> bool:
    """Tell whether *value* has what makes a commit of any version."""
    return isinstance(value, dict) and {"did", "version", "data", "sig"} <= value.keys()


def decode_commit(data: bytes, cid: Cid, offset: int) -> Commit | None:
    """Read *data* as `read_commit` does, and judge nothing.

    Args:
        data: The block.
        cid: Its CID.
        offset: Where its section begins.
    """
    value: Value = _plain_fields(data)
    if value is None:
        value = dagcbor.diagnose(data).value
    if not isinstance(value, dict) or not _looks_like_commit(value):
        return None
    return _commit_of(value, cid, offset, len(data))


def read_commit(
    data: bytes, cid: Cid, offset: int
) -> tuple[Commit | None, list[Finding]]:
    """Read *data* as a commit: what it says, and what is wrong with it.

    Args:
        data: The block.
        cid: Its CID.
        offset: Where its section begins.

    Returns:
        The commit, or None when the block is something else; and the findings.
    """
    place: Place = {"offset": offset, "cid": cid}
    places = _Places(data, place)
    plain = _plain_fields(data)
    if plain is not None:
        commit = _commit_of(plain, cid, offset, len(data))
        return commit, list(_value_findings(commit, places))
    decoded = dagcbor.diagnose(data)
    value = decoded.value
    if not isinstance(value, dict) or not _looks_like_commit(value):
        what = what_it_is(value)
        is_known = what.startswith("the ")
        tail = "; such are not read" if is_known else ", not a commit"
        text = f"the root block is {what}{tail}"
        found = encoding_findings(decoded, Scope.TREE, place)
        why = [f for f in found if f.code in STOPPED]
        return None, [*why, finding("COM002", text, at=place)]
    commit = _commit_of(value, cid, offset, len(data))
    found = encoding_findings(decoded, Scope.TREE, place)
    if any(f.severity >= Severity.ERROR for f in found):
        text = "the commit is not in canonical form: its CID is one of several"
        found.append(finding("COM016", text, at=place))
    no_link = any(f.code == "CBR010" for f in found)
    found += _field_findings(commit, places, no_link=no_link)
    found += _value_findings(commit, places)
    return commit, found


class _Places:
    """Where a commit is, and where its fields are in it.

    Args:
        data: Its block.
        whole: The place of findings about all of it.
    """

    def __init__(self, data: bytes, whole: Place) -> None:
        self._data = data
        self.whole = whole

    def of(self, name: str) -> Place:
        """Return the place of a field's value; without a byte if there is none."""
        return {**self.whole, "block_offset": self._starts.get(name)}

    @cached_property
    def _starts(self) -> dict[str, int]:
        """Computed only for a commit with a finding."""
        return starts_in(self._data)


def starts_in(data: bytes) -> dict[str, int]:
    """Return at which byte of a commit's block the value of each field begins."""
    spans = reversed(dagcbor.annotate(data))
    return {span.path: span.start for span in spans if span.kind != "key"}


def _commit_of(fields: dict[str, Value], cid: Cid, offset: int, size: int) -> Commit:
    return Commit(
        cid,
        offset,
        size,
        _of(fields.get("did"), str),
        _integer(fields.get("version")),
        _of(fields.get("rev"), str),
        _of(fields.get("data"), Cid),
        _of(fields.get("prev"), Cid),
        _of(fields.get("sig"), bytes),
        fields,
    )


def _plain_fields(data: bytes) -> dict[str, Value] | None:
    """Fast path: return the fields of a commit in the form that nearly all have.

    That is version 3 in canonical encoding, without `prev`; None for any other,
    which is decoded and judged.
    """
    matched = _PLAIN.fullmatch(data)
    if matched is None:
        return None
    size, did, rev, sig, link = matched.groups()
    # The head of a text: its length alone, or behind a byte that says so.
    if len(did) != size[-1] - (0x60 if len(size) == 1 else 0):
        return None
    return {
        "did": did.decode(),
        "rev": rev.decode(),
        "sig": sig,
        "data": Cid(link),
        "prev": None,
        "version": 3,
    }


def _looks_like_commit(value: dict[str, Value]) -> bool:
    """Tell a commit with a field missing from another kind of block."""
    if isinstance(value.get("$type"), str) and not is_commit(value):
        # Records may have such fields too, and some are signed.
        return False
    return len({"did", "version", "data", "sig", "rev"} & value.keys()) >= 3


def is_of_space(value: Value) -> bool:
    """Tell whether *value* is like the commit of a permissioned space.

    Source: atproto proposal 0016, Permissioned Data.
    """
    return isinstance(value, dict) and {"ver", "mac"} <= value.keys()


def what_it_is(value: Value) -> str:
    """Say what kind of block decoded to *value*: "an MST node", "a record"."""
    if not isinstance(value, dict):
        return "no map"
    if "e" in value and "l" in value:
        return "an MST node"
    if isinstance(name := value.get("$type"), str):
        return f"a record of type {name[:80]!a}"
    if "root" in value and ("did" in value or "sig" in value):
        return f"the commit {_VERSION_1}"
    if "data" in value and {"meta", "auth_token"} & value.keys():
        return f"the root {_VERSION_1}"
    if is_of_space(value):
        return "the commit of a permissioned space"
    return "a map of another kind"


def _field_findings(
    commit: Commit, places: _Places, *, no_link: bool
) -> Iterator[Finding]:
    """Yield what is wrong with which fields there are, and of what type.

    Args:
        commit: What could be read.
        places: Of its block, and its fields.
        no_link: Whether a link that holds no CID was reported.
    """
    fields = commit.fields
    required = ["did", "version", "data", "sig"]
    if commit.version != 2:
        required.append("rev")
    for name in required:
        if getattr(commit, name) is None:
            state = "of another type than it must be" if name in fields else "missing"
            if name == "sig" and name not in fields:
                state += ": nobody signed the commit"
            # Without `data` there is no way to the tree at all.
            severity = Severity.FATAL if name == "data" else None
            text, at = f"`{name}` is {state}", places.of(name)
            yield finding("COM003", text, severity=severity, expected=name, at=at)
    if commit.version == 2 and "rev" in fields and commit.rev is None:
        text = "`rev` is of another type than it must be"
        yield finding("COM003", text, expected="rev", at=places.of("rev"))
    prev = fields.get("prev")
    is_told = no_link and isinstance(prev, bytes)
    if "prev" not in fields and commit.version != 2:
        text = "`prev` is missing: it must be null"
        yield finding("COM006", text, expected="prev", at=places.whole)
    elif prev is not None and commit.prev is None and not is_told:
        text = "`prev` is of another type than it must be"
        yield finding("COM003", text, expected="prev", at=places.of("prev"))
    for name in sorted(fields.keys() - FIELDS):
        text = f"the commit has a field {name[:40]!a} of its own"
        yield finding("COM013", text, found=name[:40], at=places.of(name))


def _value_findings(commit: Commit, places: _Places) -> Iterator[Finding]:
    """Yield what is wrong with the values of the fields that are there."""
    if commit.version == 2:
        text, at = "the commit is of version 2, which is legacy", places.of("version")
        yield finding("COM005", text, expected="3", found="2", at=at)
    elif commit.version is not None and commit.version != 3:
        text, found = f"the repository version is {commit.version}", str(commit.version)
        at = places.of("version")
        yield finding("COM004", text, expected="3", found=found, at=at)
    for name in ("data", "prev"):
        cid = getattr(commit, name)
        if cid is not None and not cid.is_plain:
            text = f"`{name}` links to {cid}, which is not dag-cbor with sha-256"
            at = places.of(name)
            yield finding("CID008", text, expected="bafyrei…", found=str(cid), at=at)
    if commit.prev is not None:
        text = "`prev` is set: it names the commit before this one"
        yield finding("COM007", text, found=str(commit.prev), at=places.of("prev"))
    if commit.did is not None:
        yield from _did_findings(commit.did, places)
    if commit.rev is not None:
        yield from _rev_findings(commit.rev, places)


def _did_findings(did: str, places: _Places) -> Iterator[Finding]:
    shown = ascii(did[:80])
    if not syntax.is_did(did):
        yield finding(
            "COM008", f"{shown} is not a DID", found=did[:400], at=places.of("did")
        )
    elif not syntax.is_atproto_did_method(did):
        text = f"{shown} is of no DID method that atproto uses"
        wanted, found = "did:plc or did:web", did[:400]
        yield finding("COM009", text, expected=wanted, found=found, at=places.of("did"))


def _rev_findings(rev: str, places: _Places) -> Iterator[Finding]:
    if not syntax.is_tid(rev):
        text = f"`rev` is {rev[:40]!a}, which is not a TID"
        yield finding("COM010", text, found=rev[:40], at=places.of("rev"))
        return
    seconds = syntax.tid_seconds(rev)
    latest = time.time() + limits.CLOCK_DRIFT_SECONDS
    if _OLDEST_PLAUSIBLE <= seconds <= latest:
        return
    when = syntax.tid_time(rev)
    if seconds > latest:
        text = f"`rev` is of {when:%Y-%m-%d %H:%M} UTC, which is yet to come"
        yield finding("COM011", text, found=rev, at=places.of("rev"))
    else:
        text = f"`rev` is of {when:%Y-%m-%d %H:%M} UTC, before the network began"
        yield finding("COM012", text, found=rev, at=places.of("rev"))


def _of(value: object, kind: type[_T]) -> _T | None:
    return value if isinstance(value, kind) else None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
