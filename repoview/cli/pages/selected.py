"""The page about a selection: how many records it has, of what collections and size."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from repoview.cli.options.selecting import selected
from repoview.cli.pages.collection_table import COLLECTIONS_SHOWN, collection_table
from repoview.core.repo.inside import inside
from repoview.present import count_text, json_text, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.cli.options.options import Run
    from repoview.core.index.records import Collection
    from repoview.core.repo.repo import Repo

_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Amount:
    """What a selection has of one collection."""

    name: str
    count: int
    bytes: int
    """Of their blocks, counted for each record."""


def print_selected(run: Run, repo: Repo, selection: str, *, as_json: bool) -> None:
    """Print what a selection has."""
    numbers = selected(run, repo, selection, range(len(repo)))
    amounts = list(_amounts(repo, numbers))
    size = sum(each.bytes for each in amounts)
    if as_json:
        told = {
            "selection": selection,
            "records": len(numbers),
            "bytes": size,
            "collections": [asdict(each) for each in amounts],
        }
        run.console.line(json_text(told))
        return
    part = f" of {len(repo):,}" if len(numbers) < len(repo) else ""
    records = count_text(len(numbers), "record")
    run.console.line(f"{records}{part}, {size_text(size)}")
    if amounts:
        run.console.lines(collection_table(run.console, amounts[:COLLECTIONS_SHOWN]))
    if (more := len(amounts) - COLLECTIONS_SHOWN) > 0:
        run.console.line(f"+{more:,} more: --json has all")


def _amounts(repo: Repo, numbers: Sequence[int]) -> Iterator[Amount]:
    for each in repo.collections:
        parts = [_inside(numbers, run) for run in each.ranges]
        if count := sum(map(len, parts)):
            yield Amount(each.name, count, _bytes_of(repo, each, parts))


def _inside(numbers: Sequence[int], run: range) -> Sequence[int]:
    """Return those of numbers, which ascend, that are in a run."""
    start = bisect_left(numbers, run.start)
    return numbers[start : bisect_left(numbers, run.stop, start)]


def _bytes_of(repo: Repo, of: Collection, parts: list[Sequence[int]]) -> int:
    if sum(map(len, parts)) == of.count:
        return of.bytes
    index, blocks = inside(repo).index, inside(repo).blocks.index
    total = 0
    for part in parts:
        for start in range(0, len(part), _AT_ONCE):
            rows = index.rows_of(part[start : start + _AT_ONCE])
            total += sum(blocks.lengths(rows))
    return total
