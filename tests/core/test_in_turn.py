"""Facts about jobs that two threads do: what comes of them, and in which order."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from repoview.core.in_turn import begun, in_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOTH = pytest.mark.parametrize("is_shared", [False, True], ids=["one", "two"])


def number(number: int) -> int:
    """Return a number: a job."""
    return number


def broken() -> int:
    """Raise an error: a job too."""
    raise ValueError("broken")


@BOTH
@pytest.mark.parametrize("count", [0, 1, 2, 3, 500])
def test_results_come_in_the_order_of_the_jobs(count: int, is_shared: bool) -> None:
    """However many there are."""
    jobs = (partial(number, n) for n in range(count))
    assert [*in_turn(jobs, is_shared=is_shared)] == [*range(count)]


@BOTH
def test_an_error_comes_in_its_turn(is_shared: bool) -> None:
    """Behind the results of all jobs before."""
    jobs = [partial(number, 1), partial(broken), partial(broken)]
    found = in_turn(jobs, is_shared=is_shared)
    assert next(found) == 1
    with pytest.raises(ValueError, match="broken"):
        next(found)


@BOTH
def test_jobs_are_asked_for_in_the_thread_that_wants_the_results(
    is_shared: bool,
) -> None:
    """One after the other, and only a few ahead; an error of theirs is raised."""
    asked: list[tuple[int, int]] = []

    def jobs() -> Iterator[Callable[[], int]]:
        for each in range(20):
            asked.append((each, threading.get_ident()))
            yield partial(number, each)
        raise OSError("no more")

    found = in_turn(jobs(), is_shared=is_shared)
    for each in range(17):
        assert next(found) == each
        assert len(asked) <= each + 3
    with pytest.raises(OSError, match="no more"):
        list(found)
    assert asked == [(each, threading.get_ident()) for each in range(20)]


def test_two_jobs_are_done_at_once() -> None:
    """Each of these waits for the other."""
    both = threading.Barrier(2)
    waited = [*in_turn([both.wait] * 2, is_shared=True)]
    assert sorted(waited) == [0, 1]


def test_who_wants_no_more_leaves_no_thread_behind() -> None:
    """All that was begun is done then."""
    begun_in: list[str] = []

    def job() -> None:
        begun_in.append(threading.current_thread().name)

    found = in_turn([job] * 9, is_shared=True)
    next(found)
    found.close()
    assert "in turn" not in [thread.name for thread in threading.enumerate()]
    assert len(begun_in) <= 3


def test_what_is_begun_has_its_first_item() -> None:
    """And makes the others when they are wanted."""
    made: list[int] = []

    def items() -> Iterator[int]:
        for each in range(3):
            made.append(each)
            yield each

    found = begun(items())
    assert made == [0]
    assert [*found] == [0, 1, 2]
    assert [*begun(iter(()))] == []
