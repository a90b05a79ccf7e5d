"""Facts about the time that a reading may take.

The clock is the tests' own: it goes on when it is looked at, so that a deadline
comes at any look that is wanted, and nothing is timed.
"""

from __future__ import annotations

import gzip
import os
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.room import Room
from repoview.core.repo.begin import begin
from repoview.core.repo.frames import following
from repoview.core.repo.repo import finish
from repoview.core.source.deadline import Deadline
from repoview.core.verify import walk
from repoview.corpus.cases.frames import event
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.servers import serving
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repoview.core.verify.report import Report

STEP = 0.001
"""Seconds by which the clock goes on: a wait for that long is none."""

RECORDS = 1_000


@dataclass
class Clock:
    """A clock that goes on by itself whenever it is looked at."""

    looks: int = 0

    def __call__(self) -> float:
        """Return the seconds of this look."""
        self.looks += 1
        return self.looks * STEP


def opened(target: Any, looks: float, clock: Clock | None = None) -> Repo:
    """Open something, and end that at some look at the clock."""
    wanted = OpenOptions(
        room=Room(1 << 20),
        threads=1,
        on_limit="leave",
        max_seconds=looks * STEP,
        clock=clock or Clock(),
    )
    return finish(begin(target, wanted))


@cache
def laid_out(order: str) -> bytes:
    """Return a repository whose blocks are in an order, some records of it bad."""
    records = {**many(RECORDS)}
    # The walk that follows the reading does not go beyond the first of these.
    for number in range(RECORDS // 2, RECORDS, 97):
        records[f"com.example.kind{number % 3}/{number:06}"] = {"$type": "a.b.other"}
    data = make_repo(records)
    head, parts = parts_of(data)
    if order == "walk":
        # By the program itself, which has its own facts.
        from repoview.core.rewrite import rewrite  # noqa: PLC0415

        out = bytearray()
        with Repo.load(data) as repo:
            rewrite(repo, out.extend)
        return bytes(out)
    random.Random(1).shuffle(parts)  # noqa: S311 (not for secrets)
    return car_of(data, head, parts)


@cache
def whole(order: str) -> tuple[list[bytes], set[tuple[str, str | None]]]:
    """Return all keys, and the findings that are about records."""
    with Repo.load(laid_out(order)) as repo:
        return [record.key for record in repo.records()], about_records(repo.report)


def about_records(report: Report) -> set[tuple[str, str | None]]:
    """Return code and path of what is wrong with records."""
    return {(f.code, f.path) for f in report.findings if f.code.startswith("REC")}


def looks_of(order: str) -> int:
    """Return how often the clock is looked at until all is done."""
    clock = Clock()
    opened(laid_out(order), 1e6, clock).close()
    return clock.looks


@pytest.mark.unmeasured
@pytest.mark.parametrize("order", ["walk", "any"])
def test_what_was_found_by_then_is_a_part_of_what_would_have_been(
    order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the time is over: the first records, and what is wrong with these."""
    monkeypatch.setattr(walk, "BATCH", 200)
    keys, wrong = whole(order)
    seen = []
    for looks in range(looks_of(order) + 2):
        with opened(laid_out(order), looks) as repo:
            report = repo.report
            found = [record.key for record in repo.records()]
            assert found == keys[: len(found)]
            assert about_records(report) <= wrong
            codes = [each.code for each in report.findings]
            if report.complete is None:
                assert codes.count("LIM001") == 1
                assert (report.verdict, report.exit_code) == ("incomplete", 10)
            else:
                assert "LIM001" not in codes
                assert (len(found), report.verdict) == (RECORDS, "bad-records")
            seen.append(len(found))
    assert seen[0] == 0
    assert seen[-1] == RECORDS
    # Also while it is read, or else while it is walked.
    assert len(set(seen)) > 2


@examples(10)
@given(looks=st.integers(0, 60), piece=st.integers(1, 100_000))
def test_a_stream_ends_in_time_wherever_it_is(looks: int, piece: int) -> None:
    """Piece by piece, and what came is walked no further."""
    data, (keys, _) = laid_out("walk"), whole("walk")
    piece = max(piece, len(data) // 200)
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    with opened(pieces, looks) as repo:
        found = [record.key for record in repo.records()]
        assert found == keys[: len(found)]
        assert (repo.report.complete is None) == (
            "LIM001" in {each.code for each in repo.report.findings}
        )


def targets(tmp_path: Path) -> Iterator[Any]:
    """Yield sources of all kinds."""
    data = laid_out("walk")
    path = tmp_path / "a.car"
    path.write_bytes(data)
    packed = tmp_path / "a.car.gz"
    packed.write_bytes(gzip.compress(data))
    yield from (data, path, packed, gzip.compress(data), iter([data]))
    with path.open("rb") as file:
        yield file


def test_no_time_at_all_ends_it_before_anything_is_read(tmp_path: Path) -> None:
    """Whatever the source: that is no verdict about the file."""
    for target in targets(tmp_path):
        with opened(target, 0) as repo:
            report = repo.report
            (found,) = report.findings
            assert found.code == "LIM001"
            assert "--max-seconds" in found.message
            assert (report.verdict, report.exit_code) == ("incomplete", 10)
            assert (report.complete, len(repo), repo.commit) == (None, 0, None)


@pytest.mark.parametrize("came", [0, 5, 100_000, 1_500_000])
def test_a_pipe_that_gives_nothing_more_is_left(came: int) -> None:
    """With what came by then; the writer still holds it open."""
    data = (laid_out("walk") * 10)[:came]
    reading, writing = os.pipe()
    with (
        os.fdopen(reading, "rb", buffering=0) as source,
        os.fdopen(writing, "wb", buffering=0) as sink,
        ThreadPoolExecutor(1) as feeder,
    ):
        # It ends when the other end is closed, if not before.
        feeder.submit(_feed, sink, data)
        with Repo.load(source, max_seconds=0.05) as repo:
            assert "LIM001" in {each.code for each in repo.report.findings}
            assert repo.report.exit_code == 10
        source.close()


def _feed(sink: IO[bytes], data: bytes) -> None:
    with suppress(BrokenPipeError):
        while data:
            data = data[sink.write(data) :]


def test_a_server_that_stalls_is_left() -> None:
    """In the middle of its answer, and before it."""
    with serving(body=laid_out("walk"), stalls=True) as server:
        for seconds in (0, 0.05):
            with Repo.load(server.url, max_seconds=seconds) as repo:
                assert "LIM001" in {each.code for each in repo.report.findings}
                assert repo.report.exit_code == 10


def test_all_frames_of_a_stream_share_the_time() -> None:
    """It began with the first; the one that it ends in is the last."""
    data = b"".join(event(seq=number).data for number in range(1, 9))

    def codes(looks: float) -> tuple[list[list[str]], int]:
        clock = Clock()
        options = OpenOptions(
            threads=1, on_limit="leave", max_seconds=looks * STEP, clock=clock
        )
        with finish(begin(data, options)) as first:
            repos = (first, *following(first, options))
            told = [[each.code for each in repo.report.findings] for repo in repos]
        return told, clock.looks

    told, looks = codes(1e6)
    assert len(told) == 8
    told, _ = codes(looks // 2)
    assert 1 < len(told) < 8
    assert all("LIM001" not in each for each in told[:-1])
    assert "LIM001" in told[-1]


def test_what_was_left_is_not_kept(tmp_path: Path) -> None:
    """The cache has whole repositories only."""
    path = tmp_path / "a.car"
    path.write_bytes(laid_out("walk"))
    with Repo.load(path, max_seconds=0, cache=tmp_path / "cache") as repo:
        assert repo.report.exit_code == 10
    with Repo.load(path, cache=tmp_path / "cache") as repo:
        assert (repo.from_cache, len(repo)) == (False, RECORDS)


@pytest.mark.parametrize("seconds", [-1, -0.001, float("nan"), float("-inf")])
def test_less_time_than_none_is_refused(seconds: float) -> None:
    """And what is no number."""
    with pytest.raises(ValueError, match="give 0 or more"):
        OpenOptions(max_seconds=seconds)


def test_more_time_than_a_system_can_wait_for_is_enough() -> None:
    """However much."""
    for seconds in (1e300, float("inf")):
        assert 0 < Deadline(seconds).left <= 1e6
        with Repo.load(laid_out("walk"), max_seconds=seconds) as repo:
            assert repo.report.complete
