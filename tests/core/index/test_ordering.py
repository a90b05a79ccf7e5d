"""Facts about the orders of records, in memory and on disk."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats import syntax
from repoview.core.kernel import sorting
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.strategies import examples, keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.formats.record import Record
    from repoview.core.repo.repo import By


def date_of(record: Record) -> int | None:
    """Return the 64 bits of a record's TID."""
    return syntax.tid_number(record.rkey) if syntax.is_tid(record.rkey) else None


def size_of(record: Record) -> int | None:
    """Return a record's size, if its block is in the index."""
    return None if row_of(record) == NO_ROW else record.size


def offset_of(record: Record) -> int | None:
    """Return where a record stands, if its block is in the index."""
    return None if row_of(record) == NO_ROW else record.offset


def row_of(record: Record) -> int:
    """Return the row of a record's block."""
    held: Any = record._held  # noqa: SLF001 (it is not public)
    row: int = held.index.rows[record.number]
    return row


VALUES: Final[dict[By, Callable[[Record], int | None]]] = {
    "date": date_of,
    "size": size_of,
    "offset": offset_of,
}


def plainly(repo: Repo, numbers: Any, by: By, *, reverse: bool) -> list[int]:
    """Return records in order, as `sorted` has them."""
    if by == "key":
        return sorted(numbers, reverse=reverse)
    values = {n: VALUES[by](repo.record(n)) for n in numbers}
    sign = -1 if reverse else 1
    return sorted(numbers, key=lambda n: ((v := values[n]) is None, sign * (v or 0)))


def check(repo: Repo, numbers: Any) -> None:
    """See that some records come in all orders as they should."""
    for by in ("key", *VALUES):
        for reverse in (False, True):
            found = repo.ordered(numbers, by, reverse=reverse)
            assert list(found) == plainly(repo, numbers, by, reverse=reverse)


@pytest.mark.unmeasured
@examples(60)
@given(repositories(), st.data())
def test_records_come_as_sorted_has_them(data: bytes, draw: st.DataObject) -> None:
    """All of any repository, and some of them."""
    with Repo.load(data) as repo:
        check(repo, range(len(repo)))
        some = draw.draw(st.sets(st.sampled_from(range(len(repo) or 1))))
        check(repo, array("I", sorted(some & set(range(len(repo))))))


TIDS: Final = st.one_of(
    keys(),
    st.builds(
        lambda name, tid: f"com.example.{name}/{tid}".encode(),
        st.sampled_from("abc"),
        st.one_of(
            st.text("234567abcdefghijklmnopqrstuvwxyz", min_size=13, max_size=13),
            st.sampled_from(["jzzzzzzzzzzzz", "kzzzzzzzzzzzz", "2222222222222"]),
        ),
    ),
)


@examples(60)
@given(st.sets(TIDS, max_size=40))
def test_dates_are_those_of_tids(found: set[bytes]) -> None:
    """Also such as no clock ever said."""
    with Repo.load(make_repo({key.decode(): {} for key in found})) as repo:
        check(repo, range(len(repo)))


@pytest.mark.parametrize("stop", [1, 700, 1_000])
def test_an_index_on_disk_gives_the_same(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """By the piece, and merged of several slices."""
    monkeypatch.setattr(sorting, "_SLICE", 30)
    monkeypatch.setattr(sorting, "_PIECE", 17)
    records = many(800)
    records |= {
        f"com.example.tid/{syntax.make_tid(n * 7919 % 201 << 20)}": {
            "$type": "com.example.tid",
            "text": "x" * (n % 13),
        }
        for n in range(201)
    }
    with Repo.load(make_repo(records, leave_out=20)) as repo:
        inside(repo).index.spill(str(tmp_path))
        check(repo, range(stop // 2, stop))
        check(repo, array("I", range(0, stop, 3)))
        check(repo, array("I", range(stop)))


def test_an_order_that_there_is_not_is_refused() -> None:
    """By both kernels."""
    wrong: Any = "color"
    with (
        Repo.load(make_repo(many(3))) as repo,
        pytest.raises(ValueError, match="no such order"),
    ):
        repo.ordered(range(3), wrong)
