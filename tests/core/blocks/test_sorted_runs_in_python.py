"""Facts about a block index that went to disk, of the Python kernel alone.

What both kernels must answer then is in `test_sorted_runs`.
"""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.blocks import sorted_runs
from repoview.core.errors import SourceError
from repoview.core.kernel import pure
from repoview.core.limits import MiB
from repoview.core.marks import State
from repoview.corpus import CASES
from tests.core.blocks.test_sorted_runs import cid, small
from tests.core.kernel.test_twins import options_of, twin_with
from tests.fuzz.repositories import repositories
from tests.fuzz.twins import differences
from tests.strategies import examples

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them are about one kernel."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a test: nothing stays in it."""
    return tmp_path_factory.mktemp("spill")


def test_tags_with_one_first_half_are_told_apart(folder: Path) -> None:
    """They may fill several pages of a run; only chance can produce such tags."""
    tags = [b"\1" * 8 + n.to_bytes(8, "big") for n in range(0, 1_000, 2)]
    runs = sorted_runs.SortedRuns(str(folder))
    pairs = [sorted_runs.pair_of(bytearray(tag), n) for n, tag in enumerate(tags)]
    runs.absorb(pairs, len(tags))
    assert [runs.find(tag) for tag in tags] == list(range(500))
    others = [b"\1" * 8 + n.to_bytes(8, "big") for n in range(1, 1_000, 2)]
    assert {runs.find(tag) for tag in others} == {-1}


def test_bytes_of_two_entries_are_no_tag(folder: Path) -> None:
    """What looks like one where no pair begins is passed over."""
    tag = bytes(range(1, 17))
    before = bytearray(bytes(4) + tag[:12])
    pairs = [
        sorted_runs.pair_of(before, int.from_bytes(tag[12:], "big")),
        sorted_runs.pair_of(bytearray(tag), 7),
    ]
    assert b"".join(pairs).index(tag) == 4
    runs = sorted_runs.SortedRuns(str(folder))
    runs.absorb(pairs, 2)
    assert runs.find(tag) == 7


def test_there_are_few_runs(folder: Path) -> None:
    """However often something is sealed: small ones are taken into new ones."""
    index = pure.BlockIndex(0, spill=str(folder))
    with small():
        for number in range(2_000):
            index.add(cid(number), number, 1, State.SOUND)
    runs = index._tags._sealed._runs  # type: ignore[union-attr]  # noqa: SLF001 (it is not public)
    assert len(runs) <= 6
    assert sum(map(len, runs)) == 2_000


@pytest.mark.unmeasured
def test_an_index_in_python_takes_what_it_says(folder: Path) -> None:
    """To within a fourth part, once it is on disk; sealing needs little more."""
    index = pure.BlockIndex(700_000, spill=str(folder))
    tracemalloc.start()
    try:
        for number in range(20_000):
            index.add(cid(number), number, 1, State.SOUND)
        gc.collect()
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert index.disk_used > 0
    assert held <= index.bytes_used * 1.25
    # A MiB of a column is written at a time.
    assert peak <= 1.25 * 700_000 + MiB


@pytest.mark.unmeasured
def test_copies_that_do_not_hash_go_to_disk(folder: Path) -> None:
    """Of one block there can be millions, though it has one row."""
    index = pure.BlockIndex(1_000_000, spill=str(folder))
    for offset in range(100_000):
        index.add(cid(1), offset, 3, State.WRONG_HASH)
        assert offset % 500 or index.bytes_used <= 1_200_000
    assert index.disk_used > 1_000_000
    tally = pure.tally(index)
    assert tally.bad_copies_unlinked.total == 99_999
    assert list(index.copies())[-1] == (0, 99_999, 3)


def sealing(every: int, folder: Path) -> type[pure.BlockIndex]:
    """Return an index that goes to disk after so many rows, again and again."""

    class Sealing(pure.BlockIndex):
        def _look(self, count: int) -> None:
            del count
            if len(self) % every == 0:
                self.seal(str(folder))

    return Sealing


@examples(60)
@given(repositories(), st.sampled_from((1, 2, 7, 30)))
def test_generated_repositories_are_read_the_same(
    folder: Path, data: bytes, every: int
) -> None:
    """Of every shape, sound or not: with findings, counts, CIDs, and marks."""
    with small():
        twin = twin_with(BlockIndex=sealing(every, folder))
        assert not differences(data, twin)


@pytest.mark.unmeasured
def test_broken_files_are_broken_the_same(folder: Path) -> None:
    """A fourth of the small cases of the corpus, some of each family."""
    twin = twin_with(BlockIndex=sealing(3, folder))
    for case in CASES[::4]:
        if len(data := case.build().data) < 20_000:
            assert not differences(data, twin, **options_of(case)), case.id


def test_a_disk_that_takes_nothing_changes_nothing(tmp_path: Path) -> None:
    """What could not be written is in memory as before."""
    (tmp_path / "file").touch()
    index = pure.BlockIndex()
    for number in range(10):
        index.add(cid(number), number, 1, State.SOUND)
    with pytest.raises(SourceError):
        index.seal(str(tmp_path / "file" / "folder"))
    index.add(cid(10), 10, 1, State.SOUND)
    assert [index.find(cid(number)) for number in range(12)] == [*range(11), -1]
