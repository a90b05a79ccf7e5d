"""What of the explorer bears to be asked too early or too late."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pkgutil import walk_packages

from textual.dom import DOMNode

import repoview.tui
from repoview.tui.visits.resilient import Resilient


def nodes() -> list[type[DOMNode]]:
    """Return every app, screen and widget of ours."""
    names = [m.name for m in walk_packages(repoview.tui.__path__, "repoview.tui.")]
    return [
        value
        for name in names
        for value in vars(import_module(name)).values()
        if isinstance(value, type)
        and issubclass(value, DOMNode)
        and value.__module__ == name
    ]


def asks(kind: type[DOMNode]) -> bool:
    """Tell whether it looks for a single thing in itself."""
    calls = [
        node.func
        for node in ast.walk(ast.parse(inspect.getsource(kind)))
        if isinstance(node, ast.Call)
    ]
    return any(isinstance(f, ast.Attribute) and f.attr == "query_one" for f in calls)


def test_whoever_looks_into_itself_may_be_taken_out_meanwhile() -> None:
    """A dialog may be closed before it is mounted: keys are typed ahead."""
    asking = [kind for kind in nodes() if asks(kind)]
    assert len(asking) > 10
    assert [kind for kind in asking if not issubclass(kind, Resilient)] == []
