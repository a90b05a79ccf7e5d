"""The proof path of a block, with every hash computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from repoview.tui.values.click import TO_SIGNATURE
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import FOLLOWED, VirtualList

if TYPE_CHECKING:
    from textual.binding import BindingType

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
        """The reader wants to go to the block of a step."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._steps: list[StepRow] = []
        self._says: list[str] = []
        """The sentences below the steps."""
        self._signed = ""
        """The one of these about the signature."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the action to follow if there is a step."""
        if action == "follow":
            return bool(self._steps)
        return super().check_action(action, parameters)

    def action_follow(self) -> None:
        """Follow the step under the cursor."""
        self.action_choose()

    def fill(self, steps: list[StepRow], says: str = "", signed: str = "") -> None:
        """Show these steps with sentences below; put the cursor on the last.

        Args:
            steps: From the commit down.
            says: What the steps prove, or why they do not.
            signed: The outcome of checking the signature.
        """
        self._steps, self._signed = steps, signed
        self._says = ["", says, signed] if signed else ["", says]
        count = _ROWS * len(steps) + (len(self._says) if says else 0)
        self.show(count, max(0, _ROWS * len(steps) - 2))
        self.refresh_bindings()

    def tell(self, says: str) -> None:
        """Show only a sentence."""
        self.fill([], says)

    def row(self, number: int, width: int) -> Text:
        """Return one row of a step."""
        index, line = divmod(number, _ROWS)
        if index >= len(self._steps):
            said = self._says[number - _ROWS * len(self._steps)]
            text = Text(said, self.style("accent"))
            if said and said == self._signed:
                text.stylize(TO_SIGNATURE)
            return text
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
