"""The sandbox over a copy of the current repository."""

from __future__ import annotations

from repoview.tui.app.navigating import Navigating


class Trying(Navigating):
    """Opens the sandbox."""

    def action_what_if(self) -> None:
        """Open a copy of the current repository, to be changed at will."""
        session = self.session
        if session is None:
            self.notify("A copy can be made when all is read.", markup=False)
            return
        from repoview.present import safe
        from repoview.tui.screens.learn.sandbox import SandboxScreen
        from repoview.tui.session.what_if import NoCopy, copy_of

        try:
            world = copy_of(session.repo)
        except NoCopy as error:
            self.notify(safe(f"{error}.".capitalize(), 300), markup=False)
            return
        self.push_screen(SandboxScreen(world, f"a copy of {self.visit.name}"))
