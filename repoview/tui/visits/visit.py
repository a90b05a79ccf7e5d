"""A visit: one source that is open, from its first byte until it is left.

Holds what belongs to one tab: the loading, the session when all is read,
where the reader was, and what is marked. Questions go through `ask`,
whether the source is still being read or not.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from repoview.tui.remembered.config import Config
from repoview.tui.values.marks import Marks
from repoview.tui.values.place import History
from repoview.tui.visits.loading import Loading

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.source.opener import Target
    from repoview.settings import Settings
    from repoview.tui.remembered.state import Spot
    from repoview.tui.session import Session

T = TypeVar("T")

_numbers = count(1)


class Visit:
    """One source, and a reader who looks at it.

    Args:
        target: What can be opened.
        settings: What to check, and how much memory to take.
        name: What people call the target.
    """

    def __init__(
        self, target: Target, settings: Settings, name: str | None = None
    ) -> None:
        self.id = f"visit-{next(_numbers)}"
        self.target = target
        self.called = name
        self.settings = settings
        self.loading = Loading(target, settings, name)
        self.history = History()
        self.marks = Marks()
        self.config = Config()
        """What the reader set."""
        self.is_touched = False
        """Whether the reader pressed a key since it was opened."""
        self.shown = ""
        """The view that was shown last."""
        self.comes_from: Spot | None = None
        """Where the reader was in the same source when it was read before."""
        self.is_changed = False
        """Whether the file is another one by now."""
        self.is_again = False
        """Whether it is one that was open, read again."""
        self.is_closed = False
        """Whether it was left, and its source let go."""
        self._is_taken_over = False

    @property
    def name(self) -> str:
        """What the source is called, safe to show."""
        return self.loading.name

    @property
    def session(self) -> Session | None:
        """Answers about the whole repository; None before all is read."""
        return self.loading.session if self._is_taken_over else None

    @property
    def whole(self) -> Session:
        """The same, for who knows that all is read."""
        assert self.session is not None  # noqa: S101 (see above)
        return self.session

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read and verified, and can be asked at once."""
        return self.session is not None

    @property
    def is_known(self) -> bool:
        """Whether there is something to look at."""
        loading = self.loading
        return self.is_whole or (loading.error is None and loading.counters.records > 0)

    @property
    def can_be_read_again(self) -> bool:
        """Whether the source is a file or an address."""
        return isinstance(self.target, str)

    def take_over(self) -> None:
        """Take what the loading came to; its thread touches it no more."""
        self._is_taken_over = True
        self.loading.give_answers()

    def ask(self, question: Callable[[Session], T], answer: Callable[[T], Any]) -> None:
        """Answer a question about the repository, now or a little later.

        Args:
            question: Run where the engine may be asked: here, or while the
                source is still being read, in the thread that does so.
            answer: Given what it returned, in the screen's own thread. Where
                the engine raised, nothing is given.
        """
        if self.session is None:
            self.loading.ask(question, answer)
        else:
            answer(question(self.session))

    def close(self) -> None:
        """Stop what runs, and let go of the source."""
        self.is_closed = True
        self.loading.close()
