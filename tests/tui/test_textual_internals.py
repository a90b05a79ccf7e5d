"""Facts about what the explorer uses of Textual that Textual keeps to itself."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from importlib.metadata import version
from pkgutil import walk_packages
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver
from textual.screen import Screen
from textual.widget import Widget

import repoview.tui
from repoview.tui import textual_internals as internals
from repoview.tui.app.base.first_frame import WholeFirst
from tests.tui.private_names import private_names, private_uses

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES: Final = sorted(
    each.name for each in walk_packages(repoview.tui.__path__, "repoview.tui.")
)

OWNERS: Final = {
    "_auto_restart": Driver,
    "_background_screens": App,
    "_cache": StylesCache,
    "_closing": Widget,
    "_compositor": Screen,
    "_compositor_refresh": Screen,
    "_dirty_lines": StylesCache,
    "_dirty_regions": Compositor,
    "_dirty_widgets": Screen,
    "_dispatch_message": Widget,
    "_display": App,
    "_driver": App,
    "_exception": App,
    "_exception_event": App,
    "_file": LinuxDriver,
    "_key_thread": WebDriver,
    "_handle_exception": App,
    "_keymap": App,
    "_parse_cache": Stylesheet,
    "_pruning": Widget,
    "_regions_to_spans": Compositor,
    "_render_chops": Compositor,
    "_styles_cache": Widget,
}
"""Private name → the class of Textual that has it."""


def used(module: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of what a module uses that is Textual's own."""
    found = import_module(module)
    yield from private_uses(inspect.getsource(found), vars(found))


# Where they are used


def test_only_one_module_uses_what_textual_keeps_to_itself() -> None:
    """Nor does any other give a name that Textual has a meaning of its own."""
    found = {module: list(used(module)) for module in MODULES}
    assert found.pop(internals.__name__)
    assert not {module: uses for module, uses in found.items() if uses}


PLANTS: Final = (
    ("import textual._context", "textual._context"),
    ("from textual import _context", "textual._context"),
    ("from textual._context import active_app", "textual._context.active_app"),
    ("from textual.keys import _character_to_key", "textual.keys._character_to_key"),
    ("def planted(app):\n    app._driver.write('')", "_driver"),
    ("def planted(app):\n    return getattr(app, '_driver', None)", "_driver"),
    ("class Planted(App):\n    def _on_key(self, event): ...", "_on_key"),
    ("class Planted(App):\n    async def _on_key(self, event): ...", "_on_key"),
    ("class Planted(App):\n    _driver = None", "_driver"),
    ("class Planted(App):\n    _driver: object = None", "_driver"),
    (
        "class Planted(App):\n    def planted(self):\n        self._driver = 1",
        "_driver",
    ),
    ("class Planted(App):\n    def _x(self):\n        super()._on_key(1)", "_on_key"),
    ("class A:\n    class B(App):\n        _driver = None", "_driver"),
)


@pytest.mark.parametrize(("source", "name"), PLANTS)
def test_a_planted_use_is_found(source: str, name: str) -> None:
    """However it is written."""
    names: dict[str, Any] = {"App": App}
    exec(source, names)  # noqa: S102 (the lines above)
    assert [found for _, found in private_uses(source, names)] == [name]


@pytest.mark.parametrize(
    "source",
    [
        "class Fine(App):\n    _ours = 1\n    def _own(self):\n        self._own()",
        "class Fine:\n    def __init__(self):\n        self._driver = None",
        "def fine(row):\n    return row._replace(name='')",
        "def fine(kind):\n    return kind.__dict__",
    ],
)
def test_what_is_our_own_is_not_taken_for_one(source: str) -> None:
    """A name is private to the class that has it."""
    names: dict[str, Any] = {"App": App}
    exec(source, names)  # noqa: S102 (the lines above)
    assert list(private_uses(source, names)) == []


# Whether they are there


def is_there(name: str) -> bool:
    """Tell whether Textual has a module's name, or a class's private one."""
    path, _, last = name.rpartition(".")
    if not path:
        return name in private_names(OWNERS[name])
    try:
        return hasattr(import_module(path), last)
    except ImportError:
        return False


def test_textual_has_every_name_that_is_used() -> None:
    """The explorer runs without it, but degraded, which should be noticed."""
    names = sorted({name for _, name in used(internals.__name__)})
    gone = [name for name in names if not is_there(name)]
    assert not gone, (
        f"Textual {version('textual')} has no {', '.join(gone)} any more: "
        f"see {internals.__name__} for what it was for"
    )


# What happens without them


class Bare:
    """What Textual might make of a class: all private names are gone."""

    def __init__(self, **public: object) -> None:
        vars(self).update(public)


def bare(**public: object) -> Any:
    """Return an object with public names only."""
    return Bare(**public)


def test_without_them_functions_answer_something_plain() -> None:
    """And nothing fails."""
    refreshed: list[bool] = []
    screen = SimpleNamespace(refresh=lambda: refreshed.append(True))
    assert not internals.is_going(bare())
    assert internals.whole_screen(bare(screen=screen)) is None
    assert refreshed == [True]
    assert internals.keys_set(bare()) == {}
    assert internals.restarts_itself(bare())
    internals.cache_style_sheets(bare(), 1)
    internals.write_to_terminal(bare(), "\x1b[2J")
    internals.wrap_output(bare(), lambda _: pytest.fail("there is nothing to wrap"))


def test_without_a_parser_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's own reader of the keyboard knows another."""
    monkeypatch.setitem(sys.modules, "textual._xterm_parser", None)
    assert internals.key_parser(debug=False) is None


def test_without_knowing_what_runs_it_is_the_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is always one."""
    monkeypatch.setitem(sys.modules, "textual._context", None)
    app = App[None]()
    assert internals.running_now(app) is app


async def test_where_nothing_can_be_held_back_all_is_drawn_at_once() -> None:
    """The line that tells of the opening makes room."""
    begun: list[bool] = []

    class Plain(WholeFirst):
        can_hold_back = False
        has_frame = False

    app = Plain()
    app.before_drawing = lambda: begun.append(True)
    async with app.run_test():
        assert begun == [True]
        assert app.is_drawing
