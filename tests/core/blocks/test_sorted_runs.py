"""Facts about a block index on disk: only its size differs from one in memory."""

from __future__ import annotations

import gc
import os
from array import array
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repoview
from repoview.core.blocks import block_index, row_columns, sorted_runs
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX
from repoview.core.errors import Cancelled, SourceError
from repoview.core.kernel import kernel
from repoview.core.limits import MiB
from repoview.core.marks import NO_ROW, NODE, RECORD, State
from repoview.core.opening import budget
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.opening.opening import Opening
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.room import Room
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.source.cancel import Cancel
from repoview.core.source.source import MemorySource
from repoview.core.storage import columns, page_cache
from repoview.sample import write_sample
from tests.core.opened import opened
from tests.fuzz.twins import everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.blocks.block_index import BlockIndex

KEY: Final = bytes(range(16))

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="the machine does not tell"
)


def cid(number: int, prefix: bytes = PLAIN_PREFIX) -> bytes:
    """Return the CID of a block."""
    return prefix + sha256(b"%d" % number).digest()


def facts(index: BlockIndex) -> dict[str, object]:
    """Return all that an index tells."""
    rows = range(len(index))
    return {
        "found": [index.find(cid(n)) for n in range(90)],
        "raw": [index.find(cid(n, RAW_PREFIX)) for n in range(0, 90, 7)],
        "rows": [
            (
                index.offset(row),
                index.length(row),
                index.mark(row),
                index.type_of(row),
                index.data_offset(row),
            )
            for row in rows
        ],
        "lengths": index.lengths(array("I", [*rows, NO_ROW])),
        "columns": [index.rows(first, 7) for first in (0, 3, 50)],
        "copies": list(index.copies()),
        "packed": [index.pack(start, 9) for start in range(0, len(index) + 9, 9)],
        "at": [index.row_at(offset) for offset in range(0, 5_000, 100)],
        "greatest": index.greatest_offset(),
        "counts": (index.sections, index.duplicates, index.duplicate_bytes),
        "tally": kernel.tally(index),
        "used": index.bytes_used,
    }


@contextmanager
def small() -> Iterator[None]:
    """Let few rows fill pages, pieces and runs; the compiled kernel has its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_cache, "PIECE", 64)
        patch.setattr(columns, "PIECE", 64)
        patch.setattr(columns, "_WRITTEN", 192)
        patch.setattr(sorted_runs, "_PAGE", 3 * 20)
        patch.setattr(block_index, "_CHECK_EVERY", 1)
        patch.setattr(row_columns, "_MARKS", 5)
        yield


STEPS = st.lists(
    st.tuples(
        st.integers(0, 80),
        st.sampled_from(State),
        st.sampled_from(("", "a.b.c", "a.b.d", "x" * 999)),
        st.sampled_from(("add", "add", "add", "raw", "mark", "pad", "seal")),
    ),
    max_size=150,
)
"""What is done to an index, one after the other."""


def do(index: BlockIndex, steps: list[Any], folder: Path | None) -> None:
    """Do it; to seal only where there is a folder."""
    for offset, (number, state, name, what) in enumerate(steps):
        row = index.find(cid(number))
        if what == "seal":
            if folder is not None:
                index.seal(str(folder))
        elif what in {"add", "raw"}:
            is_raw = what == "raw"
            named = cid(number, RAW_PREFIX if is_raw else PLAIN_PREFIX)
            typed = "" if is_raw else name
            index.add(named, 100 * offset, number, state, typed)
        elif row >= 0 and what == "mark":
            index.add_mark(row, RECORD if number % 3 else NODE)
        elif row >= 0:
            index.set_padded(row, 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a test: nothing stays in it."""
    return tmp_path_factory.mktemp("spill")


@given(STEPS)
def test_an_index_on_disk_answers_as_one_in_memory(
    folder: Path, steps: list[Any]
) -> None:
    """Sealed whenever and however often, and changed afterwards."""
    with small():
        one = kernel.BlockIndex.restored(KEY, MiB)
        other = kernel.BlockIndex.restored(KEY, MiB)
        do(one, steps, None)
        do(other, steps, folder)
        expected, found = facts(one), facts(other)
    # The compiled kernel tells exactly what one on disk takes.
    del expected["used"], found["used"]
    assert found == expected
    assert not list(folder.iterdir())


@given(STEPS, st.integers(0, 3_000))
def test_packed_rows_fill_an_index_on_disk(
    folder: Path, steps: list[Any], budget: int
) -> None:
    """As the cache gives them back, and whatever it may take."""
    with small():
        one = kernel.BlockIndex.restored(KEY, MiB)
        do(one, steps, folder)
        again = kernel.BlockIndex.restored(KEY, budget, str(folder))
        for start in range(0, len(one), 10):
            again.unpack(one.pack(start, 10))
        assert again.pack(0, len(one)) == one.pack(0, len(one))
        found, expected = ([i.find(cid(n)) for n in range(90)] for i in (again, one))
        assert found == expected


# Its size


@pytest.mark.unmeasured
def test_an_index_that_may_spill_keeps_its_budget(folder: Path) -> None:
    """Whatever it holds; the disk has the rest."""
    index = kernel.BlockIndex(1_000_000, spill=str(folder))
    for number in range(70_000):
        index.add(cid(number), number, 1, State.SOUND)
        # Between two looks, rows come and the table grows.
        assert number % 500 or index.bytes_used <= 1_200_000
    assert index.disk_used > 1_000_000
    assert [index.find(cid(number)) for number in (0, 39_999, 69_999)] == [
        0,
        39_999,
        69_999,
    ]


def test_a_disk_that_takes_nothing_is_told_of(tmp_path: Path) -> None:
    """By the error that the command line knows."""
    (tmp_path / "file").touch()
    index = kernel.BlockIndex()
    index.add(cid(1), 0, 3, State.SOUND)
    with pytest.raises(SourceError, match="cannot keep the index on disk"):
        index.seal(str(tmp_path / "file" / "folder"))


# Whole repositories

ROOM: Final = 7 * MiB // 8
"""Memory that the sample fits in, but for its index."""


@cache
def written(order: str, records: int = 5_000) -> bytes:
    """Return a sample whose blocks stand in *order*."""
    out = bytearray()
    write_sample(out.extend, records, order=order)  # type: ignore[arg-type]  # one of two
    return bytes(out)


def comparable(repo: Repo) -> dict[str, Any]:
    """Return all that is known of a repository, but where it is kept."""
    found: dict[str, Any] = everything(repo)
    for name in ("budget", "bytes_used"):
        del found["blocks"][name]
    del found["records"]["bytes"]
    return found


@pytest.mark.unmeasured
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_a_small_memory_changes_no_answer(
    order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is on disk, on either kernel, and is removed when it is not needed."""
    with Repo.load(written(order)) as repo:
        expected = comparable(repo)
    monkeypatch.setattr(budget, "SPILL_FROM", 0.1)
    room = Room(ROOM, lambda: str(tmp_path))
    with opened(written(order), room=room) as repo:
        assert inside(repo).blocks.index.disk_used > 0
        assert comparable(repo) == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.unmeasured
@pytest.mark.parametrize(("limit", "records"), [(600_000, False), (900_000, True)])
def test_what_reached_its_limit_goes_on_with_the_disk(
    limit: int, records: bool, tmp_path: Path
) -> None:
    """Also in the walk, where nothing comes that would have the index look."""
    data = written("cid-descending", 12_000)
    with Repo.load(data) as repo:
        expected = comparable(repo)
    with pytest.raises(MemoryLimitReached) as reached:
        repoview.open(data, mem_limit=limit)
    begun = reached.value._opening  # noqa: SLF001 (how far it came)
    assert bool(begun.known.records) is records
    with reached.value.resume(spill=tmp_path) as repo:
        assert inside(repo).blocks.index.disk_used > 0
        assert comparable(repo) == expected


def test_a_disk_limit_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read by then is told of (LIM001)."""
    monkeypatch.setattr(budget, "SPILL_FROM", 0.1)
    room = Room(ROOM, lambda: str(tmp_path), 125_000)
    with opened(written("cid-descending"), room=room) as repo:
        assert inside(repo).blocks.index.disk_used > 0
        limits = [each for each in repo.report.findings if each.code == "LIM001"]
    assert "give it more with --disk-limit" in limits[0].message


def open_files(folder: Path) -> list[str]:
    """Return the files there that this process has open, by what they were."""
    links = []
    for each in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(each))  # noqa: PTH115 (as the machine tells it)
        except FileNotFoundError:
            continue
    return [link for link in links if link.startswith(str(folder))]


@needs_proc
def test_nothing_is_left_of_a_reading_that_was_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even in the folder's own depths: its files are closed."""
    monkeypatch.setattr(budget, "SPILL_FROM", 0.1)
    cancel = Cancel()
    went: list[int] = []
    whole = Opening(
        MemorySource("sample", written("cid-descending")),
        OpenOptions(room=Room(ROOM, lambda: str(tmp_path))),
        cancel,
    )

    def end_it(_: object, index: BlockIndex = whole.known.blocks.index) -> None:
        went.append(index.disk_used)
        if went[-1]:
            assert open_files(tmp_path)
            cancel.ask()

    with pytest.raises(Cancelled):
        whole.run(end_it)
    assert went[-1] > 0
    assert not list(tmp_path.iterdir())
    del whole, end_it
    gc.collect()
    assert open_files(tmp_path) == []
