"""Facts about opening: progress, cancelling, and files that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core import keeping
from repoview.core.car import encode_header, encode_section
from repoview.core.cid import RAW, Cid
from repoview.core.keeping import Keeping
from repoview.settings import Settings
from repoview.tui.app import Explorer
from repoview.tui.loading import Loading
from repoview.tui.screens.opening import Opening
from tests.tui.conftest import screen_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


def endless() -> Iterator[bytes]:
    """Yield the beginning of a CAR, and blocks without end."""
    number = 0
    yield encode_header([Cid.for_block(b"")])
    while True:
        data = b"%d" % number
        number += 1
        yield encode_section(Cid.for_block(data, RAW), data)


def test_a_repository_comes_of_loading(sample: Path) -> None:
    """And the counters tell how much there was."""
    opening = Loading(str(sample), Settings())
    opening.run()
    assert opening.session is not None
    assert len(opening.session.repo) == 300
    assert opening.counters.stage == "walk"
    assert opening.counters.blocks > 300
    assert opening.exit_code == 0
    opening.close()


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    """With the exit code that goes with it."""
    opening = Loading(str(tmp_path / "none.car"), Settings())
    opening.run()
    assert opening.session is None
    assert opening.error is not None
    assert "none.car" in opening.error
    assert opening.exit_code == 1


def test_what_was_found_is_kept(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it is shown; the next opening reads nothing."""
    monkeypatch.setattr(keeping, "LEAST_BYTES", 0)
    settings = Settings(keeping=Keeping(lambda: str(tmp_path / "cache")))
    for is_known in (False, True):
        opening = Loading(str(sample), settings)
        opening.run()
        assert opening.session is not None
        assert opening.session.repo.from_cache == is_known
        assert ("proves it again" in opening.session.remark()) == is_known
        opening.keep()
        opening.close()


def test_closing_ends_the_keeping(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever leaves does not wait for it, and nothing is left of it."""
    monkeypatch.setattr(keeping, "LEAST_BYTES", 0)
    folder = tmp_path / "cache"
    opening = Loading(str(sample), Settings(keeping=Keeping(lambda: str(folder))))
    opening.run()
    opening.close()
    opening.keep()
    assert [path.name for path in folder.glob("*") if path.name != "key"] == []


def test_cancelling_ends_the_loading() -> None:
    """At the next report, with the code of an interruption."""
    opening = Loading(endless(), Settings())
    opening.cancel()
    opening.run()
    assert opening.session is None
    assert opening.error is None
    assert opening.exit_code == 130


async def test_escape_ends_an_opening_that_goes_on() -> None:
    """The thread is told, comes back, and the explorer ends with 130."""
    app = Explorer(endless(), Settings(), "endless")
    async with app.run_test() as pilot:
        while app.opening.counters.blocks == 0:
            await pilot.pause()
        assert isinstance(app.screen, Opening)
        assert "reading and hashing" in screen_text(app)
        assert "B of " not in screen_text(app)
        await pilot.press("escape")
        await app.workers.wait_for_complete()
    assert app.return_code == 130


async def test_ctrl_c_ends_an_opening_too() -> None:
    """As it ends every program."""
    app = Explorer(endless(), Settings(), "endless")
    async with app.run_test() as pilot:
        while app.opening.counters.blocks == 0:
            await pilot.pause()
        await pilot.press("ctrl+c")
    assert app.return_code == 130
