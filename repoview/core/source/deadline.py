"""The moment at which a reading ends, whatever has come by then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from repoview.core.errors import Left

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST: Final = 1_000_000.0
"""Seconds: more, and no system can wait for them."""


class Deadline:
    """The end of the time that a reading may take, from now on.

    Args:
        seconds: How many; those of eleven days at most.
        clock: Monotonic seconds.
    """

    def __init__(
        self, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = min(seconds, _MOST)
        self._clock = clock
        self._end = clock() + self._seconds

    @property
    def left(self) -> float:
        """The seconds until then; 0 when it is over."""
        return max(0.0, self._end - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self._clock() >= self._end

    def attend(self) -> None:
        """Do nothing until then.

        Raises:
            Left: The time is over.
        """
        if self.is_over:
            raise Left(
                f"the time that it may take, {self._seconds:,g} s, is over: give it "
                "more with --max-seconds"
            )
