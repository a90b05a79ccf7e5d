"""What views look like while a source comes, when it was left, and with odd ones.

Made again with ``uv run pytest -n 0 tests/tui/screens/test_state_snapshots.py
--snapshot-update``, and then looked at.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from repoview.core.opening.options import OpenOptions
from repoview.sample import write_sample
from repoview.settings import Settings
from tests.core.repos import make_repo, many
from tests.tui.app.test_hostile import HOSTILE
from tests.tui.conftest import browsing, explorer, until
from tests.tui.screens.test_view_snapshots import is_there

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer
    from tests.tui.pictures import Looks

VIEWS = {
    "browse": ["down", "down"],
    "tree": ["t"],
    "blocks": ["b"],
    "findings": ["v"],
    "overview": ["i"],
}


@pytest.fixture(scope="module")
def half() -> bytes:
    """Half of a sample."""
    parts: list[bytes] = []
    write_sample(parts.append, 3_000)
    whole = b"".join(parts)
    return whole[: len(whole) // 2]


class Stream:
    """A source of which no more comes than half, however long one waits."""

    def __init__(self, half: bytes) -> None:
        self._half = half
        self.is_out = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the half, and then nothing, over and over."""
        yield self._half
        self.is_out.set()
        never = threading.Event()
        while not never.wait(0.05):
            yield b""


def streamed(half: bytes) -> tuple[Explorer, Callable[[Pilot[None]], Awaitable[None]]]:
    """Return an explorer of a stream, and what waits until all that came is listed."""
    stream = Stream(half)
    app = explorer(iter(stream), settings=Settings(OpenOptions(threads=1)))
    return app, partial(_taken_in, app, stream)


async def _taken_in(app: Explorer, stream: Stream, pilot: Pilot[None]) -> None:
    await until(pilot, stream.is_out.is_set)
    counters = app.visit.loading.counters
    told: list[int] = []
    # Between two steps it is asked once: who tells the same again has to wait.
    while len(told) < 3 or len({*told[-3:]}) > 1:
        known = len(told)
        app.visit.ask(lambda _: counters.blocks, told.append)
        await until(pilot, lambda known=known: len(told) > known)
    # A bar whose clock has not begun shows no speed.
    counters.started = float("inf")
    await until(pilot, lambda: app.browse is not None)


async def _shown(pilot: Pilot[None], name: str) -> None:
    """Go to a view of what was read to its end, and wait until all of it is there."""
    await browsing(pilot)
    for key in VIEWS[name]:
        await pilot.press(key)
        await until(pilot, lambda: is_there(pilot))
    await pilot.pause(0.3)


@pytest.mark.parametrize("name", VIEWS)
def test_a_growing_repository_looks_as_it_did(
    looks: Looks, half: bytes, name: str
) -> None:
    """What is known already, and what comes when all is read."""
    app, taken_in = streamed(half)

    async def arrive(pilot: Pilot[None]) -> None:
        await taken_in(pilot)
        for key in VIEWS[name]:
            await pilot.press(key)
            await pilot.pause(0.3)

    looks(app, arrive)


@pytest.mark.parametrize("name", ["browse", "findings", "overview"])
def test_a_reading_that_was_left_looks_as_it_did(
    looks: Looks, half: bytes, name: str
) -> None:
    """What came is kept, and what is missing is said."""
    app, taken_in = streamed(half)

    async def arrive(pilot: Pilot[None]) -> None:
        await taken_in(pilot)
        await pilot.press("escape")
        await _shown(pilot, name)

    looks(app, arrive)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A repository of hostile texts, and one of very many records."""
    folder = tmp_path_factory.mktemp("odd")
    paths = {name: folder / f"{name}.car" for name in ("hostile", "huge")}
    paths["hostile"].write_bytes(make_repo(HOSTILE))
    paths["huge"].write_bytes(make_repo(many(40_000)))
    return paths


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("which", ["hostile", "huge"])
def test_an_odd_repository_looks_as_it_did(
    looks: Looks,
    odd: dict[str, Path],
    which: str,
    name: str,
) -> None:
    """No text leaves its place, and no number is too long."""

    async def arrive(pilot: Pilot[None]) -> None:
        await _shown(pilot, name)

    looks(explorer(odd[which]), arrive)
