"""The base of both apps: the explorer, and the one that asks what to open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from repoview.tui.app.base.configured import Configured
from repoview.tui.app.base.endings import Ending
from repoview.tui.app.base.first_frame import WholeFirst
from repoview.tui.app.base.on_terminal import OnTerminal
from repoview.tui.app.base.typed_ahead import TypedAhead
from repoview.tui.screens.dialogs.dialog import EachOnce
from repoview.tui.styles.style_sheets import STYLES
from repoview.tui.visits.resilient import ResilientApp

if TYPE_CHECKING:
    from pathlib import PurePath


class Program(
    Configured, Ending, OnTerminal, TypedAhead, ResilientApp, EachOnce, WholeFirst
):
    """An app of ours; each of its mixins has one purpose and uses no other.

    Args:
        settings: Has the paths of the configuration and the state.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [*STYLES]
    TITLE = "repoview"
    ENABLE_COMMAND_PALETTE = False
