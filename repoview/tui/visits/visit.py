"""A visit: one open source, from its first byte until it is closed.

Holds the state of one tab: the loading, the session once all is read, the
history of places, and the marks. Questions go through `ask`, whether the
source is still being read or not.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from repoview.core.errors import RepoviewError
from repoview.tui.remembered.config import Config
from repoview.tui.remembered.state import State
from repoview.tui.values.marks import Marks
from repoview.tui.values.place import History
from repoview.tui.visits.loading import Loading

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.source.opener import Target
    from repoview.settings import Settings
    from repoview.tui.remembered.state import Spot
    from repoview.tui.session import Session
    from repoview.tui.session.signature import Given

T = TypeVar("T")

_numbers = count(1)


class Visit:
    """One open source, and what belongs to its tab.

    Args:
        target: What can be opened.
        settings: What to check, and how much memory to use.
        name: What to show for the target.
    """

    def __init__(
        self, target: Target, settings: Settings, name: str | None = None
    ) -> None:
        self.id = f"visit-{next(_numbers)}"
        self.target = target
        self.called = name
        self.settings = settings
        self.loading = Loading(target, settings, name, self._recall)
        self.history = History()
        self.marks = Marks()
        self.config = Config()
        """The user's settings."""
        self.is_touched = False
        """Whether there was a key or click since it was opened."""
        self.shown = ""
        """The view that was shown last."""
        self.comes_from: Spot | None = None
        """The last place before the source was read again."""
        self.is_changed = False
        """Whether the file has changed since."""
        self.is_again = False
        """Whether it replaces a visit to the same source."""
        self.asked: tuple[Given | None, bool] = None, False
        """The key that the user gave for the signature, and whether they did."""
        self.is_closed = False
        """Whether its source is closed."""
        self._is_taken_over = False

    @property
    def name(self) -> str:
        """The name of the source, safe to show."""
        return self.loading.name

    @property
    def session(self) -> Session | None:
        """The session of the whole repository; None before all is read."""
        return self.loading.session if self._is_taken_over else None

    @property
    def whole(self) -> Session:
        """The session, where it is certain that all is read."""
        assert self.session is not None  # noqa: S101 (see above)
        return self.session

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read and verified, and can be asked at once."""
        return self.session is not None

    @property
    def is_known(self) -> bool:
        """Whether there are records to show."""
        loading = self.loading
        return self.is_whole or (loading.error is None and loading.counters.records > 0)

    @property
    def can_be_read_again(self) -> bool:
        """Whether the source is a file or an address."""
        return isinstance(self.target, str)

    def _recall(self, session: Session) -> None:
        """Check the signature with the key that was given, or the stored one.

        Called in the loading thread, so that the first verdict includes it.
        """
        given, is_asked = self.asked
        with suppress(RepoviewError):
            if is_asked:
                session.check_signature(given)
            elif self.settings.state is not None:
                state = State(self.settings.state, lambda _: None)
                key = state.of(session.spots.key).key
                if key is not None:
                    session.recall_key(key)

    def take_over(self) -> None:
        """Take over the session from the loading thread, which is done with it."""
        self._is_taken_over = True
        self.loading.give_answers()

    def ask(self, question: Callable[[Session], T], answer: Callable[[T], Any]) -> None:
        """Answer a question about the repository, now or later.

        Args:
            question: Called here; or while the source is still being read, in
                the loading thread, which alone may use the engine then.
            answer: Called with its result, in the app's thread; not if the
                engine raised.
        """
        if self.session is None:
            self.loading.ask(question, answer)
        else:
            answer(question(self.session))

    def close(self) -> None:
        """Cancel the loading, and close the source."""
        self.is_closed = True
        self.loading.close()
