"""Trees in memory that count what is read of them, for tests of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.formats.mst_build import build_tree
from tests.vectors import vector

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DEEP = b"app.bsky.feed.post/9adeb165882c"
"""A key of depth 8."""

keys = st.binary(min_size=1, max_size=2) | st.sampled_from(
    [DEEP, b"app.bsky.feed.post/454397e440ec", b"key515", b"blue", b"key7"]
)
cids = st.binary(max_size=1).map(Cid.for_block)
contents = st.dictionaries(keys, cids, max_size=80)
edits = st.dictionaries(keys, st.none() | cids, max_size=12)


def after_of(
    before: Mapping[bytes, Cid], changes: Mapping[bytes, Cid | None]
) -> dict[bytes, Cid]:
    """Return the records with some of them set, and some taken out."""
    return {k: v for k, v in {**before, **changes}.items() if v is not None}


class MadeTree:
    """A tree in memory: its nodes by CID, and the CIDs that were asked for.

    Args:
        top: The CID of the top node.
        nodes: Bytes by CID.
    """

    def __init__(self, top: Cid, nodes: Mapping[Cid, bytes]) -> None:
        self.top = top
        self.nodes = nodes
        self.asked: list[Cid] = []

    @classmethod
    def of(cls, entries: Mapping[bytes, Cid]) -> MadeTree:
        """Return the tree of some records."""
        nodes: dict[Cid, bytes] = {}
        top = build_tree(sorted(entries.items()), nodes.__setitem__)
        return cls(top, nodes)

    @classmethod
    def of_suite(cls, path: str) -> MadeTree:
        """Return a tree of the MST suite, by the path that its cases have."""
        name = path.rpartition("/")[2]
        data = vector(f"mst-suite/cars/{name}").read_bytes()
        header, _ = read_header(data, offset=0, available=len(data))
        assert header is not None
        found = sections(data[header.end :], offset=header.end)
        blocks = {each.cid: data[each.data_offset : each.end] for each in found}
        return cls(header.roots[0], blocks)

    def read(self, cid: Cid) -> bytes | None:
        """Return a node, and note that it was asked for."""
        self.asked.append(cid)
        return self.nodes.get(cid)

    def without(self, gone: Collection[Cid]) -> MadeTree:
        """Return the same tree with some nodes missing."""
        there = {cid: data for cid, data in self.nodes.items() if cid not in gone}
        return MadeTree(self.top, there)

    def only(self, kept: Collection[Cid]) -> MadeTree:
        """Return the same tree with no other nodes than these."""
        return self.without({cid for cid in self.nodes if cid not in kept})
