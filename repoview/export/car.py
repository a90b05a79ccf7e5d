"""Records as a CAR: the whole repository, or a slice of it.

The commit comes first, then the nodes on the way to the records and the
records themselves, in the order of the walk, every block once. A slice proves
its records: it has the path of hashes from each up to the commit.
"""

from __future__ import annotations

from array import array
from contextlib import closing
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import BlockMissing, NotFound
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.in_turn import begun, in_turn
from repoview.core.inventory.part_rows import (
    AtOnce,
    Copied,
    PartRows,
    Selection,
    copied,
    part_rows,
    records_in,
)
from repoview.core.inventory.walked_rows import IS_THERE, IS_USED_AGAIN
from repoview.core.kernel.seam import NodeKind
from repoview.core.load.result import Progress
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.export.forecast import record_bytes
from repoview.export.formats import Written, note_missing
from repoview.export.style import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo


_SECTION: Final = 38
"""Bytes of a section besides its block: two of its length, 36 of the CID."""

_MET: Final = 1
_LOST: Final = 2
"""What became of a block: it is written, or about to be; it is not there."""


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
    if len(numbers) == len(repo):
        return array("I", nodes.rows)
    if not isinstance(numbers, range) or numbers.step != 1:
        numbers = sorted(numbers)
    rows = array("I")
    for run in Selection(nodes, numbers).runs():
        some = slice(run.start, run.stop)
        spans = zip(nodes.first_records[some], nodes.record_ends[some], strict=True)
        wanted = [end > first for first, end in spans]
        # The top is always written.
        wanted[:1] = [True]
        rows.extend(compress(nodes.rows[some], wanted))
    return rows


class _Begun(NamedTuple):
    """A batch that is being written."""

    rows: PartRows
    """Without the blocks that were written before."""

    again: list[int]
    """The rows of records that were."""

    found: Iterator[Copied]
    """The sections of the blocks."""


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
        self._write = write
        self._report = report
        self._written = Written()
        self._blocks = inside(repo).blocks
        self._index = self._blocks.index
        kinds = bytes(inside(repo).nodes.kinds[:])
        # The walk does not mark the nodes that lie too deep.
        is_marked = NodeKind.TOO_DEEP not in kinds
        self._is_again = IS_USED_AGAIN if is_marked else IS_THERE
        self._rows = bytearray(len(self._index))
        """By row, what became of blocks that are used several times."""
        self._odd: dict[bytes, int] = {}
        """The same of all blocks without a row, by CID."""

    def run(self) -> Written:
        repo, numbers = self._repo, self._numbers
        self._write(encode_header([_root(repo)]))
        if repo.commit is not None:
            self._block(repo.commit.cid, f"commit {repo.commit.cid}", NO_ROW)
        parts = inside(repo)
        is_all = len(numbers) == len(repo)
        selection = Selection(parts.nodes, numbers)
        runs = [range(len(parts.nodes))] if is_all else selection.runs()
        at_once = parts.at_once
        batches = part_rows(
            parts.index,
            parts.nodes,
            selection,
            runs,
            empty=is_all,
            at_once=at_once.blocks,
        )
        jobs = (self._job(batch, at_once) for batch in batches)
        with closing(in_turn(jobs, is_shared=parts.is_shared)) as begun_batches:
            for batch in begun_batches:
                self._batch(*batch)
        return self._written

    def _job(self, batch: PartRows, at_once: AtOnce) -> Callable[[], _Begun]:
        """Return what reads a batch, but for the blocks that were read before."""
        batch, again = self._first_uses(batch)
        found = copied(self._blocks, batch.rows, at_once)
        return lambda: _Begun(batch, again, begun(found))

    def _batch(
        self, batch: PartRows, again: list[int], found: Iterator[Copied]
    ) -> None:
        """Write the blocks of a batch; for the arguments see `_Begun`."""
        written = self._written
        total = len(self._numbers)
        for sections, start, stop in found:
            self._report(Progress("export", written.records, total, written.blocks))
            if sections:
                self._write(sections)
                written.blocks += stop - start
                written.records += records_in(batch.numbers[start:stop])
            else:
                self._single(batch.rows[start], batch.numbers[start])
        written.records += sum(self._rows[row] != _LOST for row in again)

    def _first_uses(self, batch: PartRows) -> tuple[PartRows, list[int]]:
        """Return the blocks that were not written before; and rows of records.

        The rows are those of the other records.
        """
        flags = self._index.marks_of(batch.rows).translate(self._is_again)
        if 1 not in flags:
            return batch, []
        kept, again = PartRows(array("I"), array("q")), list[int]()
        for row, number, is_again in zip(*batch, flags, strict=True):
            if is_again and self._rows[row]:
                if number >= 0:
                    again.append(row)
                continue
            if is_again:
                self._rows[row] = _MET
            kept.rows.append(row)
            kept.numbers.append(number)
        return kept, again

    def _single(self, row: int, number: int) -> None:
        """Write a block that the kernel did not, if it is there."""
        if number < 0:
            cid = self._repo.tree.node(~number).cid
            self._block(cid, f"node {cid}", row)
        else:
            record = self._repo.record(number)
            self._written.records += self._block(record.cid, record.path, row)

    def _block(self, cid: Cid, name: str, known: int) -> bool:
        """Write a block, unless it was; tell whether it is there.

        Args:
            cid: Its own.
            name: What it is called if it is missing.
            known: Its row, if it was not written before; else `NO_ROW`.
        """
        row = self._blocks.find(cid.raw) if cid.is_blessed else -1
        state = self._odd.get(cid.raw, 0) if row < 0 else self._rows[row]
        if state == _LOST or (state and known == NO_ROW):
            return state != _LOST
        data = self._read(cid, name)
        state = _LOST if data is None else _MET
        if row < 0:
            self._odd[cid.raw] = state
        else:
            self._rows[row] = state
        if data is None:
            return False
        self._write(encode_section(cid, data))
        self._written.blocks += 1
        return True

    def _read(self, cid: Cid, name: str) -> bytes | None:
        try:
            return self._repo.block(cid).data
        except BlockMissing:
            note_missing(self._written, name)
            return None
