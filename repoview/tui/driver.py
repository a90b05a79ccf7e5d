"""The terminal, given back at once when the explorer ends."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class QuickDriver(LinuxDriver):
    """Textual's own, but that nobody waits for its thread when the app ends.

    The thread reads keys, and looks only ten times a second whether it should
    end. Where the app is merely set aside, for a pager, it is waited for: no
    two may read keys at a time.
    """

    def disable_input(self) -> None:
        """Read no more keys."""
        if self._app.return_code is None:
            super().disable_input()
        elif self._key_thread is not None:
            self._key_thread = None
            super().disable_input()
            self.exit_event.set()
