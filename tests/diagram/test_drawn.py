"""Facts about drawings as text, as SVG and as DOT."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from repoview.diagram.bands import Focus
from repoview.diagram.dot import to_dot
from repoview.diagram.layout import layout
from repoview.diagram.svg import to_svg
from repoview.diagram.text import line_signs, rows_of_text
from repoview.diagram.tree import key_label
from tests.diagram.trees import RegularTree, tree_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn_text(records: int, *, width: int = 100, leave_out: int = 0) -> str:
    """Return a tree as it is drawn in a terminal, without colors."""
    rows = rows_of_text(layout(tree_of(records, leave_out), width=width))
    return "\n".join("".join(span.text for span in row) for row in rows)


def parsed(svg: str) -> ET.Element:
    """Return the elements of a picture that we made."""
    return ET.fromstring(svg)  # noqa: S314 (see above)


def test_a_small_tree_as_it_is_drawn() -> None:
    """The focus is double, what leads to it heavy, what is beside it light."""
    tree = RegularTree(2, 3)
    rows = rows_of_text(layout(tree, Focus(2, 3), width=64))

    assert ["".join(span.text for span in row) for row in rows] == [
        "depth 1               ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓",
        "1 node                ┃ ● kind 00002 ● kind 00005 ● ┃",
        "                      ┗━┳━━━━━━━━━━━━┳━━━━━━━━━━━━┳━┛",
        "                     ╭──╯            ┃            ╰──╮",
        "                     ▼               ▼               ▼",
        "depth 0       ╭────────────╮  ╔════════════╗  ╭────────────╮",
        "3 nodes       │ kind 00000 │  ║▸kind 00003 ║  │ kind 00006 │",
        "              │ kind 00001 │  ║ kind 00004 ║  │ kind 00007 │",
        "              ╰────────────╯  ╚════════════╝  ╰────────────╯",
    ]


def test_a_hole_is_dotted_and_says_what_it_hides() -> None:
    """As where the last nodes of a file are missing."""
    text = drawn_text(60, width=400, leave_out=66)

    assert "╭┄┄┄" in text
    assert "╳ missing node" in text
    assert "keys before" in text
    assert "╳kind" in text


def test_no_row_is_wider_than_the_drawing() -> None:
    """Nor has it spaces at its end."""
    for width in (40, 80, 133):
        lines = drawn_text(700, width=width).splitlines()
        assert max(map(len, lines)) <= width
        assert lines == [line.rstrip() for line in lines]


def test_lines_of_two_weights_join() -> None:
    """There is a character for each way to lead to two sides or more."""
    signs = line_signs()

    assert signs[0, 1, 0, 1] == "╭"
    assert signs[0, 2, 1, 1] == "┰"
    assert signs[2, 2, 2, 2] == "╋"
    weights = [0, 1, 2]
    assert all(
        (a, b, c, d) in signs
        for a in weights
        for b in weights
        for c in weights
        for d in weights
        if a or b or c or d
    )


@given(st.binary(max_size=40))
def test_the_label_of_a_key_is_printable(key: bytes) -> None:
    """Whatever bytes it has: it goes to terminals and into files as it is."""
    text = key_label(key).text

    assert text.replace("…", "").replace("·", "").isascii()
    assert text.isprintable()
    assert len(text) <= 19


def test_the_label_of_a_key_has_collection_and_record_key() -> None:
    """The end of a long one, all of a short one."""
    assert key_label(b"app.bsky.feed.like/3l26kve57smjm").text == "like …smjm"
    assert key_label(b"app.bsky.actor.profile/self").text == "profile self"
    assert key_label(b"no-collection-here").text == "no-collecti…"


def test_svg_has_each_box_and_each_link() -> None:
    """It is well-formed, and names itself."""
    drawing = layout(tree_of(700, 720), Focus(40), width=160)

    root = parsed(to_svg(drawing, "A <tree>"))

    boxes = [each for each in root.iter(f"{SVG}rect") if "box" in each.get("class", "")]
    lines = [
        each for each in root.iter(f"{SVG}path") if "line" in each.get("class", "")
    ]
    assert len(boxes) == len(drawing.boxes)
    assert len(lines) == len(drawing.links)
    assert sum("focus" in each.get("class", "") for each in boxes) == 1
    assert sum("way" in each.get("class", "") for each in lines) == sum(
        link.is_way for link in drawing.links
    )
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == root.get("aria-label") == "A <tree>"


def test_the_styles_of_an_svg_reach_nothing_else() -> None:
    """In a notebook many stand on one page."""
    root = parsed(to_svg(layout(tree_of(9))))
    style = root.find(f"{SVG}style")
    assert style is not None
    assert style.text is not None

    rules = re.sub(r"@media [^{]*\{", "", style.text)
    heads = re.findall(r"([^{}]+)\{", rules)
    assert heads
    assert all(head.strip().startswith(".repoview-tree") for head in heads)


def test_dot_has_each_node_and_each_link() -> None:
    """With the nodes of a band on one rank, and ports where links begin."""
    drawing = layout(tree_of(700, 720), Focus(40), width=160)

    text = to_dot(drawing, 'of "x"')

    assert text.startswith('digraph mst {\n  label="of \\"x\\"";')
    assert text.endswith("}\n")
    nodes = re.findall(r"^  n(\d+) \[label=", text, re.MULTILINE)
    assert sorted(map(int, nodes)) == sorted(box.node for box in drawing.boxes)
    links = re.findall(r"n(\d+):(p\d+):s -> n(\d+):n", text)
    assert [(int(a), int(b)) for a, _, b in links] == [
        (link.parent, link.child) for link in drawing.links
    ]
    for parent, port, _ in links:
        (line,) = re.findall(rf"^  n{parent} \[label=.*$", text, re.MULTILINE)
        assert f"<{port}>" in line
    assert text.count("rank=same") == len(drawing.bands)
