"""Facts about what is offered while a selection is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.selection.completing import completions, half_typed
from repoview.core.selection.fields import FIELDS
from repoview.core.selection.parsing import parse

NAMES = ("app.bsky.feed.like", "app.bsky.feed.post", "com.example.post")


def offered(text: str) -> list[str]:
    """Return the selections that a text may become."""
    found = completions(text, NAMES, ["REC001"])
    return [text[: each.start] + each.text for each in found]


@pytest.mark.parametrize(
    ("text", "wholes"),
    [
        ("ti", ["time:"]),
        ("TI", ["time:"]),
        ("dat", ["time:"]),
        ("a -cre", ["a -created:"]),
        ("(si", ["(size:"]),
        ("collection:post", [f"collection:{name}" for name in NAMES[1:]]),
        ("collection:com", ["collection:com.example.post"]),
        ("x post", [f"x collection:{name}" for name in NAMES[1:]]),
        ("finding:rec", ["finding:REC001"]),
        ("finding:", ["finding:REC001", "finding:info", "finding:warning"]),
        ("time:", ["time:2024-01..2024-03"]),
        ("time:2024", []),
        ("zzz:", []),
        ('text:"ti', []),
        ("a)", []),
    ],
)
def test_names_are_completed(text: str, wholes: list[str]) -> None:
    """Where they are typed, and by what people call them."""
    assert offered(text)[: len(wholes) or None] == wholes


@pytest.mark.parametrize("text", ["", "a ", "(", "-"])
def test_all_fields_are_offered_where_a_term_begins(text: str) -> None:
    """In the order of the page."""
    assert offered(text) == [f"{text}{name}:" for name in FIELDS]


@given(st.text('timecolpst:.-( "', max_size=12))
def test_whatever_is_typed_can_be_completed(text: str) -> None:
    """What is offered replaces the end of the text, and nothing else."""
    for each in completions(text, NAMES, []):
        assert 0 <= each.start <= len(text)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("dat", ""),
        ("size:>1KB ti", "size:>1KB"),
        ("a -coll", "a"),
        ("collection:app.b", ""),
        ("a finding:REC", "a"),
        ("zz", None),
        ("time:2024", None),
        ("text:x", None),
        ("time ", None),
    ],
)
def test_a_half_typed_name_is_no_condition_yet(text: str, head: str | None) -> None:
    """What stands before it is a selection of its own."""
    assert half_typed(text) == head
    if head is not None:
        parse(head)
