"""A repository while it is being read: what is known of it so far.

Records arrive in key order as the walk reaches them; in a file in walk order,
from its first MiB on. Only the thread that takes the steps may use it, between
two of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from repoview.core.index.path_search import PathSearch
from repoview.core.repo.block_reader import BlockReader
from repoview.core.repo.records import Records

if TYPE_CHECKING:
    from repoview.core.formats.commit import Commit
    from repoview.core.opening.opening import Opening


class Partial(Records):
    """A repository that is being read.

    Args:
        opening: The caller takes its steps.
    """

    def __init__(self, opening: Opening) -> None:
        records = opening.known.records
        self._set_up(opening.source, records, PathSearch(records))
        self._opening = opening

    @property
    def bytes_come(self) -> int:
        """Bytes of a stream that have come; any thread may ask."""
        return 0 if self._source.ended else self._source.size

    @property
    def commit(self) -> Commit | None:
        """The commit, as soon as it is known."""
        return self._opening.known.commit

    @cached_property
    def _holdings(self) -> BlockReader:
        # Asked for records only, before which the commit is known.
        did = None if self.commit is None else self.commit.did
        return BlockReader(self._opening.known.blocks, self._index, did, [])

    def close(self) -> None:
        """Let go of everything."""
        if "_holdings" in self.__dict__:
            self._holdings.forget()
        self._opening.close()
