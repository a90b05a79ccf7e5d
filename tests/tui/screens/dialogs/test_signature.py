"""Facts about what screens say of a signature, checked or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.opening.options import OpenOptions
from repoview.core.verify.verify import Checks
from repoview.corpus.signing import ALICE
from repoview.sample import write_sample
from repoview.settings import Settings
from repoview.tui.screens.findings import FindingsView
from repoview.tui.screens.overview import OverviewView
from repoview.tui.widgets.frame.status import Status
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_way_says_that_the_signature_was_not_checked(sample: Path) -> None:
    """At the commit, and below: that the hashes agree proves no signature."""
    async with exploring(sample, (120, 50)) as (app, pilot):
        await pilot.press("3")
        await until(pilot, lambda: "computed again, and" in screen_text(app))
        lines = screen_text(app).splitlines()
        commit = next(n for n, line in enumerate(lines) if "commit  bafyrei" in line)
        assert "signature not checked" in lines[commit + 1]
        proof = next(n for n, line in enumerate(lines) if "All hashes were" in line)
        assert "Signature not checked." in lines[proof + 1]
        assert "signed by" not in screen_text(app)


async def test_every_verdict_says_so_beside_it(sample: Path) -> None:
    """In the status line, the overview, and the view of findings."""
    async with exploring(sample, (80, 24)) as (app, pilot):
        status = app.screen.query_one(Status)
        assert "SOUND   Complete · signature not checked ·" in str(status.render())
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OverviewView))
        await until(pilot, lambda: "Not checked: nobody was named" in screen_text(app))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        await until(pilot, lambda: "Signature not checked." in screen_text(app))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (write_sample(lambda _: None, 1).signing_key, "signature verified"),
        (ALICE.did_key, "signature wrong"),
    ],
    ids=["right", "wrong"],
)
async def test_a_key_that_was_given_is_answered_in_the_same_places(
    sample: Path, key: str, said: str
) -> None:
    """At the commit of the way, below it, in the status line and the overview."""
    app = explorer(sample, settings=Settings(OpenOptions(Checks(key=key))))
    async with app.run_test(size=(120, 50)) as pilot:
        await browsing(pilot)
        assert f"· {said} ·" in str(app.screen.query_one(Status).render())
        await pilot.press("3")
        await until(pilot, lambda: "computed again, and" in screen_text(app))
        text = screen_text(app)
        assert said in text
        assert f"{said.capitalize()}." in text
        assert "not checked" not in text
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OverviewView))
        word = said.removeprefix("signature ").capitalize()
        await until(pilot, lambda: f"{word}: the signature" in screen_text(app))
