"""The parts of a repository, for views and not for users of the library.

The public interface is `Repo`. A view that shows blocks, bytes, or the outline
of the tree gets them from `inside`.
"""

from __future__ import annotations

from bisect import bisect_left
from contextlib import closing
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from repoview.core.findings.policy import Profile
from repoview.core.in_turn import in_turn
from repoview.core.index.outline import TreeOutline
from repoview.core.index.path_search import PathSearch
from repoview.core.kernel import kernel
from repoview.core.opening.opening import State
from repoview.core.repo.block_reader import BlockReader
from repoview.core.repo.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.block_table.table import BlockTable
    from repoview.core.index.statistics import Shape
    from repoview.core.inventory.inventory import Inventory
    from repoview.core.inventory.part_rows import AtOnce
    from repoview.core.load.result import Progress
    from repoview.core.opening.opening import Opening
    from repoview.core.verify.report import Report
    from repoview.core.verify.signature import SignatureCheck

_AT_ONCE: Final = 4_096
"""Records listed at a time."""

_WORTH_SHARING: Final = 4_096
"""Blocks of a file from which on a second thread is worth its start."""


class Inside:
    """The parts of one repository.

    Args:
        opening: Read to its end.
    """

    def __init__(self, opening: Opening) -> None:
        opened = opening.opened
        assert opened is not None  # noqa: S101 (see above)
        self._opening = opening
        self._opened = opened
        self.from_cache = opening.state is State.FROM_CACHE
        """Whether it was opened from the cache, and not read."""
        self._block_table: BlockTable | None = None
        self.checks = opening.checks
        """What it was verified by."""
        self.room = opening.room
        """What it may take of memory and disk."""
        self.deadline = opening.deadline
        """The end of the time that the source may take; None for no such limit."""
        self.report = opened.report
        self.loaded = opened.loaded
        self.blocks = opened.loaded.blocks
        """All blocks by CID."""
        self.source = self.blocks.source
        self.index = opened.records
        """Records by number."""
        self.nodes = opened.nodes
        """Nodes by number."""
        self.paths = PathSearch(opened.records)
        commit = opened.report.commit
        self.holdings = BlockReader(
            self.blocks,
            self.index,
            None if commit is None else commit.did,
            opened.report.findings,
            opened.processed,
        )
        self.tree = Tree._make(
            self.holdings,
            opened.nodes,
            is_bare=opening.checks.profile is Profile.MST_ONLY,
        )

    @cached_property
    def outline(self) -> TreeOutline:
        """Nodes and records as one row of items."""
        return TreeOutline(self.nodes, self.index)

    @cached_property
    def inventory(self) -> Inventory:
        """What the file holds, counted and listed when it is asked for."""
        # Late: most commands start without it.
        from repoview.core.inventory.inventory import Inventory  # noqa: PLC0415 (see above)

        return Inventory._make(self._opened, self.room, self.block_table)

    @property
    def is_scattered(self) -> bool:
        """Whether the file has its blocks in another order than the records."""
        return self.report.order not in {"preorder", "nodes-first"}

    @property
    def at_once(self) -> AtOnce:
        """How many blocks to ask for at once, in walk order."""
        # Late: most commands start without it.
        from repoview.core.inventory.part_rows import (  # noqa: PLC0415 (see above)
            IN_ORDER,
            scattered,
        )

        if not self.is_scattered:
            return IN_ORDER
        # Of a limit that memory has reached, less is left.
        share = 1 if self.blocks.index.disk_used == 0 else 4
        return scattered(self.room.memory // share)

    @property
    def is_shared(self) -> bool:
        """Whether two threads may read blocks at once.

        The compiled kernel lets others run meanwhile; the Python one does not.
        """
        # Made now, if it was not, and not by two threads.
        is_large = len(self.blocks.index) >= _WORTH_SHARING
        return is_large and self._opening.threads != 1 and kernel.NAME != "python"

    @property
    def shape(self) -> Shape:
        """Sizes and histograms, counted when first asked for."""
        return self._opened.shape

    def block_table(
        self, report: Callable[[Progress], None] | None = None
    ) -> BlockTable:
        """Return all blocks in the order of the file; made when first asked for.

        Args:
            report: Called some hundred times while it is made; what it raises
                ends that.

        Raises:
            SourceError: The bytes cannot be read.
        """
        if self._block_table is None:
            from repoview.core.block_table.build import build_table  # noqa: PLC0415 (few ask for it)

            self._block_table = build_table(self.loaded, self.index, self.nodes, report)
        return self._block_table

    def listed(self, numbers: range) -> Iterator[tuple[range, list[str], list[str]]]:
        """Yield numbers, repo paths, and CIDs as text, some thousand at a time.

        Args:
            numbers: Of records, one after the other.

        Raises:
            SourceError: The source was changed.
        """
        parts = [
            range(start, min(start + _AT_ONCE, numbers.stop))
            for start in range(numbers.start, numbers.stop, _AT_ONCE)
        ]
        cid_texts = self.holdings.cid_texts
        jobs = (partial(cid_texts, some.start, some.stop) for some in parts)
        with closing(in_turn(jobs, is_shared=self.is_shared)) as batches:
            for some, texts in zip(parts, batches, strict=True):
                yield some, self.index.paths(some.start, some.stop), texts

    def absent(self, numbers: range) -> list[int]:
        """Return which of some records have a block that is not in the file.

        Args:
            numbers: Of records, one after the other.
        """
        missing, odd = self.index.missing, self.blocks.odd
        first = bisect_left(missing.numbers, numbers.start)
        last = bisect_left(missing.numbers, numbers.stop, first)
        cids = missing.within(numbers.start, numbers.stop)
        return [
            number
            for number, cid in zip(missing.numbers[first:last], cids, strict=True)
            if odd.get(cid.raw) is None
        ]

    def check_signature(self, key: str | None, document: str | None) -> SignatureCheck:
        """See `Repo.check_signature`."""
        # Late: most repositories are opened without a key.
        from repoview.core.verify.signature import judge_again  # noqa: PLC0415

        checks = replace(self.checks, key=key, document=document)
        return judge_again(self.report, self._opened.apart, self.blocks, checks)

    def take(self, report: Report) -> None:
        """Replace the report, as with one of `check_signature`."""
        self.report = report
        self.holdings.findings = report.findings

    def keep(self, report: Callable[[Progress], None] | None = None) -> None:
        """Write into the cache what was found; see `Opening.keep`."""
        self._opening.keep(report)

    def close(self) -> None:
        """Close the source; what needs its bytes fails from now on."""
        self.holdings.forget()
        self._opening.close()
