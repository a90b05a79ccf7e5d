"""Answers about proof paths: the blocks from the commit down to a record or node."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.repo.inside import inside
from repoview.core.repo.proof_path import (
    Step,
    way_to_commit,
    way_to_node,
    way_to_record,
)
from repoview.present import (
    count_text,
    range_text,
    safe,
    short_cid,
    size_text,
)
from repoview.present.anatomy.paths import path_sections
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.repo.repo import Repo
    from repoview.present.styled import Section
    from repoview.tui.session.signature import SignatureAnswers


class StepRow(NamedTuple):
    """A block of a proof path, ready to be shown."""

    role: str
    """commit, node, record; or what a link led to instead."""

    short_cid: str
    where: str
    """Its size and offset."""

    about: str
    link: str
    """The field of the block above that links to it."""

    leads: str
    """The key that this field belongs to, in words."""

    hashes: bool
    place: Place | None


class ProofPath(NamedTuple):
    """The blocks from the commit down to one block."""

    steps: list[StepRow]
    says: str
    """What it proves, or why there is none."""

    signed: str = ""
    """The outcome of checking the signature, as a sentence; "" if nothing is proved."""

    about: Sequence[Section] = ()
    """What the path shows: the depth of the key, what hashes prove."""


class ProofAnswers:
    """Answers about proof paths, with every hash computed again.

    Args:
        repo: A whole one.
        signature: Knows what there is to say of its signature.
    """

    def __init__(self, repo: Repo, signature: SignatureAnswers) -> None:
        self._repo = repo
        self._signature = signature

    def proof_path(self, what: str, number: int) -> ProofPath:
        """Return the proof path of a record, node or block.

        Args:
            what: record, node or block, as in `Detail`.
            number: Of the record or node; of a block, its offset.

        Raises:
            RepoviewError: The source was changed.
        """
        repo = self._repo
        if what == "block" and number < 0:
            return ProofPath([], "There is no block here.")
        if what == "record":
            steps = way_to_record(repo, number)
        elif what == "node":
            steps = way_to_node(repo, number)
        else:
            blocks = inside(repo).blocks
            row = blocks.index.row_at(number)
            location = None if row < 0 else repo.locate_cid(blocks.cid(row))
            if location is not None and location.what != "block":
                return self.proof_path(*location)
            steps = way_to_commit(repo)
            if not steps or steps[0].offset != number:
                says = "No link leads here: the tree does not use this block."
                return ProofPath([], says)
        signed = self._signature.text()
        about = path_sections(steps, len(repo.tree))
        rows = [_step_row(step, signed) for step in steps]
        if wrong := sum(not step.hashes for step in steps):
            says = f"{count_text(wrong, 'block')} on the way cannot be proven."
            return ProofPath(rows, says, about=about)
        proof = "All hashes were computed again, and agree."
        is_signed = f"{signed.capitalize()}." if signed else ""
        return ProofPath(rows, proof, is_signed, about)


def _step_row(step: Step, signed: str) -> StepRow:
    """Return a step, ready to be shown.

    Args:
        step: The step.
        signed: The outcome of checking the commit's signature.
    """
    about, place = "", None
    if step.record is not None:
        about = safe(step.record.path, 200)
        place = Place("browse", "record", step.record.number)
    elif step.node is not None:
        node, entries = step.node, step.entries
        place = Place("tree", "node", node.number)
        about = range_text(node.lo, node.hi)
        if entries is not None:
            depth = "?" if node.depth is None else node.depth
            about = f"depth {depth} · {count_text(entries, 'entry', 'entries')}"
            about += f" · {count_text(node.record_count, 'record')}"
    elif step.offset is not None:
        place = Place("blocks", "block", step.offset)
        about = signed
    where = "not in the file"
    if step.size is not None and step.offset is not None:
        where = f"{size_text(step.size)} at byte {step.offset:,}"
    return StepRow(
        step.role,
        short_cid(step.cid),
        where,
        about,
        step.link,
        _leads(step),
        step.hashes,
        place,
    )


def _leads(step: Step) -> str:
    """Return which key a step's link belongs to, in words."""
    if step.record is not None or not step.link:
        return "the entry of its key" if step.link else ""
    if step.link == "data":
        return "the top of the tree"
    if step.key is None:
        return "before all keys of the node"
    key = safe(step.key.decode(errors="backslashreplace"), 120)
    return f"after {key}"
