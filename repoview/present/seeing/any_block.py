"""The page about whatever a CID names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.present.seeing.blocks import file_page
from repoview.present.seeing.nodes import node_page
from repoview.present.seeing.records import record_page

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo
    from repoview.present.seeing.page import Page


def cid_page(repo: Repo, cid: Cid) -> Page:
    """Return the page about a record or node by its CID, or about another block.

    Args:
        repo: The repository.
        cid: Of a block, or of one that is missing.

    Raises:
        BlockMissing: There is no such block, and no link to it.
        SourceError: The source was changed.
    """
    location = repo.locate_cid(cid)
    if location is not None and location.what == "record":
        return record_page(repo, location.number)
    if location is not None and location.what == "node":
        return node_page(repo, location.number)
    return file_page(repo, repo.block(cid, damaged=True).offset)
