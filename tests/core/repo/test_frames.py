"""Facts about files that hold one event of the event stream, or many."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

import repoview
from repoview import CarError, NotFound, Repo
from repoview.core import limits
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.frames import following
from repoview.corpus import sample
from repoview.corpus.cases.frames import event, message
from repoview.corpus.repo import DID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACCOUNT = message("#account", {"seq": 8, "did": DID, "time": "", "active": True})
STREAM = [event().data, ACCOUNT, event(seq=9).data, ACCOUNT]
OPTIONS = OpenOptions(on_limit="leave")


def seen(target: Any) -> list[tuple[int, int, str, int]]:
    """Return number, offset, type and exit code of all frames of a source."""
    told = []
    with Repo.load(target) as first:
        for repo in (first, *following(first, OPTIONS)):
            frame = repo.frame
            assert frame is not None
            code = repo.report.exit_code
            told.append((frame.number, frame.offset, frame.type, code))
    return told


def pieces(data: bytes, size: int = 7) -> Any:
    """Return bytes as they come through a pipe."""
    return iter([data[at : at + size] for at in range(0, len(data), size)])


@pytest.mark.parametrize("make", [bytes, pieces, gzip.compress])
def test_frames_follow_one_another(make: Callable[[bytes], Any]) -> None:
    """Whatever they are read from, and each at its place."""
    starts = [len(b"".join(STREAM[:n])) for n in range(len(STREAM))]
    assert seen(make(b"".join(STREAM))) == [
        (1, starts[0], "#commit", 0),
        (2, starts[1], "#account", 0),
        (3, starts[2], "#commit", 0),
        (4, starts[3], "#account", 0),
    ]


def test_a_frame_behind_others_has_records_at_their_places() -> None:
    """Offsets count the bytes of the file."""
    data = b"".join(STREAM)
    with repoview.open(data, frame=3) as repo:
        record = repo.record(0)
        assert record.offset is not None
        assert record.offset > len(STREAM[0] + STREAM[1])
        assert record.data in data[record.offset : record.offset + record.size + 40]


def test_a_frame_is_chosen_by_its_number() -> None:
    """From 1."""
    data = b"".join(STREAM)
    for number, kind in enumerate(["#commit", "#account", "#commit", "#account"], 1):
        with repoview.open(data, frame=number) as repo:
            assert repo.frame is not None
            assert (repo.frame.number, repo.frame.type) == (number, kind)
            assert repo.frame.has_next == (number < 4)


def test_a_frame_that_is_not_there_is_not_found() -> None:
    """It says how many there are."""
    with pytest.raises(NotFound, match="has no frame 5: it has 4 frames"):
        repoview.open(b"".join(STREAM), frame=5)
    with pytest.raises(NotFound, match="holds no frames"):
        repoview.open(sample().car().data, frame=1)
    with pytest.raises(ValueError, match="counted from 1"):
        repoview.open(ACCOUNT, frame=0)


def test_a_broken_frame_is_the_last() -> None:
    """Where the next one begins is not known."""
    told = seen(STREAM[0] + STREAM[2][:-1])
    assert [(number, code) for number, _, _, code in told] == [(1, 0), (2, 14)]


def test_a_payload_of_another_kind_hides_no_frame_behind_it() -> None:
    """Its end is known."""
    told = seen(ACCOUNT[:16] + b"\x80" + ACCOUNT)
    assert [(number, code) for number, _, _, code in told] == [(1, 12), (2, 0)]


def test_to_insist_on_a_repository_takes_an_event_that_can_be_read() -> None:
    """One without a CAR has no records; one that is cut off is no CAR."""
    with repoview.open(ACCOUNT) as repo:
        assert list(repo.records()) == []
        assert repo.frame is not None
        assert repo.frame.details == {"active": True}
    with pytest.raises(CarError, match="the header of the frame"):
        repoview.open(event().data[:10])


def test_frames_are_not_looked_up_in_the_cache(tmp_path: Path) -> None:
    """Many have one file; a large one is read again."""
    path = tmp_path / "events.bin"
    path.write_bytes(STREAM[0] * (limits.MiB // len(STREAM[0]) + 1))
    for number in (1, 2):
        with repoview.open(path, cache=tmp_path / "cache", frame=number) as repo:
            assert not repo.from_cache
            assert repo.frame is not None
            assert repo.frame.number == number


def test_what_is_no_frame_has_none() -> None:
    """And nothing follows it."""
    with Repo.load(sample().car().data) as repo:
        assert repo.frame is None
        assert list(following(repo, OPTIONS)) == []
