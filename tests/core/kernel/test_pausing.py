"""Facts about a block index that is asked to stop while something takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.errors import Cancelled, SourceError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.kernel import kernel
from repoview.core.marks import State
from repoview.core.source.cancel import Cancel
from repoview.corpus.car import Section
from repoview.corpus.cbor import cid_of

if TYPE_CHECKING:
    from pathlib import Path


def test_whoever_wants_it_to_end_is_heard_while_an_index_is_sealed(
    tmp_path: Path,
) -> None:
    """What is raised comes out, and no file is left."""
    cancel = Cancel()
    index = kernel.BlockIndex(1, 1, 0, str(tmp_path), cancel.check)
    sections = b"".join(
        Section(cid_of(block), block).written
        for block in map(dagcbor.encode, range(3_000))
    )
    cancel.ask()
    with pytest.raises(Cancelled):
        kernel.scan(index, sections, 0)
    assert not list(tmp_path.iterdir())


def end() -> None:
    """Raise what a key of the keyboard does."""
    raise KeyboardInterrupt


def test_whoever_wants_it_to_end_is_heard_where_all_is_sealed_at_once(
    tmp_path: Path,
) -> None:
    """And what is raised is what comes out, whatever it is."""
    index = kernel.BlockIndex(pause=end)
    index.add(cid_of(b"\xa0"), 0, 1, State.SOUND)
    with pytest.raises(KeyboardInterrupt):
        index.seal(str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_rows_that_were_on_their_way_to_disk_are_not_taken_for_none(
    tmp_path: Path,
) -> None:
    """They are where they were, or it is told that they were lost."""
    index = kernel.BlockIndex(pause=end)
    index.add(cid_of(b"\xa0"), 0, 1, State.SOUND)
    with pytest.raises(KeyboardInterrupt):
        index.seal(str(tmp_path))
    if kernel.NAME == "python":
        assert index.find(cid_of(b"\xa0")) == 0
        return
    for ask in (
        lambda: index.find(cid_of(b"\xa0")),
        lambda: index.offset(0),
        lambda: index.pack(0, 1),
        lambda: kernel.tally(index),
    ):
        with pytest.raises(SourceError, match="left half written"):
            ask()


def test_whoever_wants_it_to_end_is_heard_while_marks_are_counted() -> None:
    """The index is unchanged."""
    if kernel.NAME == "python":
        pytest.skip("it looks at many marks at once")
    index = kernel.BlockIndex(pause=end)
    index.add(cid_of(b"\xa0"), 7, 1, State.SOUND)
    with pytest.raises(KeyboardInterrupt):
        kernel.tally(index)
    assert index.offset(0) == 7
