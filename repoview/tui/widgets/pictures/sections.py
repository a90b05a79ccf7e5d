"""Sections of text as high as they are long, to be scrolled by what holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from repoview.tui.widgets.base.sections import section_rows
from repoview.tui.widgets.pictures.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from rich.text import Text

    from repoview.present.styled import Section


class SectionText(Drawn):
    """Headings, paragraphs and rows.

    Args:
        sections: What to show.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sections--accent",
        "sections--good",
        "sections--bad",
        "sections--dim",
    }

    def __init__(
        self,
        sections: Sequence[Section] = (),
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self._sections = sections

    def fill(self, sections: Sequence[Section], *, lay_out: bool = True) -> None:
        """Show other sections.

        Args:
            sections: What to show.
            lay_out: Whether the height is that of the text; else it is fixed, and
                what is around it stays.
        """
        self._sections = sections
        self.changed(lay_out=lay_out)

    def style(self, name: str) -> Style:
        """Return a style by its short name."""
        return self.get_component_rich_style(f"sections--{name}", partial=True)

    def lines(self, width: int) -> list[Text]:
        """Return the rows, the first of them a heading."""
        return section_rows(self._sections, width, self.style)[1:]
