"""The steps of a streaming reader in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.wording import count_text
from repoview.present.steps.said import SHORT, Spot, ToldStep
from repoview.present.text import safe, short_cid

if TYPE_CHECKING:
    from repoview.core.inventory.streaming import (
        BlockCame,
        StreamBlock,
        StreamEnded,
    )
    from repoview.core.repo.repo import Repo

# Streams


def came(step: BlockCame, repo: Repo | None) -> ToldStep:
    """Return what is done with a block that comes."""
    block = step.block
    says = f"{_block_text(block, repo)} comes: "
    if step.fate == "dropped":
        says += "its bytes do not hash to its CID, so it is dropped"
    elif step.fate == "at once":
        says += "the walk wants it now, and it is handed on at once"
    elif step.until is not None:
        waits = count_text(step.until - step.number, "block")
        says += f"held for {waits}, until block {step.until + 1:,} has come"
    elif block.role == "unlinked":
        says += "held to the end, as no one can know that nothing links to it"
    else:
        says += "held to the end, for the walk waits for a block that never comes"
    if step.released:
        names = ", ".join(_block_text(each, repo) for each in step.first_released[:3])
        more = " …" if step.released > 3 else ""
        says += f"; with it {count_text(step.released, 'held block')}: {names}{more}"
    sign = {"at once": "→", "held": "+", "dropped": "✗"}[step.fate]
    what = "record" if block.role == "record" else "node"
    spot = None if block.number is None else Spot(what, block.cid, number=block.number)
    waits_text = tuple(
        f"held then: {_block_text(b, repo)}" for b in step.first_released
    )
    return ToldStep(
        sign,
        says,
        waits=waits_text,
        waiting=step.released,
        spot=spot,
        held=(step.held, step.held_bytes),
    )


def _block_text(block: StreamBlock, repo: Repo | None) -> str:
    if block.number is not None and repo is not None:
        if block.role == "record":
            return safe(repo.record(block.number).path, SHORT)
        depth = repo.tree.node(block.number).depth
        return f"the node {block.number} of depth {'?' if depth is None else depth}"
    if block.role == "unlinked":
        return f"a block that nothing links to, {short_cid(block.cid)},"
    return f"the {block.role}"


def ended(step: StreamEnded) -> ToldStep:
    """Return what became of all."""
    most = (
        f"{count_text(step.most_held, 'block')}, {count_text(step.most_bytes, 'byte')}"
    )
    says = f"the end, after {count_text(step.blocks, 'block')}: held at most {most}"
    if step.wanted is not None:
        says += f"; the walk still waits for {short_cid(step.wanted)}"
    if step.held:
        says += f"; {count_text(step.held, 'block')} held in vain"
    return ToldStep("■", says, held=(step.held, step.held_bytes))
