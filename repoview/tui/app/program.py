"""What the explorer and the screen before it have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from repoview.tui.app.configured import Configured
from repoview.tui.app.endings import Ending
from repoview.tui.app.first_frame import WholeFirst
from repoview.tui.app.on_terminal import OnTerminal
from repoview.tui.app.typed_ahead import TypedAhead
from repoview.tui.screens.dialog import EachOnce
from repoview.tui.styles.style_sheets import STYLES
from repoview.tui.visits.resilient import ResilientApp

if TYPE_CHECKING:
    from pathlib import PurePath


class Program(
    Configured, Ending, OnTerminal, TypedAhead, ResilientApp, EachOnce, WholeFirst
):
    """An app of ours: each of its parts is one idea, and knows no other part.

    Args:
        settings: Where it finds what is set and remembered.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [*STYLES]
    TITLE = "repoview"
    ENABLE_COMMAND_PALETTE = False
