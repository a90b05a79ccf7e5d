"""The page about one record: its path, its key in the tree, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import BlockMissing
from repoview.core.repo.proof_path import way_to_record
from repoview.core.wording import count_text
from repoview.present.anatomy.nodes import keys_of
from repoview.present.anatomy.paths import path_sections
from repoview.present.seeing.keys import SHARED, key_row
from repoview.present.seeing.nodes import tree_section
from repoview.present.seeing.page import Page
from repoview.present.seeing.repository import what_is_a_repository
from repoview.present.styled import Row, Section
from repoview.present.text import safe, short_cid, size_text, tid_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.formats.record import Record
    from repoview.core.repo.repo import Repo
    from repoview.core.repo.step import Step


def record_page(repo: Repo, number: int, *, is_in_tree: bool = False) -> Page:
    """Return the page about a record.

    Args:
        repo: The repository.
        number: Of the record.
        is_in_tree: Whether it is looked at as an entry of the tree.

    Raises:
        SourceError: The source was changed.
    """
    steps = way_to_record(repo, number)
    record = repo.record(number)
    sections = [_record(record)]
    if (written := _key(repo, steps, record)) is not None:
        sections.append(written)
    sections += path_sections(steps, len(repo.tree))
    nodes = [step.node for step in steps if step.node is not None]
    if is_in_tree and nodes:
        return Page("an entry of the tree", [tree_section(repo, nodes[-1]), *sections])
    return Page("a record", [*sections, what_is_a_repository(repo)])


def _record(record: Record) -> Section:
    written = tid_date(record.rkey)
    collection, rkey = safe(record.collection, 120), safe(record.rkey, 120)
    what = f"the record key {rkey}"
    if written:
        what += f", a TID: a time, {written} UTC"
    if record.size is None:
        block = (
            f"Its block is not in the file; its name is known all the same, "
            f"{short_cid(record.cid)}, for the tree has it."
        )
    else:
        block = (
            f"Its block has {count_text(record.size, 'byte')}, and is named by their "
            f"SHA-256: {short_cid(record.cid)}. Change one letter, and it is another "
            "block with another name."
        )
    return Section(
        "This record",
        [
            (
                f"{safe(record.path, 300)}: the collection {collection}, which says of "
                f"what kind it is, and {what}."
            ),
            block,
            "The record does not say where it is: its path is written in the tree.",
        ],
    )


def _key(repo: Repo, steps: Sequence[Step], record: Record) -> Section | None:
    """Return how a node writes the key; None where no node is there to tell."""
    nodes = [step for step in steps if step.node is not None]
    if not nodes:
        return None
    node = nodes[-1]
    try:
        parts = keys_of(repo.block(node.cid).data)
    except BlockMissing:
        return None
    here = next((each for each in parts if each.key == record.key), None)
    if here is None or node.node is None:
        return None
    entry = f"e[{here.number}]"
    shared = count_text(len(here.shared), "byte")
    lines: list[str | Row] = [
        (
            f"The tree has it in a node of depth {node.node.depth} with "
            f"{count_text(len(parts), 'entry', 'entries')}, as {entry}:"
        ),
        key_row(here),
        SHARED,
        f"{entry}.p is {len(here.shared)}: the first {shared} are those of the key "
        "before in the node, so they are not written again."
        if here.shared
        else f"{entry}.p is 0: nothing is shared with a key before it in the node.",
        (
            f"{entry}.k has the rest, {count_text(len(here.suffix), 'byte')}. "
            f"{entry}.v is the CID of this record, {short_cid(record.cid)}; that of "
            f"the node is another, {short_cid(node.cid)} ({size_text(node.size or 0)})."
        ),
    ]
    return Section("Where its key is written", lines)
