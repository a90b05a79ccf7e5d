"""Answers about the blocks of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import NotFound
from repoview.tui.session.detail import block_detail

if TYPE_CHECKING:
    from repoview.core.repo import Repo
    from repoview.tui.session.detail import Detail


class BlockAnswers:
    """Answers about the blocks of one repository's file.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def detail_at(self, offset: int) -> Detail:
        """Return the block whose section begins at *offset*.

        Raises:
            NotFound: No block begins there.
        """
        blocks = self._repo.blocks
        row = blocks.index.row_at(offset)
        cids = [odd.cid for odd in blocks.odd.values() if odd.offset == offset]
        if row >= 0:
            cids = [blocks.cid(row)]
        if not cids:
            raise NotFound(f"no block begins at byte {offset:,}")
        findings = [f for f in self._repo.report.findings if f.offset == offset]
        return block_detail(self._repo, "block", offset, cids[0], findings)
