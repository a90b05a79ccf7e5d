"""Facts about where the bytes of keys stand in a node."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.formats.key_bytes import KeyBytes
from repoview.core.formats.mst import Entry, Node, common_prefix, encode_node
from repoview.core.formats.node_faults import recover_node

WITHOUT_KERNEL = True

CID = Cid.for_block(b"")


@given(st.sets(st.binary(min_size=1, max_size=9), min_size=1, max_size=9))
def test_every_byte_of_every_key_is_found(keys: set[bytes]) -> None:
    """Also those that only an entry before has."""
    data = encode_node(Node(None, [Entry(key, CID) for key in sorted(keys)]))
    recovered, _ = recover_node(data, 0, CID)
    assert recovered is not None
    places = KeyBytes(data, recovered.slots)
    before = b""
    for index, key in enumerate(sorted(keys)):
        for place, byte in enumerate(key):
            at = places.at(index, place)
            assert at is not None
            assert data[at] == byte
        first = places.at(index)
        assert first is not None
        own = key[common_prefix(before, key) :]
        assert data[first : first + len(own)] == own
        before = key


def test_a_key_in_pieces_is_not_found() -> None:
    """Where its bytes stand is not plain."""
    whole = encode_node(Node(None, [Entry(b"a.b.c/de", CID)]))
    data = whole.replace(b"\x48a.b.c/de", b"\x5f\x46a.b.c/\x42de\xff")
    recovered, _ = recover_node(data, 0, CID)
    assert recovered is not None
    assert recovered.slots[0].key == b"a.b.c/de"
    assert KeyBytes(data, recovered.slots).at(0) is None
