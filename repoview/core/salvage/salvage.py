"""The door: open whatever is left of a source, tell what that is, and write it."""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Self

from repoview.core.cid import CID_BYTES, Cid
from repoview.core.closing import Closing
from repoview.core.errors import NotFound
from repoview.core.inventory.unlinked import look_of
from repoview.core.load.result import Progress
from repoview.core.marks import NO_ROW
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish
from repoview.core.salvage.car import write_car
from repoview.core.salvage.counting import count, lost_keys, reached
from repoview.core.salvage.detached import DetachedNodes
from repoview.core.salvage.rebuild import RebuiltTree
from repoview.core.salvage.report import LooseKind, LooseRecord
from repoview.core.salvage.rows import AT_ONCE, blocks_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.opening.options import OpenOptions
    from repoview.core.repo.repo import Repo
    from repoview.core.salvage.car import WrittenCar
    from repoview.core.salvage.report import SalvageReport
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.opener import Target


def _silent(_: Progress) -> None:
    """Report to nobody."""


def salvage(
    target: Target,
    options: OpenOptions,
    report: Callable[[Progress], None] = _silent,
    cancel: Cancel | None = None,
    *,
    name: str | None = None,
) -> Salvage:
    """Find all blocks of *target* that are left whole, and what they are.

    Args:
        target: What can be opened. It is only read.
        options: What it may take, and which event of several is opened. The cache
            is not used, and no function is run.
        report: Told of progress; what it raises ends it.
        cancel: Ends it, also while it waits for bytes.
        name: What to call it in messages.

    Raises:
        LimitExceeded: There is more to sort than memory and disk may take.
        SourceError: The bytes cannot be read.
        Cancelled: It was cancelled.
    """
    wanted = replace(options, resync=True, cache=None, process=None, on_limit="leave")
    repo = finish(begin(target, wanted, cancel, name=name), report)

    def told(progress: Progress) -> None:
        report(progress)
        if cancel is not None:
            cancel.check()

    try:
        return Salvage._make(repo, wanted, told)
    except BaseException:
        repo.close()
        raise


class Salvage(Closing):
    """What is left of one source; close it, or use it with ``with``.

    Everything is written block by block, in bounded memory. Made by `salvage`.
    """

    if TYPE_CHECKING:
        report: SalvageReport
        """What can be saved, and what is lost: values only."""
        _repo: Repo
        _options: OpenOptions
        _detached: DetachedNodes

    def __init__(self) -> None:
        raise TypeError("repoview.salvage() makes a Salvage")

    @classmethod
    def _make(
        cls, repo: Repo, options: OpenOptions, report: Callable[[Progress], None]
    ) -> Self:
        self = cls.__new__(cls)
        self._repo, self._options = repo, options
        self._detached = DetachedNodes(
            inside(repo).blocks, lambda: lost_keys(repo), options.room, report
        )
        try:
            self.report = count(repo, self._detached)
        except BaseException:
            self._detached.close()
            raise
        return self

    def write_car(
        self,
        write: Callable[[bytes], object],
        report: Callable[[Progress], None] = _silent,
        *,
        rebuild_tree: bool = False,
    ) -> WrittenCar:
        """Write every whole block as a CAR, linked or not, each once.

        The root is the commit, or else a node that nothing links to, or there is
        none.

        Args:
            write: Takes the next bytes; the method of a file.
            report: Told of progress; what it raises ends it.
            rebuild_tree: Whether to make a new tree of all records whose keys are
                known. Its commit has no signature.

        Raises:
            NotFound: No key is known to make a tree of.
            LimitExceeded: There are more keys than memory and disk may take.
            SourceError: The source cannot be read, or was changed.
        """
        parts = inside(self._repo)
        blocks = parts.blocks
        if not rebuild_tree:
            return write_car(blocks, self.report.root, write, report)
        if not self.report.reachable + self.report.detached:
            raise NotFound(f"no key of {self._repo.name} is known: no tree can be made")
        known = (each for each in self._detached.known_keys() if each.is_found)
        of_loose = ((each.key, each.row) for each in known)
        every = chain(reached(parts.index, blocks), of_loose)
        # Zeros end the keys where they are sorted.
        entries = (each for each in every if 0 not in each[0])
        commit, room = self._repo.commit, self._options.room
        with RebuiltTree(blocks, entries, commit, room, report) as tree:
            new = tree.new_blocks()
            written = write_car(blocks, tree.root, write, report, new)
            return written._replace(keys=tree.keys)

    def loose_records(
        self, report: Callable[[Progress], None] = _silent
    ) -> Iterator[LooseRecord]:
        """Yield the records that the tree does not reach.

        Those whose keys are known come first, in key order.

        Args:
            report: Told of progress; what it raises ends it.

        Raises:
            SourceError: The source cannot be read, or was changed.
        """
        total = self.report.detached + self.report.older + self.report.keyless
        keyed = (each for each in self._detached.known_keys() if each.row != NO_ROW)
        known = ((each.row, each.kind, each.key) for each in keyed)
        other = ((row, LooseKind.KEYLESS, None) for row in self._detached.keyless())
        done, blocks = 0, inside(self._repo).blocks
        loose = chain(known, other)
        while some := list(islice(loose, AT_ONCE)):
            report(Progress("export", done, total, done))
            read = blocks_in(blocks, array("I", [row for row, _, _ in some]))
            for (row, block), (_, kind, key) in zip(read, some, strict=True):
                data = block[CID_BYTES:]
                cid, name = Cid(block[:CID_BYTES]), look_of(data)[1]
                yield LooseRecord(kind, key, cid, name, data, blocks.offset(row))
            done += len(some)

    def close(self) -> None:
        """Close the source, and free what was kept of it."""
        self._detached.close()
        self._repo.close()
