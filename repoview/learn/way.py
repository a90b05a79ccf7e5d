"""The nodes between the commit and a key, and the blocks that prove what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.proof.build import build_proof
from repoview.core.repo.repo import Repo
from repoview.core.trees.lookup import look_up
from repoview.core.trees.steps import NodeOpened

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.learn.world import World


def way_to(world: World, path: str) -> list[Cid]:
    """Return the nodes that a look-up opens, the top node first.

    It ends in the node that has the key, or in the one whose keys and links show
    that no node has it.
    """
    steps = look_up(world.tree, path.encode())
    return [step.node.link.cid for step in steps if isinstance(step, NodeOpened)]


def node_of(world: World, path: str) -> Cid:
    """Return the node that has a key.

    Raises:
        KeyError: None has.
    """
    if path not in world.records:
        raise KeyError(path)
    return way_to(world, path)[-1]


def proof_blocks(world: World, path: str) -> list[Cid]:
    """Return the blocks that prove a record present, or a path absent.

    The commit, the nodes on the way, and the record where there is one.
    """
    with Repo.load(world.sound_file) as repo:
        return [block.cid for block in build_proof(repo, path).blocks]


def changed_blocks(world: World, path: str) -> list[Cid]:
    """Return the blocks that are replaced when a record gets other bytes.

    Those that prove it: each has the CID of the next in its bytes.
    """
    node_of(world, path)
    return proof_blocks(world, path)
