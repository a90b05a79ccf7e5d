"""The steps of one piece of work, by number: forward, back, or to any of them.

A few thousand steps are kept around the present one. To go back beyond them the work
is done again from its beginning, or where it can begin anywhere, from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.inventory.streaming import BlockCame
from repoview.present.steps.telling import told, told_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.repo.repo import Repo
    from repoview.present.steps.said import ToldStep
    from repoview.present.steps.telling import AnyStep

MOST: Final = 20_000
"""Steps that are gone through where the work can begin at its beginning only."""

KEPT: Final = 2_048
"""Steps that are kept before the present one, at least."""


class Begun(NamedTuple):
    """Work that was begun at a step."""

    start: int
    """The number of the first step that comes, from 0."""

    steps: Iterator[AnyStep]


@dataclass
class Track:
    """The steps of one walk, look-up, proof, stream or diff."""

    title: str
    """What it is of, safe to show."""

    begin: Callable[[int], Begun]
    """Begins at a step or before it."""

    repo: Repo
    total: int | None = None
    """How many steps there are, where that is known before they are taken."""

    is_random: bool = False
    """Whether the work can begin at any step."""

    waits: bool = False
    """Whether what waits is kept from one step to the next."""

    _start: int = 0
    _steps: list[AnyStep] = field(default_factory=list)
    _rest: Iterator[AnyStep] | None = None
    _end: int | None = None
    """How many steps can be shown, once that is known."""

    @classmethod
    def short(
        cls, title: str, begin: Callable[[], Iterator[AnyStep]], repo: Repo
    ) -> Track:
        """Return a track of a few steps, which are taken at once to be counted."""
        track = cls(title, lambda _: Begun(0, begin()), repo)
        track.last()
        return track

    @property
    def count(self) -> int | None:
        """How many steps can be gone to, where that is known by now."""
        if self._end is None and self.total is not None:
            return self.total if self.is_random else min(self.total, MOST)
        return self._end

    @property
    def is_cut(self) -> bool:
        """Whether more steps follow than can be gone to."""
        count = self.count
        if count is None or self.is_random:
            return False
        return count >= MOST and (self.total is None or self.total > count)

    def last(self) -> int:
        """Return the number of the last step; goes through them if it must.

        Raises:
            RepoviewError: A source was changed.
        """
        count = self.count
        if count is None:
            self._go_to(MOST)
            count = self.count or 0
        return count - 1

    def at(self, number: int) -> ToldStep | None:
        """Return a step in words; None behind the last one.

        Raises:
            RepoviewError: A source was changed.
        """
        step = self.step(number)
        if step is None:
            return None
        before = self.step(number - 1) if self.waits and number else None
        if before is None:
            return told(step, self.repo)
        return told_after(step, before, self.repo)

    def step(self, number: int) -> AnyStep | None:
        """Return a step; None behind the last one."""
        count = self.count
        if number < 0 or (count is not None and number >= count):
            return None
        at = number - self._start
        if not 0 <= at < len(self._steps):
            self._go_to(number)
            at = number - self._start
        return self._steps[at] if 0 <= at < len(self._steps) else None

    def _go_to(self, number: int) -> None:
        reached = self._start + len(self._steps)
        is_near = self._rest is not None and (
            reached <= number < reached + KEPT if self.is_random else reached <= number
        )
        if not is_near:
            # So far back that a few steps back need no new beginning.
            self._start, self._rest = self.begin(max(number - KEPT // 4, 0))
            self._steps = []
        while self._start + len(self._steps) <= number and self._take():
            pass

    def _take(self) -> bool:
        """Take a step; return whether there was one that can be shown."""
        taken = self._start + len(self._steps)
        is_over = not self.is_random and taken >= MOST
        step = None if self._rest is None or is_over else next(self._rest, None)
        if step is None:
            self._end = taken
            return False
        if isinstance(step, BlockCame) and self.total is None:
            self.total = step.of + 1
        self._steps.append(step)
        if len(self._steps) > 2 * KEPT:
            del self._steps[:KEPT]
            self._start += KEPT
        return True
