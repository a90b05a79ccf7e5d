"""Facts about rows of text: nothing is lost, and words stay whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from repoview.tui.widgets.base.wrap import cuts, rows

WORDS = st.text("abc é庭🌻", max_size=200)


def pieces(text: str, width: int, hang: int) -> list[str]:
    """Return the rows of a text."""
    return [text[a:b] for a, b in pairwise([*cuts(text, width, hang), len(text)])]


@given(WORDS, st.integers(20, 80), st.integers(0, 10))
def test_rows_hold_all_of_the_text_and_fit(text: str, width: int, hang: int) -> None:
    """Each as wide as there is room for, at most."""
    found = pieces(text, width, hang)
    assert "".join(found) == text
    assert cell_len(found[0]) <= width
    assert all(row and cell_len(row) <= width - hang for row in found[1:])


@given(st.lists(st.text("abcdef", min_size=1, max_size=15), min_size=1))
def test_words_that_fit_into_a_row_are_not_broken(words: list[str]) -> None:
    """They begin the next row."""
    for row in pieces(" ".join(words), 24, 4):
        assert set(row.split()) <= set(words)


@given(st.text("ab ", max_size=90), st.text("abc", min_size=41, max_size=300))
def test_what_is_longer_than_a_row_is_cut_anywhere(before: str, long: str) -> None:
    """It begins where it stands, and fills all rows but its last."""
    found = pieces(before + long, 40, 0)
    inside = [row for row in found if " " not in row]
    assert all(len(row) == 40 for row in inside[1:-1])
    assert len(found) <= (len(before) + len(long)) // 20 + 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"text": "one two"', ['"text": "one two"']),
        ('    "said": "one two three"', ['    "said": "one ', 'two three"']),
        ('    "createdAt": "2025-02-14"', ['    "createdAt": ', '"2025-02-14"']),
        ("    indentedandfartoolongforarow", ["    indentedandfarto", "olongforarow"]),
    ],
)
def test_json_is_cut_between_words(text: str, expected: list[str]) -> None:
    """Also between a key and its value; indentation is no word."""
    assert pieces(text, 20, 4) == expected


@pytest.mark.parametrize("word", ["and ", "änd "])
def test_very_long_texts_are_cut_between_words_too(word: str) -> None:
    """However long they are."""
    found = rows(word * 3_000, 50)
    assert all(row.startswith(word.strip()) for row in found)
    assert "".join(found) == word * 3_000
