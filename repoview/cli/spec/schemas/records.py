"""Schemas of records, collections, blocks and blobs, as they are listed."""

from __future__ import annotations

from typing import Final

from repoview.cli.spec.schemas.parts import (
    ANY,
    CID,
    COUNT,
    FLAG,
    HEX,
    INTEGER,
    TEXT,
    Schema,
    a_list,
    an_object,
    one_of,
    or_null,
    ref,
    with_more,
)
from repoview.core.inventory.unlinked import UnlinkedKind
from repoview.core.salvage.report import LooseKind

_NAMED: Final = an_object({"key_hex": HEX}, uri=TEXT, path=TEXT, cid=CID)
_COLLECTION: Final = an_object(name=TEXT, count=COUNT, bytes=COUNT)
_BLOCK: Final = an_object(
    cid=CID, kind=one_of(*UnlinkedKind), type=or_null(TEXT), size=COUNT, offset=COUNT
)
_USED: Final = an_object(cid=CID, size=COUNT, offset=COUNT, records=a_list(TEXT))
_FORM: Final = one_of("blob", "legacy", "both")

RECORDS: Final[dict[str, Schema]] = {
    "record": with_more(_NAMED, value=ANY),
    "listed_record": with_more(_NAMED, missing=FLAG),
    "value": ANY,
    "collection": _COLLECTION,
    "selected": an_object(
        selection=TEXT,
        records=COUNT,
        bytes=COUNT,
        collections=a_list(ref("collection")),
    ),
    "unlinked_block": _BLOCK,
    "unlinked_value": with_more(_BLOCK, optional={"data": ANY}, value=ANY),
    "duplicated_block": an_object(
        cid=CID,
        role=one_of("commit", "node", "record", "unlinked"),
        size=COUNT,
        offset=COUNT,
        copies=a_list(an_object(offset=COUNT, same=FLAG)),
    ),
    "shared_record": with_more(_USED, keys=COUNT),
    "two_roles": with_more(_USED, node=INTEGER),
    "loose_record": an_object(
        {"key_hex": HEX, "data": ANY},
        kind=one_of(*LooseKind),
        uri=or_null(TEXT),
        path=or_null(TEXT),
        cid=CID,
        type=or_null(TEXT),
        size=COUNT,
        offset=COUNT,
        value=ANY,
    ),
    "blob": an_object(
        cid=CID,
        type=or_null(TEXT),
        size=or_null(COUNT),
        form=_FORM,
        consistent=FLAG,
        records=a_list(TEXT),
    ),
    "checked_blob": an_object(
        status=one_of("there", "missing", "damaged", "unused"),
        cid=CID,
        type=or_null(TEXT),
        size=or_null(COUNT),
        form=or_null(_FORM),
        consistent=or_null(FLAG),
        files=a_list(TEXT),
        damaged=a_list(TEXT),
        file_size=or_null(COUNT),
        records=a_list(TEXT),
    ),
}
"""Name → schema."""
