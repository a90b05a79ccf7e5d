"""Any step in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from repoview.core.inventory.streaming import BlockCame, StreamEnded
from repoview.core.trees.steps import (
    BlockAsked,
    NodeOpened,
)
from repoview.present.steps.said import ToldStep, waits_text
from repoview.present.steps.stream_words import came, ended
from repoview.present.steps.tree_words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.diff.items import DiffStep
    from repoview.core.inventory.streaming import StreamStep
    from repoview.core.repo.proof import ProofStep
    from repoview.core.repo.repo import Repo
    from repoview.core.trees.node import NodeLink, PlacedNode
    from repoview.core.trees.steps import LookupStep, WalkStep

    AnyStep: TypeAlias = WalkStep | LookupStep | DiffStep | ProofStep | StreamStep


def told(step: AnyStep, repo: Repo | None = None) -> ToldStep:
    """Return a step in words.

    Args:
        step: Any.
        repo: Whose blocks those of a stream are.
    """
    if isinstance(step, StreamEnded):
        return ended(step)
    if isinstance(step, BlockCame):
        return came(step, repo)
    words: Callable[[Any], ToldStep] = WORDS[type(step)]
    return words(step)


def told_after(step: AnyStep, before: AnyStep, repo: Repo | None = None) -> ToldStep:
    """Return a step in words, with what waits where only the one before tells that.

    Args:
        step: Any but the first.
        before: The one before it.
        repo: Whose blocks those of a stream are.
    """
    said = told(step, repo)
    if not isinstance(before, BlockAsked) or said.waits:
        return said
    inside: list[NodeLink | bytes] = []
    if isinstance(step, NodeOpened) and not before.only_first:
        inside = list(_inside(step.node))
    waiting = (*inside, *before.waiting)
    return replace(said, waits=waits_text(waiting), waiting=len(waiting))


def _inside(node: PlacedNode) -> Iterator[NodeLink | bytes]:
    """Yield what a node has, in the order of a walk."""
    for place in range(len(node.keys) + 1):
        below = node.below(place)
        if below is not None:
            yield below
        yield from node.keys[place : place + 1]
