"""What each field of a commit is, and which of its bytes are signed.

Source: atproto repository v3, "Commit Objects".
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor.lazy import text_of
from repoview.core.wording import count_text
from repoview.present.anatomy.fields import top_fields
from repoview.present.styled import Piece, Row, Section
from repoview.present.text import safe, tid_date

if TYPE_CHECKING:
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.dagcbor.lazy import Part

_FIELDS: Final = frozenset({"did", "version", "data", "rev", "sig"})
_SIG: Final = 64
_HEX: Final = 20
"""Bytes that are shown of those that are signed."""


def is_commit_block(data: bytes) -> bool:
    """Tell whether a block has the fields of a commit."""
    return top_fields(data).keys() >= _FIELDS


def commit_remarks(data: bytes) -> dict[int, str]:
    """Return what the fields of a commit are, by the byte where their values begin.

    Args:
        data: The commit's block; of another block there are no remarks.
    """
    fields = top_fields(data)
    if not fields.keys() >= _FIELDS:
        return {}
    told = {
        "did": "the account",
        "version": "of the repository format",
        "data": "the top node of the tree: every key and record hangs on this link",
        "rev": _rev_text(data, fields["rev"]),
        "prev": _prev_text(fields.get("prev")),
        "sig": f"the signature of the {count_text(len(fields) - 1, 'other field')}: "
        "it alone proves who wrote them",
    }
    return {part.start: told[name] for name, part in fields.items() if name in told}


def _rev_text(data: bytes, part: Part) -> str:
    written = tid_date(text_of(data, part)) if part.kind == "text" else None
    when = f", by its clock {written} UTC" if written else ""
    return f"the revision: greater with every commit{when}"


def _prev_text(part: Part | None) -> str:
    if part is not None and part.kind == "link":
        return "the commit before"
    return "no link to the commit before: that is usual since version 3"


def signed_section(commit: Commit) -> Section:
    """Return which bytes of a commit are signed, and what the signature is."""
    unsigned = commit.unsigned_bytes()
    names = ", ".join(
        safe(name, 20) for name in list(commit.fields)[:12] if name != "sig"
    )
    lines: list[str | Row] = [
        (
            f"The commit without its field sig, as a map of the others ({names}): "
            f"{count_text(len(unsigned), 'byte')} of DAG-CBOR."
        ),
        Row([Piece(unsigned[:_HEX].hex(" "), "bright"), Piece(" …", "dim")]),
        "The signature is over their SHA-256:",
        Row([Piece(sha256(unsigned).hexdigest(), "good")]),
    ]
    if commit.sig is not None:
        lines.append(_sig_text(commit.sig))
    return Section("The bytes that are signed", lines)


def _sig_text(sig: bytes) -> str:
    if len(sig) != _SIG:
        return f"sig has {count_text(len(sig), 'byte')}, and should have {_SIG}."
    r, s = sig[:32].hex(), sig[32:].hex()
    return (
        f"sig is two numbers of 32 bytes, r {r[:8]}…{r[-4:]} and s {s[:8]}…{s[-4:]}. "
        "Only the holder of the account's key can make them for this hash, and "
        "everybody who has the public key, which is in the DID document, can check "
        "them."
    )
