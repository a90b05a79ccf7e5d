"""What of the explorer outlives a visit: settings, theme, places, dialogs.

The app's other half: it reads and remembers, and asks the first half which
visit and view are shown.
"""

from __future__ import annotations

import asyncio
import os
import signal
from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding
from textual.filter import NoColor
from textual.widget import Widget
from textual.widgets import Input

from repoview.core.errors import RepoviewError
from repoview.present import count_text, safe
from repoview.signals import code_of
from repoview.tui.actions.key_names import key_text
from repoview.tui.app.first_frame import WholeFirst
from repoview.tui.remembered.config import Config, read_config
from repoview.tui.remembered.sources import whole
from repoview.tui.remembered.state import Recent, State
from repoview.tui.screens.dialog import EachOnce
from repoview.tui.styles.style_sheets import StyleSheets
from repoview.tui.styles.theme import FALLBACKS, NO_COLOR, THEMES, theme_named
from repoview.tui.textual_internals import write_to_terminal
from repoview.tui.visits.resilient import ResilientApp
from repoview.tui.visits.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.driver import Driver
    from textual.filter import LineFilter
    from textual.theme import Theme

    from repoview.core.source.opener import Target
    from repoview.settings import Settings
    from repoview.tui.actions.actions import Row
    from repoview.tui.remembered.state import Spot
    from repoview.tui.screens.bookmarks import Bookmarks
    from repoview.tui.screens.browse import Browse
    from repoview.tui.screens.view import View
    from repoview.tui.values.place import Place

_PLAIN: Final = NoColor()

_EMPTY: Final = "\x1b[2J"
"""Empties a terminal."""

_SAID: Final = 300
"""Characters of a text in a notification."""


class Keeper(ResilientApp, EachOnce, WholeFirst):
    """The half of the explorer that remembers.

    Args:
        settings: Where it finds what is set and remembered.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+z",
            "suspend_process",
            "To the shell",
            show=False,
            priority=True,
            id="app.suspend",
        ),
        Binding(
            "ctrl+l",
            "repaint",
            "Draw anew",
            show=False,
            priority=True,
            id="app.repaint",
        ),
    ]

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.stylesheet = StyleSheets(self.get_css_variables())
        self._settings = settings
        self._state = State(settings.state, self._say)
        self._noted: set[Visit] = set()
        self.config: Config = read_config(settings.config)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._themed = self._first_theme()

    # What the other half gives

    @property
    @abstractmethod
    def visit(self) -> Visit:
        """The visit that is shown."""

    @property
    @abstractmethod
    def view(self) -> View | None:
        """The view that is shown, if any, below dialogs."""

    @property
    @abstractmethod
    def browse(self) -> Browse | None:
        """The browse view of the visit that is shown, once there is one."""

    @abstractmethod
    def go(self, place: Place, *, is_noted: bool = True) -> None:
        """Show a place of the visit that is shown."""

    @abstractmethod
    def end(self, code: int) -> None:
        """End with an exit code."""

    def new_visit(self, target: Target, name: str | None) -> Visit:
        """Return a visit to a source, with what the reader set."""
        visit = Visit(target, self._settings, name)
        visit.config = self.config
        return visit

    # Settings and themes

    def use_settings(self) -> None:
        """Give keys as they are set, and tell of what is not known."""
        remarks = list(self.config.remarks)
        if self.config.theme is not None and not theme_named(
            self.config.theme, self.available_themes
        ):
            remarks.append(f"there is no theme {self.config.theme}")
        if self.config.keys:
            # It imports every screen.
            from repoview.tui.actions.keys import named_bindings

            named = named_bindings()
            keys = {n: k for n, k in self.config.keys.items() if n in named}
            remarks += [
                f"there is no key named {name}"
                for name in self.config.keys.keys() - keys
            ]
            self.set_keymap(keys)
        for remark in remarks:
            self._say(remark)
        self.theme_changed_signal.subscribe(self, self._theme_chosen)
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint())

    def _first_theme(self) -> str:
        if not self._settings.color:
            return NO_COLOR
        there = self.available_themes
        found = theme_named(self.config.theme, there)
        return found or theme_named(self._state.theme(), there) or THEMES[0].name

    def _theme_chosen(self, theme: Theme) -> None:
        if theme.name != self._themed:
            self._themed = theme.name
            self._state.keep_theme(theme.name)

    def get_driver_class(self) -> type[Driver]:
        """Leave the terminal sooner than Textual's own driver does."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from repoview.tui.terminal.driver import QuickDriver

        return QuickDriver

    # The terminal

    def end_for(self, number: int) -> bool:
        """End because of a signal; tell whether there are screens to end.

        Args:
            number: Of the signal, which came to the thread of the screens.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        # Between two steps of the loop: a signal may come in the middle of one.
        loop.call_soon_threadsafe(self.end, code_of(number))
        return True

    def action_suspend_process(self) -> None:
        """Sleep, as Ctrl-Z has every program do, until the shell wakes it."""
        if not hasattr(os, "getpgrp") or os.getpgrp() == os.getsid(0):
            says = "There is no shell to go back to: nobody would wake it."
            self.notify(says, markup=False)
            return
        # With whatever started it, so that the shell hears of it.
        os.killpg(0, signal.SIGTSTP)

    def action_repaint(self) -> None:
        """Draw all anew, whatever became of the terminal meanwhile."""
        write_to_terminal(self, _EMPTY)
        self.refresh(layout=True)

    def on_key(self, event: events.Key) -> None:
        """Give a line what was typed before it had the keys.

        Keys typed in one go right behind the slash are on their way here when
        the filter opens; had it had them, they would not have come.
        """
        line = self.focused
        if isinstance(line, Input) and event.is_printable and event.character:
            event.prevent_default()
            line.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Give a line what was pasted before it had the keys."""
        line = self.focused
        if isinstance(line, Input) and event.text:
            line.post_message(events.Paste(event.text))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Draw without colors where that is the theme."""
        filters = super().get_line_filters()
        return [*filters, _PLAIN] if self.theme == NO_COLOR else filters

    def get_key_display(self, binding: Binding) -> str:
        """Call keys as help and the docs do; Enter by its sign, which is short."""
        if binding.key_display:
            return binding.key_display
        return "⏎" if binding.key == "enter" else key_text(binding.key)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colors that only ours name."""
        return FALLBACKS

    def _say(self, sentence: str) -> None:
        text = safe(sentence, _SAID)
        self.call_later(self.notify, text, severity="warning", markup=False)

    # The last place

    async def on_event(self, event: events.Event) -> None:
        """Note that the reader did something: nobody is taken elsewhere then."""
        if isinstance(event, events.Key | events.MouseDown):
            self.visit.is_touched = True
        await super().on_event(event)

    def restore(self, visit: Visit) -> None:
        """Take the reader to where the last visit, or reading, ended.

        Not if the reader did something since.

        Args:
            visit: The one that is shown, when all of it is read.
        """
        spots = visit.whole.spots
        last = visit.comes_from or self._state.of(spots.key).last
        place = None if last is None else spots.place(last)
        if place is None or visit.is_touched or visit.loading.exit_code:
            return
        if self.view is None or self.view.place() != place:
            self.go(place)

    def remember(self, visit: Visit, view: View | None) -> None:
        """Remember where the reader is, before the visit is left.

        Args:
            visit: Which.
            view: The one that it showed last.
        """
        if visit.session is not None:
            # Who leaves at once leaves before the timer that notes it.
            self.note_recent(visit)
        spot = self.spot_of(visit, view)
        if spot is not None:
            self._state.keep_last(visit.whole.spots.key, spot)

    @staticmethod
    def spot_of(visit: Visit, view: View | None) -> Spot | None:
        """Return where the reader is, as it is remembered; None where nobody knows.

        A file that was changed may not tell any more.
        """
        if visit.session is None or view is None:
            return None
        with suppress(RepoviewError):
            return visit.session.spots.spot(view.place())
        return None

    def note_recent(self, visit: Visit) -> None:
        """Remember, once, that a source was opened, where it can be opened again."""
        if visit in self._noted:
            return
        self._noted.add(visit)
        if isinstance(visit.target, str) and not visit.settings.is_passing:
            session = visit.whole
            records = count_text(len(session.records), "record")
            about = f"{records} · {session.did() or 'no DID'}"
            about = safe(about, _SAID)
            self._state.keep_recent(Recent(whole(visit.target), about))

    def recent(self, visits: Sequence[Visit]) -> list[Recent]:
        """Return the sources that were opened, but for those of visits."""
        here = {whole(v.target) for v in visits if isinstance(v.target, str)}
        return [each for each in self._state.recent() if each.source not in here]

    # Bookmarks

    def action_bookmark(self) -> None:
        """Bookmark the place where the reader is, or remove its bookmark."""
        session, view = self.visit.session, self.view
        if session is None or view is None:
            self.notify("Places can be bookmarked when all is read.", markup=False)
            return
        spot = session.spots.spot(view.place())
        added = self._state.toggle(session.spots.key, spot)
        if added is None:
            self.notify("Nothing is remembered in this visit.", markup=False)
            return
        says = "Bookmarked" if added else "No longer bookmarked"
        self.notify(f"{says}: {safe(spot.label, _SAID)}", markup=False)

    def action_bookmarks(self) -> None:
        """Show the bookmarks of this repository."""
        session = self.visit.session
        if session is None:
            self.notify("Bookmarks are there when all is read.", markup=False)
            return
        from repoview.tui.screens.bookmarks import Bookmarks

        memory = self._state.of(session.spots.key)
        self.push_screen(Bookmarks(memory.bookmarks), self._bookmark_chosen)

    def _bookmark_chosen(self, spot: Spot | None) -> None:
        if spot is None:
            return
        place = self.visit.whole.spots.place(spot)
        if place is None:
            text = f"{safe(spot.label, _SAID)} is not in this repository any more."
            self.notify(text, severity="warning", markup=False)
        else:
            self.go(place)

    def on_bookmarks_forgotten(self, message: Bookmarks.Forgotten) -> None:
        """Remove a bookmark."""
        self._state.toggle(self.visit.whole.spots.key, message.spot)

    # What can be done

    def action_show_help(self) -> None:
        """Show the keys of this screen."""
        from repoview.tui.screens.help import Help

        self.push_screen(Help(self.screen), self._do)

    def action_commands(self) -> None:
        """Show everything that can be done here, by its name."""
        from repoview.tui.screens.help import Palette

        themes = [theme.name for theme in THEMES]
        themes += sorted(self.available_themes.keys() - set(themes))
        self.push_screen(Palette(self.screen, themes), self._do)

    def _do(self, row: Row | None) -> None:
        """Do what was chosen in help or in the palette."""
        if row is None:
            return
        if row.theme:
            self.theme = row.theme
            return
        if isinstance(row.node, Widget) and not row.node.has_focus_within:
            # Its own keys are what the reader will want next.
            row.node.focus()
        self.call_later(self.run_action, row.action, row.node)

    # Export

    def action_export(self) -> None:
        """Ask what to export, and write it."""
        visit = self.visit
        if visit.session is None:
            self.notify("One can export when all is read.", markup=False)
            return
        from repoview.tui.screens.export import Export

        choices = [] if self.browse is None else self.browse.choices(visit.session)
        answers = visit.session.export
        choices.append(answers.everything())
        self.push_screen(Export(answers, choices), self._exported)

    def _exported(self, said: str | None) -> None:
        if said is not None:
            self.notify(said, markup=False)
