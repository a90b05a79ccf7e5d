"""What differs between two open repositories: found in a thread, told row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.diff.diff import diff
from repoview.core.diff.items import NodeChange, UnknownRange
from repoview.core.errors import NotFound
from repoview.core.formats.key import path_of
from repoview.core.trees.record_change import RecordChange
from repoview.export.differences import fields_of, write_changes
from repoview.present import count_text, json_text, safe
from repoview.tui.session.writing.writing import (
    LINE,
    WriteJob,
    proposed_name,
    refusal_of,
)
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview.core.repo.repo import Repo
    from repoview.tui.session import Session

MOST: Final = 200_000
"""Differences that are kept; the command lists all."""

_FIELDS: Final = 500
_VALUE: Final = 400
"""Fields of a record that are shown, and characters of each value."""

_VERBS: Final = {"create": "created", "update": "updated", "delete": "deleted"}


class DiffRow(NamedTuple):
    """One row of the list; safe to show."""

    action: str
    """create, update, delete; unknown for a range of keys."""

    text: str


class FieldRow(NamedTuple):
    """What differs in one field; safe to show."""

    name: str
    old: str | None
    """None where it was not there."""

    new: str | None


@dataclass
class Found:
    """What was found."""

    items: list[RecordChange | UnknownRange] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """By action; "unknown" ranges; "created" and "deleted" nodes."""

    @property
    def left_out(self) -> int:
        """How many more there are than are kept."""
        told = sum(self.counts.get(name, 0) for name in (*_VERBS, "unknown"))
        return told - len(self.items)

    @property
    def changes(self) -> list[RecordChange]:
        """The records that differ, as far as they are kept."""
        return [each for each in self.items if isinstance(each, RecordChange)]


class DiffAnswers:
    """The differences of two repositories, both read to their ends.

    Args:
        old: The one before.
        new: The one after.
        names: What they are called; safe to show.
    """

    def __init__(self, old: Session, new: Session, names: tuple[str, str]) -> None:
        self._sides: tuple[Repo, Repo] = old.repo, new.repo
        self._names = names
        self.found = Found()

    def find(self, check: Callable[[float], None]) -> Found:
        """Compare them; in a thread.

        Args:
            check: Called often; what it raises ends it.

        Raises:
            NotFound: One of them has no tree.
            SourceError: A source was changed.
            Cancelled: It is not wanted any more.
        """
        old, new = self._sides
        for side in self._sides:
            if not len(side.tree):
                raise NotFound(f"{side.name} has no tree to compare")
        found = Found()
        for number, item in enumerate(diff(old.tree, new.tree)):
            if not number & 255:
                check(0)
            self._take(found, item)
        self.found = found
        return found

    @staticmethod
    def _take(found: Found, item: RecordChange | NodeChange | UnknownRange) -> None:
        if isinstance(item, NodeChange):
            name = "new nodes" if item.side == "new" else "old nodes"
        else:
            name = item.action if isinstance(item, RecordChange) else "unknown"
            if len(found.items) < MOST:
                found.items.append(item)
        found.counts[name] = found.counts.get(name, 0) + 1

    # Words

    def names(self) -> tuple[str, str]:
        """Return what both are, with their revisions."""
        old, new = map(_name, self._names, self._sides)
        return old, new

    def sentence(self) -> str:
        """Return how much differs."""
        found, (old, new) = self.found, self._sides
        if old.tree.top == new.tree.top:
            return "Both have the same tree: nothing differs."
        told = [
            f"{count_text(found.counts.get(action, 0), 'record')} {verb}"
            for action, verb in _VERBS.items()
        ]
        nodes = [
            f"{count_text(found.counts.get(f'{side} nodes', 0), 'node')} {verb}"
            for side, verb in (("new", "created"), ("old", "deleted"))
        ]
        text = f"{', '.join(told)}; {', '.join(nodes)}."
        if count := found.counts.get("unknown", 0):
            ranges = count_text(count, "range of keys", "ranges of keys")
            text += f" Of {ranges} nothing can be told: a node is missing there."
        if found.left_out:
            text += f" {found.left_out:,} more are not listed: repoview diff has all."
        return text

    # Rows

    def row(self, number: int) -> DiffRow:
        """Return a row of the list."""
        item = self.found.items[number]
        if isinstance(item, RecordChange):
            return DiffRow(item.action, safe(item.path, 400))
        after = path_of(item.lo) if item.lo else "the first key"
        before = path_of(item.hi) if item.hi is not None else "the last"
        return DiffRow("unknown", safe(f"{after} … {before}", 400))

    def fields(self, number: int) -> list[FieldRow] | str:
        """Return what differs in a record, or why that cannot be told.

        Raises:
            SourceError: A source was changed.
        """
        item = self.found.items[number]
        if isinstance(item, UnknownRange):
            whose = "before" if item.side == "old" else "after"
            fault = item.fault or "is not there"
            return safe(
                f"Nothing can be told of the keys between these two: the node "
                f"{item.cid} of the repository {whose} {fault}.",
                LINE,
            )
        fields = fields_of(*self._sides, item)
        if fields is None:
            return "A block of this record is not in its file: no field can be told."
        rows = [
            FieldRow(
                safe(each.path, 200) or "the record",
                None if each.action == "create" else _value(each.before),
                None if each.action == "delete" else _value(each.after),
            )
            for each in fields[:_FIELDS]
        ]
        if more := len(fields) - len(rows):
            rows.append(FieldRow(f"{more:,} more fields", None, None))
        return rows

    def place(self, number: int, side: int) -> Place | None:
        """Return where a record is in one of the two; None where it is not.

        Args:
            number: Of the row.
            side: 0 for the repository before, 1 for the one after.
        """
        item = self.found.items[number]
        if not isinstance(item, RecordChange):
            return None
        record = self._sides[side].find(item.key)
        return None if record is None else Place("browse", "record", record)

    # Writing

    def proposed(self) -> str:
        """Return a name for a new file in the current folder."""
        return proposed_name(self._sides[1].name, "differences", ".jsonl")

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written; see `refusal_of`."""
        told = [refusal_of(side.name, text) for side in self._sides]
        return told[0] or told[1]

    def job(self, path: Path, *, force: bool) -> WriteJob:
        """Return the job that writes the list."""
        return WriteJob(path, len(self.found.changes), force=force)

    def write(self, job: WriteJob) -> None:
        """Run a job; in a thread. Errors of the job are kept in it."""
        job.run(lambda: self._write(job))

    def _write(self, job: WriteJob) -> str:
        changes = self.found.changes
        count = write_changes(self._sides, changes, job.path, job.note, force=job.force)
        told = count_text(count, "difference")
        return safe(f"wrote {job.path.absolute()}: {told}, a line each", 2 * LINE)


def _name(name: str, repo: Repo) -> str:
    commit = repo.commit
    if commit is None:
        rev = "a tree without a commit" if len(repo.tree) else "no repository"
    else:
        rev = commit.rev or "no revision"
    return safe(f"{name} ({rev})", 200)


def _value(value: object) -> str:
    text = json_text(value, None)
    return safe(text if len(text) <= _VALUE else f"{text[:_VALUE]}…", _VALUE + 1)


def in_order(one: Session, other: Session) -> bool:
    """Tell whether the first is not the later of two, by their revisions."""
    commits = one.repo.commit, other.repo.commit
    revs = [None if each is None else each.rev for each in commits]
    return not (revs[0] and revs[1] and revs[0] > revs[1])
