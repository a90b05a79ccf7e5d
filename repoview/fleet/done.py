"""What came of files, counted: of a chunk, and of all together."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from repoview.core.verify.report import gravest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.fleet.verdict import RepoRow

NOT_READ: Final = "not-read"


@dataclass(slots=True)
class Done:
    """Counts of files that are done."""

    files: int = 0
    bytes: int = 0
    """Of the files as they are stored."""

    records: int = 0
    rows: int = 0
    """Records that were written."""

    parts: int = 0
    """Files of the data set that were written."""

    exit_code: int = 0
    """The most severe."""

    verdicts: dict[str, int] = field(default_factory=dict)
    """How many files there are of each; "not-read" for those without one."""

    seconds: float = 0.0
    """That processes spent on them, together."""

    def note(self, row: RepoRow) -> None:
        """Count a file."""
        self.files += 1
        self.bytes += row.file_bytes
        self.records += row.records
        self.rows += row.rows
        self.seconds += row.seconds
        self.exit_code = gravest((self.exit_code, row.exit_code))
        verdict = row.verdict or NOT_READ
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1

    def add(self, other: Done) -> None:
        """Count what another has."""
        for name in ("files", "bytes", "records", "rows", "parts", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.exit_code = gravest((self.exit_code, other.exit_code))
        self.verdicts = dict(Counter(self.verdicts) + Counter(other.verdicts))

    def to_json(self) -> dict[str, Any]:
        """Return it as `from_json` takes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Return what `to_json` gave."""
        return cls(**told)


def counted(rows: Iterable[RepoRow]) -> Done:
    """Return the counts of rows."""
    done = Done()
    for row in rows:
        done.note(row)
    return done
