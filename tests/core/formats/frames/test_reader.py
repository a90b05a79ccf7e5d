"""Facts about reading frames of the event stream, whole and broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.findings.findings import Severity
from repoview.core.formats.frames.end import frame_end
from repoview.core.formats.frames.head import begins_frame
from repoview.core.formats.frames.reader import read_frame
from repoview.corpus.cases.frames import CREATED, Event, event, message, operation
from repoview.corpus.cbor import Link, Raw, cid_of, encode
from repoview.corpus.repo import DID, REV
from repoview.corpus.tree import ABSENT
from tests.vectors import ROOT, needs_vectors

WITHOUT_KERNEL = True

ACCOUNT = {
    "seq": 2,
    "did": DID,
    "time": "2026-11-29T05:12:02.593Z",
    "active": False,
    "status": "takendown",
}
OTHERS: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": -1,
    "float": 1.5,
    "text": "text",
    "bytes": b"bytes",
    "array": [],
    "map": {},
    "link": Link(cid_of(b"")),
}
"""Values of all kinds."""

ALL: dict[str, Any] = {"absent": ABSENT, **OTHERS}


def codes(data: bytes) -> list[str]:
    """Return the codes of what is wrong with a frame."""
    return [found.code for found in read_frame(data).findings]


def test_a_frame_says_what_is_in_its_fields() -> None:
    """Sequence number, account, revisions, commit, and the tree before."""
    made = event()
    frame = read_frame(made.data, number=3, offset=100)
    assert frame.findings == ()
    assert (frame.number, frame.offset, frame.end) == (3, 100, 100 + len(made.data))
    assert (frame.type, frame.seq, frame.repo, frame.rev) == ("#commit", 7, DID, REV)
    assert (frame.since, frame.time) == (made.fields["since"], made.fields["time"])
    assert frame.commit is not None
    assert frame.prev_data is not None
    assert frame.commit.raw == made.after.cid
    assert frame.prev_data.raw == made.before.cid


def test_places_are_those_in_the_file() -> None:
    """The CAR and each operation can be found in it."""
    made = event()
    frame = read_frame(made.data, offset=100)
    assert frame.blocks is not None
    car = made.data[frame.blocks.start - 100 : frame.blocks.stop - 100]
    assert car == made.car.data
    for op, wanted in zip(frame.ops, made.ops, strict=True):
        assert op.offset is not None
        assert made.data[op.offset - 100 :].startswith(encode(wanted))


def test_an_operation_says_what_was_done() -> None:
    """Action, path, the record now and the one before."""
    made = event()
    for op, wanted in zip(read_frame(made.data).ops, made.ops, strict=True):
        assert (op.action, op.path) == (wanted["action"], wanted["path"])
        assert (None if op.cid is None else Link(op.cid.raw)) == wanted["cid"]
        assert (None if op.prev is None else Link(op.prev.raw)) == wanted.get("prev")


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("#account", ACCOUNT, {"active": False, "status": "takendown"}),
        ("#identity", {"handle": "alice.test"}, {"handle": "alice.test"}),
        ("#info", {"name": "OutdatedCursor"}, {"name": "OutdatedCursor"}),
        ("#migrate", {"migrateTo": None}, {"migrateTo": None}),
    ],
)
def test_other_types_have_fields_of_their_own(
    kind: str, fields: dict[str, Any], told: dict[str, Any]
) -> None:
    """They are among the details."""
    assert read_frame(message(kind, fields)).details == told


def test_an_error_is_a_frame() -> None:
    """Its header has no type, and `op` -1."""
    data = encode({"op": -1}) + encode({"error": "FutureCursor", "message": "later"})
    frame = read_frame(data)
    assert (frame.type, frame.findings) == ("error", ())
    assert frame.details == {"error": "FutureCursor", "message": "later"}


@pytest.mark.parametrize("header", [{"op": 2, "t": "#commit"}, {"op": 1}, {"t": "#x"}])
def test_a_header_of_another_kind_is_told(header: dict[str, Any]) -> None:
    """FRM003 or FRM007, and the payload is left as it is."""
    data = encode(header) + encode({"seq": 1})
    assert begins_frame(data)
    assert {"FRM003", "FRM007"} & set(codes(data))


# Fields that are not as they must be


@pytest.mark.parametrize("name", event().fields)
@pytest.mark.parametrize("kind", ALL)
def test_a_field_of_another_type_is_told_or_does_not_matter(
    name: str, kind: str
) -> None:
    """What it says then is not used, and all other fields are."""
    value = ALL[kind]
    right, made = event(), event(**{name: value})
    frame, usual = read_frame(made.data), read_frame(right.data)
    told = {"prevData": "prev_data"}.get(name, name)
    same = type(value) is type(right.fields[name])
    if not same and (name, kind) not in {("since", "null"), ("prevData", "absent")}:
        assert {"FRM003", "FRM004"} & {found.code for found in frame.findings}
    for field in ("seq", "repo", "rev", "since", "time", "commit", "prev_data"):
        if field != told:
            assert getattr(frame, field) == getattr(usual, field)


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", ["action", "path", "cid", "prev"])
@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_operation_of_another_form_leaves_the_others_alone(
    number: int, name: str, kind: str
) -> None:
    """It is told, unless it says something all the same."""
    made, value = event(), ALL[kind]
    if value is ABSENT:
        made.ops[number].pop(name, None)
    else:
        made.ops[number][name] = value
    frame, usual = read_frame(made.data), read_frame(event().data)
    for at in {0, 1, 2} - {number}:
        assert frame.ops[at].is_usable
        assert frame.ops[at].path == usual.ops[at].path
    assert frame.ops[number].is_usable or "FRM004" in codes(made.data)


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_operation_is_one_that_cannot_be_used(kind: str) -> None:
    """Numbers of the others stay as they are."""
    made = event()
    made.ops.insert(1, OTHERS[kind])
    frame = read_frame(made.data)
    assert [op.is_usable for op in frame.ops] == [True, False, True, True]
    assert "FRM004" in codes(made.data)


def test_of_a_field_that_is_there_twice_the_first_counts() -> None:
    """FRM009 says so."""
    fields = encode(event().fields)
    count = len(event().fields) + 1
    data = encode({"op": 1, "t": "#commit"})
    data += bytes([0xA0 | count]) + fields[1:] + encode("seq") + encode(8)
    frame = read_frame(data)
    assert frame.seq == 7
    assert "FRM009" in codes(data)


# Limits


LINK = Link(cid_of(b""))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (operation("erase", CREATED, cid=LINK), "'erase' is no action"),
        (operation("create", "", cid=LINK), "it has no path"),
        (operation("create", "x" * 9_999, cid=LINK), "its path has over 4,096 bytes"),
        (operation("update", CREATED), "a record is to be updated, and it has no CID"),
        (
            operation("delete", CREATED, cid=LINK),
            "a record is to be deleted, and its CID is not null",
        ),
        (
            operation("create", CREATED, cid=LINK, prev=LINK),
            "a record is to be created, and there was one before",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value["action"],
)
def test_an_operation_that_cannot_be_true_says_why(
    made: dict[str, Any], why: str
) -> None:
    """FRM004, and it is not used."""
    several = event()
    several.ops = [made]
    frame = read_frame(several.data)
    assert [each.why for each in frame.ops] == [why]
    assert [f.code for f in frame.findings] == ["FRM004"]


def with_operations(count: int) -> Event:
    """Return an event of so many operations."""
    made = event()
    link = Link(cid_of(b""))
    made.ops = [operation("create", f"{CREATED}{n}", cid=link) for n in range(count)]
    return made


def test_more_operations_than_a_commit_may_have_are_read() -> None:
    """FRM006 from 201 on."""
    assert codes(with_operations(200).data) == []
    assert codes(with_operations(201).data) == ["FRM006"]
    assert len(read_frame(with_operations(201).data).ops) == 201


def test_operations_over_the_limit_are_counted() -> None:
    """Memory and time stay bounded."""
    frame = read_frame(with_operations(limits.MAX_OPERATIONS + 5).data)
    assert (len(frame.ops), frame.more_ops) == (limits.MAX_OPERATIONS, 5)


@pytest.mark.parametrize(
    ("size", "over"),
    [(limits.FRAME_BLOCKS, 0), (limits.FRAME_BLOCKS + 1, 1), (5**10, 2)],
)
def test_sizes_over_those_of_the_stream_are_told(size: int, over: int) -> None:
    """FRM006 of the blocks, and of the frame."""
    assert codes(event(blocks=bytes(size)).data) == ["FRM006"] * over


def test_blocks_in_pieces_are_not_opened() -> None:
    """A CAR must stand in one place."""
    pieces = Raw(b"\x5f" + encode(b"one") + encode(b"two") + b"\xff")
    frame = read_frame(event(blocks=pieces).data)
    assert frame.blocks is None
    fatal = [f.code for f in frame.findings if f.severity is Severity.FATAL]
    assert fatal == ["FRM004"]


@pytest.mark.parametrize("part", [b"\x81", b"\xa1\x60", b"\x80"])
def test_more_parts_than_an_event_has_are_not_passed_over(
    part: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame is broken, and its fields before are read; here with small limits."""
    monkeypatch.setattr(limits, "FRAME_WORK", limits.FRAME_WORK // 64)
    monkeypatch.setattr(limits, "FRAME_FIELDS", limits.FRAME_FIELDS // 64)
    many = Raw(b"\x99\x20\x00" + part * 2**13)
    made = event(blobs=many)
    frame = read_frame(made.data)
    assert frame_end(made.data) is None
    assert "FRM002" in {found.code for found in frame.findings}
    assert (frame.seq, len(frame.ops)) == (7, 3)


# Frames that are cut off or damaged


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "data", [event().data, message("#account", ACCOUNT)], ids=["commit", "account"]
)
def test_a_cut_at_any_byte_is_told(data: bytes) -> None:
    """FRM001 or FRM002; what is read of it is right, as far as it goes.

    Of the CAR in it, whose bytes are all alike, one in sixteen.
    """
    usual = read_frame(data)
    car = usual.blocks or range(0)
    for end in range(1, len(data)):
        if end % 16 and end in car[8:-8]:
            continue
        frame = read_frame(data[:end])
        assert frame_end(data[:end]) is None
        assert not frame.is_whole
        assert {"FRM001", "FRM002"} & {found.code for found in frame.findings}
        assert frame.seq in {None, usual.seq}
        assert frame.rev in {None, usual.rev}
        assert len(frame.ops) <= len(usual.ops)


@given(st.binary(max_size=300))
def test_no_bytes_behind_a_header_raise(rest: bytes) -> None:
    """Whatever they are, they are a frame that is whole or that is not."""
    data = event().data[:15] + rest
    frame = read_frame(data)
    assert frame.is_whole == (frame_end(data) is not None)
    assert 15 <= frame.end <= len(data)


@given(st.data())
def test_no_byte_that_differs_raises(data: st.DataObject) -> None:
    """Anywhere in the frame, and it can still be told as JSON."""
    raw = bytearray(event().data)
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    frame = read_frame(bytes(raw))
    assert frame.to_json()["type"] == (frame.type or None)


@needs_vectors
@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("pds/*.frame")), ids=lambda path: path.name
)
def test_frames_of_a_server_are_read_to_their_end(path: Any) -> None:
    """Nothing is wrong with them."""
    data = path.read_bytes()
    assert begins_frame(data)
    assert frame_end(data) == len(data)
    frame = read_frame(data)
    assert frame.findings == ()
    assert path.name == f"{frame.type[1:]}-{frame.seq}.frame"
