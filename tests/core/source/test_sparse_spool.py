"""Facts about spools that leave bytes out."""

from __future__ import annotations

import itertools
import os
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import BlockMissing
from repoview.core.source import sparse_spool
from repoview.core.source.sparse_spool import SparseSpool

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_KERNEL = True

BYTES = bytes(range(256)) * 8


@st.composite
def cuts(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Return gaps in `BYTES`, ascending; some follow each other at once."""
    places = draw(st.lists(st.integers(0, len(BYTES)), max_size=20))
    places.sort()
    return [
        (a, b) for a, b in itertools.pairwise(places) if a < b and draw(st.booleans())
    ]


@given(cuts(), st.integers(1, 700), st.integers(0, 5), st.data())
def test_all_but_the_gaps_can_be_read(
    tmp_path_factory: pytest.TempPathFactory,
    gaps: list[tuple[int, int]],
    step: int,
    spill_at: int,
    data: st.DataObject,
) -> None:
    """Where it stood, in memory or on disk; what meets a gap is refused."""
    folder = tmp_path_factory.getbasetemp()
    few = data.draw(st.sampled_from((1, 2, 3, 256)))
    with closing(SparseSpool(None)) as kept, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse_spool, "_FENCED", few)
        fill(kept, gaps, step, spill_at, str(folder), data)
        reads = st.tuples(*[st.integers(0, len(BYTES) + 9)] * 2)
        for start, stop in data.draw(st.lists(reads, max_size=20)):
            length = max(0, stop - start)
            end = min(start + length, len(BYTES))
            if start < end and any(a < end and start < b for a, b in gaps):
                with pytest.raises(BlockMissing, match="not kept"):
                    kept.read_at(start, length)
            else:
                assert kept.read_at(start, length) == BYTES[start : start + length]


def fill(
    kept: SparseSpool,
    gaps: list[tuple[int, int]],
    step: int,
    spill_at: int,
    folder: str,
    data: st.DataObject,
) -> None:
    """Let `BYTES` come by, piece by piece, and leave the gaps out."""
    rest = list(gaps)
    for number, start in enumerate(range(0, len(BYTES), step)):
        if number == spill_at:
            kept.spill(lambda: folder)
        kept.append(BYTES[start : start + step])
        whole = [gap for gap in rest if gap[1] <= kept.size]
        if whole and data.draw(st.booleans()):
            kept.pass_by(whole[-1][1], whole)
            rest = rest[len(whole) :]
    kept.pass_by(len(BYTES), rest)
    assert kept.size == len(BYTES)


def test_a_gap_that_comes_later_is_known(tmp_path: Path) -> None:
    """Gaps that were looked at are remembered, until there are more of them."""
    with closing(SparseSpool(lambda: str(tmp_path))) as kept:
        kept.append(BYTES[:100])
        kept.pass_by(50, [(10, 20)])
        assert kept.read_at(30, 5) == BYTES[30:35]
        kept.pass_by(100, [(60, 70)])
        assert kept.read_at(80, 5) == BYTES[80:85]
        with pytest.raises(BlockMissing):
            kept.read_at(60, 5)


def test_what_is_left_out_takes_no_room(tmp_path: Path) -> None:
    """But for two dozen bytes, however many blocks follow each other."""
    for folder in (None, lambda: str(tmp_path)):
        kept = SparseSpool(folder)
        for number in range(1_000):
            kept.append(os.urandom(1_000))
            start = number * 1_000
            kept.pass_by(
                start + 1_000, [(start, start + 500), (start + 500, start + 1_000)]
            )
        assert kept.memory_used + kept.disk_used == 24
        assert kept.size == 1_000_000
        kept.close()
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_passes_by_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little of it waits; gaps that come too late leave nothing out."""
    monkeypatch.setattr(sparse_spool, "WAITING", 1_000)
    kept = SparseSpool(None)
    for start in range(0, len(BYTES), 100):
        kept.append(BYTES[start : start + 100])
    kept.pass_by(len(BYTES), [(10, 20), (len(BYTES) - 5, len(BYTES))])
    assert kept.read_at(0, len(BYTES) - 5) == BYTES[:-5]
    with pytest.raises(BlockMissing):
        kept.read_at(0, len(BYTES))
    kept.close()
