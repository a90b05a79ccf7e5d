"""The bytes that a signature may be over: the right ones, and what else is met.

A signature is over the canonical encoding of the commit without `sig`, with
all other fields that there are, in the version that the commit has. Of a
sound block that is the block itself with the field cut out. Other programs
have signed a little less or more; a signature that verifies over such a form
shows what went wrong.

Source: atproto repository v3, "Commit Objects".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.core.formats.commit import FIELDS
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.fields import without_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.commit import Commit
    from repoview.core.formats.dagcbor.rules import Value


def signed_bytes(commit: Commit, block: bytes) -> bytes | None:
    """Return the bytes that the signature of a commit should be over.

    Args:
        commit: The commit.
        block: Its bytes, from which it was read.

    Returns:
        None where the fields have no canonical encoding (NaN, for example), so
        that no signature can be right.
    """
    if dagcbor.sound_type(block) is not None:
        return without_field(block, "sig")
    return _encoded(commit, commit.fields)


def other_forms(commit: Commit, block: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what else may have been signed: how it differs, and its bytes.

    `did`, `rev`, `version` and `data` are the same in all of them.
    """
    as_it_is = without_field(block, "sig")
    if as_it_is is not None and as_it_is != _encoded(commit, commit.fields):
        yield "in the bytes that it has, which are not canonical", as_it_is
    known = {name: commit.fields[name] for name in FIELDS & commit.fields.keys()}
    for own, kept in (("", commit.fields), ("without its fields of its own", known)):
        if own and kept == commit.fields:
            continue
        less = {name: value for name, value in kept.items() if name != "prev"}
        for prev, fields in (
            ("", kept),
            ("without `prev`", less),
            ("with a `prev` of null", {**kept, "prev": None}),
        ):
            if fields == commit.fields or (prev and fields == kept):
                continue
            encoded = _encoded(commit, fields)
            if encoded is not None:
                yield " and ".join(filter(None, (own, prev))), encoded


def _encoded(commit: Commit, fields: dict[str, Value]) -> bytes | None:
    try:
        return replace(commit, fields=fields).unsigned_bytes()
    except (TypeError, ValueError):
        return None
