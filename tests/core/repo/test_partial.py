"""Facts about a repository that is still being read."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from repoview.core.errors import Cancelled
from repoview.core.repo.records import source_of
from repoview.core.repo.repo import Partial, begin, repo_of
from repoview.core.source.cancel import Cancel
from repoview.sample import write_sample

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(partial: Partial) -> None:
    """Take all steps that are left."""
    while not partial.is_read:
        partial.advance()


def begun(target: object, cancel: Cancel | None = None) -> Partial:
    """Return the beginning of an opening that wants its records early."""
    # Further threads would be some MiB ahead of the first records.
    partial = begin(target, cancel=cancel, threads=1, eager=True)  # type: ignore[arg-type]
    assert isinstance(partial, Partial)
    return partial


RECORDS = 8_000


@pytest.fixture(scope="module")
def data() -> bytes:
    """A repository of some MiB, in the order of the walk."""
    pieces: list[bytes] = []
    write_sample(pieces.append, RECORDS)
    return b"".join(pieces)


def in_pieces(data: bytes, size: int = 1_000) -> Iterator[bytes]:
    """Yield *data* as a slow server would."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


def test_what_is_known_so_far_stays_true(data: bytes) -> None:
    """Records that are known keep their numbers, keys and bytes to the end."""
    partial = begun(in_pieces(data))
    known: list[tuple[bytes, bytes]] = []
    counts = set()
    while not partial.is_read:
        partial.advance()
        counts.add(len(partial))
        for number in range(len(known), len(partial)):
            record = partial.record(number)
            known.append((record.key, record.data))
    assert len(counts) > 2
    with repo_of(partial) as repo:
        assert known == [(r.key, r.data) for r in repo.records()]
        assert repo.report.exit_code == 0


def test_a_reading_that_is_ended_early_keeps_what_came(data: bytes) -> None:
    """What is left unread is LIM001, and nobody is told of missing blocks."""
    cancel = Cancel()
    partial = begun(in_pieces(data), cancel)
    while source_of(partial).size < len(data) // 2:
        partial.advance()
    cancel.leave()
    run(partial)
    with repo_of(partial) as repo:
        assert 0 < len(repo) < RECORDS
        assert repo.report.complete is None
        codes = {found.code for found in repo.report.findings}
        assert "LIM001" in codes
        assert repo.record(0).data
        assert repo.record(len(repo) - 1).path
    cancel.close()


def test_whoever_waits_for_a_pipe_can_be_woken_and_told_to_leave(
    data: bytes,
) -> None:
    """In between it reads what came; then it makes the best of that."""
    reading, writing = os.pipe()
    cancel = Cancel()
    seen: list[bytes] = []
    woken = threading.Event()
    partial: list[Partial] = []

    def look() -> None:
        last = len(partial[0]) - 1
        seen.append(partial[0].record(last).data)
        woken.set()

    cancel.on_wake = look

    half = len(data) // 2
    with (
        os.fdopen(reading, "rb", buffering=0) as source,
        os.fdopen(writing, "wb", buffering=0) as sink,
    ):
        feeder = threading.Thread(target=sink.write, args=(data[:half],))
        feeder.start()
        partial.append(begun(source, cancel))
        while not len(partial[0]):
            partial[0].advance()
        # From here on it may wait for the half that never comes.
        driver = threading.Thread(target=run, args=(partial[0],))
        driver.start()
        cancel.wake()
        woken.wait()
        feeder.join()
        cancel.leave()
        driver.join()
    with repo_of(partial[0]) as repo:
        assert seen[0]
        assert 0 < len(repo) < RECORDS
        assert repo.report.complete is None
    cancel.close()


def test_to_cancel_ends_it_all(data: bytes) -> None:
    """Also one that was told to leave the rest."""
    cancel = Cancel()
    partial = begun(in_pieces(data), cancel)
    partial.advance()
    cancel.leave()
    cancel.ask()
    with pytest.raises(Cancelled):
        run(partial)


def test_a_slow_source_is_known_as_it_comes(data: bytes) -> None:
    """Records come long before a MiB has."""
    given = 0

    def slowly() -> Iterator[bytes]:
        nonlocal given
        for piece in in_pieces(data):
            given += len(piece)
            yield piece

    partial = begun(slowly())
    while not len(partial):
        partial.advance()
    assert given < 200_000
    run(partial)
    with repo_of(partial) as repo:
        assert repo.report.exit_code == 0


def test_what_came_is_read_before_more_is_waited_for(data: bytes) -> None:
    """All but a part that is smaller than a step."""
    done = [0]
    asked: list[int] = []

    def at_once() -> Iterator[bytes]:
        yield data[:600_000]
        asked.append(done[-1])
        yield data[600_000:]

    partial = begun(at_once())
    while not partial.is_read:
        partial.advance(lambda progress: done.append(progress.done))
    assert asked[0] > 600_000 - 128 * 1_024
