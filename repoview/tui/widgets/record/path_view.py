"""The proof path of a block, with every hash computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from repoview.tui.values.click import TO_SIGNATURE
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.sections import section_rows
from repoview.tui.widgets.base.virtual_list import FOLLOWED, VirtualList
from repoview.tui.widgets.base.wrap import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from repoview.present.styled import Section
    from repoview.tui.session.proof_paths import StepRow

_ROOMY = 72
"""Columns from which on the sign of a hash is explained."""

_ROWS = 3
"""Rows of a step: the link to the block, the block, and a remark."""


class PathView(VirtualList):
    """Steps, each a link to its block."""

    BINDINGS: ClassVar[list[BindingType]] = [*FOLLOWED]

    @dataclass
    class Followed(Upward):
        """The user wants to go to the block of a step."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._steps: list[StepRow] = []
        self._says: list[str] = []
        """The sentences below the steps."""
        self._signed = ""
        """The one of these about the signature."""
        self._about: Sequence[Section] = ()
        self._below: list[Text] = []
        """The rows below the steps: the sentences and what they are about."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the action to follow if there is a step."""
        if action == "follow":
            return bool(self._steps)
        return super().check_action(action, parameters)

    def action_follow(self) -> None:
        """Follow the step under the cursor."""
        self.action_choose()

    def fill(
        self,
        steps: list[StepRow],
        says: str = "",
        signed: str = "",
        about: Sequence[Section] = (),
    ) -> None:
        """Show these steps with sentences below; put the cursor on the last.

        Args:
            steps: From the commit down.
            says: What the steps prove, or why they do not.
            signed: The outcome of checking the signature.
            about: What the path shows, below all that.
        """
        self._steps, self._signed, self._about = steps, signed, about
        self._says = [text for text in (says, signed) if text]
        self._lay_out()
        count = _ROWS * len(steps) + len(self._below)
        self.show(count, max(0, _ROWS * len(steps) - 2))
        self.refresh_bindings()

    def _lay_out(self) -> None:
        """Wrap what is below the steps to the width."""
        width = self.scrollable_content_region.width
        if not self.show_vertical_scrollbar:
            # It may appear by what is laid out here.
            width -= self.styles.scrollbar_size_vertical
        width = max(20, width)
        self._below = [Text()] if self._says else []
        for says in self._says:
            style = self.style("accent")
            if says == self._signed:
                style += TO_SIGNATURE
            self._below += [Text(row, style) for row in rows(says, width)]
        self._below += section_rows(self._about, width, self.style)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        super().on_resize()
        self._lay_out()
        self.show(_ROWS * len(self._steps) + len(self._below), self.cursor)

    def tell(self, says: str) -> None:
        """Show only a sentence."""
        self.fill([], says)

    def row(self, number: int, width: int) -> Text:
        """Return one row of a step."""
        index, line = divmod(number, _ROWS)
        if index >= len(self._steps):
            return self._below[number - _ROWS * len(self._steps)].copy()
        step = self._steps[index]
        if line == 0:
            if not step.link:
                return Text()
            text = Text("   │ ", self.style("dim"))
            text.append(step.link, self.style("accent"))
            return text.append(f"  {step.leads}", self.style("dim"))
        if line == 1:
            words, style = "✓ computed again", "good"
            if width < _ROOMY:
                words = "✓"
            if not step.hashes:
                words, style = "✗ does not agree", "bad"
            text = Text(f"{step.role:<8}", self.style("accent"))
            text.append(step.short_cid, "underline")
            text.append(f"  hash {words}", self.style(style))
            return text.append(f"  {step.where}", self.style("dim"))
        text = Text("        ", self.style("dim"))
        is_signed = step.role == "commit" and self._signed
        return text.append(step.about, TO_SIGNATURE if is_signed else "")

    def empty_text(self) -> str:
        """Return why there are none."""
        return "No way leads here."

    def chosen(self, number: int) -> None:
        """Go to the block of a step."""
        index = number // _ROWS
        if index < len(self._steps):
            self.post_message(self.Followed(index))
