"""Frozen values whose classes are defined quickly, for modules of every start.

`dataclass(frozen=True, slots=True)` compiles six methods from text for each
class: 0.5 ms, and some forty classes are defined before anything is answered.
Here `__init__` alone is compiled, and the rest are plain functions: 0.2 ms. The
classes are dataclasses all the same (`fields`, `replace`, `match`).
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T], /) -> type[T]:
    """Return the class as `dataclass(frozen=True, slots=True)` would.

    Fields with `init=False` or `kw_only=True` are not supported.
    """
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    own = fields(made)
    methods = {
        "__init__": _init(made, own),
        "__repr__": _repr(tuple(each.name for each in own if each.repr)),
        **_comparing(tuple(each.name for each in own if each.compare)),
        **_whole(tuple(each.name for each in own)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
    }
    for name, method in methods.items():
        # What the class itself defines counts; with `__eq__` comes a hash of None.
        if cls.__dict__.get(name) is None:
            setattr(made, name, method)
    frozen_class: type[T] = made
    return frozen_class


def _init(made: Any, own: tuple[Field[Any], ...]) -> Callable[..., None]:  # noqa: ANN401 (a class with any attributes)
    """Return the method that takes all fields, by position or name."""
    # None of these is the name of a field.
    known: dict[str, object] = {"__missing": MISSING}
    head, body = ["self"], []
    for number, each in enumerate(own):
        name, value = each.name, each.name
        known[f"__set{number}"] = getattr(made, name).__set__
        if each.default_factory is not MISSING:
            known[f"__new{number}"] = each.default_factory
            head.append(f"{name}=__missing")
            value = f"__new{number}() if {name} is __missing else {name}"
        elif each.default is not MISSING:
            known[f"__default{number}"] = each.default
            head.append(f"{name}=__default{number}")
        else:
            head.append(name)
        body.append(f"    __set{number}(self, {value})\n")
    if hasattr(made, "__post_init__"):
        body.append("    self.__post_init__()\n")
    text = f"def __init__({', '.join(head)}):\n{''.join(body) or '    pass'}"
    # As `dataclass` does it: the text has nothing but the names of fields.
    exec(text, known)  # noqa: S102 (see above)
    init: Any = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    init.__module__ = made.__module__
    init.__annotations__ = {each.name: each.type for each in own} | {"return": None}
    method: Callable[..., None] = init
    return method


def _repr(names: tuple[str, ...]) -> Callable[[object], str]:
    def __repr__(self: object) -> str:  # noqa: N807 (a method)
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({told})"

    return __repr__


def _comparing(names: tuple[str, ...]) -> Mapping[str, Callable[..., object]]:
    """Return the methods that compare values of one class by their fields."""
    values = _values(names)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 (a method)
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(values(self) == values(other))

    def __hash__(self: object) -> int:  # noqa: N807 (a method)
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _whole(names: tuple[str, ...]) -> Mapping[str, Callable[..., object]]:
    """Return the methods that pickle and copy values."""

    def __getstate__(self: object) -> list[object]:  # noqa: N807 (a method)
        return [getattr(self, name) for name in names]

    def __setstate__(self: object, state: list[object]) -> None:  # noqa: N807 (a method)
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": __getstate__, "__setstate__": __setstate__}


def _values(names: tuple[str, ...]) -> Callable[[object], object]:
    """Return a function that gets all of these fields."""
    return attrgetter(*names) if names else lambda _: ()


def _refuse(self: object, name: str, value: object = None) -> None:
    """Refuse to change a value."""
    del self, value
    raise FrozenInstanceError(f"cannot change field {name!r}")
