"""A cache of record rows, filled asynchronously while a source is being read.

A row that is not cached is a question to the loading thread; until the answer
arrives, a placeholder is drawn. All rows of one frame are one question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.tui.values.rows import RecordRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.session import Session
    from repoview.tui.visits.visit import Visit

_MOST: Final = 2_000
"""Rows that are cached; a screen shows some hundred at most."""

WAITING: Final = RecordRow("", "…", "", "", "", "sound")


class RowCache:
    """The rows of one visit's records.

    Args:
        visit: The visit.
        changed: Called when rows arrive that were drawn as placeholders.
    """

    def __init__(self, visit: Visit, changed: Callable[[], None]) -> None:
        self._visit = visit
        self._changed = changed
        self._known: dict[int, RecordRow] = {}
        self._wanted: set[int] = set()

    def row(self, number: int) -> RecordRow:
        """Return a row; a placeholder until it arrives."""
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
        """Whether some were drawn as placeholders."""
        return bool(self._wanted)

    def _rows(self, session: Session) -> dict[int, RecordRow]:
        """Return all wanted rows; in the loading thread."""
        # One question serves all rows drawn in one frame.
        wanted, self._wanted = self._wanted, set()
        return {number: session.records.row(number) for number in wanted}

    def _take(self, rows: dict[int, RecordRow]) -> None:
        if rows:
            if len(self._known) > _MOST:
                self._known.clear()
            self._known.update(rows)
            self._changed()

    def forget(self) -> None:
        """Clear the cache: from now on rows are read at once."""
        self._known.clear()
        self._wanted.clear()
        self._changed()
