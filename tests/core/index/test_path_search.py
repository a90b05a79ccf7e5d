"""Facts about paths that are held in memory to be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.key import collection_of
from repoview.core.index import path_search
from repoview.core.index.path_search import Paths
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from tests.core.index.test_records import index_of
from tests.core.repos import make_repo, many
from tests.strategies import examples, keys

if TYPE_CHECKING:
    from pathlib import Path

ODD_KEYS = st.text("ab./", max_size=8).map(str.encode)


@examples(150)
@given(st.sets(keys() | ODD_KEYS, min_size=1, max_size=40), st.data())
def test_they_are_found_as_in_the_index(found: set[bytes], draw: st.DataObject) -> None:
    """Whatever part of a key is looked for, in any range."""
    index = index_of(sorted(found))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path_search, "_AT_ONCE", 3)
        held = Paths(index)
    key = draw.draw(st.sampled_from(sorted(found)))
    slash = max(key.find(b"/"), 0)
    start = draw.draw(st.integers(0, slash))
    stop = draw.draw(st.integers(start, len(key)))
    first = draw.draw(st.integers(0, len(index)))
    last = draw.draw(st.integers(first, len(index)))
    for needle in (key[start:stop], key[slash:stop], collection_of(key), b"", b"a/"):
        expected = index.search(needle, first, last)
        assert held.search(needle, first, last) == expected


def test_what_is_on_disk_is_held(tmp_path: Path) -> None:
    """And searched as before."""
    with Repo.load(make_repo(many(90))) as repo:
        before = [repo.search(needle) for needle in ("", "kind1/0", "00", "zz")]
        inside(repo).index.spill(str(tmp_path))
        inside(repo).paths.hold()
        inside(repo).index.close()
        assert [repo.search(needle) for needle in ("", "00", "zz")] == [
            before[0],
            *before[2:],
        ]


def test_a_needle_across_the_slash_is_found_in_order() -> None:
    """Beside keys that have all of it in their second part."""
    keys = [b"a.b/0b/1", b"a.b/10", b"a.b/12b/1", b"a.b/2", b"a.b/3b/1", b"b/1"]
    index = index_of(keys)
    held = Paths(index)
    assert list(held.search(b"b/1", 0, 6)) == [0, 1, 2, 4, 5]
    assert list(held.search(b"b/1", 2, 4)) == [2]


def test_what_was_held_can_be_dropped(tmp_path: Path) -> None:
    """The index answers again, and says that it is closed."""
    with Repo.load(make_repo(many(9))) as repo:
        inside(repo).index.spill(str(tmp_path))
        inside(repo).paths.hold()
        assert len(repo.search("kind1")) == 3
        inside(repo).paths.drop()
        assert len(repo.search("kind1")) == 3


def test_what_is_in_memory_is_not_held_twice() -> None:
    """It is fast enough as it is."""
    with Repo.load(make_repo(many(3))) as repo:
        inside(repo).paths.hold()
        inside(repo).index.keys = bytearray(len(inside(repo).index.keys))
        assert not repo.search("00")


def test_keys_out_of_order_are_not_held() -> None:
    """Nor are those of a million collections."""
    assert not Paths.can_hold(index_of([b"a.b/2", b"a.b/1"]))
    assert not Paths.can_hold(index_of([f"a.b{n:04}/1".encode() for n in range(1_001)]))
    assert Paths.can_hold(index_of([b"a.b/1", b"a.b/2"]))
