"""The explorer: which screen is shown, and the thread that loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.widgets import Input

from repoview.tui.loading import Loading
from repoview.tui.messages import PlaceChosen
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.findings import FindingsScreen
from repoview.tui.screens.help import Help
from repoview.tui.screens.opening import Opening
from repoview.tui.screens.tree import TreeScreen
from repoview.tui.theme import FALLBACKS, THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.screen import Screen

    from repoview.core.opener import Target
    from repoview.settings import Settings
    from repoview.tui.session import Session

_INTERRUPTED = 130


class Explorer(App[None]):
    """One repository on a terminal.

    Args:
        target: What can be opened.
        settings: What to check, and how much memory to take.
        name: What people call the target.
    """

    CSS_PATH = Path(__file__).with_name("style.tcss")
    TITLE = "repoview"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Interrupt", show=False, priority=True),
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
    ]

    def __init__(
        self, target: Target, settings: Settings, name: str | None = None
    ) -> None:
        super().__init__()
        self.opening = Loading(target, settings, name)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colors that only ours name."""
        return FALLBACKS

    def on_mount(self) -> None:
        """Paint first, then load."""
        self.push_screen(Opening(self.opening))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.run_worker(self._load, thread=True, exit_on_error=True)

    def _load(self) -> None:
        """Load, and then show; runs in a thread of its own."""
        self.opening.run()
        self.call_from_thread(self._opened)
        # What was found is kept for the next time while it is looked at.
        self.opening.keep()

    def _opened(self) -> None:
        opening = self.opening
        if opening.session is None:
            # As `str` it would be read as markup, and a name may hold some.
            says = None if opening.error is None else Text(opening.error)
            self.exit(return_code=opening.exit_code, message=says)
            return
        self.switch_screen(Browse(opening.session))
        if opening.exit_code:
            # Nothing can be browsed: say what is wrong before anything else.
            self.call_after_refresh(self.action_show_findings)

    async def _on_key(self, event: events.Key) -> None:
        """Give a line what was typed before it had the keys.

        Keys typed in one go right behind the slash are on their way here when
        the filter opens; had it had them, they would not have come.
        """
        line = self.focused
        if isinstance(line, Input) and event.is_printable and event.character:
            event.prevent_default()
            line.insert_text_at_cursor(event.character)

    def on_unmount(self) -> None:
        """Let the thread and the source go."""
        self.opening.close()

    @property
    def session(self) -> Session | None:
        """The repository that is shown, once it is open."""
        return self.opening.session

    # Screens

    @property
    def browse(self) -> Browse | None:
        """The browse screen, once there is one."""
        for screen in self.screen_stack:
            if isinstance(screen, Browse):
                return screen
        return None

    def action_show_findings(self) -> None:
        """Show what was found."""
        if self.session is not None:
            self.push_screen(FindingsScreen(self.session), self._left)

    def action_show_tree(self, record: int | None = None) -> None:
        """Show the tree, at a record if one is given."""
        if self.session is not None:
            self.push_screen(TreeScreen(self.session, record=record), self._left)

    def action_show_node(self, node: int) -> None:
        """Show the tree at a node."""
        if self.session is not None:
            self.push_screen(TreeScreen(self.session, node=node), self._left)

    def action_show_help(self) -> None:
        """Show the keys of this screen."""
        self.push_screen(Help(self.screen.BINDINGS))

    def _left(self, place: tuple[str, int] | None) -> None:
        """Go where a screen that was left wants to."""
        if place is not None:
            self.post_message(PlaceChosen(*place))

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Go to a record, a node, or a block."""
        what, number = message.what, message.number
        if self.browse is None:
            return
        if what == "tree":
            self.action_show_tree(None if number < 0 else number)
        elif what == "node":
            self.action_show_node(number)
        elif what == "record":
            self.browse.go_to_record(number)
        elif what == "block":
            self.browse.go_to_block(number)

    # Leaving

    def action_cancel(self) -> None:
        """Stop loading; the thread ends by itself, and the app with it."""
        self.opening.cancel()

    def action_leave(self) -> None:
        """End the visit."""
        self.opening.cancel()
        self.exit(return_code=self.opening.exit_code)

    def action_interrupt(self) -> None:
        """End as Ctrl-C ends every program."""
        self.opening.cancel()
        self.exit(return_code=_INTERRUPTED)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer our own commands before those of every Textual app."""
        if self.session is not None:
            yield SystemCommand("Findings", "What is wrong", self.action_show_findings)
            yield SystemCommand("Tree", "The tree as an outline", self.action_show_tree)
            browse = self.browse
            if browse is not None and screen is browse:
                yield SystemCommand(
                    "Go to", "A path, CID or number", browse.action_go_to
                )
                yield SystemCommand("Filter", "Part of a path", browse.action_filter)
        for command in super().get_system_commands(screen):
            if command.title != "Screenshot":
                yield command
