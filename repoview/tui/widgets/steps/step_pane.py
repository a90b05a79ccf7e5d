"""A pane that goes through steps: forward, back, by itself, or to any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

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
from repoview.tui.widgets.steps.step_work import (
    DIFF,
    KINDS,
    LOOK_UP,
    PROOF,
    WALK,
    Lack,
    StepWork,
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
    from repoview.tui.widgets.steps.step_work import Pair

PACES: Final = (0.5, 1, 2, 5, 10, 20)
"""Steps a second."""

KEYS: Final = "← → step · Space plays · 1 … 5 · / path · o order"
"""What a frame around the pane says of its keys."""

_SHORT: Final = 19
"""Rows below which checks are words only."""


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
        self._work: StepWork | None = None
        """None until there is a repository to step through."""
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
        self._work, self._drawn = StepWork(answers, pairs, path), None
        self.choose(WALK)

    @property
    def place(self) -> tuple[str, int] | None:
        """The node or record of the step: "node" or "record", and its number."""
        work = self._work
        is_ours = work is not None and self._drawn is work.answers
        return self._place if is_ours else None

    @property
    def number(self) -> int:
        """The number of the step, from 0."""
        return 0 if self._work is None else self._work.number

    @property
    def _track(self) -> Track | None:
        return None if self._work is None else self._work.track

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._timer is not None

    def look_up(self, path: str) -> None:
        """Step through the look-up of a path."""
        if self._work is not None:
            self._work.look_for(path)
            self.choose(LOOK_UP)

    def walk_to(self, what: str, number: int) -> None:
        """Step through a walk, from where it comes to a node or record."""
        if self._work is not None:
            self.choose(WALK)
            self.go_to(self._work.answers.walk_step(what, number))

    def choose_named(self, name: str) -> None:
        """Step through a kind of work by its name: "look-up"."""
        names = [each.lower() for each in KINDS]
        if name in names:
            self.choose(names.index(name))

    def choose(self, kind: int) -> None:
        """Step through another kind of work, where one was in it."""
        self._choose(lambda work: work.choose(kind))

    def _choose(self, chosen: Callable[[StepWork], Lack | None]) -> None:
        """Show the work that was chosen, or say what it lacks."""
        self.pause()
        work = self._work
        if work is None:
            return
        lack = chosen(work)
        if lack is None:
            self.go_to(work.number)
        elif lack is Lack.PATH:
            self.action_path()
        else:
            self.notify(lack.value, markup=False)
            if lack is Lack.TREE:
                self._draw(work.answers)

    # Moving

    def go_to(self, number: int) -> None:
        """Go to a step, or to the last one where there are not so many."""
        work = self._work
        if work is not None and work.track is not None:
            self._tell(work, work.track, work.go_to(number))

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
        if self._track is not None:
            self.go_to(self._track.last())

    def action_kind(self, kind: int) -> None:
        """Step through another kind of work; again on a diff, the next pair."""
        if self._work is not None and kind == DIFF == self._work.kind:
            self._choose(StepWork.choose_pair)
        else:
            self.choose(kind)

    def action_order(self) -> None:
        """Have the blocks of a stream come in another order."""
        try:
            self._choose(StepWork.choose_order)
        except RepoviewError as error:
            # There are too many for that order: that of the file takes any.
            self.notify(safe(f"{error}.".capitalize(), 200), markup=False)
            self._choose(lambda work: work.choose_order(is_first=True))

    # Playing

    def action_play(self) -> None:
        """Go on by itself, or no longer; from the end, begin again."""
        if self.is_playing:
            self.pause()
            return
        track = self._track
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
        track, before = self._track, self.number
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
        path = "" if self._work is None else self._work.path
        self.query_one(StepLine).ask(words, path if what == "path" else "")
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
        elif typed and self._work is not None:
            self._work.look_for(typed)
            self.choose(PROOF if self._work.kind == PROOF else LOOK_UP)

    def on_chooser_chosen(self, message: Chooser.Chosen) -> None:
        """Step through what was clicked."""
        message.stop()
        self.action_kind(message.number)
        self.focus()

    # Drawing

    def _tell(self, work: StepWork, track: Track, said: ToldStep | None) -> None:
        chooser = self.query_one(Chooser)
        keys = [str(number + 1) for number in range(len(KINDS))]
        chooser.tell(KINDS, work.kind, track.title, keys)
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
        self._show_place(work, said)

    def _state(self, track: Track) -> str:
        pace = f"{PACES[self._pace]:g} a second"
        if self.is_playing:
            return f"▶ {pace}"
        if self.number + 1 == track.count:
            return "the first of more" if track.is_cut else "■ the end"
        return f"Space plays, {pace}"

    def _show_place(self, work: StepWork, said: ToldStep) -> None:
        answers = work.answers_of(said)
        diagram = self._draw(answers)
        self._place = place = answers.place(said.spot) if said.spot else None
        if place is not None:
            what, number = place
            node = answers.drawn.holder(number) if what == "record" else number
            diagram.show(Focus(node, number if what == "record" else None))
        elif not work.number:
            # Not where other work was left.
            diagram.show(Focus(0))

    def _draw(self, answers: StepAnswers) -> TreeDiagram:
        """Have the diagram show the tree of a repository; why, if it has none."""
        diagram = self.query_one(TreeDiagram)
        if answers is not self._drawn:
            self._drawn = answers
            diagram.fill(answers.drawn)
        return diagram

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"step-pane--{name}", partial=True)
