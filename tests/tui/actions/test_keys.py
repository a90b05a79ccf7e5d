"""Facts about key bindings: each can be given other keys, by its name."""

from __future__ import annotations

import re

from textual.binding import Binding

from repoview.tui.actions.keys import bindings, named_bindings


def test_every_binding_has_a_name() -> None:
    """Without one it could not be set; a tuple has none."""
    nameless = [
        f"{kind.__name__}: {binding}"
        for kind, binding in bindings()
        if not isinstance(binding, Binding) or not binding.id
    ]
    assert nameless == []


def test_a_name_that_stands_twice_is_of_the_same_keys() -> None:
    """What does the same on several screens is set in one go."""
    told: dict[str, set[str]] = {}
    for _, binding in bindings():
        if isinstance(binding, Binding) and binding.id:
            told.setdefault(binding.id, set()).add(binding.key)
    assert {name: keys for name, keys in told.items() if len(keys) > 1} == {}


def test_names_look_alike() -> None:
    """Where it is, and what it does: ``browse.filter``."""
    for name in named_bindings():
        assert re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", name), name


def test_every_binding_says_what_it_does() -> None:
    """Help has a line for each."""
    silent = [name for name, each in named_bindings().items() if not each.description]
    assert silent == []
