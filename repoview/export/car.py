"""Records as a CAR: the whole repository, or a slice of it.

The commit comes first, then the nodes on the way to the records and the
records themselves, in the order of the walk, every block once. A slice proves
its records: it has the path of hashes from each up to the commit.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING, Final

from repoview.core.errors import BlockMissing, NotFound
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.kernel.seam import NodeKind
from repoview.core.load.result import Progress
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.export.forecast import record_bytes
from repoview.export.formats import REPORT_EVERY, Written, note_missing
from repoview.export.style import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo


_SECTION: Final = 38
"""Bytes of a section besides its block: two of its length, 36 of the CID."""


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,  # noqa: ARG001 (bytes have none)
) -> Written:
    """Write records as a CAR; see `formats.Writer`.

    Raises:
        NotFound: There is neither a commit nor a tree.
    """
    if not isinstance(numbers, range) or numbers.step != 1:
        numbers = sorted(numbers)
    return _CarExport(repo, numbers, write, report).run()


def estimate(repo: Repo, numbers: Sequence[int]) -> int:
    """Return an estimate of the bytes that `write` writes; no block is read.

    Blocks that several keys link to are counted for each.
    """
    nodes = _nodes(repo, numbers)
    blocks = 1 + len(nodes) + len(numbers)
    node_bytes = sum(inside(repo).blocks.index.lengths(nodes))
    block_bytes = node_bytes + record_bytes(repo, numbers)
    return block_bytes + _SECTION * blocks


def preview(repo: Repo, numbers: Sequence[int], most: int) -> list[str]:
    """Return lines that describe what `write` would write.

    Raises:
        NotFound: There is neither a commit nor a tree.
    """
    lines = [f"root     {_root(repo)}"]
    if repo.commit is not None:
        lines.append(f"commit   {repo.commit.did or 'no DID'}  {repo.commit.rev or ''}")
    lines.append(f"nodes    {len(_nodes(repo, numbers)):,} on the way to the records")
    lines.append(f"records  {len(numbers):,}")
    paths = (repo.record(n).path for n in numbers[: max(0, most - len(lines))])
    return [*lines, *(f"  {path}" for path in paths)]


def _root(repo: Repo) -> Cid:
    if repo.commit is not None:
        return repo.commit.cid
    if not len(repo.tree):
        raise NotFound(f"{repo.name} has neither a commit nor a tree to write")
    return repo.tree.node(0).cid


def _nodes(repo: Repo, numbers: Sequence[int]) -> array[int]:
    """Return the rows of the nodes above records."""
    nodes = inside(repo).nodes
    spans = zip(nodes.first_records, nodes.record_ends, strict=True)
    if len(numbers) == len(repo):
        return array("I", nodes.rows)
    if isinstance(numbers, range):
        start, stop = numbers.start, numbers.stop
        wanted = [first < stop and start < end for first, end in spans]
    else:
        flags = bytearray(len(repo))
        for number in numbers:
            flags[number] = 1
        wanted = [flags.find(1, first, end) >= 0 for first, end in spans]
    # The top is always written.
    wanted[:1] = [True]
    return array("I", compress(nodes.rows, wanted))


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
        self._index = inside(repo).blocks.index
        self._rows = bytearray(len(self._index))
        """Which blocks were written, by row."""
        self._odd: set[bytes] = set()
        """The same of blocks that have no row."""

    def run(self) -> Written:
        repo = self._repo
        self._write(encode_header([_root(repo)]))
        if repo.commit is not None:
            self._block(repo.commit.cid, f"commit {repo.commit.cid}")
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
                self._written.records += self._block(record.cid, record.path)
                continue
            node = tree.node(step)
            if node.kind is NodeKind.SHARED:
                continue
            if (
                not self._block(node.cid, f"node {node.cid}")
                or node.kind is not NodeKind.NODE
            ):
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

    def _block(self, cid: Cid, name: str) -> bool:
        """Write a block unless it was; tell whether it is there."""
        row = self._index.find(cid.raw) if cid.is_blessed else -1
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
            note_missing(self._written, name)
            return False
        self._write(encode_section(cid, data))
        self._written.blocks += 1
        return True
