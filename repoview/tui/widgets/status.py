"""Verdict and completeness, always in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.widgets import Static

if TYPE_CHECKING:
    from repoview.tui.session import Session

_SIGNS: Final = {"SOUND": ("✔", "sound"), "INCOMPLETE": ("◌", "incomplete")}


class Status(Static):
    """One line: the verdict's word, what is missing, findings, the account."""

    def tell(self, session: Session) -> None:
        """Show what came of the verification."""
        word, meaning, complete = session.verdict()
        sign, kind = _SIGNS.get(word, ("✗", "broken"))
        self.set_classes(f"-{kind}")
        line = Text(no_wrap=True).append(f" {sign} {word} ", "bold reverse")
        self.tooltip = Text(f"{meaning}. {complete}.")
        counts = [
            f"{count:,} {name}{'' if count == 1 or name == 'info' else 's'}"
            for name, count in session.findings_counted().items()
            if count and name != "info"
        ]
        short = complete.partition(":")[0]
        line.append(f"  {short}")
        line.append(f" · {', '.join(counts) or 'no errors, no warnings'}")
        line.append(f" · {session.account()}", "dim")
        line.truncate(2_000)
        self.update(line, layout=False)
