"""A folder of repositories: each judged in a thread, and listed in some order.

What was judged stays known while a repository of it is explored. A folder that
`repoview fleet` wrote is a data set: its rows are read in place of files.
"""

from __future__ import annotations

import threading
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.errors import RepoviewError
from repoview.core.findings.catalogue import CATALOGUE, Severity
from repoview.core.verify.report import GRAVEST_FIRST, Verdict
from repoview.fleet.summaries import summary
from repoview.fleet.table import verify_one
from repoview.listing import listed
from repoview.present import count_text, safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.opening.options import OpenOptions
    from repoview.fleet.verdict import RepoRow

NOT_READ: Final = "not read"
_NAME: Final = 1_000
"""Characters of a name that are shown."""

_GRAVEST: Final = [severity.value for severity in reversed(Severity)]
_WAITED: Final = 0.2
"""Seconds to wait for a file that is being read: a larger one goes on beside."""


class By(StrEnum):
    """What repositories are ordered by: the columns, from left to right."""

    FILE = "file"
    DID = "did"
    REV = "rev"
    RECORDS = "records"
    SIZE = "size"
    VERDICT = "verdict"


class Listed(NamedTuple):
    """A file, and what is told of it once it was read."""

    source: str
    name: str
    """As it is shown: below the folder, and safe."""

    row: RepoRow | None = None

    @property
    def verdict(self) -> str:
        """Its verdict, "not read" for one that cannot be; empty while it waits."""
        if self.row is None:
            return ""
        return self.row.verdict or NOT_READ

    @property
    def about(self) -> str:
        """What is wrong with it, on a line; safe."""
        row = self.row
        if row is None:
            return "waits to be read"
        if row.error is not None:
            return safe(row.error, _NAME)
        said = [count_text(row.missing, "missing block")] if row.missing else []
        if row.signature is not None:
            said.append(f"signature {row.signature}")
        said += [count_text(row.unlinked, "unlinked block")] if row.unlinked else []
        said.append(" ".join(row.codes) or "no findings")
        return safe(" · ".join([count_text(row.collections, "collection"), *said]))

    def matches(self, words: list[str]) -> bool:
        """Return whether it has all of *words*, which are in lower case."""
        told = [self.name, self.verdict]
        if self.row is not None:
            told += [self.row.did or "", self.row.rev or "", *self.row.codes]
        text = "\n".join(told).lower()
        return all(word in text for word in words)


class FoundHere(NamedTuple):
    """A code that was found, over all files."""

    code: str
    severity: str
    title: str
    files: int


class Look(NamedTuple):
    """How a folder is shown."""

    by: By = By.FILE
    """The column that orders it; equals are by file."""

    is_down: bool = False
    """Whether from the greatest down."""

    words: str = ""
    """Parts of name, DID, rev, verdict and codes, in any case; a file is shown that
    has all of them."""


class Folder:
    """The repositories of a folder.

    Args:
        place: The folder: of CARs, or one that `repoview fleet` wrote.
        options: How each is opened and checked.
    """

    def __init__(self, place: str, options: OpenOptions) -> None:
        self.place = place
        self.name = safe(place, _NAME)
        self.error = ""
        """Why it cannot be listed, or not wholly; safe."""
        self.is_done = False
        self.read = 0
        """How many files were read."""
        self.look = Look()
        """How it is shown; kept while one is explored."""
        self._options = options
        self._all: dict[str, Listed] = {}
        self._run_now: _Run | None = None

    def __len__(self) -> int:
        return len(self._all)

    def begin(self) -> None:
        """Start to read, or go on: what was read is kept."""
        self.stop()
        if not self.is_done:
            self._run_now = _Run(self._read)

    def stop(self) -> None:
        """Start no other file, and wait a moment for the one that is read."""
        run, self._run_now = self._run_now, None
        if run is not None:
            run.stop()

    def again(self) -> None:
        """Forget what was read, and list anew."""
        self.stop()
        self._all, self.read = {}, 0
        self.error, self.is_done = "", False
        self.begin()

    def lines(self) -> list[Listed]:
        """Return the files to show, in order; those that wait come last."""
        by, is_down, words = self.look
        wanted = words.lower().split()
        files = [each for each in tuple(self._all.values()) if each.matches(wanted)]
        files.sort(key=lambda each: each.name)
        waiting = [each for each in files if each.row is None]
        told = [each for each in files if each.row is not None]
        if by is By.FILE:
            return sorted(files, key=lambda each: each.name, reverse=is_down)
        return sorted(told, key=_KEYS[by], reverse=is_down) + waiting

    def findings(self) -> list[FoundHere]:
        """Return the codes that were found, the most severe first."""
        files = Counter(
            code
            for each in tuple(self._all.values())
            if each.row is not None
            for code in each.row.codes
        )
        found = []
        for code, count in files.items():
            rule = CATALOGUE.get(code)
            # A data set may be of a later version.
            severity = "info" if rule is None else rule.severity.value
            title = "" if rule is None else rule.title
            found.append(FoundHere(safe(code, 20), severity, title, count))
        return sorted(found, key=_gravest)

    def verdicts(self) -> dict[str, int]:
        """Return how many files there are of each verdict, the most first."""
        found = Counter(each.verdict for each in tuple(self._all.values()))
        del found[""]
        return dict(found.most_common())

    def says(self) -> str:
        """Return how far it is: "37 of 200 read · 35 sound, 2 not"."""
        total, verdicts = len(self._all), self.verdicts()
        read, sound = sum(verdicts.values()), verdicts.get(Verdict.SOUND.value, 0)
        files = count_text(total, "file")
        if not self.is_done:
            files = f"{read:,} of {total:,} read"
        if not read:
            return files
        rest = (
            "all sound" if sound == read else f"{sound:,} sound, {read - sound:,} not"
        )
        return f"{files} · {rest}"

    # In the thread

    def _read(self, run: _Run) -> None:
        try:
            if is_data_set(self.place):
                self._read_rows()
            else:
                self._list(run)
                self._judge(run)
        except RepoviewError as error:
            self.error = safe(str(error), 400)
        if not run.is_stopped:
            self.is_done = True

    def _read_rows(self) -> None:
        for row in summary(self.place).rows():
            self._keep(row.source, row)

    def _list(self, run: _Run) -> None:
        for each in listed([self.place]):
            if run.is_stopped:
                return
            if not isinstance(each, str):
                self.error = safe(each.why, 400)
            elif each not in self._all:
                self._keep(each, None)

    def _judge(self, run: _Run) -> None:
        for each in tuple(self._all.values()):
            if each.row is None:
                row = self._verified(each.source)
                if run.is_stopped:
                    return
                self._keep(each.source, row)

    def _verified(self, source: str) -> RepoRow:
        options = self._options
        return verify_one(
            source,
            checks=options.checks,
            mem_limit=options.room.memory,
            disk_limit=options.room.disk,
            max_seconds=options.max_seconds,
            threads=options.threads or 1,
        )

    def _keep(self, source: str, row: RepoRow | None) -> None:
        self._all[source] = Listed(source, _below(self.place, source), row)
        self.read += row is not None


class _Run:
    """A thread that reads until it is done, or stopped.

    Args:
        work: What it does; it asks `is_stopped` between two files.
    """

    def __init__(self, work: Callable[[_Run], None]) -> None:
        self.is_stopped = False
        self._thread = threading.Thread(target=work, args=(self,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it start no other file."""
        self.is_stopped = True
        self._thread.join(_WAITED)


def is_data_set(place: str) -> bool:
    """Tell whether `repoview fleet` wrote a folder."""
    return next(Path(place, "repos").glob("part-*.parquet"), None) is not None


def _below(place: str, source: str) -> str:
    """Return a name without the folder, safe."""
    start = place.rstrip("/") + "/"
    return safe(source.removeprefix(start), _NAME)


def _row_of(each: Listed) -> RepoRow:
    assert each.row is not None  # noqa: S101 (those that wait are apart)
    return each.row


def _severity(each: Listed) -> tuple[int, int, int]:
    """Return how bad a file is; the greatest is the worst."""
    row = _row_of(each)
    grave = -GRAVEST_FIRST.index(row.exit_code)
    return grave, row.errors + row.fatal, row.warnings


_KEYS: Final[dict[By, Callable[[Listed], Any]]] = {
    By.DID: lambda each: _row_of(each).did or "",
    By.REV: lambda each: _row_of(each).rev or "",
    By.RECORDS: lambda each: _row_of(each).records,
    By.SIZE: lambda each: _row_of(each).file_bytes,
    By.VERDICT: _severity,
}


def _gravest(found: FoundHere) -> tuple[int, int, str]:
    return _GRAVEST.index(found.severity), -found.files, found.code
