"""Facts about the seam: its twins, and their types, offer one and the same."""

from __future__ import annotations

import ast
import inspect
from inspect import Parameter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from repoview.core.kernel import kernel, pure
from tests.conftest import KERNELS
from tests.test_architecture import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CLASSES = ("BlockIndex", "WalkState")
FUNCTIONS = tuple(name for name in kernel.SEAM if name not in CLASSES)

ONLY_PYTHON = {
    "BlockIndex": {"marks", "type_number_of", "types"},
    "WalkState": {"collection", "collection_type", "frames", "leave"},
}
"""What one twin's own functions use: no business of the engine's."""

needs_compiled = pytest.mark.skipif(
    "compiled" not in KERNELS, reason="no compiled kernel is here"
)


class Taken(NamedTuple):
    """One parameter, as far as the twins must agree on it."""

    name: str
    is_keyword: bool
    is_optional: bool


def parameters(function: Callable[..., object]) -> list[Taken]:
    """Return what *function* takes, itself left out."""
    return [
        Taken(each.name, each.kind is Parameter.KEYWORD_ONLY, has_default(each))
        for each in inspect.signature(function).parameters.values()
        if each.name != "self"
    ]


def has_default(parameter: Parameter) -> bool:
    """Tell whether a parameter may be left out."""
    return parameter.default is not Parameter.empty


def public(names: Iterable[str]) -> set[str]:
    """Return those of *names* that are not private; `__len__` is not."""
    return {name for name in names if name == "__len__" or not name.startswith("_")}


def compiled() -> Any:
    """Return the compiled twin."""
    return KERNELS["compiled"]


# The twins


@pytest.mark.parametrize("twin", KERNELS.values(), ids=KERNELS)
def test_a_twin_offers_all_of_the_seam(twin: object) -> None:
    """And a name to be called by."""
    assert public(vars(twin)) >= {*kernel.SEAM, "NAME"}


@needs_compiled
@pytest.mark.parametrize("name", kernel.SEAM)
def test_twins_take_the_same(name: str) -> None:
    """Under the same names, in the same order, with the same to leave out."""
    assert parameters(getattr(compiled(), name)) == parameters(getattr(pure, name))


@needs_compiled
@pytest.mark.parametrize("name", CLASSES)
def test_the_classes_of_twins_have_the_same(name: str) -> None:
    """Attributes and methods, but for what only a twin itself uses."""
    ours, theirs = getattr(pure, name)(), getattr(compiled(), name)()
    assert not public(dir(theirs)) - public(dir(ours))
    assert public(dir(ours)) - public(dir(theirs)) == ONLY_PYTHON[name]


@needs_compiled
@pytest.mark.parametrize("name", CLASSES)
def test_the_methods_of_twins_take_the_same(name: str) -> None:
    """As functions do."""
    ours, theirs = getattr(pure, name)(), getattr(compiled(), name)()
    for method in public(dir(theirs)) - {"__len__"}:
        mine, other = getattr(ours, method), getattr(theirs, method)
        assert callable(mine) == callable(other), method
        if callable(mine):
            assert parameters(other) == parameters(mine), method
        else:
            assert type(other) is type(mine), method


# Their types

STUB = ast.parse((PACKAGE / "core" / "_kernel.pyi").read_bytes()).body
STUB_FUNCTIONS = {each.name: each for each in STUB if isinstance(each, ast.FunctionDef)}
STUB_CLASSES = {each.name: each for each in STUB if isinstance(each, ast.ClassDef)}
STUB_VALUES = {ast.unparse(e.target) for e in STUB if isinstance(e, ast.AnnAssign)}


def methods(name: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a class of the stub."""
    body = STUB_CLASSES[name].body
    return {each.name: each for each in body if isinstance(each, ast.FunctionDef)}


def attributes(name: str) -> set[str]:
    """Return what a class of the stub has that is no function."""
    body = STUB_CLASSES[name].body
    plain = {ast.unparse(e.target) for e in body if isinstance(e, ast.AnnAssign)}
    return plain | {n for n, each in methods(name).items() if is_property(each)}


def is_property(function: ast.FunctionDef) -> bool:
    """Tell whether a function of the stub is called by its name alone."""
    return "property" in {ast.unparse(each) for each in function.decorator_list}


def stub_types(function: ast.FunctionDef) -> list[tuple[Taken, str]]:
    """Return what a function of the stub takes and, last, what it returns."""
    given = function.args
    least = len(given.args) - len(given.defaults)
    taken = [
        (Taken(each.arg, False, number >= least), each.annotation)
        for number, each in enumerate(given.args)
        if each.arg != "self"
    ]
    taken += [
        (Taken(each.arg, True, default is not None), each.annotation)
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    ]
    taken.append((Taken("", False, False), function.returns))
    return [(each, ast.unparse(text) if text else "") for each, text in taken]


def python_types(function: Callable[..., object]) -> list[tuple[Taken, str]]:
    """Return the same of a function of the Python twin."""
    signature = inspect.signature(function)
    texts = [p.annotation for p in signature.parameters.values() if p.name != "self"]
    texts.append(signature.return_annotation)
    ends = [*parameters(function), Taken("", False, False)]
    return list(zip(ends, texts, strict=True))


def test_the_types_are_those_of_the_seam() -> None:
    """All of it, and what only the compiled kernel tells of itself."""
    assert {*STUB_FUNCTIONS, *STUB_CLASSES} == set(kernel.SEAM)
    assert {"NAME", "SOURCE"} == STUB_VALUES


@needs_compiled
def test_the_types_are_those_of_the_compiled_kernel() -> None:
    """Every public name, in the module and in its classes."""
    assert {*STUB_FUNCTIONS, *STUB_CLASSES, *STUB_VALUES} == public(vars(compiled()))
    for name in CLASSES:
        typed = public(methods(name)) | attributes(name)
        assert typed == public(dir(getattr(compiled(), name)()))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_types_of_functions(name: str) -> None:
    """Are written as the Python twin has them."""
    assert stub_types(STUB_FUNCTIONS[name]) == python_types(getattr(pure, name))


@pytest.mark.parametrize("name", CLASSES)
def test_the_types_of_methods(name: str) -> None:
    """Are written as the Python twin has them, those that make one too."""
    ours = getattr(pure, name)
    for method, function in methods(name).items():
        if not is_property(function):
            expected = python_types(getattr(ours, method))
            assert stub_types(function) == expected, method


@pytest.mark.parametrize("name", CLASSES)
def test_the_types_of_attributes(name: str) -> None:
    """What is an attribute of one twin is none that must be called of the other."""
    ours = getattr(pure, name)()
    for attribute in attributes(name):
        assert not callable(getattr(ours, attribute)), attribute
