"""Facts about a repository that is still being read."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from repoview.core.errors import Cancelled
from repoview.core.opening.opening import State
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.partial import Partial
from repoview.core.repo.repo import finish
from repoview.core.source.cancel import Cancel
from repoview.sample import write_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.opening.opening import Opening


def begun(target: object, cancel: Cancel | None = None) -> Opening:
    """Return the beginning of an opening that wants its records early."""
    # Further threads would be some MiB ahead of the first records.
    return begin(target, OpenOptions(threads=1, eager=True), cancel)  # type: ignore[arg-type]


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
    opening = begun(in_pieces(data))
    partial = Partial(opening)
    known: list[tuple[bytes, bytes]] = []
    counts = set()
    while opening.state is State.READING:
        opening.advance()
        counts.add(len(partial))
        for number in range(len(known), len(partial)):
            record = partial.record(number)
            known.append((record.key, record.data))
    assert len(counts) > 2
    with finish(opening) as repo:
        assert known == [(r.key, r.data) for r in repo.records()]
        assert repo.report.exit_code == 0


def test_a_reading_that_is_ended_early_keeps_what_came(data: bytes) -> None:
    """What is left unread is LIM001; no blocks are reported missing."""
    cancel = Cancel()
    opening = begun(in_pieces(data), cancel)
    while opening.source.size < len(data) // 2:
        opening.advance()
    cancel.leave()
    with finish(opening) as repo:
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
        opening = begun(source, cancel)
        partial.append(Partial(opening))
        while not len(partial[0]):
            opening.advance()
        # From here on it may wait for the half that never comes.
        driver = threading.Thread(target=opening.run)
        driver.start()
        cancel.wake()
        woken.wait()
        feeder.join()
        cancel.leave()
        driver.join()
    with finish(opening) as repo:
        assert seen[0]
        assert 0 < len(repo) < RECORDS
        assert repo.report.complete is None
    cancel.close()


def test_to_cancel_ends_it_all(data: bytes) -> None:
    """Also one that was told to leave the rest."""
    cancel = Cancel()
    opening = begun(in_pieces(data), cancel)
    opening.advance()
    cancel.leave()
    cancel.ask()
    with pytest.raises(Cancelled):
        opening.run()


@pytest.mark.unmeasured
def test_a_slow_source_is_known_as_it_comes(data: bytes) -> None:
    """Records come long before a MiB has."""
    given = 0

    def slowly() -> Iterator[bytes]:
        nonlocal given
        for piece in in_pieces(data):
            given += len(piece)
            yield piece

    opening = begun(slowly())
    while not len(opening.known.records):
        opening.advance()
    assert given < 200_000
    with finish(opening) as repo:
        assert repo.report.exit_code == 0


def test_what_came_is_read_before_more_is_waited_for(data: bytes) -> None:
    """All but a part that is smaller than a step."""
    done = [0]
    asked: list[int] = []

    def at_once() -> Iterator[bytes]:
        yield data[:600_000]
        asked.append(done[-1])
        yield data[600_000:]

    begun(at_once()).run(lambda progress: done.append(progress.done))
    assert asked[0] > 600_000 - 128 * 1_024
