"""The list of files that are broken on purpose, by the family of their rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.breaking.cases import Case, Group

_STYLES = {"fatal": "bad", "error": "bad", "warning": "warn", "info": "dim"}


class CaseList(VirtualList):
    """Cases under the names of their families; Enter opens one."""

    @dataclass
    class Chosen(Upward):
        """The user chose a case."""

        case: Case

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._rows: list[Case | Group] = []

    @property
    def here(self) -> Case | None:
        """The case under the cursor; None on the name of a family."""
        row = self._rows[self.cursor] if self._rows else None
        return None if isinstance(row, tuple) else row

    def fill(self, groups: Sequence[Group], case: Case | None = None) -> None:
        """Show cases; the cursor goes to one, or to the first."""
        self._rows = []
        for group in groups:
            self._rows += [group, *group.cases]
        at = self._rows.index(case) if case in self._rows else min(1, len(self._rows))
        self.show(len(self._rows), at)
        if at == 1:
            self.scroll_to(y=0)

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (it is cut)
        """Return code, severity and fault of a case, or the name of a family."""
        row = self._rows[number]
        if isinstance(row, tuple):
            text = Text(
                f"{row.family}: {row.about}", self.style("accent"), no_wrap=True
            )
            return text.append(f"  {len(row.cases)}", self.style("dim"))
        text = Text(f"  {row.code}  ", no_wrap=True)
        text.append(f"{row.severity:<8}", self.style(_STYLES[row.severity]))
        return text.append(row.fact)

    def chosen(self, number: int) -> None:
        """Open a case; from the name of a family, go to its first."""
        row = self._rows[number]
        if isinstance(row, tuple):
            self.cursor = number + 1
        else:
            self.post_message(self.Chosen(row))

    def empty_text(self) -> str:
        """Return why there are none."""
        return "No rule or fault has these words."
