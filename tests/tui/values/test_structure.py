"""Facts about a block as lines that fold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import RAW, Cid
from repoview.core.formats.dagcbor.strict import Value, decode, encode
from repoview.present import cells, json_text, safe
from repoview.tui.values.structure import ALL_LINES, PAGE, Line, Structure
from repoview.tui.values.structure_text import LineText, line_text, most_columns
from tests.strategies import odd_values, values

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOB = Cid.for_block(b"blob", RAW)
MILLION = b"\xa2\x61a\x9a\x00\x0f\x42\x40" + b"\x01" * 1_000_000 + b"\x61b\x02"
"""A map of an array of a million numbers, and another number."""


def texts(structure: Structure, *, whole: bool = False) -> list[str]:
    """Return what the lines say, without the column of the fold signs."""
    said = (line_text(structure.data, line, whole=whole) for line in structure.lines)
    return [each.text[2:] for each in said]


def bare(structure: Structure, lines: Iterable[Line] | None = None) -> str:
    """Return the JSON of the lines, without remarks; whole."""
    out = []
    for line in structure.lines if lines is None else lines:
        said = line_text(structure.data, line, whole=True)
        dim = [span for span in said.spans if span.style == "dim"]
        text = said.text
        if dim[-1].start and dim[-1].end == len(text):
            text = text[: dim[-1].start]
        # The depth of a deep line stands in place of its last levels.
        text = re.sub(r"^(..\s*)\(\d+\) ", r"\1" + "  " * (line.depth - 12), text)
        out.append(text[2:])
    return "\n".join(out)


def finished(structure: Structure) -> Structure:
    """Let all reading come to its end."""
    while structure.is_reading:
        structure.work()
    return structure


def on_one_line(text: str) -> str:
    """Return JSON with links and bytes on one line, as a structure has them."""
    return re.sub(r'\{\s+("\$(?:link|bytes)": "[^"\n]*")\s+\}', r"{\1}", text)


@given(values())
def test_unfolded_lines_are_the_json_of_the_value(value: Value) -> None:
    """As `json_text` has it, line for line."""
    data = encode(value)
    structure = Structure(data)
    assert structure.unfold_all()
    expected = on_one_line(json_text(decode(data))).split("\n")
    assert bare(structure).split("\n") == [safe(line, None) for line in expected]


@given(odd_values())
def test_unfolded_lines_can_be_read_as_json(value: Value) -> None:
    """Floats, great integers and any text, too."""
    structure = Structure(encode(value))
    structure.unfold_all()
    assert json.loads(bare(structure)) == json.loads(json_text(value))


@given(values(), st.data())
def test_folding_hides_what_stands_in_a_line_and_nothing_else(
    value: Value, draw: st.DataObject
) -> None:
    """And unfolding brings it back."""
    structure = Structure(encode([value, {"a": value}]))
    structure.unfold_all()
    before, all_text = structure.lines.copy(), bare(structure)
    opened = [at for at, line in enumerate(before) if line.is_open]
    at = draw.draw(st.sampled_from(opened))
    path = structure.path_of(before[at])
    structure.fold(at)
    hidden = [line for line in before if line not in structure.lines]
    assert hidden == before[at + 1 : at + 1 + len(hidden)]
    assert all(is_under(line, before[at]) for line in hidden)
    assert not any(is_under(line, before[at]) for line in structure.lines)
    assert structure.path_of(structure.lines[at]) == path
    structure.unfold_all()
    assert bare(structure) == all_text


def is_under(line: Line, holder: Line) -> bool:
    """Tell whether a line stands in another."""
    at: Line | None = line.holder
    while at is not None and at is not holder:
        at = at.holder
    return at is holder


@given(odd_values(), st.data())
def test_open_lines_tile_the_block(value: Value, draw: st.DataObject) -> None:
    """Whatever is folded; and each byte leads to the line that has it."""
    structure = Structure(encode([value, value]))
    for _ in range(3):
        at = draw.draw(st.integers(0, len(structure.lines) - 1))
        (structure.fold if draw.draw(st.booleans()) else structure.unfold)(at)
    edges = list(structure.ranges())
    assert [start for start, _, _ in edges] == [0, *(end for _, end, _ in edges[:-1])]
    assert edges[-1][1] == len(structure.data)
    for start, end, line in edges:
        assert structure.lines[structure.line_of(start)].start == line.start
        assert structure.lines[structure.line_of(end - 1)].start == line.start


def test_paths_lead_to_values() -> None:
    """As the annotated bytes name them."""
    structure = Structure(encode({"embed": {"images": [{"alt": "x"}]}, "a b": 1}))
    found = {structure.path_of(line) for line in structure.lines}
    assert found == {
        "",
        '["a b"]',
        "embed",
        "embed.images",
        "embed.images[0]",
        "embed.images[0].alt",
    }


class TestAMillionNumbers:
    """A record that is one long array."""

    def test_it_is_folded_at_first(self) -> None:
        """What stands behind it is there as soon as it is passed over."""
        structure = finished(Structure(MILLION))
        assert texts(structure) == [
            "{",
            '  "a": […],  1,000,000 items',
            '  "b": 2',
            "}",
        ]

    def test_it_opens_into_ranges(self) -> None:
        """Each of a thousand items; nothing has to be read for that."""
        structure = finished(Structure(MILLION))
        structure.unfold(1)
        assert not structure.is_reading
        assert len(structure.lines) == 4 + 1_000_000 // PAGE + 1
        assert texts(structure)[2].startswith("    [0 … 999]")
        assert texts(structure)[1001].startswith("    [999,000 … 999,999]")

    def test_every_range_can_be_opened(self) -> None:
        """The last one, too; only what is open is held."""
        structure = finished(Structure(MILLION))
        structure.unfold(1)
        structure.unfold(1001)
        finished(structure)
        line = structure.lines[2001]
        assert structure.path_of(line) == "a[999999]"
        assert line.start == 8 + 999_999
        structure.fold(1001)
        structure.unfold(500)
        assert not structure.is_reading
        assert structure.path_of(structure.lines[501]) == "a[498000]"
        assert len(structure.lines) < 3_000

    def test_a_byte_inside_leads_to_its_item(self) -> None:
        """Once it is known where ranges begin, the right one is opened."""
        structure = finished(Structure(MILLION))
        structure.unfold(1)
        structure.unfold(1001)
        finished(structure)
        at = structure.reveal(8 + 123_456)
        finished(structure)
        at = structure.reveal(8 + 123_456)
        assert structure.path_of(structure.lines[at]) == "a[123456]"

    def test_unfolding_all_has_an_end(self) -> None:
        """It says that there is more."""
        structure = finished(Structure(MILLION))
        assert not structure.unfold_all()
        finished(structure)
        assert len(structure.lines) <= ALL_LINES + PAGE


def test_reading_that_takes_long_goes_on_in_slices() -> None:
    """Meanwhile a line says so, and folding it ends the reading."""
    structure = Structure(MILLION)
    assert structure.is_reading
    assert any(text.startswith("  … reading") for text in texts(structure))
    rounds = 0
    while structure.is_reading:
        structure.work(50_000)
        rounds += 1
    assert 10 < rounds < 30
    again = Structure(MILLION)
    again.fold(0)
    assert not again.is_reading


def test_ten_thousand_levels_can_be_opened_one_by_one() -> None:
    """Nothing recurses; the depth is told by number."""
    structure = Structure(b"\x81" * 10_000 + b"\x80")
    at = 0
    for _ in range(300):
        at = max(n for n, line in enumerate(structure.lines) if line.can_open)
        structure.unfold(at)
    deepest = structure.lines[at + 1]
    assert deepest.depth > 300
    assert f"({deepest.depth}) " in line_text(structure.data, deepest).text
    assert structure.path_of(deepest).endswith("[0][0]")


@pytest.mark.parametrize(
    ("raw", "last"),
    [
        ("a1616181", "not readable: it says 1 item, with 0 bytes left"),
        ("", "not readable: the block ends where an item should begin"),
    ],
)
def test_what_cannot_be_read_is_said_in_its_place(raw: str, last: str) -> None:
    """Where an item should stand."""
    structure = Structure(bytes.fromhex(raw))
    assert last in "\n".join(texts(structure))


def test_a_holder_says_that_it_could_not_be_read_to_its_end() -> None:
    """When the fault stands deeper, and what follows is lost."""
    structure = Structure(bytes.fromhex("83821c010102"))
    assert any("1 of 3 items can be told apart" in text for text in texts(structure))


def said_of(value: Value, path: str) -> LineText:
    """Return what is said of the value at a path."""
    structure = Structure(encode(value))
    line = next(each for each in structure.lines if structure.path_of(each) == path)
    return line_text(structure.data, line)


def links_of(value: Value, path: str) -> list[tuple[str, str]]:
    """Return the links of the value at a path."""
    return [(link.kind, link.target) for link in said_of(value, path).links]


def test_links_are_known_by_their_form() -> None:
    """Strong references, CIDs, accounts, and addresses in text."""
    uri = "at://did:plc:abc/app.bsky.feed.post/3k"
    record: Value = {
        "subject": {"uri": uri, "cid": str(BLOB)},
        "ref": BLOB,
        "who": "did:web:example.com",
        "text": "see https://example.com/a?b=1, or (http://x.y).",
        "no": "nothing here: at//x",
    }
    assert links_of(record, "subject.uri") == [("at", uri)]
    assert links_of(record, "subject.cid") == [("cid", str(BLOB))]
    assert links_of(record, "ref") == [("cid", str(BLOB))]
    assert links_of(record, "who") == [("did", "did:web:example.com")]
    assert links_of(record, "text") == [
        ("web", "https://example.com/a?b=1"),
        ("web", "http://x.y"),
    ]
    assert links_of(record, "no") == []


def test_a_link_stands_where_it_is_shown() -> None:
    """So that the mouse finds it."""
    said = said_of({"ref": BLOB}, "ref")
    (link,) = said.links
    assert said.text[link.start : link.end] == str(BLOB)


def test_a_blob_is_shown_with_its_type_and_size() -> None:
    """Open or folded, and its link says what it leads to."""
    blob: Value = {
        "$type": "blob",
        "ref": BLOB,
        "mimeType": "image/jpeg",
        "size": 812_400,
    }
    said = said_of({"thumb": blob}, "thumb")
    assert said.text.endswith("blob: image/jpeg, 812.4 kB")
    structure = Structure(encode({"thumb": blob}))
    structure.fold(1)
    assert texts(structure)[1] == '  "thumb": {…}  blob: image/jpeg, 812.4 kB'
    (link,) = said_of({"thumb": blob}, "thumb.ref").links
    assert link.about == "blob: image/jpeg, 812.4 kB"


def test_an_old_blob_is_one_too() -> None:
    """Of the form before 2023: CID and type alone."""
    blob: Value = {"cid": str(BLOB), "mimeType": "image/png"}
    assert said_of({"b": blob}, "b").text.endswith("blob: image/png")


def test_long_text_is_cut_until_it_is_asked_for() -> None:
    """With what it has in all."""
    data = encode({"text": "x" * 1_000_000})
    structure = Structure(data)
    short = line_text(data, structure.lines[1])
    whole = line_text(data, structure.lines[1], whole=True)
    assert "…" in short.text
    assert short.text.endswith("1.0 MB in all; w shows it whole")
    assert "x" * 1_000_000 in whole.text


@given(odd_values())
def test_no_line_is_longer_than_it_is_taken_to_be(value: Value) -> None:
    """So that a row suffices where a row is counted."""
    data = encode(value)
    structure = Structure(data)
    structure.unfold_all()
    for line in structure.lines:
        if line.what == "part" and not line.part.is_box:
            assert cells(line_text(data, line).text) <= most_columns(data, line)


@given(st.text(max_size=50))
def test_no_text_reaches_a_line_raw(text: str) -> None:
    """As key, as value, of any form."""
    text = text.encode(errors="replace").decode()
    data = encode({text: [text]})
    for line in Structure(data).lines:
        shown = line_text(data, line).text
        assert safe(shown, None) == shown
