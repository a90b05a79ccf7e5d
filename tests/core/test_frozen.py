"""Facts about frozen values, with the standard library's dataclasses as the oracle."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import pytest

from repoview.core.frozen import frozen


class Plain:
    """What both kinds of class begin as."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list, repr=False)
    d: int = field(default=0, compare=False)

    @property
    def twice(self) -> int:
        """Twice the first field."""
        return 2 * self.a


def both() -> tuple[Any, Any]:
    """Return the class as it is here, and as the standard library has it."""
    return (
        frozen(type("Value", (), dict(vars(Plain)))),
        dataclass(frozen=True, slots=True)(type("Value", (), dict(vars(Plain)))),
    )


OURS, THEIRS = both()
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, "x"), {}),
    ((1,), {"b": "x", "d": 3}),
    ((), {"a": 2, "c": [1]}),
    ((1, "x", [1], 4), {}),
]


@frozen
class Point:
    """A value that can be pickled, for its class has a name."""

    x: int
    y: tuple[int, ...] = ()


@frozen
class Named(Point):
    """A value with more fields than its base."""

    name: str = ""


@frozen
class Words:
    """A value whose fields have names that could be those of what makes it."""

    missing: list[int] = field(default_factory=list)
    set0: int = 0
    new0: int = 1
    default2: int = 2
    __missing: int = 3


@frozen
class Nothing:
    """A value without fields."""


@frozen
class Checked:
    """A value that is checked, and has its own idea of equal."""

    x: int

    def __post_init__(self) -> None:
        """Refuse what is negative."""
        if self.x < 0:
            raise ValueError(self.x)

    def __eq__(self, other: object) -> bool:
        """Tell whether both are even, or both odd."""
        return isinstance(other, Checked) and (self.x - other.x) % 2 == 0

    def __hash__(self) -> int:
        """Return what is the same for values that are equal."""
        return self.x % 2


@pytest.mark.parametrize(("given", "named"), CALLS)
def test_a_value_is_what_a_dataclass_would_be(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """By its fields, its text, and copies with other fields."""
    ours, theirs = OURS(*given, **named), THEIRS(*given, **named)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs)
    assert ours.twice == theirs.twice
    changed = dataclasses.replace(ours, a=7)
    assert dataclasses.asdict(changed) == dataclasses.asdict(
        dataclasses.replace(theirs, a=7)
    )


@pytest.mark.parametrize(("given", "named"), CALLS)
@pytest.mark.parametrize(("others", "again"), CALLS)
def test_values_are_equal_where_those_of_a_dataclass_are(
    given: tuple[Any, ...],
    named: dict[str, Any],
    others: tuple[Any, ...],
    again: dict[str, Any],
) -> None:
    """Fields that are not compared make no difference."""
    equal = OURS(*given, **named) == OURS(*others, **again)
    assert equal == (THEIRS(*given, **named) == THEIRS(*others, **again))
    assert OURS(*given, **named) != THEIRS(*given, **named)


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1, 2, 3, 4, 5), {}), ((1,), {"e": 1})]
)
def test_wrong_arguments_are_the_same_error(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """It names the method of the class."""
    said = []
    for kind in (OURS, THEIRS):
        with pytest.raises(TypeError) as caught:
            kind(*given, **named)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_a_field_may_have_any_name() -> None:
    """Whatever the method that takes them calls its own."""
    assert dataclasses.astuple(Words()) == ([], 0, 1, 2, 3)
    assert dataclasses.astuple(Words([7], 8, 9, 10, 11)) == ([7], 8, 9, 10, 11)


def test_a_class_has_what_a_dataclass_has() -> None:
    """Names to match by, slots, and the names of its arguments."""
    assert OURS.__match_args__ == THEIRS.__match_args__
    assert OURS.__slots__ == THEIRS.__slots__
    assert not hasattr(OURS(1), "__dict__")
    ours, theirs = inspect.signature(OURS), inspect.signature(THEIRS)
    assert list(ours.parameters) == list(theirs.parameters)
    assert [p.annotation for p in ours.parameters.values()] == [
        p.annotation for p in theirs.parameters.values()
    ]


def test_a_value_cannot_be_changed() -> None:
    """Neither a field, nor by a new one."""
    point = Point(1)
    for name in ("x", "z"):
        with pytest.raises(FrozenInstanceError, match=name):
            setattr(point, name, 2)
        with pytest.raises(FrozenInstanceError, match=name):
            delattr(point, name)
    assert point == Point(1)


def test_a_value_is_found_again_in_a_set() -> None:
    """Unless a field of it cannot be hashed."""
    assert len({Point(1), Point(1), Point(2), Nothing(), Nothing()}) == 3
    with pytest.raises(TypeError):
        hash(OURS(1))


@pytest.mark.parametrize("value", [Point(1, (2,)), Named(1, (), "n"), Nothing()])
def test_a_copy_is_equal(value: object) -> None:
    """Pickled as well."""
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 (our own bytes)


def test_what_a_class_defines_itself_counts() -> None:
    """Its comparison, its hash, and its check."""
    assert Checked(1) == Checked(3) != Checked(2)
    assert len({Checked(1), Checked(3), Checked(2)}) == 2
    with pytest.raises(ValueError, match="-1"):
        Checked(-1)


def test_a_value_is_not_equal_to_one_of_another_class() -> None:
    """Not even of one that has the same fields and more."""
    assert Point(1) != Named(1)
    assert Named(1, name="n").name == "n"
