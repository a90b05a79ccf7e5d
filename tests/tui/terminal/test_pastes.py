"""Facts about telling pasted text from keys."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from repoview.tui.terminal.pastes import BEGIN, END, MOST, Pastes, Token

KEYS = st.text(alphabet="aq\x1b[20~;", max_size=8).filter(
    lambda text: BEGIN not in text
)
PASTED = st.text(alphabet="aq[20~;é ", max_size=8)
STREAMS = st.lists(st.tuples(st.booleans(), KEYS, PASTED), max_size=4)


def cut(text: str, places: list[int]) -> list[str]:
    """Return a text in pieces."""
    ends = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[start:stop] for start, stop in pairwise(ends)]


def joined(parts: list[Token]) -> list[Token]:
    """Put keys that follow each other together, without empty pastes."""
    out: list[Token] = []
    for part in parts:
        if out and not part.is_pasted and not out[-1].is_pasted:
            out[-1] = Token(out[-1].text + part.text, is_pasted=False)
        else:
            out.append(part)
    kept = (p._replace(text=p.text.replace(BEGIN + END, "")) for p in out)
    return [part for part in kept if part.text or part.is_pasted]


@given(STREAMS, st.lists(st.integers(0, 99), max_size=5))
def test_a_paste_is_told_however_it_is_cut(
    stream: list[tuple[bool, str, str]], places: list[int]
) -> None:
    """And keys are handed on as they came."""
    text, expected = "", []
    for is_pasted, keys, pasted in stream:
        text += BEGIN + pasted + END if is_pasted else keys
        expected.append(Token(pasted if is_pasted else keys, is_pasted=is_pasted))
    # What stands side by side may make a mark of its own.
    whole = joined(list(Pastes().feed(text)))
    pastes = Pastes()
    pieces = [part for piece in cut(text, places) for part in pastes.feed(piece)]
    assert joined(pieces) == whole
    if all(is_pasted for is_pasted, _, _ in stream):
        assert whole == expected


def test_what_is_pasted_has_nothing_that_a_terminal_obeys() -> None:
    """Its lines stay lines."""
    parts = list(Pastes().feed(f"{BEGIN}a\x1b[2Jb\r\nc\x00\u202ed{END}q"))
    assert parts == [
        Token("a␛[2Jb\nc␀\\u{202e}d", is_pasted=True),
        Token("q", is_pasted=False),
    ]


def test_the_beginning_of_a_mark_is_handed_on_at_once() -> None:
    """It may be an Esc that stands alone; afterwards it is none any more."""
    pastes = Pastes()
    assert list(pastes.feed("\x1b")) == [Token("\x1b", is_pasted=False)]
    pastes.pause()
    assert list(pastes.feed("[200~x")) == [Token("[200~x", is_pasted=False)]


def test_a_paste_without_end_takes_no_more_memory_than_any() -> None:
    """What is too much of it is dropped."""
    pastes = Pastes()
    assert list(pastes.feed(BEGIN)) == []
    for _ in range(3):
        assert list(pastes.feed("x" * MOST)) == []
    assert list(pastes.feed(END)) == [Token("x" * MOST, is_pasted=True)]


@given(PASTED, st.booleans())
def test_a_paste_whose_end_is_lost_can_be_given_up(pasted: str, cut_off: bool) -> None:
    """It is what came of it, and keys are keys again."""
    pastes = Pastes()
    came = [*pastes.feed("j" + BEGIN + pasted + END[:3] * cut_off)]
    assert pastes.is_open
    text = "".join(part.text for part in came if part.is_pasted)
    given_up = pastes.give_up()
    assert given_up.is_pasted
    assert (text + given_up.text).startswith(pasted)
    assert not pastes.is_open
    assert list(pastes.feed("q")) == [Token("q", is_pasted=False)]
