"""The list of collections, with their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from repoview.tui.visits.messages import CollectionChosen
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.geometry import Size

    from repoview.tui.values.rows import CollectionRow


class Collections(VirtualList):
    """All records first, then the collections in key order."""

    def on_mount(self) -> None:
        """Begin with none."""
        self._longest = 0
        self.tell_title("Collections")
        self.extend([])

    def extend(self, rows: list[CollectionRow]) -> None:
        """Set the collections; the cursor does not move."""
        self._rows = rows
        longest = self._longest
        self._total = sum(row.records for row in rows)
        self._digits = len(f"{self._total:,}")
        self.tell_subtitle(f"{len(rows):,}")
        names = (len(row.name) for row in rows)
        self._longest = max(names, default=0) + 1 + self._digits
        self.grow(len(rows) + 1)
        if self._longest != longest:
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the longest name with its count; the style sheet limits it."""
        del container, viewport
        return self._longest + self.styles.scrollbar_size_vertical

    def row(self, number: int, width: int) -> Text:
        """Return the name, its authority dim, and the count at the right."""
        if number == 0:
            name, count = Text("all records"), self._total
        else:
            row = self._rows[number - 1]
            count = row.records
            name = self._styled(row.name, width - self._digits - 1)
        room = max(4, width - self._digits - 1)
        name.truncate(room, overflow="ellipsis", pad=True)
        return name.append(f" {count:>{self._digits},}", self.style("accent"))

    def _styled(self, name: str, room: int) -> Text:
        """Return a name, cut at its beginning, for its end is more specific."""
        if len(name) > room:
            name = "…" + name[len(name) - room + 1 :]
        authority, dot, last = name.rpartition(".")
        return Text().append(authority + dot, self.style("dim")).append(last)

    def moved(self, number: int) -> None:
        """Post the collection under the cursor."""
        self.post_message(CollectionChosen(number - 1 if number else None))

    def chosen(self, number: int) -> None:  # noqa: ARG002 (the row is shown already)
        """Focus its records."""
        self.screen.focus_next()
