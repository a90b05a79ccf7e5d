"""What the hashes on a proof path prove, and what a change of its record changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.formats.mst import key_depth
from repoview.core.wording import count_text
from repoview.present.anatomy.depths import why_this_depth
from repoview.present.styled import Section
from repoview.present.text import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.repo.step import Step


def path_sections(steps: Sequence[Step], nodes: int) -> list[Section]:
    """Return what there is to say about a proof path.

    Args:
        steps: From the commit down.
        nodes: Of the whole tree.
    """
    if not steps:
        return []
    sections = [_proof(steps)]
    record = steps[-1].record
    if record is not None:
        sections.insert(0, why_this_depth(record.key))
        if all(step.hashes for step in steps):
            sections.append(Section("If this record changes", [_change(steps, nodes)]))
    return sections


def _proof(steps: Sequence[Step]) -> Section:
    return Section("What the hashes prove, and what not", [*_proved(steps)])


def _proved(steps: Sequence[Step]) -> Iterator[str]:
    last = steps[-1].role
    if not all(step.hashes for step in steps):
        yield (
            "✗ says that a block is not there, or that its bytes are not those "
            "that the block above links to: below it nothing is proved."
        )
    elif len(steps) == 1:
        yield f"✓ says that the bytes of the {last}, hashed again, give its CID."
    else:
        yield (
            "✓ says that the bytes of a block, hashed again, give the CID that the "
            f"block above links to. So this {last} belongs to this commit: with one "
            "byte changed, every CID above it would be another, up to the commit's."
        )
    yield (
        "Not proved by any hash is who made them: anybody can hash what they like. "
        "Only the signature in the commit tells that, by the key of the account."
    )


def _change(steps: Sequence[Step], nodes: int) -> str:
    way = [step for step in steps if step.node is not None]
    size = sum(step.size or 0 for step in steps)
    others = count_text(max(0, nodes - len(way)), "other node")
    return (
        f"Its CID changes, so do the {count_text(len(way), 'node')} above it and the "
        f"commit, which is signed anew: {count_text(len(steps), 'block')}, "
        f"{size_text(size)}. The {others} and all other records stay as they are."
    )


def absent_sections(key: bytes, steps: Sequence[Step]) -> list[Section]:
    """Return what there is to say about the way to where a key is not.

    Args:
        key: The key.
        steps: From the commit down to the last node.
    """
    if not steps:
        return []
    depth = key_depth(key)
    text = (
        f"A key of depth {depth} can be in one place only, and the nodes on the way "
        "to it say what is there. So the same hashes prove that it is absent."
    )
    absent = Section("Why a missing key can be proved", [text])
    return [why_this_depth(key), absent, _proof(steps)]
