"""Facts about what the explorer tells of a reader's policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.findings.policy import Policy
from repoview.core.opening.options import OpenOptions
from repoview.core.verify.verify import Checks
from repoview.settings import Settings
from repoview.tui.screens.findings import FindingsView
from repoview.tui.screens.overview import OverviewView
from tests.core.repos import make_repo
from tests.tui.conftest import browsing, explorer, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bad_records(tmp_path: Path) -> Path:
    """A repository with two records of another type."""
    records: dict[str, Any] = {
        f"com.example.kind/{n}": {"$type": "com.example.other", "n": n}
        for n in range(2)
    }
    path = tmp_path / "bad.car"
    path.write_bytes(make_repo(records))
    return path


async def test_what_a_policy_changed_stands_beside_the_verdict(
    bad_records: Path,
) -> None:
    """On the page of the verdict, in the overview, and with each finding."""
    checks = Checks(policy=Policy({"REC005": "warning"}))
    app = explorer(bad_records, settings=Settings(OpenOptions(checks)))
    async with app.run_test(size=(120, 50)) as pilot:
        await browsing(pilot)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OverviewView))
        await until(pilot, lambda: "2 findings" in screen_text(app))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        said = "By policy, 2 findings are less severe."
        await until(pilot, lambda: said in screen_text(app))
        assert "SOUND" in screen_text(app)
        assert "warning by policy, error by itself" in " ".join(
            screen_text(app).replace("│", " ").split()
        )
