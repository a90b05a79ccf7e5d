"""The findings view: the verdict, the checks that ran, and the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.console import Group
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from repoview.tui.screens.view import View
from repoview.tui.values.click import TO_SALVAGE, TO_SIGNATURE
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.base.chooser import Chooser
from repoview.tui.widgets.finding_groups import FindingGroups
from repoview.tui.widgets.pictures.check_list import CheckList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from repoview.tui.values.rows import FindingRow
    from repoview.tui.visits.visit import Visit

SHOWN: Final = ("all", "fatal", "error", "warning", "info")
"""The severities to filter by, in the order of the number keys."""

_BRIEF: Final = 34
"""Rows of the screen below which the checks are shown on few lines."""

_BOLD: Final = Style(bold=True)

_LABEL: Final = 9
_FIRST: Final = ("where", "follows", "because")
"""The details of a finding that are shown before the advice."""

_SIGNS: Final = {"SOUND": ("✔", "sound"), "INCOMPLETE": ("◌", "incomplete")}


class FindingsView(View):
    """Groups of findings, the most severe first, beside an explanation of one."""

    VIEW = "findings"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(n), f"only({n})", f"Only {name}", show=False, id=f"only.{name}")
            for n, name in enumerate(SHOWN)
        ),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._rows: list[FindingRow] = []
        self._is_filled = False
        self._only = 0
        self._numbers = [0]
        """The number keys of the severities that are offered."""
        self._place: Place | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out verdict, checks, severities, list and explanation."""
        yield Static(id="verdict")
        yield CheckList("Checks", id="checks")
        yield Chooser(id="severities")
        groups = FindingGroups(id="findings")
        groups.border_title = "Findings"
        panel = VerticalScroll(Static(id="explanation"), id="explained")
        panel.border_title = "What it means"
        yield Horizontal(groups, panel, id="panes")

    def on_mount(self) -> None:
        """Focus the list."""
        self.query_one(FindingGroups).focus()

    def on_resize(self) -> None:
        """Show the checks briefly on a low screen."""
        is_brief = self.size.height < _BRIEF
        self.query_one(CheckList).set_brief(is_brief=is_brief)

    def grown(self) -> None:
        """Fill the list, once all is read."""
        if not self.visit.is_whole:
            count = self.visit.loading.counters.findings
            text = f"The verdict comes when all is read. Findings so far: {count:,}."
            self.query_one("#verdict", Static).update(Text(text))
        elif not self._is_filled:
            self._is_filled = True
            self._tell_verdict()
            found = self.visit.whole.findings
            self.query_one(CheckList).fill(found.checks())
            self._rows = found.rows()
            self._tell()
            if self._place is not None:
                self.go(self._place)

    def judged(self) -> None:
        """Update the verdict, the checks and the findings, too."""
        super().judged()
        if self._is_filled:
            number = self.query_one(FindingGroups).number
            here = self._rows[number] if number >= 0 else None
            self._is_filled = False
            self.grown()
            # The cursor stays on its finding, unless that is gone.
            if here in self._rows:
                self.query_one(FindingGroups).reveal(self._rows.index(here))

    def _tell_verdict(self) -> None:
        session = self.visit.whole
        word, meaning, complete = session.verdict()
        sign, kind = _SIGNS.get(word, ("✗", "broken"))
        verdict = self.query_one("#verdict", Static)
        verdict.set_classes(f"-{kind}")
        text = Text().append(f" {sign} {word} ", "bold reverse")
        text.append(f" {meaning}.\n", "bold")
        text.append(f"{complete}.", "bold")
        if signed := session.signed():
            text.append(" ").append(f"{signed.capitalize()}.", TO_SIGNATURE + _BOLD)
        if remark := session.remark():
            text.append(f" {remark}")
        if kind != "sound" and self.visit.can_be_read_again:
            text.append(" ").append("R tells what can be saved.", TO_SALVAGE)
        verdict.update(text)

    def _tell(self) -> None:
        """Show the filtered findings, and the severities to filter by."""
        found = self.visit.whole.findings
        counted = found.counted()
        total = sum(counted.values())
        only = SHOWN[self._only]
        # The chosen severity is offered even if it has no findings.
        self._numbers = [
            n
            for n, name in enumerate(SHOWN)
            if not n or counted[name] or n == self._only
        ]
        names = [SHOWN[n] for n in self._numbers]
        self.query_one(Chooser).tell(
            [f"{name} ×{counted.get(name, total):,}" for name in names],
            self._numbers.index(self._only),
            keys=[str(n) for n in self._numbers],
        )
        groups = found.groups(only if self._only else "")
        says = f"There is no finding of severity {only}."
        if not self._only:
            says = "Nothing was found to be wrong, or worth a word."
        self.query_one(FindingGroups).fill(self._rows, groups, says)
        self.query_one("#explained").display = bool(groups)

    def place(self) -> Place:
        """Return the finding under the cursor."""
        number = self.query_one(FindingGroups).number
        return Place(self.VIEW, "finding" if number >= 0 else "", number)

    def go(self, place: Place) -> None:
        """Move to a finding."""
        if place.what != "finding":
            return
        if not self._is_filled:
            self._place = place
            return
        self._place = None
        if self._only:
            self._only = 0
            self._tell()
        self.query_one(FindingGroups).reveal(place.number)

    def on_finding_groups_moved(self, message: FindingGroups.Moved) -> None:
        """Explain the finding under the cursor."""
        row = self._rows[message.number]
        text = Text().append(f"{row.code} {row.severity}\n", "bold")
        text.append(f"{row.message}\n")
        facts = Table.grid(padding=(0, 1, 0, 0))
        facts.add_column(width=_LABEL, style="bold")
        facts.add_column(ratio=1)
        advice = self.visit.whole.findings.advice(message.number)
        first = [each for each in row.details if each[0] in _FIRST]
        rest = [each for each in row.details if each[0] not in _FIRST]
        why = self.visit.whole.findings.why(message.number)
        for label, says in [*first, ("advice", advice), *rest, ("why", why)]:
            facts.add_row(Text(label), Text(says))
        self.query_one("#explanation", Static).update(Group(text, facts))
        self.query_one("#explained").scroll_home(animate=False)

    def on_finding_groups_chosen(self, message: FindingGroups.Chosen) -> None:
        """Go to the place of a finding."""
        place = self.visit.whole.findings.place(message.number)
        if place is None:
            self.notify("This one is about the whole file.", markup=False)
        else:
            self.post_message(Go(place))

    def on_chooser_chosen(self, message: Chooser.Chosen) -> None:
        """Filter by the severity under the mouse."""
        self.action_only(self._numbers[message.number])

    def action_only(self, number: int) -> None:
        """Filter by a severity; 0 is all."""
        if self._is_filled:
            self._only = number
            self._tell()
