"""Facts about the progress bar."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from repoview.cli.progress import PACE, PATIENCE, Bar, bar_line
from repoview.core.load.result import Progress
from tests.cli.conftest import on_terminal

if TYPE_CHECKING:
    from pathlib import Path

HALF = Progress("load", 500, 1_000, 3)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_short_work_draws_nothing() -> None:
    """Not before half a second is over."""
    stream, clock = StringIO(), Clock()
    with Bar(stream, clock) as bar:
        clock.now += PATIENCE / 2
        bar(HALF)
    assert stream.getvalue() == ""


def test_long_work_is_drawn_and_taken_away() -> None:
    """On one line, which is empty at the end."""
    stream, clock = StringIO(), Clock()
    with Bar(stream, clock) as bar:
        bar(HALF)
        clock.now += PATIENCE
        bar(HALF)
        assert "reading ████████        ▏ 50%" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_it_is_drawn_ten_times_a_second_at_most() -> None:
    """However often progress is reported."""
    stream, clock = StringIO(), Clock()
    bar = Bar(stream, clock)
    clock.now += PATIENCE
    for _ in range(100):
        bar(HALF)
    assert stream.getvalue().count("reading") == 1
    clock.now += PACE
    bar(HALF)
    assert stream.getvalue().count("reading") == 2


def test_no_stream_draws_nothing() -> None:
    """There is nowhere to show it."""
    clock = Clock()
    with Bar(None, clock) as bar:
        clock.now += 10
        bar(HALF)


def test_the_line_says_how_much_and_how_long() -> None:
    """Bytes while reading, records while walking."""
    reading = bar_line(Progress("load", 1_000_000, 4_000_000, 77), 3)
    assert reading.endswith(" 25%  1.0 MB of 4.0 MB, 77 blocks, 9 s left")
    walking = bar_line(Progress("walk", 10, 40, 0), 0)
    assert walking.startswith("walking ")
    assert walking.endswith(" 25%  10 of 40")
    assert bar_line(Progress("export", 1, 10, 0), 60).endswith("9 min left")
    assert bar_line(Progress("load", 500, 0, 0), 9) == "reading  500 B"
    assert "100%" in bar_line(Progress("walk", 50, 40, 0), 9)


def test_a_run_of_no_time_leaves_the_terminal_alone(sample: Path) -> None:
    """The sample is read at once."""
    drawn = on_terminal("verify", sample, "-q")[1]
    assert drawn == "sound\n"
