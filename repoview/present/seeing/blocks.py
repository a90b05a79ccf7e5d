"""The page about the file: its sections, and one block in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.repo.inside import inside
from repoview.core.wording import count_text
from repoview.present.seeing.anatomy import block_anatomy, header_section
from repoview.present.seeing.page import Page
from repoview.present.styled import Section
from repoview.present.text import range_text, safe, short_cid, size_text

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo

_STRETCHES: Final = 12
"""Stretches of a block that its page takes apart, to show how it is done."""

_ORDERS: Final = {
    "preorder": "in walk order: a reader can check the tree while it comes in",
    "nodes-first": "all nodes before all records",
    "cid-ascending": "by their CIDs, ascending",
    "cid-descending": "by their CIDs, descending",
    "mixed": "in no order that has a name",
}


def file_page(repo: Repo, offset: int | None = None) -> Page:
    """Return the page about a file, and about one of its blocks.

    Args:
        repo: The repository.
        offset: Where the block's section begins; None for none.

    Raises:
        RepoviewError: The block cannot be read.
    """
    blocks = inside(repo).blocks
    row = -1 if offset is None else blocks.index.row_at(offset)
    sections = [_file(repo), *header_section(repo)]
    if row >= 0:
        cid = blocks.cid(row)
        anatomy = block_anatomy(repo, cid, _STRETCHES)
        sections = [_block(repo, cid), *anatomy, *sections]
    return Page("the blocks of a file" if row < 0 else "a block", sections)


def _file(repo: Repo) -> Section:
    counts = repo.report.counts
    lines = [
        (
            f"A CAR file of {size_text(counts.bytes)}: a header that names the root, "
            f"and then {count_text(counts.blocks, 'section')}, one behind the other. A "
            "section is a length, a CID, and the bytes of the block that it names."
        ),
        (
            "A block is found by its CID and not by its place, so their order means "
            "nothing."
        ),
    ]
    if order := _ORDERS.get(repo.report.order or ""):
        lines.append(f"Here they stand {order}.")
    if counts.unlinked_blocks:
        lines.append(
            f"Nothing links to {count_text(counts.unlinked_blocks, 'block')} of them: "
            "no part of the repository, whatever they look like."
        )
    return Section("What is this list?", lines)


def _block(repo: Repo, cid: Cid) -> Section:
    block = repo.block(cid, damaged=True)
    size = count_text(len(block.data), "byte")
    lines = [
        f"Its section begins at byte {block.offset:,}. Its data is {size}, whose "
        f"SHA-256 is in its CID, {short_cid(cid)}."
        if block.state != "damaged"
        else f"Its section begins at byte {block.offset:,}. Its {size} do not hash to "
        f"its CID, {short_cid(cid)}: whatever they are, they are not the block.",
        _role(repo, cid, block.role),
    ]
    return Section("This block", lines)


def _role(repo: Repo, cid: Cid, role: str) -> str:
    location = repo.locate_cid(cid)
    if location is not None and location.what == "record":
        path = safe(repo.record(location.number).path, 300)
        return f"It is a record, for an entry of a node links to it: that of {path}."
    if location is not None and location.what == "node":
        node = repo.tree.node(location.number)
        above = "the commit" if node.parent is None else "the node above"
        keys = range_text(node.lo, node.hi)
        return f"It is a node, for {above} links to it as one: {keys}."
    if role == "commit":
        return "It is the commit, for the header of the file names it as the root."
    return (
        "Nothing links to it, so it has no role: a block is a node or a record only "
        "by the link that leads to it."
    )
