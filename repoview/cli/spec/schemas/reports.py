"""Schemas of what a verification found, of what a file holds, and of codes."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from repoview.cli.spec.schemas.parts import (
    ANY,
    CID,
    CODE,
    COUNT,
    FLAG,
    HEX,
    INTEGER,
    TEXT,
    Schema,
    a_list,
    a_map,
    an_object,
    one_of,
    or_null,
    ref,
    with_more,
)
from repoview.core.findings.findings import Scope, Severity
from repoview.core.findings.policy import Changes
from repoview.core.inventory.sizes import FileSizes
from repoview.core.inventory.unlinked import UnlinkedKind
from repoview.core.verify.report import COUNTED, Counts, Verdict
from repoview.core.verify.shape import FileShape

SIGNATURE: Final = one_of("verified", "failed", "not-checked")
_SEVERITY: Final = one_of(*Severity)
_ORDER: Final = or_null(
    one_of("preorder", "nodes-first", "cid-ascending", "cid-descending", "mixed")
)
_OPERATION_ANSWER: Final = one_of("proved", "unknown", "contradicted")
_COUNTS: Final = {
    name: a_map(COUNT) if name == "findings" else COUNT for name in Counts.__slots__
}
_COMMIT: Final = an_object(
    did=or_null(TEXT),
    rev=or_null(TEXT),
    data=or_null(CID),
    version=or_null(INTEGER),
    cid=CID,
)
_FINDING: Final = an_object(
    {"key_hex": HEX},
    code=CODE,
    severity=_SEVERITY,
    original_severity=or_null(_SEVERITY),
    message=TEXT,
    offset=or_null(COUNT),
    block_offset=or_null(COUNT),
    cid=or_null(CID),
    path=or_null(TEXT),
    expected=or_null(TEXT),
    found=or_null(TEXT),
    count=COUNT,
    caused_by={
        "type": ["array", "null"],
        "prefixItems": [CODE, or_null(COUNT)],
        "items": False,
        "minItems": 2,
    },
)
_REPORT: Final = an_object(
    {"frame": ref("frame")},
    source=TEXT,
    verdict=one_of(*Verdict),
    exit_code=COUNT,
    signature=SIGNATURE,
    complete=or_null(FLAG),
    shape=one_of(*FileShape),
    proves=or_null(TEXT),
    order=_ORDER,
    commit=or_null(_COMMIT),
    counts=an_object(**_COUNTS),
    cids=an_object(**dict.fromkeys(COUNTED, a_list(CID))),
    policy=an_object(**dict.fromkeys(Changes._fields, COUNT)),
    findings=a_list(ref("finding")),
)
_AMOUNT: Final = an_object(blocks=COUNT, bytes=COUNT)
_PLACE: Final = an_object(
    offset=COUNT,
    got=CID,
    got_role=TEXT,
    wanted=CID,
    wanted_role=TEXT,
    wanted_offset=or_null(COUNT),
)
_READER: Final = an_object(
    name=TEXT, language=TEXT, versions=TEXT, crashes=FLAG, by_source=FLAG
)

REPORTS: Final[dict[str, Schema]] = {
    "finding": _FINDING,
    "finding_of_source": with_more(_FINDING, source=TEXT),
    "report": with_more(_REPORT, inventory=or_null(ref("inventory"))),
    "unread_source": an_object(
        source=TEXT, verdict={"type": "null"}, exit_code=COUNT, error=TEXT
    ),
    "answers": with_more(
        _REPORT,
        optional={"ranges": a_list(ref("range_answer"))},
        paths=a_list(ref("path_answer")),
    ),
    "frame": an_object(
        type=or_null(TEXT),
        seq=or_null(INTEGER),
        repo=or_null(TEXT),
        rev=or_null(TEXT),
        since=or_null(TEXT),
        time=or_null(TEXT),
        number=COUNT,
        offset=COUNT,
        end=COUNT,
        blocks=or_null(a_list(COUNT)),
        commit=or_null(CID),
        prev_data=or_null(CID),
        ops=a_list(ref("operation")),
        undo=an_object(
            answer=or_null(_OPERATION_ANSWER),
            reached=or_null(CID),
            steps=a_list(an_object(op=COUNT, top=or_null(CID))),
        ),
        details=a_map(ANY),
    ),
    "operation": an_object(
        action=or_null(TEXT),
        path=or_null(TEXT),
        cid=or_null(CID),
        prev=or_null(CID),
        answer=_OPERATION_ANSWER,
        after=_OPERATION_ANSWER,
        before=or_null(_OPERATION_ANSWER),
        why=or_null(TEXT),
        missing=or_null(CID),
        undone=or_null(CID),
        offset=or_null(COUNT),
    ),
    "inventory": an_object(
        bytes=an_object(**{each.name: COUNT for each in fields(FileSizes)}),
        unlinked=or_null(an_object(**{kind.value: _AMOUNT for kind in UnlinkedKind})),
        shared_records=COUNT,
        two_roles=COUNT,
        walk_order=or_null(
            an_object(first=or_null(_PLACE), held_blocks=COUNT, held_bytes=COUNT)
        ),
    ),
    "info": with_more(
        _REPORT,
        less=("findings", "cids"),
        commit=or_null(with_more(_COMMIT, prev=or_null(CID))),
        packed=or_null(TEXT),
        collections=a_list(
            an_object(name=TEXT, count=COUNT, bytes=COUNT, file_bytes=COUNT)
        ),
        sizes=an_object(nodes=COUNT, records=COUNT, largest_record=COUNT),
        depths=a_list(an_object(depth=or_null(COUNT), nodes=COUNT, records=COUNT)),
        fanout=a_list(an_object(entries=COUNT, nodes=COUNT)),
        holes=COUNT,
        inventory=ref("inventory"),
    ),
    "explanation": an_object(
        id=TEXT,
        code=CODE,
        title=TEXT,
        severity=_SEVERITY,
        scope=one_of(*Scope),
        must=TEXT,
        sources=a_list(an_object(spec=TEXT, section=or_null(TEXT), url=TEXT)),
        exit_code=COUNT,
        note=or_null(TEXT),
        why=TEXT,
        cause=TEXT,
        readers=or_null(
            an_object(
                all_detect=FLAG,
                detect=a_list(_READER),
                miss=a_list(_READER),
                note=or_null(TEXT),
            )
        ),
        recovery=TEXT,
        owner=TEXT,
        software=TEXT,
    ),
}
"""Name → schema."""
