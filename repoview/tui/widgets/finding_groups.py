"""The list of findings in foldable groups, the most severe first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList
from repoview.tui.widgets.findings_list import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.values.rows import FindingRow, GroupRow

FEW = 12
"""Findings in all up to which all groups are open at first."""


class FindingGroups(VirtualList):
    """A line for each group; below it, when it is open, one for each finding."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go to its place", id="finding.go"),
        Binding("right,l", "open", "Open", key_display="→", id="finding.open"),
        Binding("left,h", "shut", "Close", key_display="←", id="finding.shut"),
        Binding("asterisk", "open_all", "Open all", show=False, id="finding.open_all"),
        Binding("minus", "shut_all", "Close all", show=False, id="finding.shut_all"),
    ]

    @dataclass
    class Moved(Upward):
        """The user moved to a finding."""

        number: int

    @dataclass
    class Chosen(Upward):
        """The user wants to go to the place of a finding."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._rows: Sequence[FindingRow] = []
        self._groups: Sequence[GroupRow] = []
        self._open: set[int] = set()
        self._lines: list[tuple[int, int]] = []
        """For each line, its group, and its finding or -1."""
        self._says = ""

    def fill(
        self, rows: Sequence[FindingRow], groups: Sequence[GroupRow], says: str
    ) -> None:
        """Show these groups.

        Args:
            rows: All findings, by number.
            groups: Those to show.
            says: What to show if there are none.
        """
        self._rows, self._groups, self._says = rows, groups, says
        few = sum(len(group.findings) for group in groups) <= FEW
        self._open = set(range(len(groups))) if few else set()
        self._spread(0)

    def reveal(self, number: int) -> None:
        """Move to a finding."""
        for place, group in enumerate(self._groups):
            if number in group.findings:
                self._open.add(place)
                self._spread(0)
                line = (place, number if _folds(group) else -1)
                self.center(self._lines.index(line))

    @property
    def number(self) -> int:
        """The finding under the cursor, or the first of its group; -1 for none."""
        if not self._lines:
            return -1
        group, finding = self._lines[self.cursor]
        return finding if finding >= 0 else self._groups[group].findings[0]

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (cut by the list)
        """Return a group with its count, or one finding."""
        place, finding = self._lines[number]
        if finding >= 0:
            found = self._rows[finding]
            line = Text("    ")
            if self._groups[place].explains:
                if finding != self._groups[place].findings[0]:
                    line.append("└ ", self.style("dim"))
                line.append(f"{found.code} ", self.style("accent"))
            line.append(found.message)
            return line.append(f"  {found.place}", self.style("dim"))
        group = self._groups[place]
        sign, style = SEVERITIES[group.severity]
        fold = "▾ " if place in self._open else "▸ "
        # A style of its own: that of a text is the ground for all of it.
        line = Text().append(fold if _folds(group) else "  ", self.style("dim"))
        line.append(f"{sign} {group.severity:<8}", self.style(style))
        line.append(f"{group.code} ", self.style("accent"))
        kept = len(group.findings)
        if _folds(group) and not group.explains:
            more = f", {kept} kept" if group.total > kept else ""
            line.append(f"×{group.total:,}{more}  ", "bold")
        return line.append(group.title, "bold" if group.explains else "")

    def empty_text(self) -> str:
        """Return what to show if there are none."""
        return self._says

    def moved(self, number: int) -> None:
        """Post the finding under the cursor."""
        if number < len(self._lines):
            self.post_message(self.Moved(self.number))

    def chosen(self, number: int) -> None:
        """Open or close a group; ask to go to the place of a finding."""
        place, finding = self._lines[number]
        if finding >= 0:
            self.post_message(self.Chosen(finding))
        elif len(self._groups[place].findings) == 1:
            self.post_message(self.Chosen(self._groups[place].findings[0]))
        else:
            self._open ^= {place}
            self._spread(number)

    def action_open(self) -> None:
        """Open the group under the cursor; of an open one, go to its first finding."""
        if not self._lines:
            return
        place, finding = self._lines[self.cursor]
        if finding < 0 and place not in self._open:
            self._open.add(place)
            self._spread(self.cursor)
        else:
            self.action_move(1)

    def action_shut(self) -> None:
        """Close the group that the cursor is in."""
        if self._lines:
            place, _ = self._lines[self.cursor]
            self._open.discard(place)
            self._spread(self._lines.index((place, -1)))

    def action_open_all(self) -> None:
        """Open all groups."""
        self._open = set(range(len(self._groups)))
        self._spread(0)

    def action_shut_all(self) -> None:
        """Close all groups."""
        self._open = set()
        self._spread(0)

    def _spread(self, cursor: int) -> None:
        """Make the lines again; at most a hundred for each group."""
        self._lines = []
        for place, group in enumerate(self._groups):
            self._lines.append((place, -1))
            if place in self._open and _folds(group):
                self._lines += [(place, number) for number in group.findings]
        self.show(len(self._lines), cursor)
        if self._lines:
            self.moved(self.cursor)


def _folds(group: GroupRow) -> bool:
    """Return whether a group has more to show than its own line."""
    return group.total > 1 or len(group.findings) > 1
