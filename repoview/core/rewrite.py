"""Write a repository anew: the same blocks, in the order of the walk, each once.

The file begins with the commit, which is the only root; behind it come nodes and
records as a walk of the tree comes to them, so that a reader needs to keep
nothing (atproto repository specification, "CAR File Serialization"). Blocks are
copied byte for byte, so the commit and its signature stay what they are. Blocks
that nothing links to, second copies, padding and a wrapper of version 2 stay
behind.

Only a repository whose tree is sound and complete is written: of another one,
what came out would be no repository either. Every block is hashed again as it
is copied, and `insist_on_same` compares the file that was written, once it was
verified by itself, with what it was made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import BlockMissing, RepoviewError
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.inventory.walked_rows import first_uses, walked_rows
from repoview.core.kernel import kernel
from repoview.core.load.result import Progress
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.core.verify.report import EXIT_CODES, Verdict

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from repoview.core.formats.commit import Commit
    from repoview.core.repo.repo import Repo

    Write = Callable[[bytes], object]
    Tell = Callable[[Progress], None]

_AT_ONCE: Final = limits.MiB
"""Bytes of blocks that are copied at once; one block may have more."""

_ROWS: Final = 4_096
"""Most blocks that are asked for at once."""

_WHOLE: Final = frozenset({Verdict.SOUND, Verdict.BAD_RECORDS, Verdict.BAD_CONTAINER})
"""Verdicts of a tree that is sound and complete, whatever is wrong beside it."""


class NotWhole(RepoviewError):
    """A repository whose tree is not sound and complete.

    Args:
        fact: Why, as a sentence.
        exit_code: That of its verdict.
    """

    def __init__(self, fact: str, exit_code: int) -> None:
        super().__init__(fact)
        self.exit_code = exit_code


class RewriteDiffers(RepoviewError):
    """What was written is not the repository that was read: the disk is at fault."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was written."""

    blocks: int
    """The commit, nodes and records, each once."""

    bytes: int
    """Of the file."""


def insist_on_whole(repo: Repo) -> Commit:
    """Return the commit of a repository that can be written anew.

    Raises:
        NotWhole: Its tree is not sound and complete, or it has no commit.
    """
    report = repo.report
    if report.commit is None:
        fact = f"{repo.name} has no commit, and so cannot be written anew"
        raise NotWhole(fact, report.exit_code or EXIT_CODES[Verdict.UNREADABLE])
    counts = report.counts
    # A profile may pass over missing records; nobody can write them.
    lacks = counts.missing_nodes + counts.missing_records
    if report.verdict not in _WHOLE or not report.complete or lacks:
        fact = f"{repo.name} is not sound and complete, and so cannot be written anew"
        raise NotWhole(fact, report.exit_code or EXIT_CODES[Verdict.INCOMPLETE])
    return report.commit


def rewrite(repo: Repo, write: Write, report: Tell = lambda _: None) -> Rewritten:
    """Write a repository in the order of the walk, each block once.

    About a MiB is held in memory, and where blocks are used several times, a
    byte for each block of the source.

    Args:
        repo: Sound and complete, with a commit.
        write: Takes the next bytes, about a MiB.
        report: Told of every batch; what it raises ends the writing.

    Raises:
        NotWhole: It is not; nothing was written.
        BlockMissing: A block does not hash any more: the source was changed.
        SourceError: The source was changed, or cannot be read.
    """
    commit = insist_on_whole(repo)
    return _Rewrite(repo, commit, write, report).run()


class _Rewrite:
    """One repository being written."""

    def __init__(self, repo: Repo, commit: Commit, write: Write, report: Tell) -> None:
        parts = inside(repo)
        self._repo = repo
        self._commit = commit
        self._blocks = parts.blocks
        self._records = parts.index
        self._nodes = parts.nodes
        self._write = write
        self._report = report
        self._done = self._size = 0
        self._odd = (cid for _, cid in parts.index.missing.items())
        """The CIDs of records without a row, in the order of the walk."""
        self._odd_written = bytearray(len(parts.blocks.odd) // 8 + 1)
        """A bit for each odd block: whether it was written."""

    def run(self) -> Rewritten:
        self._put(encode_header([self._commit.cid]))
        row = self._blocks.find(self._commit.cid.raw)
        walked = walked_rows(self._blocks, self._records, self._nodes, row, odd=True)
        total = 1 + len(self._nodes) + len(self._records)
        for rows in first_uses(walked, self._blocks.index):
            for some in _between_odd(rows):
                if some is None:
                    self._copy_odd()
                else:
                    self._copy(some, total)
        return Rewritten(self._done, self._size)

    def _put(self, data: bytes) -> None:
        self._write(data)
        self._size += len(data)

    def _copy(self, rows: array[int], total: int) -> None:
        """Copy blocks, by as many as make about a MiB."""
        start = 0
        while start < len(rows):
            some = rows[start : start + _ROWS]
            sections, count = kernel.sections_of(self._blocks, some, _AT_ONCE)
            if not count:
                raise self._lost(some[0])
            self._put(sections)
            start += count
            self._done += count
            self._report(Progress("rewrite", self._done, total, self._done))

    def _lost(self, row: int) -> RepoviewError:
        """Return the error of a block that was there, and is not any more."""
        cid = self._blocks.cid(row)
        try:
            self._repo.block(cid)
        except RepoviewError as error:
            return error
        return BlockMissing(f"the block {cid} could not be read")

    def _copy_odd(self) -> None:
        """Copy the block of the next record without a row, unless it was."""
        cid = next(self._odd)
        number = self._blocks.odd.index_of(cid.raw)
        place, bit = number >> 3, 1 << (number & 7)
        if self._odd_written[place] & bit:
            return
        self._odd_written[place] |= bit
        self._put(encode_section(cid, self._repo.block(cid).data))
        self._done += 1


def _between_odd(rows: array[int]) -> Iterator[array[int] | None]:
    """Yield the rows between records without a row, and None for each of these."""
    while NO_ROW in rows:
        at = rows.index(NO_ROW)
        yield rows[:at]
        yield None
        rows = rows[at + 1 :]
    yield rows


def insist_on_same(repo: Repo, written: Repo) -> None:
    """Compare a repository with what was written of it, and was verified since.

    Args:
        repo: What was written.
        written: The new file.

    Raises:
        RewriteDiffers: It is not the same repository, in the order of the walk.
    """
    before, after = repo.report, written.report
    counts = after.counts
    expected = {
        "commit": None if before.commit is None else before.commit.cid,
        "complete": True,
        "order": "preorder",
        "nodes": before.counts.nodes,
        "records": before.counts.records,
        "duplicate blocks": 0,
        "unlinked blocks": 0,
    }
    found = {
        "commit": None if after.commit is None else after.commit.cid,
        "complete": after.complete,
        "order": after.order,
        "nodes": counts.nodes,
        "records": counts.records,
        "duplicate blocks": counts.duplicate_blocks,
        "unlinked blocks": counts.unlinked_blocks,
    }
    for name, wanted in expected.items():
        if found[name] != wanted:
            raise RewriteDiffers(
                f"what was written has {name} {found[name]} in place of {wanted}: it "
                "was not kept as it was written, and is removed"
            )
