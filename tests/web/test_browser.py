"""Facts about `repoview learn --web` in a real browser; skipped where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.chromium import CHROMIUM, tab, until
from tests.web.test_server import no_programs, origin_of, serving

if TYPE_CHECKING:
    from pathlib import Path

CLASS = "document.body.className"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")


async def test_a_browser_draws_types_and_asks_nobody_else(tmp_path: Path) -> None:
    """A closed tab ends its program."""
    async with serving("learn", "--no-cache") as (server, address, _):
        async with tab(tmp_path / "profile") as page:

            async def is_drawn() -> bool:
                return "-first-byte" in str(await page.value(CLASS))

            async def has_keys() -> bool:
                script = "document.activeElement.className"
                return "xterm" in str(await page.value(script))

            async def is_closed() -> bool:
                return "-closed" in str(await page.value(CLASS))

            await page.ask("Page.navigate", url=address)
            await until(is_drawn)
            await until(has_keys)
            (program,) = server.programs
            await page.press("q", "q")
            await until(is_closed)
            assert program.process.returncode == 0
            asked = {origin_of(each).replace("ws:", "http:") for each in page.requested}
            assert asked == {origin_of(address)}
            assert not [each for each in page.problems if "Content Security" in each]
            await page.ask("Page.reload")
            await until(is_drawn)
            assert program not in server.programs
            assert len(server.programs) == 1
        await no_programs(server)
