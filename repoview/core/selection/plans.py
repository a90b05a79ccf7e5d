"""How a selection is found: what the index alone answers, and what it leaves.

A plan has runs, outside of which nothing can match. If it is exact, they are the
answer; otherwise `keep` looks at the records in them, some at a time.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from repoview.core.selection.in_blocks import BY_BLOCK
from repoview.core.selection.in_index import BY_INDEX
from repoview.core.selection.runs import Runs, common, joined, kept, others
from repoview.core.selection.terms import And, Not, Or

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.selection.held import Held
    from repoview.core.selection.terms import Selection

    Keep = Callable[[Sequence[int]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one selection is found in one repository."""

    runs: Runs
    """Of all records that it may have."""

    keep: Keep
    """Returns those of some records that it has; both ascend."""

    cost: int = 0
    """0 if `runs` are the answer; more, the longer a record takes."""


def plan_of(selection: Selection, held: Held) -> Plan:
    """Return how a selection is found; nothing is read but the index."""
    count = len(held.index)
    if isinstance(selection, And):
        return _all_of([plan_of(each, held) for each in selection.of], count)
    if isinstance(selection, Or):
        return _any_of([plan_of(each, held) for each in selection.of])
    if isinstance(selection, Not):
        return _not(plan_of(selection.of, held), count)
    if selection.field in BY_INDEX:
        runs, keep = BY_INDEX[selection.field](selection.value, held)
        return _exact(runs) if keep is None else Plan(runs, keep, 1)
    keep, cost = BY_BLOCK[selection.field](selection.value, held)
    return Plan(_every(count), keep, cost)


def _every(count: int) -> Runs:
    return (range(count),) if count else ()


def _exact(runs: Runs) -> Plan:
    return Plan(runs, lambda numbers: kept(numbers, runs))


def _all_of(plans: list[Plan], count: int) -> Plan:
    runs = reduce(common, (each.runs for each in plans), _every(count))
    left = sorted((each for each in plans if each.cost), key=lambda each: each.cost)
    if not left:
        return _exact(runs)

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        numbers = kept(numbers, runs)
        for each in left:
            if not len(numbers):
                break
            numbers = each.keep(numbers)
        return numbers

    return Plan(runs, keep, left[-1].cost)


def _any_of(plans: list[Plan]) -> Plan:
    runs = joined(run for each in plans for run in each.runs)
    plans = sorted(plans, key=lambda each: each.cost)
    if not plans[-1].cost:
        return _exact(runs)

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        found: set[int] = set()
        left: Sequence[int] = numbers
        for each in plans:
            new = each.keep(kept(left, each.runs))
            found.update(new)
            left = _without(left, new)
        return array("I", sorted(found))

    return Plan(runs, keep, plans[-1].cost)


def _not(plan: Plan, count: int) -> Plan:
    if not plan.cost:
        return _exact(others(plan.runs, count))

    def keep(numbers: Sequence[int]) -> Sequence[int]:
        return _without(numbers, plan.keep(kept(numbers, plan.runs)))

    return Plan(_every(count), keep, plan.cost)


def _without(numbers: Sequence[int], taken: Sequence[int]) -> Sequence[int]:
    """Return those of *numbers* that are not among *taken*."""
    if not len(taken):
        return numbers
    gone = set(taken)
    return array("I", [number for number in numbers if number not in gone])
