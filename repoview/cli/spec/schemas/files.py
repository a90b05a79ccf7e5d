"""Schemas of what was written: CARs built, rewritten, merged, saved; the cache."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from repoview.cli.spec.schemas.parts import (
    CID,
    COUNT,
    FLAG,
    TEXT,
    Schema,
    a_list,
    an_object,
    one_of,
    or_null,
)
from repoview.core.salvage.report import SalvageReport, SavedCollection
from repoview.core.verify.report import Verdict

_TEXTS: Final = frozenset({"source", "did", "rev", "advice"})
_FLAGS: Final = frozenset({"has_commit", "is_complete", "is_bounded"})
_SAVED: Final = {
    each.name: TEXT
    if each.name == "source"
    else or_null(TEXT)
    if each.name in _TEXTS
    else FLAG
    if each.name in _FLAGS
    else COUNT
    for each in fields(SalvageReport)
} | {
    "root": or_null(CID),
    "collections": a_list(
        an_object(
            **{
                name: TEXT if name == "name" else COUNT
                for name in SavedCollection._fields
            }
        )
    ),
    "lost_keys": a_list(an_object(lo=TEXT, hi=or_null(TEXT))),
}
"""All but these are counts."""

FILES: Final[dict[str, Schema]] = {
    "built": an_object(
        destination=TEXT,
        did=TEXT,
        rev=TEXT,
        commit=CID,
        data=CID,
        records=COUNT,
        bytes=COUNT,
        signed=FLAG,
    ),
    "rewritten": an_object(
        source=TEXT,
        destination=TEXT,
        commit=or_null(CID),
        did=or_null(TEXT),
        rev=or_null(TEXT),
        verdict=one_of(*Verdict),
        order=an_object(before=or_null(TEXT), after=TEXT),
        bytes=an_object(before=COUNT, after=COUNT),
        blocks=COUNT,
        nodes=COUNT,
        records=COUNT,
        left_out=an_object(duplicate_blocks=COUNT, unlinked_blocks=COUNT),
    ),
    "merged": an_object(
        destination=TEXT,
        commit=or_null(CID),
        did=or_null(TEXT),
        rev=or_null(TEXT),
        verdict=one_of(*Verdict),
        bytes=COUNT,
        blocks=COUNT,
        records=COUNT,
        states=COUNT,
        passed_over=COUNT,
    ),
    "salvage": an_object(
        **_SAVED,
        exit_code=COUNT,
        written=an_object(
            car=or_null(
                an_object(
                    root=or_null(CID), blocks=COUNT, size=COUNT, keys=COUNT, path=TEXT
                )
            ),
            records=or_null(an_object(path=TEXT, records=COUNT)),
        ),
    ),
    "cache_entry": an_object(
        file=TEXT, source=or_null(TEXT), bytes=COUNT, used=TEXT, state=TEXT
    ),
}
"""Name → schema."""
