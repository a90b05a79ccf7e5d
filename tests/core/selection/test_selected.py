"""Facts about the records that selections find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.errors import Cancelled
from repoview.core.selection.parsing import parse
from repoview.core.selection.selected import Selected
from repoview.core.selection.terms import Selection, text_of
from repoview.corpus import LIGHT_CASES
from tests.core.repos import make_repo, many
from tests.core.selection.made import contents_by_path, selections, terms
from tests.core.selection.naive import numbers

if TYPE_CHECKING:
    from repoview.core.load.result import Progress
    from repoview.corpus import Case

EVERY_FIELD: Final = (
    "-collection:*.c",
    "prefix:a.b",
    "key:a.b.c/1..a.b.c/5",
    "-b",
    "time:>=2023 or -time:2022..",
    "created:>=2020",
    "-created:<2030",
    "size:..100 or size:>1000",
    "finding:any",
    "-finding:error",
    "text:a",
    'where:("$type")',
)


@settings(max_examples=150)
@given(contents_by_path(), st.integers(0, 3), selections(), st.data())
def test_a_selection_finds_what_its_definition_does(
    records: dict[str, Any], lost: int, selection: Selection, data: st.DataObject
) -> None:
    """In repositories of any keys, whole or with records missing; of some, too."""
    with Repo.load(make_repo(records, leave_out=lost)) as repo:
        wanted = numbers(repo, selection)
        found = repo.select(text_of(selection))
        assert list(found.numbers) == wanted
        every = st.sampled_from(range(len(repo))) if len(repo) else st.nothing()
        among = sorted(data.draw(st.sets(every)))
        of_some = repo.select(text_of(selection), among=among).numbers
        assert list(of_some) == [number for number in among if number in wanted]


def check(repo: Repo) -> None:
    """See that each record that is known is judged: out of order, unlinked, damaged."""
    if len(repo) <= 2_000:
        for text in EVERY_FIELD:
            found = list(repo.select(text).numbers)
            assert found == numbers(repo, parse(text)), text


@pytest.mark.parametrize("case", LIGHT_CASES[::10], ids=lambda case: case.id)
def test_broken_files_are_no_exception(case: Case) -> None:
    """Of some, on every kernel; `tests.test_corpus` has all."""
    with Repo.load(case.build().data) as repo:
        check(repo)


@given(contents_by_path(), terms(), st.data())
def test_what_is_found_is_a_sequence(
    records: dict[str, Any], selection: Selection, data: st.DataObject
) -> None:
    """Whatever part of it is asked for first."""
    with Repo.load(make_repo(records)) as repo:
        wanted = numbers(repo, selection)
        bounds = st.none() | st.integers(-40, 40)
        some = data.draw(st.builds(slice, bounds, bounds, st.sampled_from((None, -1))))
        assert list(repo.select(text_of(selection)).numbers[some]) == wanted[some]
        found = repo.select(text_of(selection)).numbers
        assert bool(found) == bool(wanted)
        assert [*found[:3], *found[3:]] == wanted
        assert len(found) == len(wanted)
        for number in wanted:
            assert number in found


KEYS_ALONE: Final = (
    "collection:com.example.kind1",
    "collection:*kind1",
    "prefix:com.example.kind1/",
    "key:com.example.kind1/..com.example.kind1/999999",
    "collection:*kind1 -prefix:b key:b..d",
)


@pytest.mark.parametrize("text", KEYS_ALONE)
def test_a_range_of_keys_is_a_range_of_numbers(text: str) -> None:
    """So no record is looked at, and an export is as quick as of a collection."""
    with Repo.load(make_repo(many(60))) as repo:
        assert repo.select(text).numbers == repo.numbers("com.example.kind1")


def test_tids_are_a_range_of_numbers() -> None:
    """Where no other key is between two of them."""
    tids = {f"a.b.c/3k{n:0>11}".translate({48: 50}): {} for n in range(2, 8)}
    with Repo.load(make_repo({**tids, "a.b.c/self": {}})) as repo:
        assert repo.select("time:2023..").numbers == range(6)


def steps_of(repo: Repo, text: str) -> list[int]:
    """Return how far progress came, time and again."""
    done: list[int] = []
    found = repo.select(text, report=lambda progress: done.append(progress.done))
    assert len(found) == len(repo)
    return done


def test_progress_ends_with_all_records() -> None:
    """In several steps, of which none is long."""
    with Repo.load(make_repo(many(5_000))) as repo:
        done = steps_of(repo, "where:('x')")
        assert done == sorted(done)
        assert len(done) > 2
        assert done[-1] == 5_000


def test_what_progress_raises_ends_the_search_and_not_the_answer() -> None:
    """It can be asked again, and then begins anew."""
    stops = [True]

    def report(_: Progress) -> None:
        if stops.pop() if stops else False:
            raise Cancelled("enough")

    with Repo.load(make_repo(many(5_000))) as repo:
        found = repo.select("where:('x')", report=report).numbers
        with pytest.raises(Cancelled):
            len(found)
        assert list(found) == list(range(5_000))


def test_the_first_records_are_known_before_the_last() -> None:
    """Nothing more is looked at than is asked for."""
    done: list[int] = []
    with Repo.load(make_repo(many(5_000))) as repo:
        found = repo.select("where:('x')", report=lambda p: done.append(p.done))
        assert next(iter(found)).number == 0
        assert done == []
        assert isinstance(found.numbers, Selected)
