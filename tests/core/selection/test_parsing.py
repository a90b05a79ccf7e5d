"""Facts about the language of selections."""

from __future__ import annotations

import pickle
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.errors import SelectionError
from repoview.core.selection.fields import FIELDS
from repoview.core.selection.parsing import parse
from repoview.core.selection.terms import And, Not, Or, Term, Value, text_of
from tests.core.selection.made import selections

PIECES: Final = st.sampled_from(
    (
        *(f"{name}:" for name in FIELDS),
        *("or", "and", "not", "OR", "-", "(", ")", '"', "\\", "..", ">", "<=", "="),
        *("a.b.c", "2024", "2024-02", "1KB", "any", "MST014", "`", "'", " ", "  "),
        *("[", "]", "x[?", "\x1b[31m", "\u202e", "\ud800", "é", "*", "did:plc:a"),
    )
)


@given(selections())
def test_what_is_printed_is_read_again(selection: And | Or | Not | Term) -> None:
    """And means the same."""
    assert parse(text_of(selection)) == selection


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
def test_any_text_is_a_selection_or_has_a_place_where_it_is_not(text: str) -> None:
    """What is one can be printed and read again."""
    try:
        selection = parse(text)
    except SelectionError as raised:
        error = raised
    else:
        assert parse(text_of(selection)) == selection
        return
    assert 0 <= error.position <= len(text)
    assert error.text == text
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 (our own)


A: Final = Term("path", Value("a"))
B: Final = Term("path", Value("b"))
C: Final = Term("path", Value("c"))


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("", And()),
        ("  ", And()),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a or b c", Or((A, And((B, C))))),
        ("(a or b) c", And((Or((A, B)), C))),
        ("a b or c", Or((And((A, B)), C))),
        ("-a", Not(A)),
        ("not a b", And((Not(A), B))),
        ("NOT (a b)", Not(And((A, B)))),
        ("--a", Not(Not(A))),
        ('"or"', Term("path", Value("or"))),
        ('"did:plc:a"', Term("path", Value("did:plc:a"))),
        ("a-b", Term("path", Value("a-b"))),
        ('text:"say \\"a\\""', Term("text", Value('say "a"'))),
        ("TIME:2024", Term("time", Value("2024"))),
        ("time:2023..2024", Term("time", Value("2023", "..", "2024"))),
        ("time:..2024", Term("time", Value("", "..", "2024"))),
        ("size:>=1KB", Term("size", Value("1KB", ">="))),
        ('key:"a..b".."c d"', Term("key", Value("a..b", "..", "c d"))),
        ('key:">a"', Term("key", Value(">a"))),
        ("where:(a[?b == ')'])", Term("where", Value("a[?b == ')']"))),
        ("where:( a )", Term("where", Value("a"))),
        ('where:"a == `1`"', Term("where", Value("a == `1`"))),
        ("text:a..b", Term("text", Value("a..b"))),
    ],
)
def test_a_text_means(text: str, selection: And | Or | Not | Term) -> None:
    """As a reader takes it."""
    assert parse(text) == selection


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("dat:x", 0, "did you mean time:?"),
        ("a colection:b", 2, "did you mean collection:?"),
        ("zzz:b", 0, "use collection, prefix"),
        ("time:", 5, "such as 2024-01..2024-03"),
        ("a time:2024-13", 7, "'2024-13' is no date"),
        ("time:2024..2023", 5, "'2023' is before '2024'"),
        ("time:..", 5, "where the range begins"),
        ("time:>", 5, "say what stands behind >"),
        ("time:0000", 5, "is no date"),
        ("size:big", 5, "is no size"),
        ("finding:MST999", 8, "did you mean MST"),
        ('a "b', 2, "this quote is not closed"),
        ("a (b", 2, "this parenthesis is not closed"),
        ("where:(a", 6, "this parenthesis is not closed"),
        ("where:(a 'b)", 9, "this ' is not closed"),
        ("a )", 2, "closes none"),
        ("a or", 4, "what else is selected"),
        ("or a", 0, '"or" stands between two terms'),
        ("a and or b", 6, '"or" stands between two terms'),
        ("-", 1, "what is to be left out"),
        ("()", 1, "what is selected"),
        ('""', 0, "what the path contains"),
        ("where:()", 7, "wants a JMESPath expression"),
        ("where:(  a[)", 11, "no JMESPath expression"),
        ("where:(a ])", 9, "no JMESPath expression"),
        ("where:(shout(a))", 7, "no function shout()"),
        ("where:(length(a, b))", 7, "length() takes 1 value, and not 2"),
        ("(" * 70 + "a", 65, "nested more than 64 deep"),
        ("-" * 70 + "a", 70, "nested more than 64 deep"),
        ("where:(" + "(" * 4_000 + ")" * 4_000, 6, "not closed"),
        ("a" * (limits.MAX_SELECTION + 1), limits.MAX_SELECTION, "10,000 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_character(
    text: str, position: int, says: str
) -> None:
    """With what would fit there."""
    with pytest.raises(SelectionError) as raised:
        parse(text)
    assert says in raised.value.fact
    assert raised.value.position == position


def test_deep_expressions_are_refused() -> None:
    """JMESPath is read by functions that call themselves."""
    with pytest.raises(SelectionError, match="nested too deep"):
        parse(f"where:({'!' * 9_000}a)")


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_of_a_field_is_one(name: str) -> None:
    """It is what an error proposes."""
    found = parse(FIELDS[name].example)
    assert isinstance(found, Term)
    assert found.field == name
