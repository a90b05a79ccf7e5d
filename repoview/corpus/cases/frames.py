"""Cases of the frames of the event stream that a CAR may stand in.

An event is what was there before, what is there now, and what is said of it; its
bytes follow from these, so whatever is changed stays the only fault.

Source: atproto Event Stream, "Framing"; com.atproto.sync.subscribeRepos.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import Link, cid_of, encode, encode_pairs
from repoview.corpus.repo import (
    DID,
    REV,
    SAMPLE,
    Repo,
    make_repo,
    record_of,
    sample,
    tid,
)
from repoview.corpus.tree import ABSENT, COLLECTION, Node, with_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repoview.corpus.car import Car

Records: TypeAlias = "Mapping[str, Mapping[str, Any]]"
ACTIONS = ("create", "update", "delete")

DELETED = f"{COLLECTION}/2074"
CREATED, UPDATED = SAMPLE[3], SAMPLE[1]
OLD = {"text": "as it was"}
BEFORE: Records = {
    **{path: {} for path in SAMPLE if path != CREATED},
    UPDATED: OLD,
    DELETED: {},
}
"""The records before the sample event: `CREATED` is not among them."""

HEADER = 15
"""Bytes of the header of a #commit event, behind which its payload begins."""


def message(kind: str, fields: Mapping[str, Any]) -> bytes:
    """Return the frame of an event."""
    return encode({"op": 1, "t": kind}) + encode(dict(fields))


def operation(action: str, path: str, **fields: Any) -> dict[str, Any]:
    """Return an operation; a `cid` or `prev` is of a block."""
    return {"action": action, "path": path, "cid": None, **fields}


@dataclass
class Event:
    """A #commit event: the tree before, the repository after it, and its fields."""

    before: Node
    after: Repo
    ops: list[Any]
    car: Car
    changed: dict[str, Any] = field(default_factory=dict)
    """Fields that are not as the rules have them."""

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the payload."""
        right = {
            "seq": 7,
            "repo": DID,
            "commit": Link(self.after.cid),
            "rev": REV,
            "since": tid(1_600_000_000_000_000),
            "blocks": self.car.data,
            "ops": self.ops,
            "time": "2023-11-14T22:13:20.000Z",
            "prevData": Link(self.before.cid),
            "blobs": [],
            "rebase": False,
            "tooBig": False,
        }
        return with_changes(right, self.changed)

    @property
    def data(self) -> bytes:
        """The frame."""
        return message("#commit", self.fields)

    def broken(self, part: Any = None, *, offset: int = HEADER) -> Broken:
        """Return the file, with its fault where a part is encoded.

        Args:
            part: An operation or a field's value; None for none.
            offset: Where it is otherwise.
        """
        place = offset if part is None else self.data.index(encode(part))
        return Broken(self.data, place)


def node_of(repo: Repo) -> Node:
    """Return the top node of a repository."""
    assert isinstance(repo.top, Node)
    return repo.top


def link_of(path: str, fields: Mapping[str, Any] | None = None) -> Link:
    """Return the link to a record."""
    return Link(cid_of(record_of(path, fields or {})))


def event(**changed: Any) -> Event:
    """Return an event with an operation of each kind, which led to the sample."""
    made = event_between(BEFORE, {path: {} for path in SAMPLE})
    made.ops.sort(key=lambda op: ACTIONS.index(op["action"]))
    made.changed = changed
    return made


def event_between(before: Records, after: Records) -> Event:
    """Return the event of a commit that led from some records to others."""
    old, new = make_repo(before), make_repo(after)
    ops = []
    for path in sorted(before.keys() | after.keys()):
        if path not in before:
            ops.append(operation("create", path, cid=link_of(path, after[path])))
        elif path not in after:
            ops.append(operation("delete", path, prev=link_of(path, before[path])))
        elif before[path] != after[path]:
            cid, prev = link_of(path, after[path]), link_of(path, before[path])
            ops.append(operation("update", path, cid=cid, prev=prev))
    return Event(node_of(old), new, ops, new.car())


CASES = Cases(".frame", lambda: Twin(event().data))


# The frame itself


@CASES.fatal("FRM001", complete=None)
def frame_cut_off_in_its_header() -> Broken:
    """The file ends inside the first map."""
    return Broken(event().data[:12], 0)


@CASES.fatal("FRM001", complete=None)
def frame_without_payload() -> Broken:
    """The file ends behind the first map."""
    return Broken(event().data[:HEADER], HEADER)


@CASES.fatal("FRM001", complete=None)
def payload_is_no_map() -> Broken:
    """Behind the header stands an array."""
    return Broken(event().data[:HEADER] + encode([1, 2]), HEADER)


@CASES.error("FRM002", "bad-container", beside={"FRM015"})
def frame_cut_off_in_its_last_field() -> Broken:
    """The file ends inside of `prevData`, so the event does not say it."""
    return Broken(event().data[:-1], HEADER)


@CASES.error(
    "FRM002",
    "incomplete",
    complete=False,
    also={"CAR023", "FRM012"},
    beside={"BLK008", "BLK009", "BLK010", "FRM015"},
)
def frame_cut_off_in_its_blocks() -> Broken:
    """The file ends inside a record in the CAR that the event has."""
    made = event()
    # All blocks of the sample follow one another in walk order.
    record = made.car.offset_of(link_of(CREATED).cid)
    end = made.data.index(made.car.data) + record + 50
    return Broken(made.data[:end], HEADER)


@CASES.error("FRM003", "bad-container")
def frame_without_a_sequence_number() -> Broken:
    """A field that must be there is missing."""
    return event(seq=ABSENT).broken()


@CASES.warning("FRM003")
def frame_without_a_field_of_no_use() -> Broken:
    """A field that nobody needs any more is missing."""
    return event(tooBig=ABSENT).broken()


@CASES.fatal("FRM003", complete=None)
def frame_without_blocks() -> Broken:
    """An event of a commit has no CAR."""
    return event(blocks=ABSENT).broken()


@CASES.fatal("FRM003", complete=None)
def frame_with_empty_blocks() -> Broken:
    """The bytes that should be a CAR are none."""
    made = event(blocks=b"")
    return made.broken(offset=made.data.index(b"blocks") + len("blocks"))


@CASES.error("FRM004", "bad-container")
def rev_of_a_frame_is_a_number() -> Broken:
    """A field is of another type."""
    return event(rev=1_234_567).broken(1_234_567)


@CASES.fatal("FRM004", complete=None)
def blocks_of_a_frame_are_text() -> Broken:
    """The field that should have the CAR is of another type."""
    return event(blocks="a CAR").broken("a CAR")


@CASES.error("FRM004", "incomplete", also={"FRM012"})
def operation_of_no_known_action() -> Broken:
    """A record was neither created nor updated nor deleted."""
    made = event()
    made.ops[0]["action"] = "erase"
    return made.broken(made.ops[0])


@CASES.info("FRM005")
def frame_with_a_field_of_its_own() -> Broken:
    """The event says more than the specification has fields for."""
    return event(mood="fine").broken()


@CASES.warning("FRM006")
def sync_event_with_too_large_blocks() -> Broken:
    """A #sync event has ten thousand bytes at most; its CAR has more here."""
    repo = make_repo({f"{COLLECTION}/{number}": {} for number in range(200)})
    fields = {"seq": 7, "did": DID, "rev": REV, "time": "", "blocks": repo.car().data}
    data = message("#sync", fields)
    good = message("#sync", {**fields, "blocks": sample().car().data})
    return Broken(data, data.index(b"blocks") + len("blocks"), twin=Twin(good))


@CASES.info("FRM007", complete=None)
def event_of_no_known_type() -> Broken:
    """The event is of a type that may come one day."""
    return Broken(message("#weather", {"seq": 7}), 0)


@CASES.error("FRM008", "bad-container")
def bytes_behind_a_frame() -> Broken:
    """Behind the event stands what is no event."""
    data = event().data
    return Broken(data + b"behind", len(data))


@CASES.warning("FRM009")
def frame_with_its_header_in_another_order() -> Broken:
    """The shorter key does not come first."""
    header = encode_pairs([("op", 1), ("t", "#commit")])
    return Broken(header + event().data[HEADER:], header.index(b"atg"))


# The frame and its commit


@CASES.error("FRM010", "invalid")
def frame_of_another_account() -> Broken:
    """The event names another account than the commit."""
    return event(repo="did:plc:other7nxzyoun6zhxrhs64oi").broken(offset=0)


@CASES.error("FRM010", "invalid")
def frame_of_another_revision() -> Broken:
    """The event names another revision than the commit."""
    return event(rev=tid(1_700_000_000_000_001)).broken(offset=0)


@CASES.error("FRM010", "invalid")
def frame_of_another_commit() -> Broken:
    """The event names another commit than the root of the CAR."""
    return event(commit=link_of("another")).broken(offset=0)


@CASES.error("FRM010", "invalid")
def frame_since_a_later_revision() -> Broken:
    """The revision before is the same as that of the commit."""
    made = event(since=REV)
    return made.broken(offset=made.data.index(b"since") + len("since"))


# The operations


@CASES.error("FRM011", "invalid", beside={"FRM015"})
def operation_with_another_cid() -> Broken:
    """The event says that another record was created."""
    made = event(prevData=ABSENT)
    made.ops[0]["cid"] = link_of(CREATED, OLD)
    return made.broken(made.ops[0])


@CASES.error("FRM011", "invalid", beside={"FRM015"})
def operation_on_a_record_that_is_still_there() -> Broken:
    """The event says that a record was deleted, and the tree has it."""
    made = event(prevData=ABSENT)
    made.ops = [operation("delete", SAMPLE[0], prev=link_of(SAMPLE[0]))]
    return made.broken(made.ops[0])


@CASES.error(
    "FRM012", "incomplete", complete=False, beside={"BLK009", "BLK010", "CAR029"}
)
def record_of_an_operation_is_missing() -> Broken:
    """The record that was created is not among the blocks."""
    made = event()
    made.car = made.car.without(link_of(CREATED).cid)
    return made.broken(made.ops[0])


@CASES.error("FRM013", "invalid")
def frame_with_another_tree_before() -> Broken:
    """Undoing the operations gives another tree than the event says."""
    return event(prevData=link_of("another")).broken(offset=0)


@CASES.error("FRM013", "invalid")
def operation_that_another_record_was_before() -> Broken:
    """The record that was updated was another one."""
    made = event()
    made.ops[1]["prev"] = link_of("another")
    return made.broken(offset=0)


@CASES.error("FRM013", "invalid")
def operation_left_out() -> Broken:
    """One of three operations is not told."""
    made = event()
    del made.ops[2]
    return made.broken(offset=0)


@CASES.error("FRM014", "incomplete")
def operation_that_does_not_say_what_was_before() -> Broken:
    """A record was updated, and the one before it is not named."""
    made = event()
    del made.ops[1]["prev"]
    return made.broken(made.ops[1])


@CASES.error(
    "FRM014", "incomplete", complete=False, beside={"BLK008", "BLK010", "CAR029"}
)
def node_beside_an_operation_is_missing() -> Broken:
    """To take a key out of the tree, what is before and behind it is joined."""
    after: Records = {path: {} for path in SAMPLE}
    before = {path: after[path] for path in SAMPLE if path != SAMPLE[2]}
    made = event_between(before, after)
    made.car = made.car.without(*(cid for cid, _ in sample().second.blocks()))
    return made.broken(made.ops[0])


@CASES.info("FRM015")
def event_of_earlier_years() -> Broken:
    """The event does not say what the tree was before."""
    return event(prevData=ABSENT).broken(offset=0)


@CASES.error("FRM016", "incomplete", also={"FRM012"})
def two_operations_on_one_path() -> Broken:
    """A record is created, and then updated, in one event."""
    made = event()
    first = {**made.ops[0], "cid": link_of(CREATED, OLD)}
    update = {**made.ops[0], "action": "update", "prev": link_of(CREATED, OLD)}
    made.ops = [first, update, *made.ops[1:]]
    return made.broken(first)


@CASES.info("FRM017")
def two_frames_in_a_row() -> Broken:
    """One event follows another; the first is opened."""
    data = event().data
    return Broken(data + data, len(data))
