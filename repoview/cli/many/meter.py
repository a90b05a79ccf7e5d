"""How far many sources are, on one line of a terminal: "12 of 300 · 1.2 GB"."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from repoview.cli.progress import PACE, StatusLine
from repoview.listing import listed
from repoview.present import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from typing import Any, TextIO

    from repoview.cli.many.lines import Totals


class Meter:
    """Draws how many sources are done, while the next one is waited for.

    How many there are is counted beside it, so that nothing waits for that.

    Args:
        stream: A terminal; None draws nothing.
        sources: As they were named.
        totals: Counts what is done.
    """

    def __init__(
        self, stream: TextIO | None, sources: Sequence[str], totals: Totals
    ) -> None:
        self._line = StatusLine(stream)
        self._sources = sources
        self._totals = totals
        self._total: int | None = None
        if stream is not None:
            # It may still run at the end, and nothing waits for it.
            threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        self._total = sum(1 for _ in listed(self._sources))

    def wait(self, coming: Future[Any]) -> None:
        """Return when *coming* is there; draw meanwhile."""
        if not self._line.is_shown:
            # Its error, if any, is raised when the result is used.
            coming.exception()
            return
        while not coming.done():
            self._line.draw(self._text)
            try:
                coming.exception(PACE)
            except TimeoutError:
                continue
        self._line.draw(self._text)

    def _text(self, _: float) -> str:
        return meter_line(self._totals.sources, self._total, self._totals.bytes)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make room for lines of results, and stand below them."""
        was_drawn = self._line.is_drawn
        self.erase()
        yield
        if was_drawn:
            self._line.draw_again(self._text)

    def erase(self) -> None:
        """Leave nothing on the terminal."""
        self._line.erase()


def meter_line(done: int, total: int | None, size: int) -> str:
    """Return how far it is.

    Args:
        done: Sources that are done.
        total: How many there are; None while that is not known.
        size: Bytes of those that are done.
    """
    of = "" if total is None else f" of {total:,}"
    return f"verifying  {done:,}{of} · {size_text(size)}"
