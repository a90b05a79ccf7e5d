"""A new tree of all records whose keys are known, under an unsigned commit.

Keys that the tree reaches keep their records; keys that only detached nodes say
are added where the tree lost them. The commit names the account and the revision
of the one that was found, and has no `sig`: nobody signed this state, and every
reader that looks says so. Without a commit there is no account to name, and the
top node is the root.
"""

from __future__ import annotations

from array import array
from itertools import groupby
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, Cid
from repoview.core.closing import Closing
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst_build import TreeBuilder, build_tree
from repoview.core.kernel import kernel
from repoview.core.load.result import Progress
from repoview.core.marks import STATE, State
from repoview.core.salvage.key_sort import memory_for_sort
from repoview.core.salvage.rows import AT_ONCE
from repoview.core.storage.sorted_bytes import SortedBytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.opening.room import Room

_ROW: Final = 4
"""Bytes of a row behind a key and a zero."""


class RebuiltTree(Closing):
    """One new tree; closing frees what it was sorted in.

    Args:
        blocks: Of the source.
        entries: Keys without zeros and the rows of their records, in any order;
            of a key that comes twice, the smaller row counts.
        commit: The one that was found.
        room: What may be taken of memory and disk.
        report: Told of the keys that were sorted; what it raises ends it.

    Raises:
        LimitExceeded: There is more to sort than may be kept.
        SourceError: The source cannot be read, or was changed.
    """

    def __init__(
        self,
        blocks: Blocks,
        entries: Iterable[tuple[bytes, int]],
        commit: Commit | None,
        room: Room,
        report: Callable[[Progress], None],
    ) -> None:
        self._blocks = blocks
        self._sorted = SortedBytes(memory_for_sort(room), room.folder, room.disk)
        self.keys = 0
        """How many it has."""
        try:
            for number, (key, row) in enumerate(entries):
                if number % AT_ONCE == 0:
                    report(Progress("keys", number, 0, number))
                self._sorted.add(key + b"\0" + row.to_bytes(_ROW, "big"))
            self.top = build_tree(self._counted())
        except BaseException:
            self.close()
            raise
        self.commit: tuple[Cid, bytes] | None = None
        """CID and data of the new commit; None where no account is known."""
        if commit is not None and commit.did is not None:
            fields: dict[str, Value] = {
                "did": commit.did,
                "version": 3,
                "data": self.top,
                "prev": None,
            }
            if commit.rev is not None:
                fields["rev"] = commit.rev
            data = dagcbor.encode(fields)
            self.commit = Cid.for_block(data), data

    @property
    def root(self) -> Cid:
        """The commit, or the top node where there is none."""
        return self.top if self.commit is None else self.commit[0]

    def new_blocks(self) -> Iterator[tuple[Cid, bytes]]:
        """Yield the commit, and the nodes that the source does not have."""
        if self.commit is not None:
            yield self.commit
        made: list[tuple[Cid, bytes]] = []
        builder = TreeBuilder(lambda cid, data: made.append((cid, data)))
        for key, value in self._entries():
            builder.add(key, value)
            yield from self._new(made)
            made.clear()
        builder.finish()
        yield from self._new(made)

    def _new(self, made: list[tuple[Cid, bytes]]) -> Iterator[tuple[Cid, bytes]]:
        blocks = self._blocks
        for cid, data in made:
            row = blocks.find(cid.raw)
            if row < 0 or blocks.index.mark(row) & STATE == State.WRONG_HASH:
                yield cid, data

    def _counted(self) -> Iterator[tuple[bytes, Cid]]:
        for entry in self._entries():
            self.keys += 1
            yield entry

    def _entries(self) -> Iterator[tuple[bytes, Cid]]:
        """Yield the keys, ascending, with the CIDs of their records."""
        keys: list[bytes] = []
        rows = array("I")
        for key, items in groupby(self._sorted, lambda item: item[: -_ROW - 1]):
            keys.append(key)
            rows.append(int.from_bytes(next(items)[-_ROW:], "big"))
            if len(keys) == AT_ONCE:
                yield from zip(keys, self._cids(rows), strict=True)
                keys, rows = [], array("I")
        yield from zip(keys, self._cids(rows), strict=True)

    def _cids(self, rows: array[int]) -> list[Cid]:
        found = kernel.cids_of(self._blocks, rows)
        if found is None:
            # Something is wrong with the source: say what.
            return [self._blocks.cid(row) for row in rows]
        places = range(0, len(found), CID_BYTES)
        return [Cid(found[at : at + CID_BYTES]) for at in places]

    def close(self) -> None:
        """Free memory and disk; closing twice is fine."""
        self._sorted.close()
