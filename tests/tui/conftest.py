"""Explorers over small repositories, driven by keys."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from textual.app import App
from textual.css.stylesheet import Stylesheet

from repoview.sample import write_sample
from repoview.settings import Settings
from repoview.tui.app.base import garbage
from repoview.tui.app.explorer import Explorer
from repoview.tui.screens.overview import OverviewView
from repoview.tui.visits.visit import Visit
from tests.core.repos import make_repo, many
from tests.tui.pictures import AtSize, Looks, compare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from syrupy.assertion import SnapshotAssertion
    from textual.css.model import RuleSet
    from textual.pilot import Pilot

    from repoview.core.source.opener import Target


@pytest.fixture(scope="session", autouse=True)
def unfrozen() -> Iterator[None]:
    """Freeze nothing: of a process with many explorers all would be kept.

    They would fill the memory, and be traversed each time that one is closed. What
    freezing does is in `tests.tui.app.test_garbage`.
    """
    with pytest.MonkeyPatch.context() as patch:
        nothing = SimpleNamespace(
            freeze=int,
            unfreeze=int,
            get_freeze_count=int,
            disable=int,
            enable=int,
            collect=gc.collect,
        )
        patch.setattr(garbage, "gc", nothing)
        yield


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """Parse each style sheet once for all explorers, as one does for its screens.

    It is a tenth of opening one.
    """
    parse = Stylesheet._parse_rules  # noqa: SLF001 (it is what an explorer caches)
    parsed: dict[object, list[RuleSet]] = {}

    def once(sheet: Stylesheet, *source: Any, **more: Any) -> list[RuleSet]:
        variables = frozenset(sheet._variables.items())  # noqa: SLF001 (as above)
        key = variables, source, frozenset(more.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", once)
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample repository of 300 records."""
    path = tmp_path_factory.mktemp("sample") / "sample.car"
    with path.open("wb") as file:
        write_sample(file.write, 300)
    return path


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that lacks its last 30 records and some nodes."""
    path = tmp_path_factory.mktemp("broken") / "broken.car"
    path.write_bytes(make_repo(many(120), leave_out=125))
    return path


@pytest.fixture
def looks(snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Compare an app, at all sizes, with its pictures.

    Notifications stay: how many are left after five seconds says how quick the
    machine was.
    """
    monkeypatch.setattr(App, "NOTIFICATION_TIMEOUT", 3600)
    return partial(compare, snapshot.use_extension(AtSize))


def explorer(*targets: Target, settings: Settings | None = None) -> Explorer:
    """Return an explorer of these sources."""
    settings = settings or Settings()
    visits = [
        Visit(str(t) if isinstance(t, Path) else t, settings, str(t)[:40])
        for t in targets
    ]
    return Explorer(visits, settings)


PATIENCE: Final = 60.0
"""The timeout of `until`, in seconds."""


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Wait for a condition; fail if the explorer has exited."""
    given_up = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < given_up, screen_text(pilot.app)
        # The exception is raised when the explorer is left.
        assert pilot.app._exception is None  # noqa: SLF001 (it is not public)
        assert pilot.app.is_running
        await pilot.pause()


async def overview_text(app: Explorer, pilot: Pilot[None]) -> str:
    """Open the overview, and return what it shows once all is counted."""
    await pilot.press("i")
    await until(pilot, lambda: isinstance(app.screen, OverviewView))
    view = app.screen
    assert isinstance(view, OverviewView)
    await until(pilot, lambda: view.is_counted)
    await pilot.pause()
    return screen_text(app)


async def browsing(pilot: Pilot[None]) -> None:
    """Wait until the source can be browsed."""
    app = pilot.app
    assert isinstance(app, Explorer)
    await until(pilot, lambda: app.browse is not None and app.session is not None)
    await until(pilot, lambda: app.browse is not None and app.browse.query("#records"))
    await app.workers.wait_for_complete()
    await pilot.pause()


@asynccontextmanager
async def exploring(
    path: Path, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Explorer, Pilot[None]]]:
    """Open *path* in an explorer, and wait until it can be browsed."""
    app = explorer(path)
    async with app.run_test(size=size, notifications=True) as pilot:
        await browsing(pilot)
        yield app, pilot


def screen_text(app: App[None]) -> str:
    """Return what the terminal shows, line by line."""
    width, height = app.size
    strips = app.screen._compositor.render_strips(app.size)  # noqa: SLF001 (there is no other way to see the screen)
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    assert len(lines) == height
    assert width
    return "\n".join(lines)
