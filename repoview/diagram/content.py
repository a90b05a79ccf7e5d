"""What stands in the box of a node: its keys, and a dot for each link.

A node with links is one row, `● like …2y5z ○ post …s6ym ●`: a link stands before,
between and behind keys, where the keys below it belong. A node at the bottom has
none, and a row for each key. Few keys are shown of many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.diagram.drawing import Piece

if TYPE_CHECKING:
    from repoview.diagram.tree import DiagramNode, DiagramTree

KEYS: Final = 6
"""Keys that a box shows at most."""

LINK: Final = "●"
NO_LINK: Final = "○"
CHOSEN: Final = "▸"
LOST: Final = "╳"


class Slot(NamedTuple):
    """A key, with the link before it; of the last slot the key is none."""

    link: int | None
    record: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """The inside of a box, whose pieces begin at its first cell within the border."""

    node: DiagramNode
    width: int
    rows: tuple[tuple[Piece, ...], ...]
    links: dict[int, int]
    """Node below → column of its dot."""

    def clipped(self, width: int) -> Content:
        """Return the part of it that fits in a window where a key is too wide."""
        if self.width <= width:
            return self
        rows = tuple(
            tuple(
                piece._replace(text=piece.text[: width - piece.x])
                for piece in row
                if piece.x < width
            )
            for row in self.rows
        )
        links = {child: x for child, x in self.links.items() if x < width}
        return Content(self.node, width, rows, links)


def slots_of(node: DiagramNode) -> list[Slot]:
    """Return the keys of a node, each with the link before it."""
    slots: list[Slot] = []
    link: int | None = None
    for item in node.items:
        if isinstance(item, int):
            if link is not None:
                # Two links with no key between: the entry could not be read.
                slots.append(Slot(link, None))
            link = item
            continue
        for record in item:
            slots.append(Slot(link, record))
            link = None
    return [*slots, Slot(link, None)]


def content_of(
    tree: DiagramTree,
    node: DiagramNode,
    width: int,
    *,
    chosen: int | None = None,
    toward: int | None = None,
    rows: int = KEYS + 1,
    is_short: bool = False,
) -> Content:
    """Return the inside of the box of a node.

    Args:
        tree: Of the node.
        node: Or a hole.
        width: Cells that there are at most.
        chosen: The record whose key is marked, here or elsewhere.
        toward: The node below that must be among the links shown.
        rows: Of keys and of how many more there are, in a node at the bottom.
        is_short: Whether dots take the place of keys.
    """
    if node.hole:
        return _hole(node, width)
    if not node.children and node.distance == tree.levels - 1:
        return _list(tree, node, chosen, rows)
    return _row(tree, node, width, chosen, toward, is_short=is_short)


def _hole(node: DiagramNode, width: int) -> Content:
    texts = [f"{LOST} {node.hole}"]
    if node.hides:
        texts.append(node.hides)
    rows = tuple((Piece(1, 0, text[: width - 2], "hole"),) for text in texts)
    widest = max(len(row[0].text) for row in rows)
    return Content(node, widest + 2, rows, {})


def _list(
    tree: DiagramTree, node: DiagramNode, chosen: int | None, most: int
) -> Content:
    """Return a row for each key, the chosen one among them."""
    total = node.keys
    shown = min(total, KEYS, most)
    if shown < total:
        # The last row tells how many more there are.
        shown = max(min(most - 1, KEYS), 1)
    slots = _some(node, _first_of(node, chosen, shown), shown)
    rows = [_key(tree, s.record, 0, chosen) for s in slots if s.record is not None]
    if not rows:
        rows = [(Piece(1, 0, "no keys", "more"),)]
    if shown < total and most > 1:
        rows.append((Piece(1, 0, f"+{total - shown:,} more", "more"),))
    width = max(row[-1].x + len(row[-1].text) for row in rows) + 1
    return Content(node, width, tuple(rows), {})


def _some(node: DiagramNode, first: int, count: int) -> list[Slot]:
    """Return slots of a node without links, without making those before."""
    found: list[Slot] = []
    for item in node.items:
        if isinstance(item, range):
            if first < len(item):
                part = item[first : first + count - len(found)]
                found += [Slot(None, record) for record in part]
            first = max(first - len(item), 0)
    return found


def _first_of(node: DiagramNode, chosen: int | None, shown: int) -> int:
    """Return the place of the first key shown, so that the chosen one is."""
    place = 0
    for item in node.items:
        if isinstance(item, range):
            if chosen is not None and chosen in item:
                place += chosen - item.start
                break
            place += len(item)
    else:
        return 0
    return max(0, min(place - shown // 2, node.keys - shown))


def _key(
    tree: DiagramTree, record: int, x: int, chosen: int | None
) -> tuple[Piece, ...]:
    """Return a key, with a cell before it that marks the chosen one."""
    key = tree.key(record)
    is_chosen = record == chosen
    mark = CHOSEN if is_chosen else " "
    style = "chosen" if is_chosen else "key"
    if not key.is_there:
        mark, style = LOST, "chosen" if is_chosen else "lost"
    pieces = [Piece(x, 0, mark, style, record)] if mark != " " else []
    x += 1
    name = key.label.name
    if name:
        group = style if style != "key" else f"group-{key.group}"
        pieces.append(Piece(x, 0, f"{name} ", group, record))
        x += len(name) + 1
    pieces.append(Piece(x, 0, key.label.rest, style, record))
    return tuple(pieces)


def _row(
    tree: DiagramTree,
    node: DiagramNode,
    width: int,
    chosen: int | None,
    toward: int | None,
    *,
    is_short: bool,
) -> Content:
    """Return keys and dots in one row, or as much of it as there is room for."""
    slots = slots_of(node)
    wanted = _wanted(slots, chosen, toward)
    first, last = wanted, wanted + 1
    row = _slots(tree, slots, first, last, chosen, is_short=is_short)
    most = 4 * KEYS if is_short else KEYS
    grows = True
    while grows:
        grows = False
        for before, after in ((0, 1), (1, 0)):
            start, stop = first - before, last + after
            keys = stop - start - (stop == len(slots))
            if start < 0 or stop > len(slots) or keys > most:
                continue
            wider = _slots(tree, slots, start, stop, chosen, is_short=is_short)
            if wider[1] <= width:
                first, last, row, grows = start, stop, wider, True
    pieces, taken, links = row
    return Content(node, taken, (tuple(pieces),), links)


def _wanted(slots: list[Slot], chosen: int | None, toward: int | None) -> int:
    """Return the place of the chosen key, else of the link that leads on."""
    links = {slot.link: place for place, slot in enumerate(slots)}
    records = {slot.record: place for place, slot in enumerate(slots)}
    if chosen is not None and chosen in records:
        return records[chosen]
    return 0 if toward is None else links.get(toward, 0)


def _slots(
    tree: DiagramTree,
    slots: list[Slot],
    first: int,
    last: int,
    chosen: int | None,
    *,
    is_short: bool,
) -> tuple[list[Piece], int, dict[int, int]]:
    """Return the pieces of some slots, their width, and the columns of links."""
    pieces: list[Piece] = []
    links: dict[int, int] = {}
    x = 0 if is_short else 1
    if first:
        x = _more(slots[:first], x, pieces, links)
    for slot in slots[first:last]:
        is_link = slot.link is not None
        if slot.link is not None:
            links[slot.link] = x
        style = "link" if is_link else "no-link"
        pieces.append(Piece(x, 0, LINK if is_link else NO_LINK, style))
        x += 1
        if slot.record is None:
            continue
        if is_short:
            style = "chosen" if slot.record == chosen else "more"
            pieces.append(Piece(x, 0, "·", style, slot.record))
            x += 1
            continue
        key = _key(tree, slot.record, x, chosen)
        pieces += key
        x = key[-1].x + len(key[-1].text) + 1
    if last < len(slots):
        x = _more(slots[last:], x, pieces, links)
    return pieces, x if is_short else x + 1, links


def _more(slots: list[Slot], x: int, pieces: list[Piece], links: dict[int, int]) -> int:
    """Append how many keys are left out; their links come from there."""
    keys = sum(slot.record is not None for slot in slots)
    text = f"+{keys:,}" if keys else "…"
    links.update(dict.fromkeys((s.link for s in slots if s.link is not None), x))
    pieces.append(Piece(x, 0, text, "more"))
    return x + len(text) + 1
