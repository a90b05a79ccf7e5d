"""Facts about what is known of a file before it is written."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest

from repoview.core.errors import NotFound
from repoview.core.repo.repo import Repo
from repoview.export.forecast import Size, first_lines, record_bytes, size_of
from repoview.export.formats import FORMATS
from tests.core.repos import DID, REV, make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.formats.dagcbor.strict import Value

LARGE = 3_000

STREAMED = sorted(FORMATS.keys() - {"parquet", "sqlite"})
"""Those whose bytes are counted; a database is made of pages."""


@pytest.fixture(scope="module")
def repo() -> Iterator[Repo]:
    """Records of very different lengths, some of them twice."""
    records: dict[str, Value] = {}
    for number, path in enumerate(many(LARGE)):
        text = "x" * (number * 7919 % 1_000)
        records[path] = {"$type": path.partition("/")[0], "text": text}
    with Repo.load(make_repo(records)) as repo:
        yield repo


def written(repo: Repo, form: str, numbers: Sequence[int]) -> bytes:
    """Return what is written in the end."""
    out = bytearray()
    FORMATS[form].writer(repo, numbers, out.extend, lambda _: None)
    return bytes(out)


@pytest.mark.parametrize("form", STREAMED)
@pytest.mark.parametrize(
    "numbers", [range(0), range(1), range(5, 90), [1, 700, 2_999], array("Q", [3])]
)
def test_the_size_of_little_is_exact(
    repo: Repo, form: str, numbers: Sequence[int]
) -> None:
    """It was written, only to nowhere."""
    size = size_of(repo, numbers, FORMATS[form])
    assert size == Size(len(written(repo, form, numbers)), is_exact=True)


@pytest.mark.parametrize("form", STREAMED)
@pytest.mark.parametrize(
    "numbers",
    [range(LARGE), range(900, 2_000), array("Q", range(0, LARGE, 2))],
    ids=["all", "a collection", "marks"],
)
def test_the_size_of_much_is_near(
    repo: Repo, form: str, numbers: Sequence[int]
) -> None:
    """And said to be an estimate."""
    size = size_of(repo, numbers, FORMATS[form])
    assert not size.is_exact
    assert size.bytes == pytest.approx(len(written(repo, form, numbers)), rel=0.1)


@pytest.mark.parametrize("numbers", [range(LARGE), range(5, 9), [2, 1_000, 2_400]])
def test_the_bytes_of_blocks_are_known_unread(
    repo: Repo, numbers: Sequence[int]
) -> None:
    """However the records were chosen."""
    sizes = (repo.record(number).size for number in numbers)
    assert record_bytes(repo, numbers) == sum(size or 0 for size in sizes)


def test_lines_are_those_of_the_file(repo: Repo) -> None:
    """The first of them."""
    numbers = range(10, 2_000)
    lines = first_lines(repo, numbers, FORMATS["jsonl"], 4)
    whole = written(repo, "jsonl", numbers).decode()
    assert lines == whole.split("\n")[:4]


def test_of_a_car_it_is_told_what_it_holds(repo: Repo) -> None:
    """The way to the records too, and their paths as far as there is room."""
    root, commit, nodes, records, *paths = first_lines(
        repo, [7, 8, 200], FORMATS["car"], 6
    )
    assert repo.commit is not None
    assert root == f"root     {repo.commit.cid}"
    assert commit == f"commit   {DID}  {REV}"
    ways = {n for r in (7, 8, 200) for n in repo.tree.way_to(repo.record(r).key)}
    assert nodes.startswith(f"nodes    {len(ways)} ")
    assert records == "records  3"
    assert paths == [f"  {repo.record(7).path}", f"  {repo.record(8).path}"]


def test_where_there_is_nothing_a_car_cannot_be(repo: Repo) -> None:
    """As it will be said when it is written."""
    del repo
    with Repo.load(b"") as empty, pytest.raises(NotFound, match="neither"):
        first_lines(empty, range(0), FORMATS["car"], 6)


@pytest.mark.parametrize("form", STREAMED)
def test_what_is_missing_does_not_count(form: str) -> None:
    """Its size is not known, and it is not written."""
    with Repo.load(make_repo(many(LARGE), leave_out=1_500)) as repo:
        size = size_of(repo, range(LARGE), FORMATS[form])
        assert size.bytes == pytest.approx(
            len(written(repo, form, range(LARGE))), rel=0.5
        )
