"""Facts about the bytes of records in a row, against one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.index import size_index
from repoview.core.index.size_index import SizeIndex
from repoview.core.repo.inside import inside
from tests.core.repos import make_repo, many


@given(st.integers(0, 60), st.integers(0, 90), st.data())
def test_any_records_in_a_row_have_the_bytes_of_each(
    count: int, missing: int, data: st.DataObject
) -> None:
    """However many are counted together, and whether they are all there."""
    repo = Repo.load(make_repo(many(count), leave_out=missing))
    sizes = [record.size or 0 for record in repo.records()]
    start = data.draw(st.integers(0, len(sizes)))
    stop = data.draw(st.integers(start, len(sizes)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size_index, "_TOGETHER", data.draw(st.integers(1, 9)))
        patch.setattr(size_index, "_AT_ONCE", data.draw(st.integers(1, 3)))
        counted = SizeIndex(inside(repo).index, inside(repo).blocks)
        seen = {counted.between(start, stop)}
        while counted.count_more():
            seen.add(counted.between(start, stop))
        assert counted.is_counted
        assert counted.between(start, stop) == sum(sizes[start:stop])
        assert seen <= {None, sum(sizes[start:stop])}


def test_few_records_are_counted_at_once() -> None:
    """Without counting all first."""
    repo = Repo.load(make_repo(many(30)))
    counted = SizeIndex(inside(repo).index, inside(repo).blocks)
    assert counted.between(3, 20) == sum(repo.record(n).size or 0 for n in range(3, 20))
