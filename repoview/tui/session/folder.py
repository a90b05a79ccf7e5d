"""A folder of repositories: each judged in a thread, and listed in some order.

What was judged stays known while a repository of it is explored. A folder that
`repoview fleet` wrote is a data set: its rows are read in place of files.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.errors import RepoviewError
from repoview.core.verify.report import GRAVEST_FIRST
from repoview.fleet.layout import is_data_set
from repoview.fleet.one import verify_one
from repoview.fleet.summaries import summary
from repoview.fleet.verdict import path_told
from repoview.listing import listed
from repoview.present import safe
from repoview.tui.session.folder_files import NAME, FolderFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repoview.core.opening.options import OpenOptions
    from repoview.fleet.verdict import RepoRow
    from repoview.tui.session.folder_files import Listed

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
        self.name = safe(place, NAME)
        self.look = Look()
        """How it is shown; kept while one is explored."""
        self.files = FolderFiles(place)
        """What was listed and read so far."""
        self._options = options
        self._turn = Lock()
        self._run: _Run | None = None

    def begin(self) -> None:
        """Start to read, or go on: what was read is kept."""
        self.stop()
        if not self.files.is_done:
            self._run = _Run(self.place, self._options, self.files, self._turn)

    def stop(self) -> None:
        """Start no other file, and wait a moment for the one that is read."""
        if self._run is not None:
            self._run.stop()

    def again(self) -> None:
        """Forget what was read, and list anew."""
        self.stop()
        self.files = FolderFiles(self.place)
        self.begin()

    def wait(self) -> None:
        """Wait until all is read; no longer than until it is stopped."""
        if self._run is not None:
            self._run.wait()

    def lines(self) -> list[Listed]:
        """Return the files to show, in order; those that wait come last."""
        by, is_down, words = self.look
        files: Iterable[Listed] = self.files.all()
        if wanted := words.lower().split():
            files = (each for each in files if each.matches(wanted))
        is_by_file = by is By.FILE
        by_name = sorted(
            files, key=lambda each: each.name, reverse=is_down and is_by_file
        )
        return by_name if is_by_file else _ordered(by_name, by, is_down=is_down)


class _Run:
    """One reading of a folder, in a thread: to its end, or until it is stopped.

    Args:
        place: The folder.
        options: How each file is opened and checked.
        files: What it adds to; of those that were read nothing is read again.
        turn: Held while it reads. A run before this one may have been stopped in the
            middle of a large file: this one waits until it has left that.
    """

    def __init__(
        self, place: str, options: OpenOptions, files: FolderFiles, turn: Lock
    ) -> None:
        self._place = place
        self._options = options
        self._files = files
        self._turn = turn
        self._is_stopped = False
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it start no other file."""
        self._is_stopped = True
        self._thread.join(_WAITED)

    def wait(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    # In the thread

    def _read(self) -> None:
        with self._turn:
            try:
                if is_data_set(self._place):
                    self._read_rows()
                else:
                    self._judge_files()
            except RepoviewError as error:
                self._files.error = safe(str(error), 400)
            self._files.is_done = not self._is_stopped

    def _read_rows(self) -> None:
        for row in summary(self._place).rows():
            if self._is_stopped:
                return
            self._files.keep(replace(row, source=path_told(row.source)))

    def _judge_files(self) -> None:
        for each in listed([self._place]):
            if self._is_stopped:
                return
            if isinstance(each, str):
                self._files.add(each)
            else:
                self._files.error = safe(each.why, 400)
        for file in self._files.all():
            if self._is_stopped:
                return
            if file.row is None:
                self._files.keep(self._verified(file.source))

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


def _ordered(files: list[Listed], by: By, *, is_down: bool) -> list[Listed]:
    """Return files by a column that only those have which were read."""
    key = _KEYS[by]
    read = [(row, each) for each in files if (row := each.row) is not None]
    read.sort(key=lambda each: key(each[0]), reverse=is_down)
    waiting = [each for each in files if each.row is None]
    return [*(each for _, each in read), *waiting]


def _severity(row: RepoRow) -> tuple[int, int, int]:
    """Return how bad a file is; the greatest is the worst."""
    gravity = _GRAVITY.get(row.exit_code, _LEAST)
    return gravity, row.errors + row.fatal, row.warnings


_LEAST: Final = -len(GRAVEST_FIRST)
"""The gravity of an exit code of a later version."""

_GRAVITY: Final = {code: -place for place, code in enumerate(GRAVEST_FIRST)}

_KEYS: Final[dict[By, Callable[[RepoRow], Any]]] = {
    By.DID: lambda row: row.did or "",
    By.REV: lambda row: row.rev or "",
    By.RECORDS: lambda row: row.records,
    By.SIZE: lambda row: row.file_bytes,
    By.VERDICT: _severity,
}
