"""Facts about what differs between two records, told by setting fields back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repoview
from repoview.core.diff.diff import diff
from repoview.core.diff.fields import FieldChange, changed_fields, field_changes
from repoview.core.errors import BlockMissing
from repoview.core.trees.record_change import RecordChange
from tests.core.repos import car_of, make_repo, parts_of

names = st.sampled_from(["text", "embed", "alt", "$type", "a b"])
scalars = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "x"])
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=12,
)


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, types and all; the plain way."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            is_same(one[name], other[name]) for name in one
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


@given(values, values)
def test_nothing_is_told_of_what_is_the_same_and_of_all_else_something(
    one: object, other: object
) -> None:
    """Also where only types differ."""
    assert not list(field_changes(one, one))
    assert bool(list(field_changes(one, other))) == (not is_same(one, other))


@given(values, values)
def test_the_way_back_is_the_way_there_turned_round(one: object, other: object) -> None:
    """What was created is deleted, and old and new change places."""
    turned = {"create": "delete", "delete": "create", "update": "update"}
    there, back = list(field_changes(one, other)), list(field_changes(other, one))
    assert sorted(map(repr, there)) == sorted(
        repr(FieldChange(path, turned[action], new, old))  # type: ignore[arg-type]  # words of the same set
        for path, action, old, new in back
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"text": "a"}, {"text": "b"}, [("text", "update", "a", "b")]),
        ({}, {"a": None}, [("a", "create", None, None)]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, [("a[1].b", "update", 2, 3)]),
        ({"a": [1, 2]}, {"a": [1]}, [("a[1]", "delete", 2, None)]),
        ({"a": 1}, {"a": True}, [("a", "update", 1, True)]),
        ({"a": 0.0}, {"a": -0.0}, [("a", "update", 0.0, -0.0)]),
        ({"a": float("nan")}, {"a": float("nan")}, []),
        ([1], {"0": 1}, [("", "update", [1], {"0": 1})]),
    ],
)
def test_a_change_is_told_where_it_is(
    old: object, new: object, expected: list[tuple[object, ...]]
) -> None:
    """By the path that findings have, too."""
    assert list(field_changes(old, new)) == expected


def test_records_nested_deeper_than_python_goes_are_compared() -> None:
    """Without recursion."""
    old: Any = 1
    new: Any = 2
    for _ in range(5_000):
        old, new = [old], [new]
    (change,) = field_changes(old, new)
    assert (change.before, change.after) == (1, 2)


def test_of_a_record_that_only_one_has_every_field_is_told() -> None:
    """And of one whose block is missing nothing."""
    path = "com.example.kind/a"
    old = make_repo({path: {"$type": "com.example.kind", "n": 1}})
    new = make_repo({"com.example.kind/b": {}})
    with repoview.open(old) as a, repoview.open(new) as b:
        changes = [i for i in diff(a.tree, b.tree) if isinstance(i, RecordChange)]
        told = list(changed_fields(a, b, changes[0]))
        assert told == [
            ("n", "delete", 1, None),
            ("$type", "delete", "com.example.kind", None),
        ]
        head, parts = parts_of(old)
        cid = a.record(0).cid
        lacking = car_of(old, head, [part for part in parts if part.cid != cid])
        with repoview.open(lacking) as less, pytest.raises(BlockMissing):
            list(changed_fields(less, b, changes[0]))
