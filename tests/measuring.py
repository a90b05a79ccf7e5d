"""Coverage is measured where it counts, and costs nothing elsewhere.

Measuring makes Python four times slower. Of what the engine does on the compiled
kernel all but the kernel was measured on the other one, and what screens and
commands run of it proves little of it. Nor is it measured again on large files, in
sweeps over all broken files, and where bytes are changed one by one: such tests say
``unmeasured``. Of a property test a few inputs are measured: those that follow
seldom reach what none of these did.
"""

from __future__ import annotations

from functools import wraps
from importlib import import_module
from itertools import count
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from xdist import is_xdist_controller

from repoview import core
from repoview.corpus import CASES, LIGHT_CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
ENGINE = str(TESTS / "core")
ELSEWHERE = {
    str(TESTS / name)
    for name in (
        "cli/test_ls.py",
        "cli/test_merge.py",
        "cli/test_prove.py",
        "cli/test_salvage.py",
        "cli/test_select.py",
        "export/test_identity.py",
        "export/test_write.py",
        "test_kernel_choice.py",
        "test_library.py",
        "test_library_values.py",
        "test_notebook.py",
        "test_openers.py",
        "test_streaming.py",
        "test_trees.py",
    )
}
"""What tests the engine outside its own folder: by its public names, or a command."""


HEAVY = [case for case in CASES if case not in LIGHT_CASES]
"""Broken files that take as long as all others together, and have what these have."""

ONE_OF_EACH = [*{case.code: case for case in reversed(LIGHT_CASES)}.values()]
"""One broken file a code, for what depends on the code more than on the bytes."""


FIRST = 10
"""Inputs of a property test that are measured."""


class Controller(Protocol):
    """What pytest-cov measures with."""

    started: bool

    def pause(self) -> None:
        """Stop measuring."""

    def resume(self) -> None:
        """Go on with it."""


def is_measured(item: pytest.Item) -> bool:
    """Tell whether a test of these counts."""
    path = str(item.path)
    if not (path.startswith(ENGINE) or path in ELSEWHERE) or "[compiled" in item.name:
        return False
    if item.get_closest_marker("unmeasured"):
        return False
    made_with = getattr(item, "callspec", None)
    return made_with is None or made_with.params.get("case") not in HEAVY


class Measuring:
    """Measures while tests run that count, with their fixtures.

    pytest-cov's own mark is for the test alone: its fixtures are measured, and to
    stop and begin anew takes as long as most tests.
    """

    def __init__(self, plugin: Any) -> None:
        self._plugin = plugin

    @property
    def _controller(self) -> Controller:
        controller: Controller = self._plugin.cov_controller
        return controller

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Iterator[None]:
        """Measure what importing the engine runs, and not how tests are found.

        What is imported first by a test that is not measured would count as never
        run.
        """
        if not is_xdist_controller(session):
            for module in walk_packages(core.__path__, f"{core.__name__}."):
                import_module(module.name)
            self._controller.pause()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Begin or stop where the tests that count begin or end."""
        if self._controller.started != is_measured(item):
            change = self._controller.pause, self._controller.resume
            change[is_measured(item)]()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Stop behind the first inputs of a property test."""
        held = getattr(getattr(item, "obj", None), "hypothesis", None)
        if held is None or not self._controller.started:
            return (yield)
        test, numbers = held.inner_test, count()

        @wraps(test)
        def first_measured(*args: Any, **named: Any) -> Any:
            if next(numbers) == FIRST:
                self._controller.pause()
            return test(*args, **named)

        held.inner_test = first_measured
        try:
            return (yield)
        finally:
            held.inner_test = test
