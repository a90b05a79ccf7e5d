"""Checking the signature with a key that the user gives, and storing that key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from repoview.core.errors import RepoviewError
from repoview.present import safe
from repoview.tui.app.navigating import Navigating
from repoview.tui.remembered.state import AccountKey

if TYPE_CHECKING:
    from repoview.tui.screens.dialogs.signature import Asked
    from repoview.tui.visits.visit import Visit


class Signing(Navigating):
    """Asks for a key or DID document, and updates all views with the outcome."""

    def action_signature(self) -> None:
        """Show the dialog."""
        session = self.session
        if session is None:
            self.notify("A signature can be checked when all is read.", markup=False)
            return
        signature = session.signature
        if signature.refusal:
            self.notify(signature.refusal, markup=False)
            return
        from repoview.tui.screens.dialogs.signature import SignatureDialog

        visit = self.visit
        beside = visit.target if isinstance(visit.target, str) else ""
        dialog = SignatureDialog(
            signature.explained(), beside, has_key=signature.given is not None
        )
        self.push_screen(dialog, partial(self._asked, visit))

    def _asked(self, visit: Visit, asked: Asked | None) -> None:
        """Check the signature with what was given, and store the key."""
        if asked is None or visit.is_closed:
            return
        session = visit.whole
        try:
            session.check_signature(asked.given)
        except RepoviewError as error:
            self.notify(safe(str(error), 300), severity="warning", markup=False)
            return
        visit.asked = asked.given, True
        for view in self.views_of(visit):
            view.judged()
        says = f"{session.signed().capitalize()}."
        self.notify(f"{says} {self._remembered(visit)}".rstrip(), markup=False)

    def _remembered(self, visit: Visit) -> str:
        """Store the key for the account, or delete it; return that in a sentence."""
        account, signature = visit.whole.spots.key, visit.whole.signature
        given = signature.given
        if given is None:
            is_gone = self.state.keep_key(account, None)
            return "The key is forgotten." if is_gone else ""
        if not given.key or signature.is_of_another:
            return "It is not remembered for this account."
        is_kept = self.state.keep_key(account, AccountKey(given.key, given.whence))
        return "The key is remembered for this account." if is_kept else ""
