"""Facts about lines of JSON: of records in their one form, and of no others.

That both kernels write the same of any blocks is in `test_twin_functions`.
"""

from __future__ import annotations

from array import array
from typing import Any, Final

import pytest

from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.formats.dagcbor.strict import encode
from repoview.core.kernel import kernel
from repoview.core.kernel.seam import JsonField
from repoview.core.marks import NO_ROW
from repoview.core.source.source import MemorySource
from repoview.corpus.car import Section
from repoview.corpus.cbor import cid_of

PATH, CID, VALUE = JsonField
KEY: Final = b"a.b.c/d"


def lines_of(
    *sections: Section, key: bytes = KEY, form: tuple[Any, ...] = (VALUE,)
) -> list[bytes]:
    """Return the line of the block of each section."""
    data = b"".join(section.written for section in sections)
    index = kernel.BlockIndex(1 << 20, 1)
    kernel.scan(index, data, 0)
    index.settle()
    rows = array("I", [*range(len(index)), NO_ROW])
    held = Blocks(index, MemorySource("memory", data))
    told = kernel.json_lines(held, [key] * len(rows), rows, form, 1 << 20)
    lines = kernel.cut(told.text, told.ends, 0)
    assert lines.pop() == b"", "a row that does not exist has a line"
    return lines


def section_of(block: bytes, prefix: bytes = PLAIN_PREFIX) -> Section:
    """Return a block under the CID that it hashes to."""
    return Section(cid_of(block, prefix), block)


def test_a_line_is_made_of_what_is_asked_for() -> None:
    """In that order, and what stands between."""
    section = section_of(encode({"$type": "a.b.c"}))
    (line,) = lines_of(section, form=(PATH, b" ", CID, b" ", VALUE, b"\n"))
    assert line.decode().split() == [
        "a.b.c/d",
        str(Cid(section.cid)),
        '{"$type":"a.b.c"}',
    ]
    assert line.endswith(b"\n")


@pytest.mark.parametrize(
    "value",
    [[1.5], 2**63, "x" * 9, {"n": [{"m": None}]}, {"l": Cid(PLAIN_PREFIX + bytes(32))}],
    ids=str,
)
def test_what_atproto_does_not_have_has_a_line_if_it_is_in_its_one_form(
    value: Any,
) -> None:
    """Numbers, a record that is no map, and links of the two codecs."""
    (line,) = lines_of(section_of(encode(value)))
    assert line


@pytest.mark.parametrize(
    ("block", "prefix"),
    [
        (b"\xa1\x61a\x18\x01", PLAIN_PREFIX),
        (b"\xa1\x61a", PLAIN_PREFIX),
        (encode({"a": 1}), RAW_PREFIX),
        (encode({"l": Cid(b"\x01\x70\x12\x20" + bytes(32))}), PLAIN_PREFIX),
        (encode({"l": [[Cid(b"\x01\x70\x12\x20" + bytes(32))]]}), PLAIN_PREFIX),
        (
            encode({"$type": "blob", "ref": Cid(b"\x01\x70\x12\x20" + bytes(32))}),
            PLAIN_PREFIX,
        ),
    ],
    ids=["padded", "cut", "raw", "link to dag-pb", "deeper", "blob of dag-pb"],
)
def test_what_is_not_in_its_one_form_has_no_line(block: bytes, prefix: bytes) -> None:
    """The engine says what is wrong with it."""
    assert lines_of(section_of(block, prefix)) == [b""]


def test_a_block_that_does_not_hash_has_no_line() -> None:
    """Nor has one whose key is not plain."""
    block = encode({"a": 1})
    assert lines_of(Section(cid_of(b"another"), block)) == [b""]
    assert lines_of(section_of(block), key="a.b.c/ä".encode()) == [b""]
    assert lines_of(section_of(block), key=b'a.b.c/"') == [b""]


def test_lines_end_where_blocks_are_as_large_as_was_asked_for() -> None:
    """But one is always returned."""
    sections = [section_of(encode({"n": number})) for number in range(3)]
    data = b"".join(section.written for section in sections)
    index = kernel.BlockIndex(1 << 20, 1)
    kernel.scan(index, data, 0)
    index.settle()
    held = Blocks(index, MemorySource("memory", data))
    size = len(data) // 3
    for most, count in ((0, 1), (2 * size - 1, 2), (2 * size - 3, 1), (3 * size, 3)):
        rows = array("I", range(3))
        told = kernel.json_lines(held, [KEY] * 3, rows, (VALUE, b"\n"), most)
        assert told.text.count(b"\n") == len(told.ends) == count
