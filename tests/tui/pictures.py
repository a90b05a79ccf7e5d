"""What an app shows at all sizes, beside the pictures of it.

An app is opened once, and its terminal grows from size to size: opening it takes
longer than all else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from pytest_textual_snapshot import SVGImageExtension
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from syrupy.assertion import SnapshotAssertion
    from syrupy.location import PyTestLocation
    from syrupy.types import SnapshotIndex
    from textual.app import App
    from textual.pilot import Pilot

SIZES: Final = [(80, 24), (120, 40), (200, 50)]
"""The smallest size, a usual one, and a large one."""


class Looks(Protocol):
    """The fixture that compares an app with its pictures."""

    def __call__(
        self, app: App[None], arrive: Callable[[Pilot[None]], Awaitable[None]]
    ) -> None:
        """Fail if it looks otherwise, at any size, once *arrive* came to an end."""


class AtSize(SVGImageExtension):
    """A picture whose size stands last among what a test is called with."""

    @classmethod
    def get_snapshot_name(
        cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0
    ) -> str:
        """Return the name of its file, without the ending."""
        name = test_location.snapshot_name
        whole = f"{name[:-1]}-{index}]" if name.endswith("]") else f"{name}[{index}]"
        # "/" in what a test is called with would be a folder.
        return whole.replace("/", "_")


def compare(
    pictures: SnapshotAssertion,
    app: App[None],
    arrive: Callable[[Pilot[None]], Awaitable[None]],
) -> None:
    """Compare an app with its pictures."""
    drawn: dict[str, str] = {}

    async def look(pilot: Pilot[None]) -> None:
        await arrive(pilot)
        for width, height in SIZES:
            if app.size != (width, height):
                await pilot.resize_terminal(width, height)
            await _at_rest(pilot)
            drawn[f"{width}x{height}"] = app.export_screenshot(simplify=True)
        app.exit()

    app.run(headless=True, size=SIZES[0], auto_pilot=look)
    different = [size for size, svg in drawn.items() if svg != pictures(name=size)]
    assert not different
    assert len(drawn) == len(SIZES)


async def _at_rest(pilot: Pilot[None]) -> None:
    for line in pilot.app.screen.query(Input):
        # Its cursor comes and goes by the clock.
        line.cursor_blink = False
    for _ in range(2):
        await pilot.pause()
        await pilot.wait_for_scheduled_animations()
    await pilot.pause()
