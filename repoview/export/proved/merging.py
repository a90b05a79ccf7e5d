"""Write a repository that was brought up to date, and prove what was written.

The blocks of all files are gathered in an unlinked temporary file, which is opened,
verified, and written anew as `rewriting` does; so memory stays within its limit,
and nothing is kept that was not verified to the last block.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, Unpack

from repoview.core.errors import RepoviewError, reason_of
from repoview.core.merge import Gathering, MergeRefused, lacking_fact
from repoview.core.opening.options import OpenOptions, takes_keywords
from repoview.core.repo.begin import begin
from repoview.core.repo.frames import following
from repoview.core.repo.repo import finish
from repoview.core.rewrite import NotWhole
from repoview.export.destination import refuse
from repoview.export.proved.rewriting import rewrite_file
from repoview.export.records import hinting_at_library
from repoview.export.writing import refuse_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from io import FileIO

    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenKeywords
    from repoview.core.repo.repo import Repo
    from repoview.core.source.opener import Target
    from repoview.core.verify.report import Report


__all__ = ["MergeRefused", "Merged", "NotComplete", "merge"]


class NamedTarget(NamedTuple):
    """What can be opened, and what to call it."""

    target: Target
    name: str


class Merged(NamedTuple):
    """What was written."""

    blocks: int
    """The commit, nodes and records, each once."""

    bytes: int
    """Of the file."""

    records: int
    states: int
    """Files and events whose blocks are in it, the older repository included."""

    passed_over: int
    """Events that have no blocks."""

    report: Report
    """Of its verification."""


class NotComplete(NotWhole):
    """All files together are no whole repository: the sentence names what is lost."""


@takes_keywords
def merge(
    snapshot: Target,
    since: Iterable[Target],
    destination: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    report: Callable[[Progress], None] | None = None,
    **options: Unpack[OpenKeywords],
) -> Merged:
    """Bring an older export of a repository up to date, and write it as a CAR.

    The file is in the order of the walk, each block once, and is read again and
    verified before it gets its name.

    Args:
        snapshot: The older state: a path, or whatever else can be opened.
        since: What came since, from the oldest on: answers of `getRepo` with
            `since`, newer exports, or saved commit events, also many in one file.
        destination: The path of the file.
        overwrite: Whether a file that is there already is replaced.
        report: Called with progress; what it raises ends it, and leaves nothing.
        options: As for `repoview.open`. The disk takes the blocks of all files.

    Raises:
        MergeRefused: One is of another account, is no later, or does not follow on
            the one before; or they need more disk than they may take.
        NotComplete: A block is in none of them; the sentence names it.
        DestinationTaken: There is a file, and it is not to be replaced.
        DestinationError: The path is that of a source, or cannot be written.
        SourceError: One of them cannot be read.
    """
    wanted = OpenOptions.of(on_limit="leave", **options)
    targets = [NamedTarget(each, _name_of(each)) for each in (snapshot, *since)]
    note = report or (lambda _: None)
    with hinting_at_library():
        return merge_file(targets, Path(destination), wanted, note, force=overwrite)


def _name_of(target: Target) -> str:
    if isinstance(target, (str, os.PathLike)):
        return os.fspath(target)
    name = getattr(target, "name", None)
    return name if isinstance(name, str) else "bytes"


def merge_file(
    targets: Sequence[NamedTarget],
    path: Path,
    options: OpenOptions,
    report: Callable[[Progress], None],
    *,
    force: bool,
) -> Merged:
    """Do what `merge` does; raises as it does.

    Args:
        targets: The older state, and what came since.
        path: The file.
        options: How each is opened, and what is written.
        report: Called with progress.
        force: Whether a file that is there may be replaced.
    """
    for each in targets:
        refuse_source(each.name, path)
    refuse(path, force=force)
    with _Gathered(targets, path.parent, options, report) as gathered:
        repo = gathered.repo
        try:
            written = rewrite_file(repo, path, options, report, force=force)
        except NotWhole as error:
            fact = lacking_fact(repo, len(targets))
            raise NotComplete(fact, error.exit_code) from None
        counts, made = repo.report.counts, gathered.gathering
        return Merged(
            written.blocks,
            written.bytes,
            counts.records,
            made.states,
            made.passed_over,
            repo.report,
        )


@dataclass
class _Gathered:
    """All files as one repository, from a temporary file; close it by ``with``."""

    targets: Sequence[NamedTarget]
    beside: Path
    """Where the blocks are gathered if there is no folder for temporary files."""

    options: OpenOptions
    report: Callable[[Progress], None]

    def __enter__(self) -> Self:
        room = self.options.room
        folder = str(self.beside) if room.folder is None else room.folder()
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103 (as given)
            # It is unlinked before it is written.
            self._file: FileIO = tempfile.TemporaryFile(buffering=0, dir=folder)
        except OSError as error:
            raise _unwritten(folder, error) from error
        try:
            self._open(folder, room.disk)
        except BaseException:
            self._file.close()
            raise
        return self

    def _open(self, folder: str, most: int) -> None:
        self.gathering = Gathering(self._file, most, self.report)
        try:
            for number, each in enumerate(self.targets):
                for repo in _states(each, self.options, self.report):
                    self.gathering.add(repo)
                if not number:
                    # Insists that the older state has a commit.
                    _ = self.gathering.commit
        except OSError as error:
            raise _unwritten(folder, error) from error
        self._file.seek(0)
        name = " and ".join(each.name for each in self.targets)
        options = self.options
        self.repo = finish(begin(self._file, options, name=name), self.report)

    def __exit__(self, *_: object) -> None:
        self.repo.close()
        self._file.close()


def _unwritten(folder: str, error: OSError) -> RepoviewError:
    return MergeRefused(f"cannot gather the blocks in {folder}: {reason_of(error)}")


def _states(
    each: NamedTarget, options: OpenOptions, report: Callable[[Progress], None]
) -> Iterator[Repo]:
    """Yield what a file holds: a repository, or of events one after the other."""
    opened = partial(finish, begin(each.target, options, name=each.name), report)
    with opened() as repo:
        yield repo
        if repo.frame is not None and repo.frame.has_next:
            yield from following(repo, options)
