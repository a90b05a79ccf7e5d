"""An older state of a repository brought up to date with what came since.

What came since are answers to `getRepo` with `since`, or the commit events of the
event stream: the blocks that are new, below a newer commit. Whatever else its tree
needs is in the older state, or in another of them. So all their blocks together are
the new repository, and much that it no longer needs.

The blocks are gathered in one file, below the newest commit; it is read and
verified as any other, and written anew in the order of the walk. What the gathered
file lacks, no file had. Each state must be of the same account and later than the
one before, and an event must follow on it.

Source: atproto sync, `getRepo`, "Firehose".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from repoview.core.errors import RepoviewError
from repoview.core.formats import syntax
from repoview.core.formats.car import encode_header
from repoview.core.repo.inside import inside
from repoview.core.salvage.car import sections_of
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

    from repoview.core.cid import Cid
    from repoview.core.formats.commit import Commit
    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo


class MergeRefused(RepoviewError):
    """A state that does not follow on the one before, or is of another account.

    Args:
        fact: Why, as a sentence.
        exit_code: What a command line ends with.
    """

    def __init__(self, fact: str, exit_code: int = 1) -> None:
        super().__init__(fact)
        self.exit_code = exit_code


@dataclass
class Gathering:
    """The blocks of several states of one repository, in a file that grows.

    Args:
        file: Empty, and not buffered; it can be read and written.
        most: Bytes that it may have.
        report: Called with progress; what it raises ends it.
    """

    file: FileIO
    most: int
    report: Callable[[Progress], None]
    states: int = 0
    """Of which there is a commit."""

    passed_over: int = 0
    """Events that have no blocks, as of an account."""

    _last: str = ""
    _commit: Commit | None = field(default=None)
    _size: int = 0

    @property
    def commit(self) -> Commit:
        """The newest commit.

        Raises:
            MergeRefused: There is none yet.
        """
        if self._commit is None:
            raise MergeRefused("there is no repository to bring up to date", 12)
        return self._commit

    def add(self, repo: Repo) -> None:
        """Add a state; the first is the older one, each other follows on the last.

        Raises:
            MergeRefused: It does not follow, or has no commit.
            SourceError: The source was changed.
            OSError: The file cannot be written.
        """
        frame = repo.frame
        if frame is not None and not frame.is_of_repo:
            self.passed_over += 1
            return
        name = _name(repo)
        commit = repo.commit
        if commit is None:
            raise MergeRefused(f"{name} has no commit that can be read", 12)
        if self._commit is not None:
            self._insist_on_next(repo, name, commit, self._commit)
        self._append(repo, commit.cid)
        self._commit, self._last = commit, name
        self.states += 1

    def _insist_on_next(self, repo: Repo, name: str, new: Commit, old: Commit) -> None:
        if new.did != old.did:
            raise MergeRefused(
                f"{name} is of the account {new.did}, and {self._last} of {old.did}: "
                "only states of one account can be merged"
            )
        revs = [each.rev or "" for each in (old, new)]
        if not all(map(syntax.is_tid, revs)):
            text = "a commit without a revision follows on nothing"
            raise MergeRefused(f"{name} or {self._last}: {text}")
        if revs[1] == revs[0]:
            raise MergeRefused(
                f"{name} is of revision {revs[1]}, and so is {self._last}: that is one "
                "state, so leave out the file that lacks more of it"
            )
        if revs[1] < revs[0]:
            raise MergeRefused(
                f"{name} is of revision {revs[1]}, which is not later than {revs[0]} "
                f"of {self._last}: leave it out, or name the files from the oldest on"
            )
        since = None if repo.frame is None else repo.frame.since
        if since is not None and since != revs[0]:
            raise MergeRefused(
                f"{name} follows on revision {since}, and {self._last} is of "
                f"{revs[0]}: what came between them is missing"
            )

    def _append(self, repo: Repo, root: Cid) -> None:
        """Add all blocks that are whole, and name the commit in the header."""
        head = encode_header([root])
        if not self._size:
            self.file.write(head)
            self._size = len(head)
        for sections, _ in sections_of(inside(repo).blocks, root, self.report):
            if self._size + len(sections) > self.most:
                raise MergeRefused(
                    f"the blocks together have over {count_text(self.most, 'byte')}: "
                    "allow more on disk (--disk-limit)"
                )
            self.file.write(sections)
            self._size += len(sections)
        # All headers of one root are as long.
        self.file.seek(0)
        self.file.write(head)
        self.file.seek(self._size)


def _name(repo: Repo) -> str:
    frame = repo.frame
    return repo.name if frame is None else f"event {frame.number:,} of {repo.name}"


def lacking_fact(repo: Repo, states: int) -> str:
    """Return what a merged repository lacks, as a sentence with the first CIDs.

    Args:
        repo: What all files together are; it is not whole.
        states: How many there were.
    """
    report = repo.report
    named, total = [], 0
    for role in ("node", "record"):
        for what in ("missing", "damaged"):
            total += getattr(report.counts, f"{what}_{role}s")
            cids = report.cids.get(f"{what}_{role}s", ())
            named += [f"the {role} {cid}" for cid in cids[:1]]
    rev = "" if report.commit is None else f" of revision {report.commit.rev}"
    if not named:
        return f"what the {states:,} files give together is {report.verdict.value}"
    more = f", and {total - 1:,} more" if total > 1 else ""
    return (
        f"{named[0]} that the repository{rev} needs is in none of the files{more}: "
        "something that came between them is missing"
    )
