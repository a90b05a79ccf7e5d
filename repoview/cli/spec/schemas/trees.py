"""Schemas of trees: an outline, a way, steps, proofs, and what differs."""

from __future__ import annotations

from typing import Final

from repoview.cli.spec.schemas.parts import (
    ANY,
    CID,
    COUNT,
    FLAG,
    HEX,
    INTEGER,
    NULL,
    TEXT,
    Schema,
    a_list,
    an_object,
    one_of,
    or_null,
    ref,
    with_more,
)
from repoview.cli.spec.schemas.reports import SIGNATURE
from repoview.core.kernel.seam import NodeKind

_ANSWER: Final = one_of("proved", "disproved", "unknown")
_SIDE: Final = an_object(source=TEXT, did=or_null(TEXT), rev=or_null(TEXT), data=CID)
_CHANGE: Final = an_object(
    {"key_hex": HEX},
    op=one_of("create", "update", "delete"),
    path=TEXT,
    old=or_null(CID),
    new=or_null(CID),
)
_RANGE: Final = an_object(
    range=TEXT,
    first=TEXT,
    stop=or_null(TEXT),
    answer=_ANSWER,
    before=or_null(TEXT),
    after=or_null(TEXT),
    closed=FLAG,
    missing=or_null(CID),
    lacking=COUNT,
    why=TEXT,
    signature=SIGNATURE,
)

TREES: Final[dict[str, Schema]] = {
    "tree": an_object(
        source=TEXT, commit=or_null(CID), nodes=a_list(ref("node")), whole=FLAG
    ),
    "node": an_object(
        {"items": a_list({"anyOf": [ref("node_link"), ref("entry")]})},
        number=COUNT,
        cid=CID,
        kind=one_of(*(kind.label for kind in NodeKind)),
        depth=or_null(INTEGER),
        distance=COUNT,
        parent=or_null(COUNT),
        records=COUNT,
        offset=or_null(COUNT),
        size=or_null(COUNT),
        lo=or_null(TEXT),
        hi=or_null(TEXT),
    ),
    "node_link": an_object(node=COUNT),
    "entry": an_object({"key_hex": HEX}, uri=TEXT, path=TEXT, cid=CID, state=TEXT),
    "way": an_object(
        path=TEXT,
        found=or_null(FLAG),
        steps=a_list(
            an_object(
                role=TEXT,
                cid=CID,
                link=or_null(TEXT),
                depth=or_null(INTEGER),
                offset=or_null(COUNT),
                size=or_null(COUNT),
                hashes=FLAG,
            )
        ),
    ),
    "path_answer": an_object(
        path=TEXT,
        asked=one_of("present", "absent"),
        answer=_ANSWER,
        cid=or_null(CID),
        missing=or_null(CID),
        why=TEXT,
        signature=SIGNATURE,
    ),
    "range_answer": with_more(
        _RANGE, records=a_list(an_object(path=TEXT, cid=CID, missing=FLAG))
    ),
    "proof": an_object(
        destination=TEXT,
        root=CID,
        blocks=COUNT,
        bytes=COUNT,
        paths=a_list(ref("path_answer")),
        ranges=a_list(with_more(_RANGE, records=COUNT)),
    ),
    "diff": an_object(
        a=_SIDE,
        b=_SIDE,
        records=a_list(ref("change")),
        nodes_created=a_list(CID),
        nodes_deleted=a_list(CID),
        unknown=a_list(
            an_object(
                after=or_null(TEXT),
                before=or_null(TEXT),
                cid=CID,
                side=one_of("a", "b"),
                fault=TEXT,
            )
        ),
        same=FLAG,
    ),
    "change": with_more(
        _CHANGE,
        optional={
            "fields": or_null(a_list(an_object({"old": ANY, "new": ANY}, field=TEXT)))
        },
    ),
}
"""Name → schema."""


def _step(name: str, **fields: Schema) -> Schema:
    return an_object(step={"const": name}, **fields)


_LINK: Final = an_object(
    cid=CID, depth=or_null(INTEGER), lo=TEXT, hi=or_null(TEXT), field=TEXT
)
_OPENED: Final = an_object(
    link=_LINK,
    depth=COUNT,
    keys=a_list(TEXT),
    values=a_list(CID),
    trees=a_list(or_null(CID)),
    size=COUNT,
)
_WAITING: Final = a_list({"anyOf": [_LINK, TEXT]})
_SIDE_OF: Final = one_of("old", "new")
_OF_TWO: Final = or_null(_SIDE_OF)
_BOUNDS: Final = {"lo": TEXT, "hi": or_null(TEXT)}
_ON_THE_WAY: Final = an_object(
    role=TEXT,
    cid=CID,
    link=TEXT,
    offset=or_null(COUNT),
    size=or_null(COUNT),
    hashes=FLAG,
    **dict.fromkeys(("key", "node", "entries", "record"), NULL),
)
_STREAMED: Final = an_object(
    cid=CID,
    role=one_of("commit", "node", "record", "unlinked"),
    number=or_null(COUNT),
    size=COUNT,
    offset=COUNT,
)
_STEPS: Final = (
    _step("BlockAsked", link=_LINK, waiting=_WAITING, side=_OF_TWO, only_first=FLAG),
    _step("NodeOpened", node=_OPENED, side=_OF_TWO),
    _step("NodeRefused", link=_LINK, failed=TEXT, fault=TEXT, side=_OF_TWO),
    _step("KeyCompared", node=_OPENED, place=COUNT, found=FLAG, depth=COUNT),
    _step("KeyFound", key=TEXT, value=CID, field=TEXT),
    _step("KeyAbsent", key=TEXT, why=one_of("no link", "depth")),
    _step("KeyMet", key=TEXT, value=CID, depth=COUNT, waiting=_WAITING),
    _step("SubtreeSkipped", old=_LINK, new=_LINK),
    _step("RecordChange", key=TEXT, before=or_null(CID), after=or_null(CID)),
    _step("NodeChange", cid=CID, side=_SIDE_OF, depth=COUNT, size=COUNT, **_BOUNDS),
    _step("UnknownRange", cid=CID, side=_SIDE_OF, fault=TEXT, **_BOUNDS),
    with_more(_ON_THE_WAY, step={"const": "Step"}),
    _step(
        "Proof",
        path=TEXT,
        answer=one_of("present", "absent", "unknown"),
        cid=or_null(CID),
        missing=or_null(CID),
        why=TEXT,
        signature=SIGNATURE,
        steps=a_list(_ON_THE_WAY),
    ),
    _step(
        "BlockCame",
        number=COUNT,
        of=COUNT,
        block=_STREAMED,
        fate=one_of("at once", "held", "dropped"),
        until=or_null(COUNT),
        released=COUNT,
        released_bytes=COUNT,
        first_released=a_list(_STREAMED),
        held=COUNT,
        held_bytes=COUNT,
    ),
    _step(
        "StreamEnded",
        blocks=COUNT,
        held=COUNT,
        held_bytes=COUNT,
        wanted=or_null(CID),
        most_held=COUNT,
        most_bytes=COUNT,
    ),
)
TREES["steps"] = an_object(
    {"new": TEXT},
    source=TEXT,
    kind=one_of("walk", "look-up", "proof", "stream", "diff"),
    path=or_null(TEXT),
    order=or_null(one_of("file", "walk", "cid")),
    steps=a_list({"oneOf": [*_STEPS]}),
    left=or_null(COUNT),
)
