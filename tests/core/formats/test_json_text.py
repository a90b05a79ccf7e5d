"""Facts about JSON text: it means what the value means, and no terminal obeys it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.datamodel import to_json
from repoview.core.formats.json_text import HOSTILE, json_text
from tests.strategies import values

WITHOUT_KERNEL = True


@given(values(), st.sampled_from([None, 2]))
def test_it_means_what_the_value_means(value: Any, indent: int | None) -> None:
    """In lines, or in one."""
    text = json_text(value, indent)
    assert json.loads(text) == json.loads(json.dumps(to_json(value)))
    assert indent is not None or "\n" not in text


@given(st.text(), st.sampled_from([None, 2]))
def test_it_holds_nothing_that_a_terminal_obeys(text: str, indent: int | None) -> None:
    """Line feeds between lines alone."""
    written = json_text({text: [text]}, indent)
    assert json.loads(written) == {text: [text]}
    assert HOSTILE.search(written.replace("\n", "")) is None


@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\x7f", "\\u007f"),
        ("\u202e", "\\u202e"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("é\u200b", "é\\u200b"),
    ],
)
def test_what_is_hostile_is_an_escape(character: str, written: str) -> None:
    """Of two halves beyond the first 65,536 characters."""
    assert json_text(character) == f'"{written}"'


def test_a_joiner_stays_between_emoji_alone() -> None:
    """Where it makes one of them."""
    assert json_text("👩\u200d🌾") == '"👩\u200d🌾"'
    assert json_text("a\u200db👩\u200d") == '"a\\u200db👩\\u200d"'
