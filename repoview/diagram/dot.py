"""A drawing as a graph for Graphviz: the nodes of the window, and their links.

Graphviz lays it out itself; order and bands are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.diagram.content import LINK, NO_LINK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.diagram.drawing import Box, Drawing, Piece

_SPECIAL: Final = str.maketrans({each: f"\\{each}" for each in '\\{}|<>"'})


def to_dot(drawing: Drawing, title: str = "Merkle Search Tree") -> str:
    """Return a drawing as a directed graph in the language DOT.

    Args:
        drawing: The drawing.
        title: Its label.
    """
    lines = [
        "digraph mst {",
        f"  label={_quoted(title)}; labelloc=t; ordering=out;",
        '  node [shape=record, fontname="monospace"]; edge [arrowsize=0.7];',
        *_boxes(drawing),
        *_bands(drawing),
        *_links(drawing),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _boxes(drawing: Drawing) -> Iterator[str]:
    ports = _ports(drawing)
    for box in drawing.boxes:
        looks = []
        if box.is_hole:
            looks.append('style=dashed, color="firebrick"')
        if box.is_way:
            looks.append("penwidth=2.5")
        if box.is_focus:
            looks.append('color="royalblue", penwidth=3.5')
        label = _label(box, ports)
        yield f"  n{box.node} [{', '.join([f'label={label}', *looks])}];"
    for fold in drawing.folds:
        yield f'  f{fold.node} [label="{fold.text}", shape=plaintext];'


def _label(box: Box, ports: dict[tuple[int, int], str]) -> str:
    """Return the rows of a box, or of a node with links a field for each piece."""
    rows: dict[int, list[Piece]] = {}
    for piece in box.pieces:
        rows.setdefault(piece.y, []).append(piece)
    if len(rows) == 1 and not box.is_hole:
        fields = _fields(next(iter(rows.values())), ports)
        return f'"{"|".join(fields)}"'
    texts = ("".join(piece.text for piece in row) for row in rows.values())
    lines = "".join(f"{text.strip().translate(_SPECIAL)}\\l" for text in texts)
    return f'"{lines}"'


def _fields(pieces: list[Piece], ports: dict[tuple[int, int], str]) -> Iterator[str]:
    """Yield fields: a key is one, and so is each dot, with the port of its link."""
    text = ""
    for piece in pieces:
        port = ports.get((piece.x, piece.y), "")
        if piece.text in {LINK, NO_LINK} or port:
            if text:
                yield text.translate(_SPECIAL)
            text = ""
            yield f"{port and f'<{port}> '}{piece.text.translate(_SPECIAL)}"
        else:
            text += piece.text
    if text:
        yield text.translate(_SPECIAL)


def _ports(drawing: Drawing) -> dict[tuple[int, int], str]:
    """Return the port of each dot from which a link is drawn."""
    rows = {box.node: box.y + 1 for box in drawing.boxes}
    return {
        (link.points[0][0], rows[link.parent]): f"p{link.points[0][0]}"
        for link in drawing.links
    }


def _bands(drawing: Drawing) -> Iterator[str]:
    """Yield the nodes of each band on one rank, in their order."""
    for band in drawing.bands:
        places = [(box.x, f"n{box.node}") for box in drawing.boxes if box.y == band.y]
        places += [
            (fold.x, f"f{fold.node}") for fold in drawing.folds if fold.y == band.y + 1
        ]
        names = [name for _, name in sorted(places)]
        yield f"  {{ rank=same; {'; '.join(names)}; }}"
        if len(names) > 1:
            yield f"  {' -> '.join(names)} [style=invis];"


def _links(drawing: Drawing) -> Iterator[str]:
    for link in drawing.links:
        looks = " [penwidth=3]" if link.is_way else ""
        yield f"  n{link.parent}:p{link.points[0][0]}:s -> n{link.child}:n{looks};"
