"""Build the one canonical tree of a set of keys.

Keys come in ascending order and every node is emitted as soon as it is
complete, so memory grows with the depth of the tree, not with the number of
keys.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.cid import Cid
from repoview.core.errors import MstError
from repoview.core.formats.mst import Entry, Node, encode_node, key_depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _Level:
    """The node being filled at one depth."""

    __slots__ = ("entries", "left")

    def __init__(self) -> None:
        self.left: Cid | None = None
        self.entries: list[Entry] = []

    def attach(self, child: Cid) -> None:
        """Hang a finished sub-tree behind the last entry."""
        if self.entries:
            self.entries[-1] = self.entries[-1]._replace(tree=child)
        else:
            self.left = child


class TreeBuilder:
    """Builds a tree from ascending keys.

    Args:
        emit: Called with every node, children before parents; None if only the
            top's CID is wanted.
    """

    def __init__(self, emit: Callable[[Cid, bytes], None] | None = None) -> None:
        self._emit = emit
        self._levels: list[_Level] = []
        self._last: bytes | None = None

    def add(self, key: bytes, value: Cid) -> None:
        """Add a key, which must be greater than all before.

        Raises:
            MstError: It is not.
        """
        if self._last is not None and key <= self._last:
            raise MstError(f"the key {key!r} does not ascend", offset=0)
        self._last = key
        depth = key_depth(key)
        while len(self._levels) <= depth:
            self._levels.append(_Level())
        for lower in range(depth):
            self._close(lower)
        self._levels[depth].entries.append(Entry(key, value))

    def finish(self) -> Cid:
        """Emit the nodes that are left, and return the top's CID."""
        if not self._levels:
            return self._write(_Level())
        for lower in range(len(self._levels) - 1):
            self._close(lower)
        return self._write(self._levels[-1])

    def _close(self, depth: int) -> None:
        """Finish the node at *depth*: its parent stands one higher."""
        level = self._levels[depth]
        if level.entries or level.left is not None:
            self._levels[depth + 1].attach(self._write(level))
            self._levels[depth] = _Level()

    def _write(self, level: _Level) -> Cid:
        data = encode_node(Node(level.left, level.entries))
        cid = Cid.for_block(data)
        if self._emit is not None:
            self._emit(cid, data)
        return cid


def build_tree(
    entries: Iterable[tuple[bytes, Cid]],
    emit: Callable[[Cid, bytes], None] | None = None,
) -> Cid:
    """Build the tree of *entries*, whose keys ascend, and return its top's CID.

    Raises:
        MstError: A key is not greater than the one before.
    """
    builder = TreeBuilder(emit)
    for key, value in entries:
        builder.add(key, value)
    return builder.finish()
