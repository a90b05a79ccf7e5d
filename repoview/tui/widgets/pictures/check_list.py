"""The checks that ran: one per line, or wrapped onto few lines on a low screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from repoview.tui.widgets.pictures.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.values.rows import CheckRow

SIGNS: Final = {
    "pass": ("✔", "good"),
    "FAIL": ("✗", "odd"),
    "warn": ("!", "expected"),
    "-": ("-", "dim"),
}
"""Outcome → its sign and style; the word is shown, too."""


class CheckList(Drawn):
    """The checks, each with its amount and outcome."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(title, id=id)
        self._checks: Sequence[CheckRow] = []
        self._is_brief = False

    def fill(self, checks: Sequence[CheckRow]) -> None:
        """Show these checks."""
        self._checks = checks
        self.changed()

    def set_brief(self, *, is_brief: bool) -> None:
        """Show all on few lines, or one per line."""
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            self.changed()

    def lines(self, width: int) -> list[Text]:
        """Return the checks."""
        return self._brief(width) if self._is_brief else self._whole()

    def _whole(self) -> list[Text]:
        amounts = max((len(each.amount) for each in self._checks), default=0)
        made = []
        for each in self._checks:
            line = self._outcome(each).append(f"  {each.name:<10}", self.style("label"))
            line.append(f"{each.amount:>{amounts}}  ", self.style("dim"))
            made.append(line.append(each.detail))
        return made

    def _brief(self, width: int) -> list[Text]:
        made, line = list[Text](), Text()
        for each in self._checks:
            part = self._outcome(each).append(f" {each.name}")
            if line and line.cell_len + 3 + part.cell_len > width:
                made.append(line)
                line = Text()
            line.append("   " if line else "").append_text(part)
        return [*made, line] if line else made

    def _outcome(self, each: CheckRow) -> Text:
        sign, style = SIGNS[each.outcome]
        word = "" if each.outcome == sign else each.outcome
        text = f"{sign} {word}".rstrip() if self._is_brief else f"{sign} {word:<4}"
        return Text(text, self.style(style))
