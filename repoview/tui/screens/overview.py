"""The overview: facts and charts of a repository."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Container

from repoview.present import count_text, size_text
from repoview.tui.screens.view import View
from repoview.tui.session.overview import SIGNATURE, today
from repoview.tui.values.click import TO_SIGNATURE
from repoview.tui.values.drawing import Columns
from repoview.tui.visits.job import Job
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.base.page import ScrolledPage
from repoview.tui.widgets.operations import Operations
from repoview.tui.widgets.pictures.bar_list import BarList
from repoview.tui.widgets.pictures.drawn import Drawn
from repoview.tui.widgets.pictures.facts import Facts
from repoview.tui.widgets.pictures.histogram import Histogram
from repoview.tui.widgets.pictures.share_bar import ShareBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from repoview.tui.session.overview import Counted
    from repoview.tui.visits.visit import Visit

_POLL: Final = 0.1
"""Seconds between two polls of the job."""

_COUNTING: Final = "counting…"


class OverviewView(View):
    """Facts, and charts of records over time, collections and the tree."""

    VIEW = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "greater_than_sign",
            "app.event(1)",
            "Next event",
            key_display=">",
            show=False,
            id="event.next",
        ),
        Binding(
            "less_than_sign",
            "app.event(-1)",
            "Event before",
            key_display="<",
            show=False,
            id="event.before",
        ),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._job: Job[Counted] | None = None
        self._is_counted = False

    def body(self) -> Iterable[Widget]:
        """Lay out the facts and charts, the most informative first."""
        yield ScrolledPage(
            Facts("At a glance", id="glance"),
            Operations(id="operations"),
            Histogram("Records over time", id="over-time"),
            ShareBar("Bytes of the file", id="bytes-of"),
            Container(
                BarList("Collections", id="by-collection"),
                BarList("Depths of keys", id="depths"),
                BarList("Fan-out of nodes", id="fanouts"),
                id="pictures",
            ),
            id="overview",
        )

    def on_mount(self) -> None:
        """Focus the page, and hide the charts until all is read."""
        self.query_one(ScrolledPage).focus()
        for picture in self.query(Drawn).exclude("Facts"):
            picture.display = self.visit.is_whole
        self.query_one(Operations).display = False

    def on_unmount(self) -> None:
        """Cancel the job."""
        if self._job is not None:
            self._job.stop()

    @property
    def is_counted(self) -> bool:
        """Whether all charts are filled."""
        return self._job is not None and self._is_counted

    def grown(self) -> None:
        """Show the commit first, and the charts when all is read."""
        if not self.visit.is_whole:
            self.visit.ask(lambda session: session.known(), self._tell_known)
        elif self._job is None:
            self._tell_whole()

    def _tell_known(self, known: list[tuple[str, str]]) -> None:
        counters = self.visit.loading.counters
        blocks = count_text(counters.blocks, "block")
        so_far = f"{size_text(counters.done)}, {blocks}"
        pictures = "come when all is read"
        facts = [*known, ("so far", so_far), ("pictures", pictures)]
        self.query_one("#glance", Facts).fill(facts)

    def _tell_whole(self) -> None:
        overview = self.visit.whole.overview
        for picture in self.query(Drawn):
            picture.display = True
        self._tell_facts()
        event = self.visit.whole.event
        if event is not None and (operations := event.operations()):
            self.query_one(Operations).display = True
            self.query_one(Operations).fill(operations)
        self.query_one("#by-collection", BarList).fill(*overview.collections())
        for name in ("depths", "fanouts"):
            self.query_one(f"#{name}", BarList).fill([], _COUNTING)
        self.query_one(Histogram).fill(lambda _: Columns([], [], says=_COUNTING))

        def work(check: Callable[[float], None]) -> Counted:
            check(0.0)
            return overview.counted(lambda step: check(step.done / (step.total or 1)))

        self._job = Job(work)
        self._timer = self.set_interval(_POLL, self._poll)

    def _tell_facts(self) -> None:
        session = self.visit.whole
        facts = [] if session.event is None else session.event.facts()
        facts += session.overview.facts()
        self.query_one("#glance", Facts).fill(facts, {SIGNATURE: TO_SIGNATURE})

    def judged(self) -> None:
        """Update the facts, too."""
        super().judged()
        if self._job is not None:
            self._tell_facts()

    def on_operations_chosen(self, message: Operations.Chosen) -> None:
        """Go to where an operation leads."""
        event = self.visit.whole.event
        place = None if event is None else event.place(message.number)
        if place is None:
            self.notify("There is no tree to go to.", markup=False)
        else:
            self.post_message(Go(place))

    def _poll(self) -> None:
        """Fill the charts when the job is done."""
        job = self._job
        if job is None or not job.is_done:
            return
        self._timer.stop()
        self._is_counted = True
        counted, overview = job.answer, self.visit.whole.overview
        if counted is None:
            self.query_one(Histogram).fill(lambda _: Columns([], [], says=job.error))
            return
        over_time = partial(overview.over_time, counted, today=today())
        self.query_one(Histogram).fill(over_time)
        self.query_one(ShareBar).fill(overview.sizes(counted))
        self.query_one("#depths", BarList).fill(*overview.depths(counted))
        self.query_one("#fanouts", BarList).fill(*overview.fanouts(counted))
