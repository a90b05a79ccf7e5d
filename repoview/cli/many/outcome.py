"""What came of one source of many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from repoview.core.verify.report import gravest

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one source; of plain values, as it comes from a process."""

    source: str
    exit_code: int
    verdict: str | None = None
    """None for a source that could not be read."""

    error: str = ""
    """Why it could not."""

    meaning: str = ""
    """What the verdict means for it, on one safe line."""

    bytes: int = 0
    records: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    """The number of findings by severity."""

    did: str | None = None
    text: str = ""
    """What is printed of it as JSON: no line, or lines."""

    shape: str = ""
    """What kind of file it is, in a word."""

    is_folder: bool = False
    """Whether it is a folder that gave no source."""

    def to_error(self) -> dict[str, Any]:
        """Return what JSON says of a source that could not be read."""
        return {
            "source": self.source,
            "verdict": None,
            "exit_code": self.exit_code,
            "error": self.error,
        }

    def with_another(self, other: Outcome) -> Outcome:
        """Return the outcome of a source that has both, as one event and the next."""
        both = self.exit_code, other.exit_code
        worse = self if gravest(both) == self.exit_code else other
        counts = Counter(self.findings) + Counter(other.findings)
        return replace(
            worse,
            bytes=self.bytes + other.bytes,
            records=self.records + other.records,
            findings=dict(counts),
            text=self.text + other.text,
        )
