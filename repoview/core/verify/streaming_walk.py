"""Walk the tree while its file is still being read.

Most files have their blocks in walk order. Then each node is walked while its
bytes are still in memory, and the walk ends shortly after the file. In any
other order it stops at the first block that is not there yet, and resumes when
the file is read.

Only what is plainly sound is walked here, so that findings do not depend on how
far it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.formats.commit import read_commit
from repoview.core.marks import COMMIT, State
from repoview.core.verify.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Findings
    from repoview.core.formats.car_header import Header
    from repoview.core.formats.commit import Commit
    from repoview.core.kernel.seam import Batch


class StreamingWalk:
    """A walk that follows the loading of one source.

    Args:
        findings: Collects what is wrong.
        on_batch: Called with every batch of the walk, in order.
        eager: Whether to pass on small batches too, for a low latency.
    """

    def __init__(
        self,
        findings: Findings,
        on_batch: Callable[[Batch], None],
        *,
        eager: bool = False,
    ) -> None:
        self.walk: Walk | None = None
        """The walk, once it has begun; `Verifier` finishes it."""
        self._findings = findings
        self._on_batch = on_batch
        self._eager = eager
        self.commit: Commit | None = None
        """The commit, once its block was read."""
        self._ended = False

    def follow(self, blocks: Blocks, header: Header) -> None:
        """Walk as far as the blocks read so far allow."""
        if self._ended:
            return
        walk = self.walk or self._begin(blocks, header)
        if walk is None:
            return
        for batch in walk.ahead(eager=self._eager):
            self._on_batch(batch)

    def _begin(self, blocks: Blocks, header: Header) -> Walk | None:
        root = header.roots[0] if header.roots else None
        if root is None or not root.is_plain:
            self._ended = True
            return None
        if self.commit is None:
            row = self._sound_row(blocks, root)
            if row < 0:
                return None
            offset = blocks.index.offset(row)
            self.commit, _ = read_commit(blocks.read(row), root, offset)
        commit = self.commit
        if commit is None or commit.data is None or not commit.data.is_plain:
            self._ended = True
            return None
        self.walk = walk = Walk(blocks, self._findings)
        walk.state.meet(blocks.index, blocks.find(root.raw), COMMIT)
        walk.begin(commit.data, commit.offset)
        return walk

    @staticmethod
    def _sound_row(blocks: Blocks, cid: Cid) -> int:
        """Return the row of a sound block, or -1."""
        row = blocks.find(cid.raw)
        return row if row >= 0 and blocks.state(row) is State.SOUND else -1
