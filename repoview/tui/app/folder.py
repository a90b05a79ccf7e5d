"""The app of a folder: it ends with the repository to open, or with none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.source.opener import is_address
from repoview.fleet.hashed import is_url
from repoview.present import safe
from repoview.tui.app.helping import Helping
from repoview.tui.remembered.sources import refusal
from repoview.tui.screens.folder import FolderScreen

if TYPE_CHECKING:
    from repoview.settings import Settings
    from repoview.tui.session.folder import Folder
    from repoview.tui.widgets.repositories import Repositories


class FolderApp(Helping):
    """One screen, and the repository that is chosen on it.

    Args:
        settings: Has the paths of the configuration and the state.
        folder: What is shown.
        source: The file to stand on; empty for the first.
    """

    chosen: str | None = None
    """The path or address of the one to open; None if the user left."""

    def __init__(self, settings: Settings, folder: Folder, source: str = "") -> None:
        super().__init__(settings)
        self._folder = folder
        self._source = source

    def on_mount(self) -> None:
        """Show the screen."""
        self.use_settings()
        self.push_screen(FolderScreen(self._folder, self._source))
        self._folder.begin()

    def on_unmount(self) -> None:
        """Read no more, as a repository will be read now, or nothing."""
        self._folder.stop()

    @property
    def has_frame(self) -> bool:
        """Whether the screen is laid out."""
        return isinstance(self.screen, FolderScreen) and bool(self.screen.size)

    def on_repositories_chosen(self, message: Repositories.Chosen) -> None:
        """Exit with the one that was chosen, if it can be opened."""
        source = message.listed.source
        if why := _refusal(source):
            self.notify(why, severity="warning", markup=False)
        else:
            self.chosen = source
            self.end(0)


def _refusal(source: str) -> str:
    """Return why one cannot be opened here; "" if nothing speaks against it."""
    if is_url(source) and not is_address(source):
        name = safe(source, 300)
        return f"{name}: fetch it first: only files and web addresses are opened here"
    return refusal(source)
