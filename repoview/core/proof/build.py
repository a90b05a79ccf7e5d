"""The blocks that prove a repo path to whoever has nothing else: a CAR of a few KiB.

They are the commit, the nodes on the way from the top node down, and the record if
there is one. An absent path needs the node that would hold it, or whose link to it is
null. With the keys on both sides, they are also the nodes that lead to these: the
same that a commit event carries for each of its operations, so that a reader can undo
it.

Source: atproto repository v3, "MST Structure"; atproto sync, `getRecord` and
"Inductive Firehose".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core.errors import NotFound
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.formats.key import path_of
from repoview.core.proof.ranges import NeighborPaths
from repoview.core.repo.proof import Answer
from repoview.core.trees.lookup import neighbors as find_neighbors
from repoview.core.trees.node import BareTree

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cid import Cid
    from repoview.core.repo.block_reader import Block
    from repoview.core.repo.proof import Proof
    from repoview.core.repo.repo import Repo


class NotProved(NotFound):
    """A path of which the blocks that there are prove nothing.

    Args:
        proof: What they say of it.
    """

    def __init__(self, proof: Proof) -> None:
        super().__init__(f"nothing is proved of {proof.path!a}: {proof.why}")
        self.proof = proof


@dataclass(frozen=True, slots=True)
class BuiltProof:
    """A proof with the blocks that it takes."""

    proof: Proof
    """What they prove: that the path is present, or that it is absent."""

    blocks: tuple[Block, ...]
    """Each once, in walk order; the first is the commit."""

    neighbors: NeighborPaths | None
    """The paths beside it, proved by the same blocks; None if they were not asked
    for."""

    @property
    def path(self) -> str:
        """The repo path that it is about."""
        return self.proof.path

    @property
    def answer(self) -> Answer:
        """Present or absent."""
        return self.proof.answer

    @property
    def root(self) -> Cid:
        """The CID of the first block."""
        return self.blocks[0].cid

    def write_car(self, write: Callable[[bytes], object]) -> int:
        """Write the blocks as a CAR, and return its bytes.

        `repoview verify --path` or `--absent` takes it for proved.

        Args:
            write: Takes the next bytes; a file's `write`.
        """
        pieces = [encode_header([self.root])]
        pieces += [encode_section(block.cid, block.data) for block in self.blocks]
        for piece in pieces:
            write(piece)
        return sum(map(len, pieces))


def build_proof(
    repo: Repo, path: str | bytes, *, neighbors: bool = False
) -> BuiltProof:
    """Return the blocks that prove whether a repo path is in a repository.

    Args:
        repo: The repository.
        path: What to prove.
        neighbors: Whether to prove what stands before and after it as well.

    Raises:
        NotProved: Neither is proved, as a block is missing or damaged.
        NodeUnusable: A node that leads to a neighbor is missing or damaged.
        SourceError: The source was changed.
    """
    proof = repo.prove(path)
    if proof.answer is Answer.UNKNOWN:
        raise NotProved(proof)
    roles = {step.role: step.cid for step in reversed(proof.steps)}
    cids = [step.cid for step in proof.steps]
    beside = None
    if neighbors:
        key = path if isinstance(path, bytes) else path.encode()
        found = find_neighbors(BareTree(roles["node"], repo.tree.read), key)
        beside = NeighborPaths(_text(found.before), _text(found.after))
        nodes = [node.link.cid for node in found.nodes]
        # In walk order what is behind the key comes after its record.
        split = sum(node.link.lo < key for node in found.nodes)
        cids = [
            *([roles["commit"]] if "commit" in roles else []),
            *nodes[:split],
            *([roles["record"]] if "record" in roles else []),
            *nodes[split:],
        ]
    blocks = tuple(map(repo.block, dict.fromkeys(cids)))
    return BuiltProof(proof, blocks, beside)


def _text(key: bytes | None) -> str | None:
    return None if key is None else path_of(key)
