"""Rows of records as a list draws them: at once, or a little later.

Of a repository that is still being read a row is a question to the thread that
reads it; until the answer is there, an empty row stands in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.tui.values.rows import RecordRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.session import Session
    from repoview.tui.visits.visit import Visit

_MOST: Final = 2_000
"""Rows that are held; a screen shows some hundred at most."""

WAITING: Final = RecordRow("", "…", "", "", "", "sound")


class RowCache:
    """The rows of one visit's records.

    Args:
        visit: Whose records they are.
        changed: Called when rows came that were drawn as empty.
    """

    def __init__(self, visit: Visit, changed: Callable[[], None]) -> None:
        self._visit = visit
        self._changed = changed
        self._known: dict[int, RecordRow] = {}
        self._wanted: set[int] = set()

    def row(self, number: int) -> RecordRow:
        """Return a row; an empty one while it is asked for."""
        session = self._visit.session
        if session is not None:
            return session.records.row(number)
        row = self._known.get(number)
        if row is not None:
            return row
        if number not in self._wanted:
            self._wanted.add(number)
            self._visit.ask(self._rows, self._take)
        return WAITING

    @property
    def is_waiting(self) -> bool:
        """Whether some were drawn as empty."""
        return bool(self._wanted)

    def _rows(self, session: Session) -> dict[int, RecordRow]:
        """Return what is wanted by now; for the thread that reads."""
        # One question stands for all that were drawn in one go.
        wanted, self._wanted = self._wanted, set()
        return {number: session.records.row(number) for number in wanted}

    def _take(self, rows: dict[int, RecordRow]) -> None:
        if rows:
            if len(self._known) > _MOST:
                self._known.clear()
            self._known.update(rows)
            self._changed()

    def forget(self) -> None:
        """Let go of the rows: from now on they are there at once."""
        self._known.clear()
        self._wanted.clear()
        self._changed()
