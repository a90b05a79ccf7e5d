"""Facts about annotation: every byte of a block is explained, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import RAW, Cid
from repoview.core.formats.dagcbor.spans import step_into
from repoview.core.formats.dagcbor.strict import Span, Value, annotate, diagnose, encode
from tests.strategies import odd_values

WITHOUT_KERNEL = True

KINDS = {
    *("map", "array", "text", "bytes", "int", "float", "simple", "key", "tag", "link"),
    *("fault", "tail"),
}
BLOB = Cid.for_block(b"blob", RAW)
V0 = bytes.fromhex("d82a582300122011") + bytes(31)


def said(data: bytes) -> list[tuple[str, str, str, str]]:
    """Return of each span its bytes in hex, kind, meaning and path."""
    return [
        (data[span.start : span.end].hex(), span.kind, span.meaning, span.path)
        for span in annotate(data)
    ]


def check_tiles(data: bytes, spans: list[Span]) -> None:
    """Check that *spans* cover *data* in order, without gap or overlap."""
    edges = [0, *(span.end for span in spans)]
    assert [span.start for span in spans] == edges[:-1]
    assert edges[-1] == len(data)
    for span in spans:
        assert span.start < span.end
        assert span.kind in KINDS
        assert 0 <= span.depth <= limits.MAX_NESTING
        assert 0 < len(span.meaning) < 300
        assert span.meaning.isprintable()
        assert len(span.path) <= 300


def test_a_record_is_explained_part_by_part() -> None:
    """Each head and content, with the path of the value it belongs to."""
    record: Value = {"a": 5, "embed": {"images": [{"ref": BLOB}, {"alt": "hi\n"}]}}
    assert said(encode(record)) == [
        ("a2", "map", "map of 2 pairs", ""),
        ("6161", "key", 'key "a"', "a"),
        ("05", "int", "integer 5", "a"),
        ("65656d626564", "key", 'key "embed"', "embed"),
        ("a1", "map", "map of 1 pair", "embed"),
        ("66696d61676573", "key", 'key "images"', "embed.images"),
        ("82", "array", "array of 2 items", "embed.images"),
        ("a1", "map", "map of 1 pair", "embed.images[0]"),
        ("63726566", "key", 'key "ref"', "embed.images[0].ref"),
        ("d82a", "tag", "tag 42: a link follows", "embed.images[0].ref"),
        ("582500", "link", "37 bytes: 00, a CID", "embed.images[0].ref"),
        (BLOB.raw.hex(), "link", "CID link, raw, sha-256", "embed.images[0].ref"),
        ("a1", "map", "map of 1 pair", "embed.images[1]"),
        ("63616c74", "key", 'key "alt"', "embed.images[1].alt"),
        ("63", "text", "text, 3 bytes", "embed.images[1].alt"),
        ("68690a", "text", '"hi\\n"', "embed.images[1].alt"),
    ]


def test_depth_counts_maps_and_arrays() -> None:
    """So that a view can indent."""
    spans = annotate(encode({"a": [[1]], "b": 2}))
    assert [span.depth for span in spans] == [0, 1, 1, 2, 3, 1, 1]


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("f6", ["null"]),
        ("f4", ["false"]),
        ("f5", ["true"]),
        ("20", ["integer -1"]),
        ("190400", ["integer 1024"]),
        ("60", ["text, 0 bytes"]),
        ("6161", ["text, 1 byte", '"a"']),
        ("420102", ["byte string, 2 bytes", "01 02"]),
        ("80", ["array of 0 items"]),
        ("fb3ff8000000000000", ["float 1.5, 64 bits"]),
        ("f7", ["simple value 23, not allowed"]),
        ("c100", ["tag 1, not allowed", "integer 0"]),
        ("0102", ["integer 1", "1 byte behind the CBOR item"]),
        (
            "7f6161ff",
            ["text in pieces, up to a break", "text, 1 byte", '"a"', "break: its end"],
        ),
        ("9f01ff", ["array, items up to a break", "integer 1", "break: its end"]),
        ("d82a4101", ["tag 42: a link follows", "no CID"]),
        ("d82a05", ["tag 42: a link follows", "integer 5"]),
        ("a10506", ["map of 1 pair", "integer 5", "integer 6"]),
        ("a1ff06", ["map of 1 pair", "not readable: a break stands where an item"]),
        ("811c", ["array of 1 item", "not readable: a head 1c has no meaning: it is"]),
        (V0.hex(), ["tag 42: a link", "35 bytes: 00, a CID", "CID link, dag-pb, sha"]),
    ],
)
def test_every_kind_of_item_has_its_words(text: str, meanings: list[str]) -> None:
    """In words that need no knowledge of CBOR."""
    data = bytes.fromhex(text)
    spans = annotate(data)
    check_tiles(data, spans)
    assert len(spans) == len(meanings)
    for span, meaning in zip(spans, meanings, strict=True):
        assert span.meaning.startswith(meaning)


def test_what_cannot_be_read_is_one_span() -> None:
    """From the head that is wrong to the end, with the reason."""
    data = bytes.fromhex("82 01 65 6162")
    span = annotate(data)[-1]
    assert (span.start, span.end, span.kind) == (2, 5, "fault")
    assert (span.path, span.depth) == ("[1]", 1)
    assert "says 5 bytes" in span.meaning


def test_a_link_in_pieces_is_one_part() -> None:
    """It is not allowed, but it is a link."""
    data = b"\xd8\x2a\x5f\x41\0\x58\x24" + BLOB.raw + b"\xff"
    spans = annotate(data)
    check_tiles(data, spans)
    assert [span.kind for span in spans] == ["tag", "link"]
    assert spans[1].meaning == "CID link, raw, sha-256"


def test_unknown_codecs_and_hashes_have_their_numbers() -> None:
    """Their names are known to few."""
    data = bytes.fromhex("d82a450001551300")
    assert annotate(data)[-1].meaning == "CID link, raw, hash function 0x13"
    data = bytes.fromhex("d82a450001301200")
    assert annotate(data)[-1].meaning == "CID link, codec 0x30, sha-256"


def test_text_of_the_block_is_escaped_and_clipped() -> None:
    """Nothing of it may drive a terminal, or fill a screen."""
    spans = annotate(encode({"\x1b]0;": "\u202e" + "é" * 500}))
    assert spans[1].meaning == 'key "\\x1b]0;"'
    assert spans[-1].meaning == '"\\u202e' + "é" * 39 + '…"'
    assert annotate(encode(bytes(100)))[-1].meaning == "00 " * 13 + "…"


@pytest.mark.parametrize(
    ("path", "key", "joined"),
    [
        ("", 0, "[0]"),
        ("", "a", "a"),
        ("a", "b", "a.b"),
        ("a", 12, "a[12]"),
        ("[3]", "$type", "[3].$type"),
        ("a", "x.y", 'a["x.y"]'),
        ("a", "", 'a[""]'),
        ("", "\u202e", '["\\u202e"]'),
        ("a", "k" * 70, 'a["' + "k" * 60 + '…"]'),
    ],
)
def test_a_path_leads_to_its_value(path: str, key: str | int, joined: str) -> None:
    """Keys that could be mistaken for more stand in brackets."""
    assert step_into(path, key) == joined


def test_a_long_path_keeps_its_end() -> None:
    """Paths of deep data would otherwise grow with the square of it."""
    path = ""
    for _ in range(100):
        path = step_into(path, "abcdefghij")
    assert len(path) == 300
    assert path.startswith("…")
    assert path.endswith("abcdefghij.abcdefghij")


def test_spans_past_the_limit_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block of a million items must not fill the memory with words."""
    monkeypatch.setattr(limits, "MAX_SPANS", 4)
    data = encode(["a", ["b", "c"], "d"])
    spans = annotate(data)
    check_tiles(data, spans)
    assert len(spans) == 4
    assert spans[-1].kind == "tail"
    assert spans[-1].meaning == "7 bytes more, not told apart"
    just = encode([1, 2, 3])
    assert [span.kind for span in annotate(just)] == ["array", "int", "int", "int"]


def test_an_empty_block_has_no_spans() -> None:
    """There is nothing to explain."""
    assert annotate(b"") == []


def test_spans_come_only_when_asked_for() -> None:
    """They cost more than the reading itself."""
    assert diagnose(b"\x01").spans == []


@given(odd_values())
def test_spans_tile_every_block(value: Value) -> None:
    """Of values sound or not, and reading is the same with and without them."""
    data = encode(value)
    decoded = diagnose(data, annotate=True)
    check_tiles(data, decoded.spans)
    assert repr(decoded.value) == repr(diagnose(data).value)
    assert decoded.faults == diagnose(data).faults


@given(
    st.binary(max_size=64)
    | st.lists(st.sampled_from(range(256)), max_size=64).map(bytes)
    | st.lists(st.sampled_from(b"\x81\xa1\x61\x9f\xbf\x5f\x7f\xff\xd8\x2a\x40")).map(
        bytes
    )
)
def test_spans_tile_any_bytes(data: bytes) -> None:
    """However broken they are."""
    check_tiles(data, annotate(data))


@given(odd_values(), st.data())
def test_spans_tile_what_is_left_of_a_block(value: Value, data: st.DataObject) -> None:
    """Cut anywhere, and with other bytes behind the cut."""
    whole = encode(value)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    cut += data.draw(st.binary(max_size=8))
    check_tiles(cut, annotate(cut))
