"""The records that a selection has: by number, found as they are asked for."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

from repoview.core.load.result import Progress
from repoview.core.selection.plans import plan_of
from repoview.core.selection.runs import batches, common

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.selection.held import Held
    from repoview.core.selection.plans import Plan
    from repoview.core.selection.terms import Selection

    Report = Callable[[Progress], None]

_AT_ONCE: Final = (1 << 16, 1 << 16, 1 << 14, 1 << 13, 1 << 11)
"""Records between two reports, some hundredths of a second; by the cost of a plan."""


def selected(
    selection: Selection,
    held: Held,
    among: Sequence[int] | None = None,
    report: Report | None = None,
) -> Sequence[int]:
    """Return the numbers of the records that a selection has, ascending.

    A range, if they are one and the index says so; otherwise they are found as
    the result is gone through, and it takes 4 bytes for each.

    Args:
        selection: What is wanted.
        held: The repository.
        among: Numbers that ascend: the records to look at. None for all.
        report: Called some hundred times a minute with progress, in records;
            what it raises ends the search, which begins anew when it is asked again.
    """
    plan = plan_of(selection, held)
    every = range(len(held.index)) if among is None else among
    if not isinstance(every, range):
        return Selected(plan, [every], report)
    runs = common((every,), plan.runs) if every else ()
    if not plan.cost and len(runs) < 2:
        return runs[0] if runs else range(0)
    return Selected(plan, runs, report)


class Selected(Sequence[int]):
    """Numbers of records, each found once.

    Made by `selected`; one thread at a time may use it.

    Args:
        plan: Tells which.
        parts: Of the records to look at, ascending.
        report: See `selected`.
    """

    def __init__(
        self, plan: Plan, parts: Sequence[Sequence[int]], report: Report | None
    ) -> None:
        self._plan = plan
        self._parts = parts
        self._report = report
        self._found = array("I")
        self._steps: Iterator[Sequence[int]] | None = None
        self._is_whole = False

    def _begun(self) -> Iterator[Sequence[int]]:
        plan = self._plan
        parts = self._parts
        amount, done = sum(map(len, parts)), 0
        is_exact = not plan.cost and all(isinstance(each, range) for each in parts)
        for some in batches(parts, _AT_ONCE[plan.cost]):
            new = some if is_exact else plan.keep(some)
            done += len(some)
            yield new
            if self._report is not None:
                self._report(Progress("select", done, amount, len(self._found)))

    def _more(self) -> bool:
        """Look at some more records; return whether there were any."""
        if self._is_whole:
            return False
        if self._steps is None:
            self._steps = self._begun()
        try:
            new = next(self._steps, None)
        except BaseException:
            self._steps, self._found = None, array("I")
            raise
        if new is None:
            self._is_whole = True
        else:
            self._found.extend(new)
        return new is not None

    def _find(self, count: int | None) -> array[int]:
        """Look for so many of them at least, or for all."""
        while (count is None or len(self._found) < count) and self._more():
            pass
        return self._found

    def __len__(self) -> int:
        return len(self._find(None))

    def __bool__(self) -> bool:
        """Tell whether there is any, and look no further."""
        return bool(self._find(1))

    def __iter__(self) -> Iterator[int]:
        at = 0
        while True:
            new = self._find(at + 1)[at:]
            if not new:
                return
            yield from new
            at += len(new)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        last = place.stop if isinstance(place, slice) else place + 1
        is_far = last is None or last <= 0 or _begins_behind(place)
        return self._find(None if is_far else last)[place]

    def __repr__(self) -> str:
        more = "" if self._is_whole else " or more"
        return f"<Selected: {len(self._found):,}{more}>"


def _begins_behind(place: int | slice) -> bool:
    """Tell whether a slice has a bound that counts from the end."""
    if not isinstance(place, slice):
        return False
    return (place.start or 0) < 0 or (place.step or 1) < 0
