"""Facts about pictures made of lines, and about jobs and choosers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from repoview.core.errors import SourceError
from repoview.tui.values.drawing import Bar, Columns, Share
from repoview.tui.values.rows import CheckRow
from repoview.tui.visits.job import Job
from repoview.tui.widgets.base.chooser import Chooser
from repoview.tui.widgets.pictures.bar_list import BarList
from repoview.tui.widgets.pictures.check_list import CheckList
from repoview.tui.widgets.pictures.facts import Facts
from repoview.tui.widgets.pictures.histogram import Histogram
from repoview.tui.widgets.pictures.share_bar import ShareBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from repoview.tui.widgets.pictures.drawn import Drawn


class Gallery(App[None]):
    """Nothing but pictures, and a chooser."""

    CSS = "Drawn { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        """Show one of each."""
        yield Facts()
        yield BarList()
        yield Histogram(rows=3)
        yield ShareBar()
        yield CheckList()
        yield Chooser()

    def on_chooser_chosen(self, message: Chooser.Chosen) -> None:
        """Note what was clicked."""
        self.chosen.append(message.number)


def text_of(picture: Drawn, width: int) -> list[str]:
    """Return what a picture draws."""
    return [line.plain for line in picture.lines(width)]


async def test_facts_are_wrapped_beside_their_labels() -> None:
    """So that nothing is cut."""
    app = Gallery()
    async with app.run_test():
        facts = app.query_one(Facts)
        facts.fill([("did", "did:plc:abc"), ("order", "as a walk meets them")])
        assert text_of(facts, 20) == [
            "did    did:plc:abc",
            "order  as a walk ",
            "       meets them",
        ]


async def test_bars_are_as_long_as_their_values() -> None:
    """With what they say behind, and where they should end."""
    app = Gallery()
    async with app.run_test():
        bars = app.query_one(BarList)
        bars.fill([Bar("one", 4, "4"), Bar("three", 2, "2", expected=3)], "of four")
        assert text_of(bars, 23) == [
            "one    █████████████  4",
            "three  ██████▌   ┊    2",
            "of four",
        ]
        bars.fill([], "counting…")
        assert text_of(bars, 23) == ["counting…"]


async def test_bars_without_room_leave_their_numbers() -> None:
    """What counts is still told."""
    app = Gallery()
    async with app.run_test():
        bars = app.query_one(BarList)
        bars.fill([Bar("com.example.a-long-name", 4, "1,234,567 · 4.0 MB")])
        (line,) = text_of(bars, 32)
        assert line.endswith("1,234,567 · 4.0 MB")
        assert len(line) <= 32


async def test_a_histogram_asks_for_as_many_columns_as_fit() -> None:
    """And says what is said below."""
    app = Gallery()
    async with app.run_test():
        histogram = app.query_one(Histogram)
        asked: list[int] = []

        def make(room: int) -> Columns:
            asked.append(room)
            return Columns([1, 3], [(0, "a"), (1, "b")], says="two columns")

        histogram.fill(make)
        first, *_, says = text_of(histogram, 40)
        assert first.startswith("3 ┤")
        assert says == "two columns"
        assert asked[-1] == 28


async def test_parts_of_a_whole_are_told_apart_without_color() -> None:
    """Each has a filling of its own, and a legend."""
    app = Gallery()
    async with app.run_test():
        shares = app.query_one(ShareBar)
        shares.fill([Share("records", 3, "75 %"), Share("nodes", 1, "25 %")])
        assert text_of(shares, 40) == [
            "█" * 30 + "▓" * 10,
            "█ records 75 %   ▓ nodes 25 %",
        ]


@pytest.mark.parametrize("is_brief", [True, False])
async def test_checks_say_their_outcome_in_words(*, is_brief: bool) -> None:
    """On a line each, or all together."""
    app = Gallery()
    async with app.run_test():
        checks = app.query_one(CheckList)
        checks.fill([CheckRow("hashes", "FAIL", "9 blocks", "1 error: BLK001")])
        checks.set_brief(is_brief=is_brief)
        (line,) = text_of(checks, 80)
        assert line.startswith("✗ FAIL")
        assert ("BLK001" in line) is not is_brief


async def test_a_picture_is_as_high_as_what_it_draws() -> None:
    """And shows it, at any width."""
    app = Gallery()
    async with app.run_test(size=(60, 30)) as pilot:
        bars = app.query_one(BarList)
        bars.fill([Bar(f"bar {n}", n, f"{n}") for n in range(7)])
        await pilot.pause()
        assert bars.size.height == 7
        bars.fill([])
        await pilot.pause()
        assert bars.size.height == 0


async def test_a_click_chooses() -> None:
    """What is under it; nothing behind the last."""
    app = Gallery()
    async with app.run_test() as pilot:
        chooser = app.query_one(Chooser)
        chooser.tell(["all 9", "node 4", "record 5"], 0)
        await pilot.pause()
        await pilot.click(Chooser, offset=(9, 0))
        await pilot.click(Chooser, offset=(60, 0))
        assert app.chosen == [1]


async def test_what_is_chosen_is_in_sight_on_a_narrow_screen() -> None:
    """The line begins further on."""
    app = Gallery()
    async with app.run_test(size=(20, 20)) as pilot:
        await pilot.pause()
        chooser = app.query_one(Chooser)
        chooser.tell(["all 9,000", "node 4,000", "record 5,000"], 2)
        await pilot.pause()
        assert "[record 5,000]" in str(chooser.render_line(0).text)


# Jobs


def ended(job: Job[int]) -> Job[int]:
    """Return a job once it has ended."""
    while not job.is_done:
        threading.Event().wait(0.001)
    return job


def test_a_job_gives_its_answer() -> None:
    """And tells how far it is."""

    def work(check: Callable[[float], None]) -> int:
        check(0.5)
        return 7

    job = ended(Job(work))
    assert (job.answer, job.error, job.share) == (7, "", 0.5)


def test_a_job_that_is_stopped_has_no_answer() -> None:
    """Nor an error."""
    begun, go_on = threading.Event(), threading.Event()

    def work(check: Callable[[float], None]) -> int:
        begun.set()
        go_on.wait()
        check(0.0)
        return 7

    job = Job(work)
    begun.wait()
    job.stop()
    go_on.set()
    assert (ended(job).answer, job.error) == (None, "")


def test_a_job_that_cannot_go_on_says_why() -> None:
    """In text that is safe."""

    def work(_: Callable[[float], None]) -> int:
        raise SourceError("the file \x1b[2J is gone")

    job = ended(Job(work))
    assert job.answer is None
    assert job.error == "the file ␛[2J is gone"
