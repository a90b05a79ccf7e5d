"""Every key binding of the explorer by its name, for settings and for help.

A binding's name is its `id`: ``browse.filter``. Textual's keymap replaces the
keys of a named binding, wherever it is defined.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Final

from textual.binding import Binding
from textual.dom import DOMNode

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARENT: Final = "repoview.tui"
_PACKAGES: Final = ("app", "screens", "widgets")


def named_bindings() -> dict[str, Binding]:
    """Return the named bindings, by name.

    Imports every screen and widget, so it is called only if keys were set.
    """
    return {
        binding.id: binding
        for _, binding in bindings()
        if isinstance(binding, Binding) and binding.id
    }


def bindings() -> Iterator[tuple[type[DOMNode], object]]:
    """Yield every binding that an app, screen or widget of ours defines."""
    for kind in _kinds():
        for binding in kind.__dict__.get("BINDINGS", ()):
            yield kind, binding


def _kinds() -> Iterator[type[DOMNode]]:
    names: list[str] = []
    for name in _PACKAGES:
        package = import_module(f"{_PARENT}.{name}")
        found = walk_packages(package.__path__, f"{_PARENT}.{name}.")
        names += [module.name for module in found]
    for name in names:
        for value in vars(import_module(name)).values():
            is_ours = isinstance(value, type) and value.__module__ == name
            if is_ours and issubclass(value, DOMNode):
                yield value
