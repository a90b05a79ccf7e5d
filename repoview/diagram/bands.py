"""Which nodes a window shows: of each band a run of neighbors, as many as fit.

In each band one node is the anchor: on the way from the top to the focus, the
node of the way; below it, one that leads on down. The run grows from there to
both sides. What is left of the band is folded to a count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.diagram.content import KEYS, Content, content_of
from repoview.diagram.tree import way_to

if TYPE_CHECKING:
    from repoview.diagram.tree import DiagramTree

GAP: Final = 2
"""Cells between two boxes."""

_BORDER: Final = 2
_LINKS: Final = 2
"""Rows between two bands, at least."""

_LOOSE: Final = 0.75
"""Of the width, what a band takes at most for nodes that are no siblings."""

_ANCHOR: Final = 0.6
"""Of the width, what the anchor takes at most, so that others are seen."""

_ANCHOR_LEAST: Final = 36
_NARROWEST: Final = 9
"""Cells: of the anchor's box for all that, and of a box at the bottom."""

_FEW: Final = 2
"""Rows of keys in the boxes at the bottom, if height is short."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What the window is about."""

    node: int
    record: int | None = None
    """Whose key is marked, if any."""


@dataclass(slots=True)
class Run:
    """The nodes of a band that are shown."""

    distance: int
    contents: list[Content]
    before: int
    after: int
    """Nodes of the band beyond its ends."""

    def room(self, side: int) -> int:
        """Return the cells for the count of the nodes beyond one side."""
        return len(f"+{side:,}") + 1 if side else 0

    @property
    def width(self) -> int:
        """Cells of its boxes, the gaps between them, and its counts."""
        boxes = sum(each.width + _BORDER for each in self.contents)
        gaps = GAP * (len(self.contents) - 1)
        return boxes + gaps + self.room(self.before) + self.room(self.after)

    def takes(self, content: Content, step: int, width: int) -> bool:
        """Append a neighbor at one side, if it fits; return whether it did."""
        place = 0 if step < 0 else len(self.contents)
        self.contents.insert(place, content)
        self._count(step, -1)
        if self.width <= width:
            return True
        del self.contents[place]
        self._count(step, 1)
        return False

    def _count(self, step: int, by: int) -> None:
        if step < 0:
            self.before += by
        else:
            self.after += by


def anchors(tree: DiagramTree, focus: Focus) -> list[int]:
    """Return the anchor of each band, from the top."""
    found = way_to(tree, focus.node)
    while len(found) < tree.levels:
        node = tree.node(found[-1])
        below = node.children
        if below:
            found.append(below[len(below) // 2])
            continue
        # Nothing is below: the nearest node that has something goes on.
        near = _nearest_parent(tree, node.number)
        if near is None:
            break
        found.append(near)
    return found


def _nearest_parent(tree: DiagramTree, number: int) -> int | None:
    """Return a node of the next band that is nearest to a node without any below."""
    sides: list[int | None] = [number, number]
    for _ in range(64):
        for side, step in ((0, 1), (1, -1)):
            here = sides[side]
            if here is None:
                continue
            there = sides[side] = tree.beside(here, step)
            if there is not None and (below := tree.node(there).children):
                return below[0 if step > 0 else -1]
    return None


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses what is shown of a band."""

    tree: DiagramTree
    focus: Focus
    anchors: list[int]
    """Of each band."""

    width: int
    """Cells of a band."""

    rows: int
    """Of keys in boxes at the bottom."""

    def run(self, distance: int) -> Run:
        """Return what is shown of a band.

        All boxes show keys; or only that of the anchor, if else not even its
        siblings fit.
        """
        full = self._grown(distance, is_short=False)
        if not full.before + full.after or distance == self.tree.levels - 1:
            return full
        siblings = self._siblings(distance)
        shown = {each.node.number for each in full.contents}
        if len(siblings) > 1 and shown >= siblings:
            return full
        return self._grown(distance, is_short=True)

    def _siblings(self, distance: int) -> set[int]:
        """Return the nodes below the node above the anchor."""
        if not distance:
            return {0}
        return set(self.tree.node(self.anchors[distance - 1]).children)

    def _grown(self, distance: int, *, is_short: bool) -> Run:
        """Return the anchor and as many of its neighbors as fit, nearest first."""
        tree, middle = self.tree, self.anchors[distance]
        before, total = tree.before(middle), tree.amount(distance)
        # There may be a count at either side.
        counts = 2 * (len(f"+{total:,}") + 1) if total > 1 else 0
        room = self.width - _BORDER - counts
        if total > 1:
            room = min(room, max(int(self.width * _ANCHOR), _ANCHOR_LEAST))
        content = self._content(middle, room, distance, is_short=False)
        content = content.clipped(max(self.width - _BORDER - counts, 1))
        run = Run(distance, [content], before, total - before - 1)
        # Siblings come first, then whatever is near.
        self._grow(run, self.width, self._siblings(distance), is_short=is_short)
        # Where all bands are full, links have no room to lead straight down.
        width = self.width if self._is_small else int(self.width * _LOOSE)
        self._grow(run, width, None, is_short=is_short)
        return run

    @property
    def _is_small(self) -> bool:
        """Whether the whole tree may be shown."""
        most = self.width // _NARROWEST
        return self.tree.amount(self.tree.levels - 1) <= most

    def _grow(
        self, run: Run, width: int, among: set[int] | None, *, is_short: bool
    ) -> None:
        """Append neighbors at both sides in turn, until none fits.

        Args:
            run: Is changed.
            width: Cells that the band may have.
            among: Nodes that may be appended; None for any.
            is_short: Whether dots take the place of their keys.
        """
        room = width - _BORDER
        sides = [1, -1]
        while sides:
            for step in list(sides):
                end = run.contents[0 if step < 0 else -1].node.number
                there = self.tree.beside(end, step)
                if there is None or (among is not None and there not in among):
                    sides.remove(step)
                    continue
                content = self._content(there, room, run.distance, is_short=is_short)
                if not run.takes(content, step, width):
                    sides.remove(step)

    def _content(
        self, number: int, room: int, distance: int, *, is_short: bool
    ) -> Content:
        below = distance + 1
        return content_of(
            self.tree,
            self.tree.node(number),
            room,
            chosen=self.focus.record,
            toward=self.anchors[below] if below < len(self.anchors) else None,
            rows=self.rows,
            is_short=is_short,
        )


def visible(tree: DiagramTree, distance: int, height: int | None) -> tuple[range, int]:
    """Return which bands fit a height, and rows of keys in boxes at the bottom.

    Args:
        tree: The tree.
        distance: Of the focus.
        height: Rows of the window; None for all bands.
    """
    levels = tree.levels
    if height is None:
        return range(levels), KEYS + 1
    first, last = distance, distance + 1
    free = height - _band_height(tree, distance)
    grows = True
    while grows:
        grows = False
        # The band below the focus tells most, then the one above.
        for before, after in ((0, 1), (1, 0)):
            start, stop = first - before, last + after
            if start < 0 or stop > levels:
                continue
            needed = _band_height(tree, last if after else start) + _LINKS
            if needed <= free:
                first, last, free, grows = start, stop, free - needed, True
    # The rest is for links that would cross.
    rows = _FEW + (free + 1) // 2 if last == levels else KEYS + 1
    return range(first, last), max(min(rows, KEYS + 1), 1)


def _band_height(tree: DiagramTree, distance: int) -> int:
    is_bottom = distance == tree.levels - 1
    return _BORDER + (_FEW if is_bottom else 1)
