"""Selections and repositories that are made at random, so that they meet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from repoview.core.formats.syntax import make_tid
from repoview.core.selection.terms import And, Not, Or, Selection, Term, Value

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NAMES: Final = ("a.b.c", "a.b.d", "a.b.cc", "app.x.y", "app.x.z")
DATES: Final = (
    "2023",
    "2024",
    "2023-12",
    "2024-01",
    "2024-02",
    "2024-02-29",
    "2024-03-01",
    "2024-01-01T00:00",
)
FIRST: Final = 1_700_000_000_000_000
STEP: Final = 1_234_567_000_000
"""Microseconds: of the first key, and from one to the next, two weeks."""

CREATED: Final = (
    "2023-12-31T23:59:59.999Z",
    "2024-01-01T00:00:00+00:00",
    "2024-01-01T01:00:00+02:00",
    "2024-02-29",
    "2024-02-29T12:00:00.123456Z",
    "yesterday",
    "2024-13-01",
    7,
    None,
    {"createdAt": "2024-01-05T00:00:00Z"},
)
WORDS: Final = ("dawn", "Dawn", "a dusk", "x" * 90, "ab")

KINDS: Final = ("is", ">", ">=", "<", "<=")


def rkeys() -> SearchStrategy[str]:
    """Record keys: TIDs two weeks apart, what looks like one, and others."""
    tids = st.integers(0, 25).map(lambda n: make_tid(FIRST + n * STEP, n))
    return tids | st.sampled_from(("self", "3jzz", "3zzzzzzzzzzzz", "zzz", "1", "b"))


def contents() -> SearchStrategy[dict[str, Any]]:
    """Records: with a date of creation or one further in, and texts."""
    return st.fixed_dictionaries(
        {"$type": st.sampled_from(NAMES)},
        optional={
            "createdAt": st.sampled_from(CREATED),
            "text": st.sampled_from(WORDS),
            "embed": st.fixed_dictionaries(
                {"createdAt": st.sampled_from(CREATED)},
                optional={"alt": st.sampled_from(WORDS)},
            ),
            "likes": st.integers(0, 9),
        },
    )


def contents_by_path() -> SearchStrategy[dict[str, Any]]:
    """The records of a repository."""
    paths = st.tuples(st.sampled_from(NAMES), rkeys()).map("/".join)
    return st.dictionaries(paths, contents(), min_size=1, max_size=30)


def intervals(texts: SearchStrategy[str]) -> SearchStrategy[Value]:
    """A value of its own, in a comparison, or ranges of two of them."""
    alone = st.builds(Value, texts, st.sampled_from(KINDS))
    pairs = st.tuples(texts | st.just(""), texts | st.just("")).map(sorted)
    # A year sorts before its months, and is not over before they are.
    ranges = pairs.filter(any).map(lambda pair: Value(pair[0], "..", pair[1]))
    return alone | ranges


def terms() -> SearchStrategy[Selection]:
    """Terms of all fields, many of which such records meet."""

    def term(field: str, values: SearchStrategy[Value]) -> SearchStrategy[Selection]:
        return st.builds(partial(Term, field), values)

    def said(*texts: str) -> SearchStrategy[Value]:
        return st.sampled_from(texts).map(Value)

    paths = st.tuples(st.sampled_from(NAMES), rkeys()).map("/".join)
    sizes = st.integers(20, 200).map(lambda n: f"{n:03}")
    dates = intervals(st.sampled_from(DATES))
    return st.one_of(
        term("collection", said("a.b.c", "a.*", "*", "a.b.?", "*.z", "", "a.[b].c")),
        term("prefix", said("a.", "a.b.c", "a.b.c/3", "app.x.y/3k", "b")),
        term("key", intervals(paths)),
        term("path", said("b", "/3", "app", "zz", "a.b.c/s")),
        term("time", dates),
        term("created", dates),
        term("size", intervals(sizes)),
        term("finding", said("any", "error", "warning", "REC", "KEY", "BLK")),
        term("text", said("dawn", "Dawn", "usk", "x", "2024")),
        term(
            "where",
            said("likes > `4`", "text", "embed.alt", "length(text) > `3`", "likes"),
        ),
    )


def selections() -> SearchStrategy[Selection]:
    """Selections of all forms, as the parser makes them of their text."""

    def joined(inner: SearchStrategy[Selection]) -> SearchStrategy[Selection]:
        not_and = inner.filter(lambda each: not isinstance(each, And))
        not_or = inner.filter(lambda each: not isinstance(each, Or))
        some = {"min_size": 2, "max_size": 3}
        return st.one_of(
            st.builds(Not, inner),
            st.lists(not_and, **some).map(lambda of: And(tuple(of))),
            st.lists(not_or, **some).map(lambda of: Or(tuple(of))),
        )

    return st.recursive(terms(), joined, max_leaves=6)
