"""Facts about the data model: values as JSON, and back."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.formats.datamodel import from_json, to_json
from tests.strategies import values

WITHOUT_KERNEL = True

CID = Cid.for_block(b"data")
TEXT = str(CID)


@pytest.mark.parametrize(
    ("value", "as_json"),
    [
        (None, None),
        (True, True),
        (5, 5),
        (2**63, 2**63),
        ("text", "text"),
        (CID, {"$link": TEXT}),
        (b"", {"$bytes": ""}),
        (b"\xff", {"$bytes": "/w"}),
        (b"\xff\xfe", {"$bytes": "//4"}),
        (b"\xff\xfe\xfd", {"$bytes": "//79"}),
        ([CID, [b"a"]], [{"$link": TEXT}, [{"$bytes": "YQ"}]]),
        ({"a": {"b": CID}}, {"a": {"b": {"$link": TEXT}}}),
        (1.5, 1.5),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_values_have_their_json(value: Any, as_json: Any) -> None:
    """Links and bytes are maps of one field; bytes have no padding."""
    assert to_json(value) == as_json


@given(values())
def test_json_leads_back_to_its_value(value: Any) -> None:
    """Through text as well, for nothing in it is beyond JSON."""
    as_json = to_json(value)
    assert from_json(as_json) == value
    assert from_json(json.loads(json.dumps(as_json, allow_nan=False))) == value


def test_the_order_of_fields_is_kept() -> None:
    """A view shows the record as its bytes have it."""
    value: Any = {"b": 1, "aa": {"d": 2, "c": 3}}
    as_json: Any = to_json(value)
    assert list(as_json) == ["b", "aa"]
    assert list(as_json["aa"]) == ["d", "c"]


def test_what_was_given_is_left_alone() -> None:
    """Neither direction works on the caller's own maps and lists."""
    value: Any = {"a": [CID, {"b": b"x"}]}
    before = repr(value)
    as_json = to_json(value)
    assert repr(value) == before
    from_json(as_json)
    assert as_json == {"a": [{"$link": TEXT}, {"b": {"$bytes": "eA"}}]}


@pytest.mark.parametrize(
    ("as_json", "value"),
    [
        (123.0, 123),
        (-0.0, 0),
        ({"$bytes": "/w=="}, b"\xff"),
        ({"$bytes": "//4="}, b"\xff\xfe"),
        ({"$link": TEXT.upper()}, CID),
        ({"a": {}, "b": []}, {"a": {}, "b": []}),
        ({"$type": "blob", "$other": 1}, {"$type": "blob", "$other": 1}),
    ],
)
def test_json_may_be_written_in_other_ways(as_json: Any, value: Any) -> None:
    """Padding, whole floats, another base for a CID."""
    assert from_json(as_json) == value


@pytest.mark.parametrize(
    ("as_json", "sentence"),
    [
        (1.5, "the top: the number 1.5 is no integer"),
        ({"a": [math.nan]}, "a[0]: the number nan is no integer"),
        ({"a": 2**63}, "a: an integer does not fit 64 bits"),
        ([1e300], "[0]: an integer does not fit 64 bits"),
        ({"a": {"$link": 5}}, "a: $link is not text in a map of its own"),
        (
            {"a": {"$link": TEXT, "b": 1}},
            "a: $link is not text in a map of its own",
        ),
        ({"$link": "."}, "the top: $link holds no CID: a text of 1 character is"),
        ({"$bytes": [1]}, "the top: $bytes is not text in a map of its own"),
        ({"$bytes": "a"}, "the top: $bytes is not base64"),
        ({"$bytes": "//-_"}, "the top: $bytes is not base64"),
        ({"$bytes": "é"}, "the top: $bytes is not base64"),
        ({"a": b"x"}, "a: a bytes is not of JSON"),
    ],
)
def test_json_that_says_no_value_is_refused(as_json: Any, sentence: str) -> None:
    """With the path of what is wrong."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the sentence is compared)
        from_json(as_json)
    assert str(caught.value).startswith(sentence)


def test_deep_json_is_refused_not_followed() -> None:
    """The limit is that of reading, so that what is read can be written."""
    as_json: Any = 5
    for _ in range(limits.MAX_NESTING):
        as_json = [as_json]
    assert to_json(from_json(as_json)) == as_json
    with pytest.raises(ValueError, match="128 deep"):
        from_json([as_json])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(("$link", "$bytes", "a")), inner, max_size=2
            )
        ),
    )
)
def test_any_json_gives_a_value_or_a_sentence(as_json: Any) -> None:
    """Nothing but a `ValueError` is raised."""
    try:
        value = from_json(as_json)
    except ValueError:
        return
    assert from_json(to_json(value)) == value
