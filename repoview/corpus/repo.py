"""Repositories to be written as CARs: right as they are made, or changed first.

::

    repo = sample()
    repo.first.changed["x"] = 1
    broken = repo.car()

The commit links to the changed tree, so the field `x` is all that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from repoview.corpus.car import Car, Contents, Section, header_of
from repoview.corpus.cbor import Link, cid_of, encode
from repoview.corpus.signing import ALICE
from repoview.corpus.tree import COLLECTION, Entry, Node, build_tree, with_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

DID = "did:plc:repoviewcorpusofbadfiles"
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


def tid(microseconds: int, clock: int = 0) -> str:
    """Return the TID of a moment, counted from 1970."""
    number = microseconds << 10 | clock
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(13)))


REV = tid(1_700_000_000_000_000)


@lru_cache(maxsize=256)
def _signature(unsigned: bytes) -> bytes:
    """Return Alice's signature of a commit; it takes longer than all the rest."""
    return ALICE.sign(unsigned)


@dataclass(eq=False)
class Repo:
    """A commit and a tree; what links to what follows from them."""

    top: Node | Link
    commit: dict[str, Any] = field(default_factory=dict)
    """Fields of the commit that are not as the rules have them."""

    raw: bytes | None = None
    """Stands in place of the commit that would be encoded."""

    def fields(self, top: bytes | None = None) -> dict[str, Any]:
        """Return the fields of the commit, signed as they are.

        Args:
            top: The CID of the top node, if it is known already.
        """
        right = {
            "did": DID,
            "version": 3,
            "data": Link(top or self.top.cid),
            "rev": REV,
            "prev": None,
        }
        fields = with_changes(right, self.commit)
        if "sig" not in self.commit:
            fields["sig"] = _signature(encode(fields))
        return fields

    @property
    def data(self) -> bytes:
        """The block of the commit."""
        return self._encoded()

    def _encoded(self, top: bytes | None = None) -> bytes:
        return encode(self.fields(top)) if self.raw is None else self.raw

    @property
    def cid(self) -> bytes:
        """The CID of the commit."""
        return cid_of(self.data)

    def car(self) -> Car:
        """Write commit, nodes and records in walk order, each of them once."""
        below = self.top.blocks() if isinstance(self.top, Node) else []
        top = below[0][0] if below else self.top.cid
        data = self._encoded(top)
        root = cid_of(data)
        blocks = {root: data}
        for cid, block in below:
            blocks.setdefault(cid, block)
        parts = tuple(Section(cid, block) for cid, block in blocks.items())
        return Car(header_of(root), parts, contents=self._contents(root, top))

    def _contents(self, root: bytes, top: bytes) -> Contents:
        fields = {"did": DID, "rev": REV, **self.commit}
        did, rev = (
            fields[name] if isinstance(fields[name], str) else None
            for name in ("did", "rev")
        )
        keys = tuple(self.top.keys()) if isinstance(self.top, Node) else ()
        return Contents(did, rev, root, top, keys)


def record_of(path: str, fields: Mapping[str, Any] | bytes = b"") -> bytes:
    """Return the block of a record: *fields*, with the `$type` of its path."""
    if isinstance(fields, bytes) and fields:
        return fields
    right = {"$type": path.partition("/")[0], "text": path}
    return encode({**right, **dict(fields or {})})


def entry_of(path: str, fields: Mapping[str, Any] | bytes = b"") -> Entry:
    """Return the entry of a record."""
    return Entry(path.encode(), record_of(path, fields))


def make_repo(records: Mapping[str, Mapping[str, Any] | bytes]) -> Repo:
    """Return the repository of these records.

    Args:
        records: By path; ``{}`` stands for a record of the right `$type`, and
            bytes for a block that is taken as it is.
    """
    ordered = sorted(records.items(), key=lambda item: item[0].encode())
    return Repo(build_tree([entry_of(path, fields) for path, fields in ordered]))


def make_car(records: Mapping[str, Mapping[str, Any] | bytes]) -> Car:
    """Return a CAR of these records, in walk order."""
    return make_repo(records).car()


SAMPLE = [f"{COLLECTION}/{number}" for number in range(2063, 2073)]
"""Ten paths whose tree has every kind of node."""


class Sample(Repo):
    """The tree of `SAMPLE`, with names for its nodes.

    ::

    top        2069
    ├─ inner   2065
    │  ├─ first    2063 2064
    │  └─ second   2066 2067 2068
    └─ bridge  no entries
       └─ last     2070 2071 2072
    """

    top: Node

    @property
    def inner(self) -> Node:
        """The node at depth 1 on the left."""
        return _node(self.top.left)

    @property
    def bridge(self) -> Node:
        """The empty node at depth 1 on the right."""
        return _node(self.top.entries[0].tree)

    @property
    def first(self) -> Node:
        """The leftmost node at depth 0."""
        return _node(self.inner.left)

    @property
    def second(self) -> Node:
        """The node at depth 0 in the middle."""
        return _node(self.inner.entries[0].tree)

    @property
    def last(self) -> Node:
        """The rightmost node at depth 0."""
        return _node(self.bridge.left)

    @property
    def last_entry(self) -> Entry:
        """The entry of the last key, whose record is the last block."""
        return self.last.entries[-1]


def sample() -> Sample:
    """Return a new sample, right in all respects."""
    return Sample(build_tree([entry_of(path) for path in SAMPLE]))


STRAY = encode({"$type": "com.example.stray", "text": "nothing links here"})
"""A block that may be put anywhere: no tree needs it."""


def with_stray(data: bytes = STRAY, cid: bytes | None = None) -> Car:
    """Return a sample with a block behind it that nothing links to."""
    return sample().car().plus_block(data, cid)


def _node(child: Node | Link | None) -> Node:
    assert isinstance(child, Node)
    return child
