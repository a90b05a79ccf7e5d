"""The status line: the verdict, or the progress of reading."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.widgets import Static

from repoview.present import count_text, size_text
from repoview.tui.visits.messages import Upward

if TYPE_CHECKING:
    from textual import events

    from repoview.tui.visits.loading import Counters
    from repoview.tui.visits.visit import Visit

_SIGNS: Final = {"SOUND": ("✔", "sound"), "INCOMPLETE": ("◌", "incomplete")}

_BAR: Final = 16
"""Cells of the progress bar."""

_PARTS: Final = " ▏▎▍▌▋▊▉"

RELOAD: Final = "the file was changed: Ctrl+R reads it again"


class Status(Static):
    """The verdict's word, what is missing, findings, the account."""

    @dataclass
    class Clicked(Upward):
        """The user clicked the line."""

        is_on_signature: bool

    _signed = range(0)
    """The columns of the signature's outcome."""

    def tell(self, visit: Visit) -> None:
        """Show the state of a visit."""
        if visit.is_whole:
            self._tell_verdict(visit)
        else:
            self._tell_progress(visit)

    def on_click(self, event: events.Click) -> None:
        """Post the click, and what it was on."""
        event.stop()
        self.post_message(self.Clicked(event.x in self._signed))

    def _tell_verdict(self, visit: Visit) -> None:
        session = visit.whole
        word, meaning, complete = session.verdict()
        sign, kind = _SIGNS.get(word, ("✗", "broken"))
        self.set_classes(f"-{kind}")
        line = Text(no_wrap=True).append(f" {sign} {word} ", "bold reverse")
        self.tooltip = Text(f"{meaning}. {complete}.")
        if visit.is_changed:
            line.append(f"  ! {RELOAD} ", "bold")
        if visit.loading.is_left:
            line.append("  you ended the reading early")
        if visit.marks:
            line.append(f"  ● {len(visit.marks):,} marked ·")
        wasted = session.wasted()
        counts = [
            f"{count:,} {name}{'' if count == 1 or name == 'info' else 's'}"
            for name, count in session.counted().items()
            if count and name != "info"
        ]
        # What a file is says whether all is there.
        line.append(f"  {session.shaped() or complete.partition(':')[0]}")
        if signed := session.signed():
            line.append(" · ")
            start = line.cell_len
            line.append(signed)
            self._signed = range(start, line.cell_len)
        if wasted:
            line.append(f" · {wasted}", "bold")
        line.append(f" · {', '.join(counts) or 'no errors, no warnings'}")
        line.append(f" · {session.account()}", "dim")
        line.truncate(2_000)
        self.update(line, layout=False)

    def _tell_progress(self, visit: Visit) -> None:
        counters, self._signed = visit.loading.poll(), range(0)
        self.set_classes("-reading")
        left = visit.loading.is_left
        word = " READING " if counters.stage == "load" else " CHECKING "
        line = Text(no_wrap=True).append(" ENDING " if left else word, "bold reverse")
        if counters.total:
            line.append(f" {bar_text(counters.done / counters.total, _BAR)}")
        line.append(f" {progress_text(counters)}")
        line.append(" · nothing wrong so far" if not counters.findings else "")
        if counters.findings:
            some = "finding" if counters.findings == 1 else "findings"
            line.append(f" · {counters.findings:,} {some} so far")
        line.append(" · Esc ends it, and keeps what came", "dim")
        self.update(line, layout=False)


def bar_text(part: float, cells: int) -> str:
    """Return a bar of *cells* cells, filled by a share from 0 to 1."""
    eighths = round(max(0.0, min(part, 1.0)) * cells * 8)
    full, rest = divmod(eighths, 8)
    bar = "█" * full + (_PARTS[rest] if rest else "")
    return f"▕{bar:<{cells}}▏"


def progress_text(counters: Counters) -> str:
    """Return the progress of reading: share, rate and time left."""
    spent = max(1e-6, time.monotonic() - counters.started)
    if counters.stage != "load":
        total = count_text(counters.total, "node or record", "nodes and records")
        return f"{counters.done:,} of {total}"
    text = size_text(counters.done)
    if counters.total:
        text += f" of {size_text(counters.total)}"
    text += f" · {count_text(counters.blocks, 'block')}"
    if counters.done and spent > 0.5:
        text += f" · {counters.blocks / spent:,.0f} a second"
        left = spent * (counters.total - counters.done) / counters.done
        if left > 0:
            text += f" · {left:.0f} s left"
    return text
