"""Facts about looking into a block: the same items that decoding gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import DAG_CBOR, Cid
from repoview.core.formats.dagcbor.lazy import (
    Budget,
    Item,
    Part,
    Parts,
    SpentError,
    bytes_of,
    key_text,
    part_at,
    text_of,
)
from repoview.core.formats.dagcbor.strict import Value, diagnose, encode
from tests.strategies import odd_values, values

WITHOUT_KERNEL = True

LINK = Cid.for_block(b"block", DAG_CBOR)


def items(data: bytes, box: Part, step: int = 1_000_000) -> list[Item]:
    """Return what stands in an array or map, with *step* heads at a time."""
    reading, found = Parts(data, box), []
    while True:
        try:
            item = reading.take(Budget(step))
        except SpentError:
            continue
        if item is None:
            return found
        found.append(item)


def value_of(data: bytes, part: Part) -> Value:
    """Return the value of a part, put together from its parts."""
    if part.kind == "map":
        fields = {}
        for item in items(data, part):
            assert item.key is not None
            fields[key_text(data, item.key)] = value_of(data, item.part)
        return fields
    if part.kind == "array":
        return [value_of(data, item.part) for item in items(data, part)]
    if part.kind == "text":
        return text_of(data, part)
    return bytes_of(data, part) if part.kind == "bytes" else part.value


@given(odd_values())
def test_the_parts_of_a_block_make_its_value(value: Value) -> None:
    """All kinds of items, in one another."""
    data = encode(value)
    assert value_of(data, part_at(data, 0)) == diagnose(data).value


@given(values(), st.integers(1, 5))
def test_a_small_budget_gives_the_same_items(value: Value, step: int) -> None:
    """Whatever is spent, the next call goes on from there."""
    data = encode([value, [value], value])
    box = part_at(data, 0)
    assert items(data, box, step) == items(data, box)


@given(values(), st.data())
def test_a_reading_goes_on_from_a_place(value: Value, draw: st.DataObject) -> None:
    """In another reading, any number of times."""
    data = encode([value, value, [value], 7])
    box = part_at(data, 0)
    number = draw.draw(st.integers(0, 3))
    reading = Parts(data, box)
    reading.skip(Budget(10_000), number)
    again = Parts(data, box, reading.place)
    assert again.take(Budget(10_000)) == items(data, box)[number]


@given(values(), st.binary(max_size=8), st.data())
def test_whatever_the_bytes_nothing_is_raised(
    value: Value, junk: bytes, draw: st.DataObject
) -> None:
    """Items come in order, inside the block; a fault is the last one."""
    data = bytearray(encode(value))
    at = draw.draw(st.integers(0, len(data)))
    data[at : at + draw.draw(st.integers(0, 8))] = junk
    check_order(bytes(data), part_at(bytes(data), 0))


def check_order(data: bytes, box: Part) -> None:
    """Check the places of all that stands in a part."""
    assert 0 <= box.start <= box.body <= box.end <= len(data)
    if not box.is_box:
        return
    last = box.body
    for item in items(data, box):
        start = item.part.start if item.key is None else item.key.start
        assert last <= start
        last = item.part.start
        check_order(data, item.part)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "the block ends where"),
        ("ff", "a break stands"),
        ("1c", "a head 1c has no meaning"),
        ("19ff", "the block ends inside a head"),
        ("62aa", "a text goes on behind the 1 byte left"),
        ("8301", "it says 3 items, with 1 byte left"),
        ("7f41aaff", "a text goes on behind"),
        ("c0" * 20 + "01", "over 16 tags"),
    ],
)
def test_what_is_no_item_says_why(raw: str, why: str) -> None:
    """It reaches to the end of the block."""
    data = bytes.fromhex(raw)
    part = part_at(data, 0)
    assert part.kind == "fault"
    assert str(part.value).startswith(why)
    assert part.end == len(data)


def test_lengths_that_only_a_break_ends_are_read_too() -> None:
    """Text in pieces, arrays and maps; though no sound block has them."""
    data = bytes.fromhex("9f7f61616162ffbf6163f5ffff")
    box = part_at(data, 0)
    assert (box.kind, box.amount) == ("array", -1)
    assert value_of(data, box) == ["ab", {"c": True}]


def test_a_text_is_cut_between_characters() -> None:
    """Never in the middle of one; bytes that are no UTF-8 are shown as such."""
    data = encode("aé漢😀")
    part = part_at(data, 0)
    cut = [text_of(data, part, most) for most in range(11)]
    assert cut == ["", "a", "a", "aé", "aé", "aé", "aé漢"] + ["aé漢"] * 3 + ["aé漢😀"]
    assert text_of(b"\x62\xc3\x28", part_at(b"\x62\xc3\x28", 0)) == "\\xc3("


def test_what_stands_in_a_faulty_item_ends_the_reading() -> None:
    """The reading says why it gives no more."""
    data = bytes.fromhex("83811c0102")
    reading = Parts(data, part_at(data, 0))
    first = reading.take(Budget(100))
    assert first is not None
    assert first.part.kind == "array"
    assert reading.take(Budget(100)) is None
    assert reading.fault == "a head 1c has no meaning"


def test_passing_over_stops_at_what_cannot_be_read() -> None:
    """And knows how many items it came past."""
    long, short = "9904b0" + "01" * 300 + "1c" + "01" * 900, "8401011c01"
    for raw, number in ((long, 300), (short, 2)):
        data = bytes.fromhex(raw)
        reading = Parts(data, part_at(data, 0))
        reading.skip(Budget(1_000_000), 1_000)
        assert reading.place.number == number
        assert reading.fault == "a head 1c has no meaning"


def test_keys_that_are_no_text_have_a_name() -> None:
    """As `diagnose` calls them; an array as a key ends the reading."""
    data = bytes.fromhex("a201028003")
    found = items(data, part_at(data, 0))
    assert found[0].key is not None
    assert key_text(data, found[0].key) == "1"
    assert found[1].part.kind == "fault"


def test_a_link_is_a_cid() -> None:
    """Its part spans the tag, and it has the value."""
    part = part_at(encode(LINK), 0)
    assert (part.kind, part.start, part.value) == ("link", 0, LINK)
