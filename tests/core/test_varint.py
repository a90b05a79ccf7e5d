"""Facts about varints: seven bits a byte, at most nine bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import FormatError
from repoview.core.varint import (
    VarintCut,
    VarintTooLong,
    encode_varint,
    read_varint,
    size_of,
)

WITHOUT_KERNEL = True

LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "00"),
        (1, "01"),
        (127, "7f"),
        (128, "8001"),
        (300, "ac02"),
        (16_384, "808001"),
        (LARGEST, "ffffffffffffffff7f"),
    ],
)
def test_known_values_have_known_bytes(value: int, encoded: str) -> None:
    """The lowest seven bits come first."""
    assert encode_varint(value).hex() == encoded
    assert read_varint(bytes.fromhex(encoded), 0, len(encoded) // 2) == (
        value,
        len(encoded) // 2,
    )


@given(st.integers(0, LARGEST), st.binary(max_size=4), st.binary(max_size=4))
def test_what_is_encoded_is_read_again(value: int, before: bytes, after: bytes) -> None:
    """Reading begins where it is told and ends behind the last byte."""
    encoded = encode_varint(value)
    data = before + encoded + after
    end = len(before) + len(encoded)
    assert read_varint(data, len(before), len(data)) == (value, end)
    assert size_of(value) == len(encoded)


@pytest.mark.parametrize(
    ("padded", "value"), [("8000", 0), ("818000", 1), ("ff808080808080800" + "0", 127)]
)
def test_a_padded_varint_is_read(padded: str, value: int) -> None:
    """Its size tells that a shorter form would do."""
    data = bytes.fromhex(padded)
    assert read_varint(data, 0, len(data)) == (value, len(data))
    assert size_of(value) < len(data)


@given(st.integers(128, LARGEST), st.data())
def test_a_cut_varint_says_so(value: int, data: st.DataObject) -> None:
    """The end counts that the caller gave, not that of the bytes."""
    encoded = encode_varint(value)
    end = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(VarintCut) as caught:
        read_varint(b"\0" + encoded, 1, 1 + end)
    assert caught.value.offset == 1


@pytest.mark.parametrize("data", [b"\x80" * 9, b"\xff" * 9 + b"\x01", b"\x80" * 1000])
def test_ten_bytes_are_too_many(data: bytes) -> None:
    """Nine bytes hold 63 bits; no more of a tenth is asked for."""
    with pytest.raises(VarintTooLong):
        read_varint(data, 0, len(data))


@given(st.binary(max_size=20))
def test_any_bytes_give_a_number_or_a_format_error(data: bytes) -> None:
    """Nothing else is raised, and nothing behind nine bytes is read."""
    try:
        value, position = read_varint(data, 0, len(data))
    except FormatError:
        return
    assert 0 <= value <= LARGEST
    assert 1 <= position <= 9
