"""The blocks view: every block of the file, and how much of it is wasted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from repoview.tui.screens.detail_view import DetailView
from repoview.tui.values.place import Place
from repoview.tui.visits.job import Job
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.base.chooser import Chooser
from repoview.tui.widgets.block_list import BlockList
from repoview.tui.widgets.pictures.share_bar import ShareBar
from repoview.tui.widgets.record.record_view import RecordView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.widget import Widget

    from repoview.tui.session.blocks import BlockAnswers
    from repoview.tui.values.rows import BlockRow
    from repoview.tui.visits.visit import Visit

_POLL: Final = 0.05
"""Seconds between two polls of the jobs."""

_LATER: Final = "The blocks come when all is read."


class BlocksView(DetailView):
    """The list of blocks, filtered by kind, beside the block under the cursor."""

    VIEW = "blocks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "turn(-1)", "Kind before", show=False, id="blocks.before"),
        Binding("right,l", "turn(1)", "Next kind", key_display="←→", id="blocks.next"),
        Binding("s", "sort", "Sort", id="blocks.sort"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._making: Job[None] | None = None
        self._finding: Job[Sequence[int]] | None = None
        self._kind: str | None = None
        """None for all."""
        self._by_size = False
        self._target = -1
        """The block to put the cursor on when the list is filled."""
        self._place: Place | None = None
        """Where to go when the block table is built."""
        self._is_sent = False
        """Whether to center the cursor when the list is filled."""

    def body(self) -> Iterable[Widget]:
        """Lay out the shares, the kinds, the list and one block."""
        yield ShareBar("Bytes of the file", id="block-bytes")
        yield Static(id="wasted")
        yield Chooser(id="kinds")
        blocks = BlockList(self._row, id="blocks")
        blocks.tell_title("Blocks")
        yield Horizontal(blocks, RecordView(id="record"), id="panes")

    @property
    def _blocks(self) -> BlockAnswers:
        return self.visit.whole.blocks

    def _row(self, number: int) -> BlockRow:
        return self._blocks.row(number)

    def on_mount(self) -> None:
        """Focus the list, and begin to poll."""
        self.query_one(BlockList).focus()
        self.set_interval(_POLL, self._poll)

    def on_resize(self) -> None:
        """Keep the chosen kind visible."""
        if self._is_there:
            self.call_after_refresh(self._tell_kinds)

    def on_unmount(self) -> None:
        """Cancel the jobs."""
        for job in (self._making, self._finding):
            if job is not None:
                job.stop()

    def grown(self) -> None:
        """Start to build the block table, once all is read."""
        if not self.visit.is_whole:
            self.query_one("#wasted", Static).update(_LATER, layout=False)
        elif self._making is None:
            answers = self._blocks

            def work(check: Callable[[float], None]) -> None:
                answers.make(lambda step: check(step.done / (step.total or 1)))

            self._making = Job(work)
            self._tell_progress()

    def judged(self) -> None:
        """Update the findings of the commit, too."""
        super().judged()
        number = self.query_one(BlockList).number if self._is_shown else -1
        if number >= 0:
            self.query_one(RecordView).fill(self._blocks.detail(number))

    # Jobs

    @property
    def _is_there(self) -> bool:
        return self.visit.is_whole and self._blocks.is_made

    def _poll(self) -> None:
        """Show the progress of the jobs, and their results."""
        making, finding = self._making, self._finding
        if making is not None and not self._is_shown:
            self._tell_progress()
            if making.is_done and not making.error:
                self._is_shown = True
                self._tell_whole()
        if finding is not None and finding.is_done:
            self._finding = None
            if finding.answer is not None:
                self._fill(finding.answer)

    _is_shown = False

    def _tell_progress(self) -> None:
        making = self._making
        assert making is not None  # noqa: S101 (the callers made it)
        says = making.error or f"Putting the blocks in order: {making.share:.0%}"
        self.query_one("#wasted", Static).update(Text(says), layout=False)

    def _tell_whole(self) -> None:
        self.query_one(ShareBar).fill(self._blocks.shares())
        self.query_one("#wasted", Static).update(Text(self._blocks.wasted()))
        self._find()
        if self._place is not None:
            self.go(self._place)

    def _tell_kinds(self) -> None:
        counted = self._blocks.counted()
        labels = [f"all {sum(counted.values()):,}"]
        labels += [f"{kind} {counted[kind]:,}" for kind in self._kinds() if kind]
        chosen = self._kinds().index(self._kind)
        self.query_one(Chooser).tell(labels, chosen)
        order = "the largest first" if self._by_size else "in the order of the file"
        self.query_one(BlockList).tell_title(f"Blocks, {order}")

    def _kinds(self) -> list[str | None]:
        """Return the kinds to filter by; None is all."""
        counted = self._blocks.counted()
        return [None, *(kind for kind, count in counted.items() if count)]

    # The list

    def _find(self) -> None:
        """Make the list of blocks, in a job; the old one is shown until then."""
        if self._finding is not None:
            self._finding.stop()
        answers, kind, by_size = self._blocks, self._kind, self._by_size

        def work(check: Callable[[float], None]) -> Sequence[int]:
            return answers.numbers(kind, by_size=by_size, check=lambda: check(0.0))

        self._tell_kinds()
        if kind is None and not by_size:
            self._finding = None
            self._fill(work(lambda _: None))
        else:
            self._finding = Job(work)

    def _fill(self, numbers: Sequence[int]) -> None:
        """Show blocks, with the cursor on the target if it is among them."""
        blocks = self.query_one(BlockList)
        cursor = _index_of(numbers, self._target)
        blocks.fill(numbers, max(cursor, 0), "There are no blocks.")
        if self._is_sent and cursor >= 0:
            blocks.center(cursor)
        self._is_sent = False
        blocks.tell_subtitle(f"{len(numbers):,}")
        if not len(numbers):
            self.query_one(RecordView).fill(self._blocks.nothing())

    # Places

    def place(self) -> Place:
        """Return the block under the cursor."""
        number = self.query_one(BlockList).number
        offset = self._blocks.offset(number) if number >= 0 else -1
        if offset < 0:
            return Place(self.VIEW)
        return Place(self.VIEW, "block", offset)

    def go(self, place: Place) -> None:
        """Move to the block at a byte, in the list of all blocks."""
        if place.what != "block":
            return
        if not self._is_shown:
            self._place = place
            return
        self._place = None
        self._target = self._blocks.number_at(place.number)
        self._is_sent = True
        if self._kind is not None or self._by_size:
            self._kind, self._by_size = None, False
        self._find()

    def on_block_list_moved(self, message: BlockList.Moved) -> None:
        """Show the block under the cursor."""
        self._target = message.number
        self.query_one(RecordView).fill(self._blocks.detail(message.number))

    def on_block_list_chosen(self, message: BlockList.Chosen) -> None:
        """Go to its record or node."""
        place = self._blocks.leads_to(message.number)
        if place is None:
            says = "This block is no record and no node: it is shown beside the list."
            self.notify(says, markup=False)
        else:
            self.post_message(Go(place))

    def on_chooser_chosen(self, message: Chooser.Chosen) -> None:
        """Filter by the kind under the mouse."""
        if self._is_shown:
            self._kind = self._kinds()[message.number]
            self._find()

    def action_turn(self, by: int) -> None:
        """Filter by the next kind, or the previous one."""
        if self._is_shown:
            kinds = self._kinds()
            self._kind = kinds[(kinds.index(self._kind) + by) % len(kinds)]
            self._find()

    def action_sort(self) -> None:
        """Switch between sorting by size and file order."""
        if self._is_shown:
            self._by_size = not self._by_size
            self._find()


def _index_of(numbers: Sequence[int], number: int) -> int:
    """Return the index of a number, -1 for none."""
    try:
        return numbers.index(number)
    except ValueError:
        return -1
