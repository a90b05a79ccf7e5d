"""A tree that is changed in memory: records put in, replaced and taken out.

The tree that it began with stays as it is, and is read only where a change leads: a
few nodes for each. After every change the tree is the one that its keys have,
whatever led there. Each change can be undone.

What changed is told at any time: the records, the nodes of which one tree has some
and the other not, and the blocks that a commit of it would send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.edit.partial_tree import KeyNotThere, PartialTree
from repoview.core.edit.tree_delta import TreeDelta, delta_between
from repoview.core.errors import RepoviewError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.key import path_of
from repoview.core.formats.mst import EMPTY_NODE
from repoview.core.trees.node import BareTree
from repoview.core.trees.record_change import RecordChange
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.trees.node import TreeSource

RecordLike: TypeAlias = "Cid | bytes | Mapping[str, Value]"
"""A record: its CID, the bytes of its block, or its value, to be encoded."""


class KeyTaken(RepoviewError):
    """A key that was to be put into a tree that has it."""


class KeyNotAllowed(RepoviewError):
    """A key that readers refuse: empty, or longer than 1,024 bytes."""


class EditedTree:
    """A tree that is changed in memory; it is a `TreeSource` itself.

    Paths may be given as text or as bytes. Text that cannot be that of a key, for a
    surrogate in it, raises `ValueError`.

    Args:
        base: The tree to begin with; None for an empty one.
    """

    def __init__(self, base: TreeSource | None = None) -> None:
        if base is None:
            top = Cid.for_block(EMPTY_NODE)
            base = BareTree(top, {top: EMPTY_NODE}.get)
        self.base = base
        """The tree that it began with."""
        self._opened: dict[Cid, bytes] = {}
        """The nodes of the base that were read."""
        self._trees = [PartialTree(base.top, self._read_base)]
        """After each change, from none on."""
        self._changes: list[RecordChange] = []
        self._new: dict[Cid, bytes] | None = None
        """The nodes that are in memory only, as soon as one of them is asked for."""
        self._records: dict[Cid, bytes] = {}

    def __repr__(self) -> str:
        return f"<EditedTree after {count_text(len(self._changes), 'change')}>"

    def __contains__(self, path: object) -> bool:
        """Tell whether there is a record at a repo path.

        Raises:
            NodeUnusable: A node on the way is missing or broken.
        """
        return isinstance(path, str | bytes) and self.get(path) is not None

    @property
    def top(self) -> Cid:
        """The CID of its top node now."""
        return self._trees[-1].top

    @property
    def history(self) -> tuple[RecordChange, ...]:
        """All changes that are not undone, the first first."""
        return tuple(self._changes)

    def read(self, cid: Cid, /) -> bytes | None:
        """Return the bytes of a node, new or not; None where it is not there."""
        data = self._new_nodes().get(cid)
        return self._read_base(cid) if data is None else data

    def get(self, path: str | bytes) -> Cid | None:
        """Return the record's CID at a repo path; None where it is proved absent.

        Raises:
            NodeUnusable: A node on the way is missing or broken.
        """
        return self._trees[-1].get(_key(path))

    # Changes

    def insert(self, path: str | bytes, record: RecordLike) -> Cid:
        """Put a record where none is, and return its CID.

        Args:
            path: Its repo path.
            record: Its CID, the bytes of its block, or its value. Of a CID alone
                the block is not among those that a commit would send.

        Raises:
            KeyTaken: There is one.
            KeyNotAllowed: It is empty, or longer than 1,024 bytes.
            NodeUnusable: A node that must be opened is missing or broken.
        """
        if (before := self.get(path)) is not None:
            raise KeyTaken(f"the tree has a record at {_name(path)}")
        return self._put(_key(path), before, record)

    def update(self, path: str | bytes, record: RecordLike) -> Cid:
        """Put a record in place of the one that is there, and return its CID.

        Args:
            path: Its repo path.
            record: See `insert`.

        Raises:
            KeyNotThere: There is none.
            NodeUnusable: A node that must be opened is missing or broken.
        """
        if (before := self.get(path)) is None:
            raise KeyNotThere(f"the tree has no record at {_name(path)}")
        return self._put(_key(path), before, record)

    def put(self, path: str | bytes, record: RecordLike) -> Cid:
        """Put a record, whether there is one or not, and return its CID.

        Args:
            path: Its repo path.
            record: See `insert`.

        Raises:
            KeyNotAllowed: It is empty, or longer than 1,024 bytes.
            NodeUnusable: A node that must be opened is missing or broken.
            TypeError: The value holds what is no `Value`.
            ValueError: It holds what DAG-CBOR cannot.
        """
        return self._put(_key(path), self.get(path), record)

    def _put(self, key: bytes, before: Cid | None, record: RecordLike) -> Cid:
        """Put a record in place of the one that stands at a key, or of none."""
        if not 0 < len(key) <= limits.LONG_KEY:
            size, most = count_text(len(key), "byte"), f"{limits.LONG_KEY:,}"
            raise KeyNotAllowed(f"a key has 1 to {most} bytes, not {size}")
        data = None
        if not isinstance(record, Cid):
            data = record if isinstance(record, bytes) else dagcbor.encode({**record})
            record = Cid.for_block(data)
        self._take(self._trees[-1].put(key, record), RecordChange(key, before, record))
        if data is not None:
            self._records[record] = data
        return record

    def delete(self, path: str | bytes) -> Cid:
        """Take a record out, and return its CID.

        Raises:
            KeyNotThere: There is none.
            NodeUnusable: A node that must be opened is missing or broken.
        """
        key = _key(path)
        before = self.get(key)
        if before is None:
            raise KeyNotThere(f"the tree has no record at {_name(path)}")
        self._take(self._trees[-1].delete(key), RecordChange(key, before, None))
        return before

    def undo(self) -> RecordChange | None:
        """Undo the last change, and return it; None if there is none."""
        if not self._changes:
            return None
        self._trees.pop()
        self._new = None
        return self._changes.pop()

    def reset(self) -> None:
        """Undo all changes."""
        del self._trees[1:], self._changes[:]
        self._new = None

    def _take(self, tree: PartialTree, change: RecordChange) -> None:
        self._trees.append(tree)
        self._changes.append(change)
        self._new = None

    # What changed

    def changes(self) -> tuple[RecordChange, ...]:
        """Return what differs from the tree that it began with, in key order.

        A key that is again what it was is not among them.
        """
        first: dict[bytes, Cid | None] = {}
        last: dict[bytes, Cid | None] = {}
        for key, before, after in self._changes:
            first.setdefault(key, before)
            last[key] = after
        return tuple(
            RecordChange(key, first[key], last[key])
            for key in sorted(first)
            if first[key] != last[key]
        )

    def delta(self) -> TreeDelta:
        """Return which nodes changed, and the blocks that a commit would send.

        Raises:
            NodeUnusable: A node that such a commit would send is missing or broken.
        """
        return delta_between(
            self.base.top,
            self,
            self._opened,
            self._new_nodes(),
            self.changes(),
            self._records,
        )

    def _new_nodes(self) -> dict[Cid, bytes]:
        if self._new is None:
            self._new = self._trees[-1].new_nodes()
        return self._new

    def _read_base(self, cid: Cid) -> bytes | None:
        data = self._opened.get(cid)
        if data is None:
            data = self.base.read(cid)
            if data is not None:
                self._opened[cid] = data
        return data


def _key(path: str | bytes) -> bytes:
    return path if isinstance(path, bytes) else path.encode()


def _name(path: str | bytes) -> str:
    return ascii(path if isinstance(path, str) else path_of(path))
