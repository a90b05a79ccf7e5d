"""The last place in each repository: saved on leaving, restored on opening."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError
from repoview.present import count_text, safe
from repoview.tui.remembered.sources import whole
from repoview.tui.remembered.state import AccountKey, Recent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.remembered.state import Spot, State
    from repoview.tui.screens.view import View
    from repoview.tui.values.place import Place
    from repoview.tui.visits.visit import Visit

_ABOUT: Final = 300
"""Characters that are remembered about a source."""


class LastPlaces:
    """The last place in each repository, and the recent sources.

    Args:
        state: Keeps them from one run to the next.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._noted: set[Visit] = set()

    def place_of(self, visit: Visit) -> Place | None:
        """Return where the last visit to a source, or its reading, ended.

        None where that place is gone from the repository, or where the user
        has pressed a key since.

        Args:
            visit: Completely read.
        """
        spots = visit.whole.spots
        last = visit.comes_from or self._state.of(spots.key).last
        if last is None or visit.is_touched or visit.loading.exit_code:
            return None
        return spots.place(last)

    def leave(self, visit: Visit, view: View | None) -> None:
        """Save the current place, before a visit is left.

        Args:
            visit: The one to be left.
            view: The one that it showed last.
        """
        if visit.session is not None:
            # The user may leave before the timer that calls `opened`.
            self.opened(visit)
        spot = spot_of(visit, view)
        if spot is not None:
            self._state.keep_last(visit.whole.spots.key, spot)

    def opened(self, visit: Visit) -> None:
        """Add a source to the recent ones, once, if it can be opened again.

        Args:
            visit: Completely read.
        """
        if visit in self._noted:
            return
        self._noted.add(visit)
        self._keep_key(visit)
        if isinstance(visit.target, str) and not visit.settings.is_passing:
            session = visit.whole
            records = count_text(len(session.records), "record")
            about = f"{records} · {session.did() or 'no DID'}"
            self._state.keep_recent(Recent(whole(visit.target), safe(about, _ABOUT)))

    def _keep_key(self, visit: Visit) -> None:
        """Store a key of the command line, if it is right.

        It is given once for all sources, but belongs to one account.
        """
        signature = visit.whole.signature
        given = signature.given
        if given is None or given.is_remembered or visit.asked[1]:
            return
        if signature.is_verified and not signature.is_of_another:
            key = AccountKey(given.key, given.whence)
            self._state.keep_key(visit.whole.spots.key, key)

    def recent(self, visits: Sequence[Visit]) -> list[Recent]:
        """Return the recent sources, without those of *visits*."""
        here = {whole(v.target) for v in visits if isinstance(v.target, str)}
        return [each for each in self._state.recent() if each.source not in here]


def spot_of(visit: Visit, view: View | None) -> Spot | None:
    """Return the current place in its persistent form; None where it has none.

    Of a file that was changed, it may not be readable any more.
    """
    if visit.session is None or view is None:
        return None
    with suppress(RepoviewError):
        return visit.session.spots.spot(view.place())
    return None
