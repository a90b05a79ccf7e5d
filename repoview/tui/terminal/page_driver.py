"""The driver of a page in a browser: when it has stopped, it reads no more keys."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver

from repoview.tui.textual_internals import wait_for_keys


class PageDriver(WebDriver):
    """Waits for the thread that reads keys.

    A process may run one app after another. For a tenth of a second the thread
    of the first would take keys, and sizes, from the next.
    """

    def stop_application_mode(self) -> None:
        """Stop, and wait until no key is read any more."""
        super().stop_application_mode()
        wait_for_keys(self)
