"""The user's settings, and the state that is kept: keys, and the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.filter import NoColor

from repoview.present import safe
from repoview.tui.actions.key_names import key_text
from repoview.tui.remembered.config import Config, read_config
from repoview.tui.remembered.state import State
from repoview.tui.styles.style_sheets import StyleSheets
from repoview.tui.styles.theme import FALLBACKS, NO_COLOR, THEMES, theme_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import Binding
    from textual.filter import LineFilter
    from textual.theme import Theme

    from repoview.settings import Settings

_PLAIN: Final = NoColor()

_SAID: Final = 300
"""Characters of a remark."""


class Configured(App[None]):
    """An app with the user's keys and theme.

    Args:
        settings: Has the paths of the configuration and the state.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.stylesheet = StyleSheets(self.get_css_variables())
        self.settings = settings
        self.state = State(settings.state, self._remark)
        """What is kept from one run to the next."""
        self.config: Config = read_config(settings.config)
        """The user's settings."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._themed = self._first_theme()

    def use_settings(self) -> None:
        """Apply the keymap, and report settings that are unknown."""
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
            self._remark(remark)
        self.theme_changed_signal.subscribe(self, self._theme_chosen)

    def theme_names(self) -> list[str]:
        """Return the names of all themes, ours first."""
        ours = [theme.name for theme in THEMES]
        return ours + sorted(self.available_themes.keys() - set(ours))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Filter colors out where the theme has none."""
        filters = super().get_line_filters()
        return [*filters, _PLAIN] if self.theme == NO_COLOR else filters

    def get_key_display(self, binding: Binding) -> str:
        """Name keys as help and the docs do, but Enter by its symbol."""
        if binding.key_display:
            return binding.key_display
        return "⏎" if binding.key == "enter" else key_text(binding.key)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give other themes defaults for the variables that ours define."""
        return FALLBACKS

    def _first_theme(self) -> str:
        if not self.settings.color:
            return NO_COLOR
        there = self.available_themes
        found = theme_named(self.config.theme, there)
        return found or theme_named(self.state.theme(), there) or THEMES[0].name

    def _theme_chosen(self, theme: Theme) -> None:
        if theme.name != self._themed:
            self._themed = theme.name
            self.state.keep_theme(theme.name)

    def _remark(self, sentence: str) -> None:
        text = safe(sentence, _SAID)
        self.call_later(self.notify, text, severity="warning", markup=False)
