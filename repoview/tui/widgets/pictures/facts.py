"""A table of facts: labels and texts."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.text import Text

from repoview.tui.widgets.pictures.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style


class Facts(Drawn):
    """Labels, with their wrapped texts beside them."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(title, id=id)
        self._facts: Sequence[tuple[str, str]] = []
        self._links: Mapping[str, Style] = {}

    def fill(
        self,
        facts: Sequence[tuple[str, str]],
        links: Mapping[str, Style] = MappingProxyType({}),
    ) -> None:
        """Show these facts.

        Args:
            facts: Labels, and what is said of each.
            links: Label → style of its text, for those that act on a click.
        """
        self._facts, self._links = facts, links
        self.changed()

    def lines(self, width: int) -> list[Text]:
        """Return the labels and their texts."""
        left = 2 + max((len(label) for label, _ in self._facts), default=0)
        made = []
        for label, says in self._facts:
            text = Text(says).wrap(self.app.console, max(width - left, 8))
            for number, line in enumerate(text):
                head = Text(f"{label if not number else '':<{left}}")
                head.stylize(self.style("dim"))
                line.stylize(self._links.get(label, ""))
                made.append(head.append_text(line))
        return made
