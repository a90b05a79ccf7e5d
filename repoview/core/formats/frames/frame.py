"""Frames of the event stream: what one says, and where its parts stand.

::

    frame   := header payload
    header  := a map: `op` 1 for a message, -1 for an error; `t` its type
    payload := a map, with fields by type

Both are DAG-CBOR. The type `#commit` has operations, and in its field `blocks`
a CAR with what they changed; `#sync` has a CAR with a commit alone. A frame does
not say how long it is: it ends where its payload does. In a saved stream the next
one follows there.

Sans-I/O. What can be read of a frame is read, whatever is wrong with the rest;
whether its operations are true is for `verify.operations` to say.

Source: atproto Event Stream, "Framing"; com.atproto.sync.subscribeRepos.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.dagcbor.rules import Value

OperationAnswer: TypeAlias = Literal["proved", "unknown", "contradicted"]
"""What the tree says of a claim. "unknown" where a block that would tell is not
there."""

WITH_CAR: Final = frozenset({"#commit", "#sync"})
"""Types whose field `blocks` is a CAR."""


class Operation(NamedTuple):
    """What a commit did to one record, and what the tree says of it."""

    number: int
    """From 0, in the order of the event."""

    offset: int | None = None
    """Where it stands in the file."""

    action: str | None = None
    """create, update or delete; None where it says none."""

    path: str | None = None
    """Bytes that are not UTF-8 stand as ``\\xNN``."""

    key: bytes | None = None
    """The path as bytes; None where there is none that could be a key."""

    cid: Cid | None = None
    """The record that is there now; None where it was deleted."""

    prev: Cid | None = None
    """The record that was there before; None where none was, or it is not said."""

    is_usable: bool = True
    """Whether its fields say what was done."""

    after: OperationAnswer = "unknown"
    """Whether the tree has what this left."""

    before: OperationAnswer | None = None
    """Whether the tree had what this says before, which undoing it tells; None
    where the event does not say what tree that was."""

    why: str = ""
    """Why it is not proved, as part of a sentence."""

    missing: Cid | None = None
    """The block that is not there and would tell."""

    undone: Cid | None = None
    """The top node of the tree when this was undone; None where it was not."""

    @property
    def answer(self) -> OperationAnswer:
        """Both answers in one: what is worse of them."""
        answers = {self.after, self.before}
        if "contradicted" in answers:
            return "contradicted"
        return "unknown" if "unknown" in answers else "proved"

    def to_json(self) -> dict[str, Any]:
        """Return the object that `verify --format json` prints."""
        return {
            "action": self.action,
            "path": self.path,
            "cid": _text(self.cid),
            "prev": _text(self.prev),
            "answer": self.answer,
            "after": self.after,
            "before": self.before,
            "why": self.why or None,
            "missing": _text(self.missing),
            "undone": _text(self.undone),
            "offset": self.offset,
        }


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: what it says, as far as it could be read."""

    number: int
    """In its file, from 1."""

    offset: int
    """Where it begins in the file."""

    end: int
    """The byte behind it, as far as that is known."""

    type: str = ""
    """"#commit", "#sync", …; "error"; "" where it says none."""

    is_whole: bool = True
    """Whether its end is known, so that another one may follow there."""

    seq: int | None = None
    repo: str | None = None
    """The account's DID: of a commit its field `repo`, of others `did`."""

    rev: str | None = None
    since: str | None = None
    """The rev before; None where it says none."""

    time: str | None = None
    commit: Cid | None = None
    prev_data: Cid | None = None
    """The top node of the tree before; None where it does not say that, as older
    events do not."""

    blocks: range | None = None
    """Where the CAR stands in the file; None where there is none."""

    ops: tuple[Operation, ...] = ()
    more_ops: int = 0
    """Operations that were not read, for there are too many."""

    undone: OperationAnswer | None = None
    """Whether undoing all operations gives the tree before; None where it does
    not say which that is."""

    reached: Cid | None = None
    """The top node of the tree that undoing gave."""

    steps: tuple[int, ...] = ()
    """The numbers of operations in the order in which they were undone."""

    has_next: bool = False
    """Whether another frame follows."""

    details: Mapping[str, Value] = field(default_factory=dict)
    """Other fields that are texts, numbers or booleans: `handle`, `active`."""

    findings: tuple[Finding, ...] = ()
    """What is wrong with it, its operations apart."""

    @property
    def is_of_repo(self) -> bool:
        """Whether it is of a type that has a CAR, whether or not it has one."""
        return self.type in WITH_CAR

    def to_json(self) -> dict[str, Any]:
        """Return the object that `verify --format json` prints."""
        steps = [self.ops[number] for number in self.steps]
        car = self.blocks
        return {
            "type": self.type or None,
            "seq": self.seq,
            "repo": self.repo,
            "rev": self.rev,
            "since": self.since,
            "time": self.time,
            "number": self.number,
            "offset": self.offset,
            "end": self.end,
            "blocks": None if car is None else [car.start, car.stop],
            "commit": _text(self.commit),
            "prev_data": _text(self.prev_data),
            "ops": [each.to_json() for each in self.ops],
            "undo": {
                "answer": self.undone,
                "reached": _text(self.reached),
                "steps": [{"op": op.number, "top": _text(op.undone)} for op in steps],
            },
            "details": dict(self.details),
        }


def _text(cid: Cid | None) -> str | None:
    return None if cid is None else str(cid)
