"""Facts about a source that is lent: it says what its owner's says, and stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.source.lent import LentSource
from repoview.core.source.source import MemorySource
from repoview.core.source.spool import Spool
from repoview.core.source.stream import StreamSource

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_KERNEL = True

DATA = bytes(range(256)) * 40


def test_it_says_what_the_other_says() -> None:
    """Of its bytes, its size, and whether it was changed."""
    lent = LentSource(MemorySource("a.car", DATA, packed="gzip", fault="cut"))
    assert (lent.name, lent.size, lent.packed) == ("a.car", len(DATA), "gzip")
    assert (lent.expected, lent.fault) == (len(DATA), "cut")
    assert lent.read_at(300, 9) == DATA[300:309]
    assert not lent.changed()


def test_who_closes_it_leaves_the_other_open() -> None:
    """Its owner closes that."""
    owned = MemorySource("a.car", DATA)
    LentSource(owned).close()
    assert owned.read_at(0, 3) == DATA[:3]


def test_it_grows_as_a_stream_comes(tmp_path: Path) -> None:
    """In memory or, once that is asked for, on disk."""
    pieces = (DATA[at : at + 1_000] for at in range(0, len(DATA), 1_000))
    owned = StreamSource("a stream", pieces, Spool(None))
    lent = LentSource(owned)
    assert (lent.size, lent.ended) == (0, False)
    lent.reach(2_500)
    assert lent.size >= 2_500
    lent.spill(lambda: str(tmp_path))
    lent.reach(len(DATA) + 1)
    assert (lent.size, lent.ended) == (len(DATA), True)
    assert lent.read_at(9_000, 500) == DATA[9_000:9_500]
    owned.close()
