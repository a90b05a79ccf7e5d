"""Facts about the bytes that no whole section covers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.kernel import kernel
from repoview.core.load import gaps as gaps_module
from repoview.core.load.gaps import gaps
from repoview.core.marks import State
from repoview.corpus.cbor import DAG_CBOR, cid_of

HEAD = 1 + 36
"""Bytes of length and CID of a small section."""


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.booleans())),
    st.integers(0, 2),
    st.integers(1, 5),
)
def test_what_is_left_between_whole_sections_is_a_gap(
    sections: list[tuple[int, int, bool]], behind: int, run: int
) -> None:
    """However many rows are looked at together: each byte is in one or the other."""
    index, offset = kernel.BlockIndex(), 0
    lost: set[int] = set()
    for number, (before, length, is_whole) in enumerate(sections):
        lost.update(range(offset, offset + before))
        offset += before
        end = offset + HEAD + length
        if not is_whole:
            lost.update(range(offset, end))
        state = State.SOUND if is_whole else State.WRONG_HASH
        index.add(cid_of(b"%d" % number, DAG_CBOR), offset, length, state)
        offset = end
    index.settle()
    lost.update(range(offset, offset + behind))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gaps_module, "_RUN", run)
        found = list(gaps(index, 0, offset + behind))
    assert [byte for gap in found for byte in range(*gap)] == sorted(lost)
    assert all(end < start for (_, end), (start, _) in pairwise(found))
