"""Finds the private names of Textual that modules use."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ASKS: Final = {"getattr", "hasattr", "setattr", "delattr"}
"""Functions that take a name as text."""

_NAMED_TUPLE: Final = {"_replace", "_asdict", "_fields", "_make"}
"""Public names of named tuples, despite the underscore."""


def is_private(name: str) -> bool:
    """Return whether a name has one underscore in front, not two."""
    is_dunder = name.startswith("__") and name.endswith("__")
    return name.startswith("_") and not is_dunder and name not in _NAMED_TUPLE


def private_names(kind: type) -> frozenset[str]:
    """Return the private names that a class has from Textual."""
    return frozenset().union(*map(_own_private_names, kind.__mro__))


@cache
def _own_private_names(kind: type) -> frozenset[str]:
    """Return the private names that a class of Textual has itself."""
    if kind.__module__.partition(".")[0] != "textual":
        return frozenset()
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    stored = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    return frozenset(filter(is_private, stored.union(vars(kind))))


def private_uses(source: str, names: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Yield line and name of each private name of Textual that a module uses.

    Such a name is imported from there, or an attribute of an object other than
    its own, or inherited by its own class, where it is used or overridden.

    Args:
        source: The module.
        names: The module's namespace, with its classes.
    """
    yield from _uses(ast.parse(source), names, frozenset())


def _uses(
    node: ast.AST, names: Mapping[str, object], inherited: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Yield what is used in a part of a module.

    Args:
        node: The part.
        names: The namespace there, with classes.
        inherited: The names that the enclosing class has from Textual.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            kind = names.get(child.name)
            theirs = private_names(kind) if isinstance(kind, type) else frozenset()
            yield from _uses(child, vars(kind) if kind else {}, theirs)
            continue
        is_in_class = isinstance(node, ast.ClassDef)
        for name in _names_of(child, inherited, is_in_class=is_in_class):
            yield child.lineno, name  # type: ignore[attr-defined] # all that have names have a line
        yield from _uses(child, names, inherited)


def _names_of(
    node: ast.AST, inherited: frozenset[str], *, is_in_class: bool
) -> Iterator[str]:
    """Yield the private names of Textual that one node uses."""
    match node:
        case ast.ImportFrom(module=str(module), names=aliases):
            yield from _imported(*(f"{module}.{each.name}" for each in aliases))
        case ast.Import(names=aliases):
            yield from _imported(*(each.name for each in aliases))
        case ast.Attribute(value=owner, attr=name) if is_private(name):
            if not _is_own(owner) or name in inherited:
                yield name
        case ast.Call(func=ast.Name(id=asks), args=[_, ast.Constant(str(name)), *_]):
            if asks in _ASKS and is_private(name):
                yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            if is_in_class and name in inherited:
                yield name
        case ast.Assign(targets=[ast.Name(id=name), *_]) if is_in_class:
            if name in inherited:
                yield name
        case ast.AnnAssign(target=ast.Name(id=name)) if is_in_class:
            if name in inherited:
                yield name


def _imported(*paths: str) -> Iterator[str]:
    for path in paths:
        first, *parts = path.split(".")
        if first == "textual" and any(map(is_private, parts)):
            yield path


def _is_own(owner: ast.expr) -> bool:
    """Whether an expression is `self` or `cls`."""
    return ast.unparse(owner) in {"self", "cls", "super()"}
