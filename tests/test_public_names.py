"""Facts about what users of the library see: in help, and in signatures."""

from __future__ import annotations

import ast
import builtins
import inspect
import pydoc
import re
import sys
import typing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import repoview
from repoview import export, trees

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLIC: Final = {
    name: getattr(module, name)
    for module in (repoview, export, trees)
    for name in module.__all__
    if name not in {"__version__", "export", "fleet", "trees"}
}

CALLED: Final[dict[type[Any], str]] = {
    repoview.Repo: (
        "block blobs check_signature close collections commit containing find frame "
        "from_cache get inventory keys load locate locate_cid name numbers ordered "
        "proof_steps prove record records records_at report search select shape tree "
        "verdict"
    ),
    repoview.Tree: "children data edit node read to_dot to_svg top way_to",
    repoview.Record: (
        "at_uri cid collection data decoded findings is_strict json key number "
        "offset path processed rkey size state value"
    ),
    repoview.RecordList: "count index numbers",
    repoview.Inventory: (
        "blobs blocks collection_bytes duplicates shared sizes stream_steps summary "
        "two_roles unlinked unlinked_amounts walk_order"
    ),
    repoview.Blobs: "check close",
    repoview.Salvage: "close loose_records write_car",
    repoview.BlobCheck: "close",
    repoview.Stream: "batch close commit key_batch keys report seek",
    repoview.AsyncStream: (
        "aclose batch batches commit key_batch keys report seek send_to"
    ),
    repoview.AsyncOpening: "",
    repoview.MemoryLimitReached: "add_note args close exit_code resume with_traceback",
}
"""All public names of what repoview makes and its users call."""

MADE: Final = [kind for kind in CALLED if not issubclass(kind, Exception)]


# Help


@pytest.mark.parametrize("kind", CALLED, ids=lambda kind: kind.__name__)
def test_a_class_has_what_its_users_call_and_no_more(kind: type[Any]) -> None:
    """What only views need is elsewhere."""
    names = {name for name in dir(kind) if not name.startswith("_")}
    assert names == set(CALLED[kind].split())


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
def test_help_shows_these_names_each_with_a_text(kind: type[Any]) -> None:
    """And nothing of how it is made."""
    text = pydoc.plain(pydoc.render_doc(kind))
    member = r"^ \|  (?:async )?(\w+)(?:\(.*\)(?: -> .*)?| = .*)?$"
    found = re.findall(member, text, re.MULTILINE)
    shown = {name for name in found if not name.startswith("_")} - {kind.__name__}
    assert shown == set(CALLED[kind].split())
    assert "__init__(self) -> 'None'" in text
    assert "_make" not in text
    for name in shown:
        assert inspect.getdoc(inspect.getattr_static(kind, name)), name


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
def test_what_repoview_makes_cannot_be_made_by_calling_it(kind: type[Any]) -> None:
    """The error says what makes it."""
    with pytest.raises(TypeError, match=r"make|give|has a tree"):
        kind()


# Signatures


def annotations_of(value: Any) -> Iterator[str]:
    """Yield the annotations of a function, as its own module has them."""
    yield from inspect.get_annotations(value).values()


SPECIAL: Final = (
    *("__init__", "__call__", "__len__", "__contains__", "__getitem__", "__iter__"),
    *("__next__", "__enter__", "__await__", "__aiter__", "__aenter__"),
)
"""Methods that users call without their names."""


def members_of(kind: type) -> Iterator[Any]:
    """Yield the public functions and properties of a class."""
    for name in dir(kind):
        member = inspect.getattr_static(kind, name)
        if name.startswith("_") and name not in SPECIAL:
            continue
        for part in ("fget", "func", "__func__"):
            member = getattr(member, part, member)
        if inspect.isfunction(member) and member.__module__.startswith("repoview."):
            yield member


def signatures() -> Iterator[tuple[str, str, str]]:
    """Yield place, module and annotation of all that users see."""
    for name, value in PUBLIC.items():
        if isinstance(value, str):
            # A type by another name.
            module = next(m for m in modules() if vars(m).get(name) is value)
            yield name, module.__name__, value
        elif inspect.isfunction(value):
            for text in annotations_of(value):
                yield name, value.__module__, text
        elif isinstance(value, type):
            yield from in_class(name, value)


def in_class(name: str, kind: type) -> Iterator[tuple[str, str, str]]:
    """Yield the same of one class: its members and its fields."""
    for base in kind.__mro__:
        if base.__module__.startswith("repoview."):
            for field, text in vars(base).get("__annotations__", {}).items():
                if not field.startswith("_"):
                    yield f"{name}.{field}", base.__module__, text
    for member in members_of(kind):
        for text in annotations_of(member):
            yield f"{name}.{member.__name__}", member.__module__, text


def modules() -> list[Any]:
    """Return the modules of repoview that are loaded."""
    return [m for name, m in sys.modules.items() if name.startswith("repoview.")]


def names_in(annotation: Any) -> Iterator[str]:
    """Yield the names in an annotation, ``os`` of ``os.PathLike``."""
    if not isinstance(annotation, str):
        for part in typing.get_args(annotation) or [annotation]:
            if isinstance(part, typing.ForwardRef):
                yield from names_in(part.__forward_arg__)
            elif part is not annotation:
                yield from names_in(part)
            elif isinstance(part, type) and part.__module__.startswith("repoview."):
                yield part.__name__
        return
    todo = [ast.parse(annotation, mode="eval").body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            continue
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from names_in(node.value)
        below = ast.iter_child_nodes(node)
        todo.extend(each for each in below if isinstance(each, ast.expr))


@cache
def homes(module: str) -> dict[str, str]:
    """Return where the names that a module imports come from, by its text."""
    source = Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: str(node.module) for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name: a.name for a in node.names}
    return found


def test_everything_in_a_public_signature_is_public() -> None:
    """A parameter, a result or a field has a type that users can import."""
    missing = set()
    seen = 0
    for place, module, annotation in signatures():
        home = homes(module)
        for name in names_in(annotation):
            seen += 1
            if name in PUBLIC or hasattr(builtins, name):
                continue
            if home.get(name, "repoview").startswith("repoview"):
                missing.add(f"{place}: {name}")
    assert seen > 500
    assert not missing


def test_public_names_are_listed_once_and_have_a_text() -> None:
    """In order, and each of them is there."""
    for module in (repoview, export, trees):
        assert len(set(module.__all__)) == len(module.__all__)
        assert set(dir(module)) == set(module.__all__)
    for name, value in PUBLIC.items():
        if isinstance(value, type) or inspect.isfunction(value):
            assert inspect.getdoc(value), name
