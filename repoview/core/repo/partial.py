"""A repository while it is being opened: what is known of it so far.

Records come in key order as the walk meets them; where the file is in the order
of the walk, that begins with its first MiB. All of it is for the thread that
takes the steps, in between two of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from repoview.core.index.path_search import PathSearch
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.repo.block_reader import BlockReader
from repoview.core.repo.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.formats.commit import Commit
    from repoview.core.load.result import Progress
    from repoview.core.opening.opening import Opening
    from repoview.core.repo.cached import Cached


class Partial(Records):
    """A repository on its way; take steps until `is_read`, or close it.

    What takes more memory than it may is left unread (LIM001).
    """

    def __init__(self, opening: Opening, cached: Cached | None = None) -> None:
        self._set_up(opening.source, opening.records, PathSearch(opening.records))
        self.opening = opening
        self.cached = cached
        """Where it will be kept."""

    @property
    def is_read(self) -> bool:
        """Whether all steps were taken."""
        return self.opening.opened is not None

    def advance(self, report: Callable[[Progress], None] | None = None) -> None:
        """Take one step; raises as `Repo.load` does."""
        try:
            self.opening.advance(report)
        except MemoryLimitReached as error:
            self.opening.leave_rest(error)

    @property
    def bytes_come(self) -> int:
        """Bytes of a stream that have come; any thread may ask."""
        return 0 if self._source.ended else self._source.size

    @property
    def commit(self) -> Commit | None:
        """The commit, as soon as it is known."""
        return self.opening.commit

    @property
    def findings_counted(self) -> dict[str, int]:
        """The number of findings so far, by severity."""
        return self.opening.findings.totals()

    @cached_property
    def _holdings(self) -> BlockReader:
        # Asked for records only, before which the commit is known.
        did = None if self.commit is None else self.commit.did
        return BlockReader(self.opening.blocks, self._index, did, [])

    def close(self) -> None:
        """Let go of everything."""
        if self.cached is not None:
            self.cached.close()
        self.opening.close()
