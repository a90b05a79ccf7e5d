"""A pane that goes through steps: forward, back, by itself, or to any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.core.errors import RepoviewError
from repoview.diagram.bands import Focus
from repoview.present import safe
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.chooser import Chooser
from repoview.tui.widgets.steps.step_line import StepLine
from repoview.tui.widgets.steps.step_text import (
    checks_text,
    place_text,
    says_text,
    waits_text,
)
from repoview.tui.widgets.tree_diagram import TreeDiagram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual.app import ComposeResult
    from textual.timer import Timer

    from repoview.present.steps.said import ToldStep
    from repoview.tui.session.step_track import Track
    from repoview.tui.session.steps import StepAnswers

    Pair: TypeAlias = tuple[StepAnswers, StepAnswers]

KINDS: Final = ("Walk", "Look-up", "Proof", "Stream", "Diff")
_WALK, _LOOK_UP, _PROOF, _STREAM, _DIFF = range(5)

ORDERS: Final = ("file", "walk", "cid")
PACES: Final = (0.5, 1, 2, 5, 10, 20)
"""Steps a second."""

KEYS: Final = "← → step · Space plays · 1 … 5 · / path · o order"
"""What a frame around the pane says of its keys."""

_SHORT: Final = 19
"""Rows below which checks are words only."""

_NO_PAIR: Final = "A diff takes two trees: open another source in a tab (Ctrl+O)."


class StepPane(Resilient, Vertical, can_focus=True):
    """Steps in words, beside the tree with the present node marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "play", "Play", id="steps.play"),
        Binding("right,l,n", "move(1)", "Next", id="steps.next"),
        Binding("left,h", "move(-1)", "Back", id="steps.back"),
        Binding("pagedown", "move(20)", "On by 20", show=False, id="steps.page_on"),
        Binding("pageup", "move(-20)", "Back by 20", show=False, id="steps.page_back"),
        Binding("home,g", "first", "First", show=False, id="steps.first"),
        Binding("end,G", "last", "Last", show=False, id="steps.last"),
        Binding("J", "jump", "Jump", id="steps.jump"),
        Binding("plus,equals_sign", "pace(1)", "Faster", show=False, id="steps.faster"),
        Binding("minus", "pace(-1)", "Slower", show=False, id="steps.slower"),
        Binding("slash", "path", "Path", id="steps.path"),
        Binding("1", "kind(0)", "Walk", show=False, id="steps.walk"),
        Binding("2", "kind(1)", "Look-up", show=False, id="steps.look_up"),
        Binding("3", "kind(2)", "Proof", show=False, id="steps.proof"),
        Binding("4", "kind(3)", "Stream", show=False, id="steps.stream"),
        Binding("5", "kind(4)", "Diff", show=False, id="steps.diff"),
        Binding("o", "order", "Order", show=False, id="steps.order"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"step-pane--{name}" for name in ("accent", "good", "bad", "quiet", "head")
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._answers: StepAnswers | None = None
        self._pairs: Callable[[], Sequence[Pair]] = lambda: ()
        self._kind = _WALK
        self._path = ""
        self._order = 0
        self._pair = -1
        """Which of the pairs is compared; -1 for none yet."""
        self._tracks: dict[int, Track] = {}
        self._numbers: dict[int, int] = {}
        """Of each kind: its steps, and at which one is."""
        self._drawn: StepAnswers | None = None
        """Whose tree the diagram shows."""
        self._place: tuple[str, int] | None = None
        self._pace = 1
        self._timer: Timer | None = None
        self._asks = ""
        """What the line asks for: step or path."""

    def compose(self) -> ComposeResult:
        """Lay out kinds, the step, the tree, and what belongs to the step."""
        yield Chooser(id="step-kinds")
        yield Static(id="step-place")
        yield Static(id="step-says")
        with Vertical(id="step-body"):
            diagram = TreeDiagram(id="step-tree")
            diagram.can_focus = False
            yield diagram
            with Vertical(id="step-notes"):
                yield Static(id="step-checks")
                yield Static(id="step-waits")
        yield StepLine(id="step-line")

    # What the screen says

    def fill(
        self,
        answers: StepAnswers,
        pairs: Callable[[], Sequence[Pair]],
        path: str = "",
    ) -> None:
        """Begin with a walk.

        Args:
            answers: About the repository.
            pairs: Returns the trees that can be compared: an old and a new one each.
            path: What is looked up, unless another is typed.
        """
        self._answers, self._pairs, self._path = answers, pairs, path
        self._tracks, self._numbers, self._drawn = {}, {}, None
        self.choose(_WALK)

    @property
    def place(self) -> tuple[str, int] | None:
        """The node or record of the step: "node" or "record", and its number."""
        return self._place if self._drawn is self._answers else None

    @property
    def number(self) -> int:
        """The number of the step, from 0."""
        return self._numbers.get(self._kind, 0)

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._timer is not None

    def look_up(self, path: str) -> None:
        """Step through the look-up of a path."""
        self._set_path(path)
        self.choose(_LOOK_UP)

    def walk_to(self, what: str, number: int) -> None:
        """Step through a walk, from where it comes to a node or record."""
        if self._answers is not None:
            self.choose(_WALK)
            self.go_to(self._answers.walk_step(what, number))

    def choose_named(self, name: str) -> None:
        """Step through a kind of work by its name: "look-up"."""
        names = [each.lower() for each in KINDS]
        if name in names:
            self.choose(names.index(name))

    def choose(self, kind: int) -> None:
        """Step through another kind of work, where one was in it."""
        self.pause()
        answers = self._answers
        if answers is None:
            return
        track = self._tracks.get(kind)
        if track is None:
            track = self._track(answers, kind)
            if track is None:
                return
            self._tracks[kind], self._numbers[kind] = track, 0
        self._kind = kind
        self.go_to(self._numbers[kind])

    def _track(self, answers: StepAnswers, kind: int) -> Track | None:
        if kind != _STREAM and not answers.has_tree:
            self.notify("There is no tree to step through.", markup=False)
            self._draw(answers)
            return None
        if kind == _WALK:
            return answers.walk()
        if kind in {_LOOK_UP, _PROOF}:
            if not self._path:
                self.action_path()
                return None
            does = answers.look_up if kind == _LOOK_UP else answers.proof
            return does(self._path)
        if kind == _STREAM:
            return answers.stream(ORDERS[self._order])
        pairs = self._pairs()
        if not pairs:
            self.notify(_NO_PAIR, markup=False)
            return None
        self._pair = (self._pair + 1) % len(pairs)
        old, new = pairs[self._pair]
        return old.diff(new)

    # Moving

    def go_to(self, number: int) -> None:
        """Go to a step, or to the last one where there are not so many."""
        track = self._tracks.get(self._kind)
        if track is None:
            return
        number = max(number, 0)
        said = track.at(number)
        if said is None:
            number = max(track.last(), 0)
            said = track.at(number)
        self._numbers[self._kind] = number
        self._tell(track, said)

    def action_move(self, by: int) -> None:
        """Go to the next step, or the one before."""
        self.pause()
        self.go_to(self.number + by)

    def action_first(self) -> None:
        """Go to the first step."""
        self.action_move(-self.number)

    def action_last(self) -> None:
        """Go to the last step."""
        self.pause()
        track = self._tracks.get(self._kind)
        if track is not None:
            self.go_to(track.last())

    def action_kind(self, kind: int) -> None:
        """Step through another kind of work; again on a diff, the next pair."""
        if kind == _DIFF == self._kind:
            self._tracks.pop(_DIFF, None)
        self.choose(kind)

    def action_order(self) -> None:
        """Have the blocks of a stream come in another order."""
        if self._kind == _STREAM:
            self._order = (self._order + 1) % len(ORDERS)
        self._tracks.pop(_STREAM, None)
        try:
            self.choose(_STREAM)
        except RepoviewError as error:
            # There are too many for that order: the next one takes any.
            self.notify(safe(f"{error}.".capitalize(), 200), markup=False)
            self._order = 0
            self.choose(_STREAM)

    # Playing

    def action_play(self) -> None:
        """Go on by itself, or no longer; from the end, begin again."""
        if self.is_playing:
            self.pause()
            return
        track = self._tracks.get(self._kind)
        if track is None:
            return
        if track.at(self.number + 1) is None:
            self.go_to(0)
        self._start()

    def action_pace(self, by: int) -> None:
        """Play faster or slower."""
        self._pace = max(0, min(self._pace + by, len(PACES) - 1))
        if self.is_playing:
            self.pause()
            self._start()
        self.go_to(self.number)

    def _start(self) -> None:
        self._timer = self.set_interval(1 / PACES[self._pace], self._tick)
        self.go_to(self.number)

    def pause(self) -> None:
        """Go on by itself no longer."""
        if self._timer is not None:
            self._stop()
            if self.is_attached:
                self.go_to(self.number)

    def _tick(self) -> None:
        track, before = self._tracks.get(self._kind), self.number
        if track is None or not self.is_playing:
            return
        try:
            is_over = track.at(before + 1) is None
        except RepoviewError:
            self._stop()
            raise
        if is_over:
            self.pause()
        else:
            self.go_to(before + 1)

    def _stop(self) -> None:
        """Stop playing; draw nothing anew."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def on_resize(self) -> None:
        """Say less beside the tree where there are few rows."""
        is_short = self.size.height < _SHORT
        if is_short != self.has_class("-short"):
            self.set_class(is_short, "-short")
            self.go_to(self.number)

    def on_unmount(self) -> None:
        """Stop playing with the screen."""
        self._stop()

    # The line

    def action_jump(self) -> None:
        """Ask for the number of a step."""
        self._ask("step", "the number of a step")

    def action_path(self) -> None:
        """Ask for a path, there or not."""
        self._ask("path", "a path to look up, there or not: collection/record key")

    def _ask(self, what: str, words: str) -> None:
        self.pause()
        self._asks = what
        self.query_one(StepLine).ask(words, self._path if what == "path" else "")
        self.add_class("-asks")

    def on_step_line_left(self, message: StepLine.Left) -> None:
        """Give the keys back to the steps."""
        message.stop()
        self._close_line()

    def _close_line(self) -> None:
        self.remove_class("-asks")
        self.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the step, or look up the path, that was typed."""
        event.stop()
        typed = event.value.strip()
        self._close_line()
        if self._asks == "step":
            number = typed.replace(",", "")
            if number.isdecimal() and len(number) < 12:
                self.go_to(int(number) - 1)
            elif typed:
                self.notify(f"{safe(typed, 40)} is no number.", markup=False)
        elif typed:
            self._set_path(typed)
            self.choose(_PROOF if self._kind == _PROOF else _LOOK_UP)

    def _set_path(self, path: str) -> None:
        if path != self._path:
            self._path = path
            for kind in (_LOOK_UP, _PROOF):
                self._tracks.pop(kind, None)

    def on_chooser_chosen(self, message: Chooser.Chosen) -> None:
        """Step through what was clicked."""
        message.stop()
        self.action_kind(message.number)
        self.focus()

    # Drawing

    def _tell(self, track: Track, said: ToldStep | None) -> None:
        chooser = self.query_one(Chooser)
        keys = [str(number + 1) for number in range(len(KINDS))]
        chooser.tell(KINDS, self._kind, track.title, keys)
        place = place_text(self.number, track.count, self._style, self._state(track))
        self.query_one("#step-place", Static).update(place, layout=False)
        if said is None:
            self.query_one("#step-says", Static).update(Text("There is no step."))
            return
        self.query_one("#step-says", Static).update(says_text(said, self._style))
        checks = checks_text(said, self._style, is_short=self.has_class("-short"))
        self.query_one("#step-checks", Static).update(checks, layout=False)
        waits = waits_text(said, self._style, is_walk=track.waits)
        self.query_one("#step-waits", Static).update(waits, layout=False)
        self._show_place(said)

    def _state(self, track: Track) -> str:
        pace = f"{PACES[self._pace]:g} a second"
        if self.is_playing:
            return f"▶ {pace}"
        if self.number + 1 == track.count:
            return "the first of more" if track.is_cut else "■ the end"
        return f"Space plays, {pace}"

    def _show_place(self, said: ToldStep) -> None:
        answers = self._answers_of(said)
        if answers is None:
            return
        diagram = self._draw(answers)
        self._place = place = answers.place(said.spot) if said.spot else None
        if place is not None:
            what, number = place
            node = answers.drawn.holder(number) if what == "record" else number
            diagram.show(Focus(node, number if what == "record" else None))

    def _draw(self, answers: StepAnswers) -> TreeDiagram:
        """Have the diagram show the tree of a repository; why, if it has none."""
        diagram = self.query_one(TreeDiagram)
        if answers is not self._drawn:
            self._drawn = answers
            diagram.fill(answers.drawn)
        return diagram

    def _answers_of(self, said: ToldStep) -> StepAnswers | None:
        """Return whose tree a step is in."""
        if self._kind != _DIFF:
            return self._answers
        pairs = self._pairs()
        if not 0 <= self._pair < len(pairs):
            return self._answers
        old, new = pairs[self._pair]
        return old if said.spot is not None and said.spot.side == "old" else new

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"step-pane--{name}", partial=True)
