"""Records as a CAR: the whole repository, or a slice of it.

The commit comes first, then the nodes on the way to the records and the
records themselves, in the order of the walk, every block once. What was
selected can be proven from the slice alone: each hash leads up to the commit.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from repoview.core.block_index import NO_ROW
from repoview.core.car import encode_header, encode_section
from repoview.core.errors import BlockMissing, NotFound
from repoview.core.loaded import Progress
from repoview.core.seam import NodeKind
from repoview.export.formats import REPORT_EVERY, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.cid import Cid
    from repoview.core.repo import Repo


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
) -> Written:
    """Write records as a CAR; see `formats.Writer`.

    Raises:
        NotFound: There is neither a commit nor a tree.
    """
    return _CarExport(repo, numbers, write, report).run()


class _CarExport:
    """One CAR being written."""

    def __init__(
        self,
        repo: Repo,
        numbers: Sequence[int],
        write: Callable[[bytes], object],
        report: Callable[[Progress], None],
    ) -> None:
        self._repo = repo
        self._numbers = numbers
        self._everything = len(numbers) == len(repo)
        self._write = write
        self._report = report
        self._written = Written()
        self._rows = bytearray(len(repo.blocks.index))
        """Which blocks were written, by row."""
        self._odd: set[bytes] = set()
        """The same of blocks that have no row."""

    def run(self) -> Written:
        repo = self._repo
        if repo.commit is None and not len(repo.tree):
            raise NotFound(f"{repo.name} has neither a commit nor a tree to write")
        root = repo.tree.node(0).cid if repo.commit is None else repo.commit.cid
        self._write(encode_header([root]))
        if repo.commit is not None:
            self._block(repo.commit.cid)
        if len(repo.tree):
            self._walk()
        return self._written

    def _walk(self) -> None:
        tree = self._repo.tree
        steps: list[int | tuple[int]] = [0]
        seen = 0
        while steps:
            step = steps.pop()
            if isinstance(step, tuple):
                if seen % REPORT_EVERY == 0:
                    total = len(self._numbers)
                    self._report(Progress("export", seen, total, self._written.blocks))
                seen += 1
                record = self._repo.record(step[0])
                self._written.records += self._block(record.cid)
                continue
            node = tree.node(step)
            if node.kind is NodeKind.SHARED:
                continue
            if not self._block(node.cid) or node.kind is not NodeKind.NODE:
                continue
            below = [
                item if isinstance(item, int) else (item.number,)
                for item in tree.children(step)
            ]
            steps.extend(item for item in reversed(below) if self._is_wanted(item))

    def _is_wanted(self, step: int | tuple[int]) -> bool:
        """Tell whether a selected record is at or below a step."""
        if self._everything:
            return True
        if isinstance(step, tuple):
            start, stop = step[0], step[0] + 1
        else:
            node = self._repo.tree.node(step)
            start, stop = node.first_record, node.first_record + node.record_count
        at = bisect_left(self._numbers, start)
        return at < len(self._numbers) and self._numbers[at] < stop

    def _block(self, cid: Cid) -> bool:
        """Write a block unless it was; tell whether it is there."""
        row = self._repo.blocks.index.find(cid.raw) if cid.is_blessed else -1
        if row not in {-1, NO_ROW}:
            if self._rows[row]:
                return True
            self._rows[row] = 1
        elif cid.raw in self._odd:
            return True
        else:
            self._odd.add(cid.raw)
        try:
            data = self._repo.block(cid).data
        except BlockMissing:
            self._written.missing += 1
            return False
        self._write(encode_section(cid, data))
        self._written.blocks += 1
        return True
