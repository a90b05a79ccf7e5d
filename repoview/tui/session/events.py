"""Answers about the event of the event stream that a repository stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.formats.frames.head import Which
from repoview.present import event_name, event_sentence, safe, short_cid
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from repoview.core.formats.frames.frame import Frame, Operation
    from repoview.core.repo.repo import Repo


class OperationRow(NamedTuple):
    """One operation, in safe words."""

    answer: str
    """proved, unknown or contradicted."""

    action: str
    path: str
    why: str
    """Why it is not proved; of one that is, the tree once it was undone."""


class EventAnswers:
    """Answers about one event.

    Args:
        repo: A whole one.
        frame: The event that it stands in.
    """

    def __init__(self, repo: Repo, frame: Frame) -> None:
        self._repo, self._frame = repo, frame

    def facts(self) -> list[tuple[str, str]]:
        """Return what it says: labels and their text."""
        frame = self._frame
        time = "" if frame.time is None else f" · {safe(frame.time, 40)}"
        facts = [
            ("event", event_name(frame) + time),
            ("says", event_sentence(frame)),
        ]
        if frame.prev_data is not None:
            facts.append(("undone", _undone_text(frame, short_cid(frame.prev_data))))
        if frame.has_next or frame.number > 1:
            text = f"number {frame.number:,} in the file"
            if frame.has_next:
                text += "; another follows (>)"
            facts.append(("frame", text))
        return facts

    def beside(self, by: int) -> Which | None:
        """Return which event of the file is the next one, or the one before.

        Args:
            by: 1 or -1.
        """
        frame = self._frame
        if by > 0:
            number = frame.number + 1
            return Which(number, number, frame.end) if frame.has_next else None
        return Which(frame.number - 1) if frame.number > 1 else None

    def operations(self) -> list[OperationRow]:
        """Return its operations, in their order."""
        return [_row(op) for op in self._frame.ops]

    def place(self, number: int) -> Place | None:
        """Return where an operation leads: to its record, or where that was.

        None where there is no tree to go to.
        """
        place = self.place_in_tree(number)
        if place is not None and place.what == "record":
            return Place("browse", "record", place.number)
        return place

    def place_in_tree(self, number: int) -> Place | None:
        """Return the record of an operation in the tree, or the node where it was.

        None where there is no tree to go to.
        """
        key = self._frame.ops[number].key
        if key is None:
            return None
        record = self._repo.find(key)
        if record is not None:
            return Place("tree", "record", record)
        way = self._repo.tree.way_to(key)
        return Place("tree", "node", way[-1]) if way else None


def _row(op: Operation) -> OperationRow:
    why = safe(op.why, 200)
    if op.answer == "proved":
        undone = op.undone
        why = "" if undone is None else f"undone: {short_cid(undone)}"
    action, path = safe(op.action or "no action", 40), safe(op.path or "no path", 400)
    return OperationRow(op.answer, action, path, why)


def _undone_text(frame: Frame, before: str) -> str:
    """Say whether undoing all operations gives the tree before."""
    if frame.undone == "proved":
        return f"all operations undone give the tree before, {before}"
    if frame.undone == "contradicted":
        return f"the operations undone do not give the tree before, {before}"
    return f"not all operations can be undone, so {before} is not reached"
