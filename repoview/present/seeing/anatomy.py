"""A block taken apart: its section, what is signed or written in it, its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import DAG_CBOR
from repoview.core.repo.inside import inside
from repoview.core.wording import count_text
from repoview.present.anatomy.commits import signed_section
from repoview.present.anatomy.framing import header_anatomy, section_framing
from repoview.present.anatomy.nodes import keys_of, looks_like_node
from repoview.present.anatomy.spans import block_rows
from repoview.present.seeing.keys import SHARED, key_rows
from repoview.present.styled import Section

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo

ALL: Final = 1 << 30
_MOST_HEADER: Final = 4_096
"""Bytes of a header that are taken apart; one with a single root has 59."""


def block_anatomy(repo: Repo, cid: Cid, most: int = ALL) -> list[Section]:
    """Return a block taken apart, from its section down to the bits of its heads.

    Args:
        repo: The repository.
        cid: Of the block.
        most: Stretches of bytes to show.

    Raises:
        BlockMissing: It is not in the file.
        SourceError: The source was changed.
    """
    block = repo.block(cid, damaged=True)
    sections = framing_of(repo, block.offset)
    commit = repo.commit
    if commit is not None and commit.cid == cid:
        sections.append(signed_section(commit))
    if looks_like_node(block.data) and (keys := keys_of(block.data)):
        lines = [SHARED, *key_rows(keys)]
        sections.append(Section("Its keys, as it writes them", lines))
    size = count_text(len(block.data), "byte")
    if cid.codec != DAG_CBOR:
        sections.append(Section("Its data", [f"{size} that are not DAG-CBOR."]))
    elif block.data:
        rows = list(block_rows(block.data, most))
        sections.append(Section(f"Its data, {size} of DAG-CBOR", rows))
    return sections


def framing_of(repo: Repo, offset: int) -> list[Section]:
    """Return what stands in front of the data of a section; nothing if it is odd.

    Args:
        repo: The repository.
        offset: Where the section begins.

    Raises:
        SourceError: The source was changed.
    """
    blocks = inside(repo).blocks
    row = blocks.index.row_at(offset)
    if row < 0:
        return []
    head = blocks.read_at(offset, blocks.data_offset(row) - offset)
    return [section_framing(head, offset)]


def header_section(repo: Repo) -> list[Section]:
    """Return the header of the file taken apart; nothing if there is none.

    Raises:
        SourceError: The source was changed.
    """
    parts = inside(repo)
    header = parts.loaded.header
    if header is None or header.length > _MOST_HEADER:
        return []
    data = parts.blocks.read_at(header.offset, header.length)
    return [header_anatomy(data, header.offset)]
