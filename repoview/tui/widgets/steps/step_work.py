"""What is gone through in steps: the kind of work, and the step that is shown."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.present.steps.said import ToldStep
    from repoview.tui.session.step_track import Track
    from repoview.tui.session.steps import StepAnswers

    Pair: TypeAlias = tuple[StepAnswers, StepAnswers]

KINDS: Final = ("Walk", "Look-up", "Proof", "Stream", "Diff")
WALK, LOOK_UP, PROOF, STREAM, DIFF = range(5)

_ORDERS: Final = ("file", "walk", "cid")


class Lack(Enum):
    """What is not there that a kind of work needs; its value says so."""

    TREE = "There is no tree to step through."
    PATH = "There is no path to look up."
    PAIR = "A diff takes two trees: open another source in a tab (Ctrl+O)."


class StepWork:
    """The work on one repository: each kind once, at the step where it was left.

    Args:
        answers: About the repository.
        pairs: Returns the trees that can be compared: an old and a new one each.
        path: What is looked up, unless another is named.
    """

    def __init__(
        self,
        answers: StepAnswers,
        pairs: Callable[[], Sequence[Pair]],
        path: str = "",
    ) -> None:
        self.answers = answers
        self.kind = WALK
        self.path = path
        self._pairs = pairs
        self._pair: Pair | None = None
        """What is compared; the tab of one of them may be closed by now."""
        self._turn = 0
        """Which of the pairs comes next."""
        self._order = 0
        self._tracks: dict[int, Track] = {}
        self._numbers: dict[int, int] = {}

    @property
    def track(self) -> Track | None:
        """The steps of this kind; None where none was chosen yet."""
        return self._tracks.get(self.kind)

    @property
    def number(self) -> int:
        """The number of the step, from 0."""
        return self._numbers.get(self.kind, 0)

    # Which work

    def choose(self, kind: int) -> Lack | None:
        """Go to a kind of work; return what it lacks, and stay, if it lacks any.

        Raises:
            LimitExceeded: There are too many blocks for the order of the stream.
            NotFound: Not all of the tree was walked.
        """
        if kind not in self._tracks:
            track = self._begin(kind)
            if isinstance(track, Lack):
                return track
            self._tracks[kind], self._numbers[kind] = track, 0
        self.kind = kind
        return None

    def _begin(self, kind: int) -> Track | Lack:
        answers = self.answers
        if kind == STREAM:
            return answers.stream(_ORDERS[self._order])
        if not answers.has_tree:
            return Lack.TREE
        if kind == WALK:
            return answers.walk()
        if kind == DIFF:
            return self._begin_diff()
        if not self.path:
            return Lack.PATH
        return (answers.look_up if kind == LOOK_UP else answers.proof)(self.path)

    def _begin_diff(self) -> Track | Lack:
        pairs = self._pairs()
        if not pairs:
            return Lack.PAIR
        self._pair = old, new = pairs[self._turn % len(pairs)]
        self._turn = (self._turn + 1) % len(pairs)
        return old.diff(new)

    def choose_pair(self) -> Lack | None:
        """Compare the next pair of trees."""
        self._tracks.pop(DIFF, None)
        return self.choose(DIFF)

    def choose_order(self, *, is_first: bool = False) -> Lack | None:
        """Have the blocks of a stream come in the next order, or in the file's.

        Raises:
            LimitExceeded: There are too many blocks for that order.
            NotFound: Not all of the tree was walked.
        """
        if is_first:
            self._order = 0
        elif self.kind == STREAM:
            self._order = (self._order + 1) % len(_ORDERS)
        self._tracks.pop(STREAM, None)
        return self.choose(STREAM)

    def look_for(self, path: str) -> None:
        """Take another path for look-ups and proofs."""
        if path != self.path:
            self.path = path
            for kind in (LOOK_UP, PROOF):
                self._tracks.pop(kind, None)

    # Which step

    def go_to(self, number: int) -> ToldStep | None:
        """Go to a step, or to the last one; return it, None where there is none."""
        track = self._tracks[self.kind]
        number = max(number, 0)
        said = track.at(number)
        if said is None:
            number = max(track.last(), 0)
            said = track.at(number)
        self._numbers[self.kind] = number
        return said

    def answers_of(self, said: ToldStep) -> StepAnswers:
        """Return whose tree a step is in."""
        if self.kind != DIFF or self._pair is None:
            return self.answers
        old, new = self._pair
        return old if said.spot is not None and said.spot.side == "old" else new
