"""The terminal that the tests look at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.emulator import Emulator

SEQUENCES = (b"\x1b[1m", b"\x1b[>1u", b"\x1b[?2026$p", b"\x1b[<u", b"\x1b[?1049h")


def shown(*pieces: bytes) -> list[str]:
    """Return what a small screen shows."""
    emulator = Emulator(8, 2)
    for piece in pieces:
        emulator.feed(piece)
    return emulator.lines


def test_what_is_left_of_a_wide_character_is_a_blank() -> None:
    """Its second half stays, when something narrow is drawn over its first."""
    assert shown("日本".encode()) == ["日本    ", " " * 8]
    assert shown("日本\x1b[1;1Hx".encode()) == ["x 本    ", " " * 8]
    assert shown("日本\x1b[1;4Hx".encode())[0][-5:] == "x    "


@given(
    st.lists(st.sampled_from([*SEQUENCES, "é".encode(), b"a", b"$p"]), max_size=4),
    st.data(),
)
def test_it_does_not_matter_how_output_is_cut(
    written: list[bytes], data: st.DataObject
) -> None:
    """Nor whether a sequence that is not emulated is among it."""
    whole = b"".join(written)
    stop = data.draw(st.integers(0, len(whole)))
    text = b"".join(piece for piece in written if piece not in SEQUENCES)
    assert shown(whole[:stop], whole[stop:]) == shown(whole)
    assert "".join(shown(whole)).rstrip() == text.decode()
