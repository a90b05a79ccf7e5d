"""Trees compared, changed, proved, and taken step by step.

::

    from repoview import trees

    for item in trees.diff(old, new):
        print(item)
    with open("proof.car", "wb") as file:
        trees.prove(repo, "app.bsky.actor.profile/self").write_car(file.write)
    edited = repo.tree.edit()
    edited.delete("app.bsky.feed.post/3l7")
    print(edited.delta().edits)
    for step in trees.look_up_steps(repo, "app.bsky.feed.post/3l7"):
        print(step)

A tree is given as a `Repo`, or as anything that has the CID of a top node and reads
nodes by CID (`TreeSource`), as ``repo.tree`` does. The functions that yield steps do
the work while they are iterated, one step at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from repoview.core.diff.diff import diff as _diff
from repoview.core.diff.diff import diff_steps as _diff_steps
from repoview.core.diff.fields import FieldChange, changed_fields, field_changes
from repoview.core.diff.items import DiffItem, DiffStep, NodeChange, UnknownRange
from repoview.core.edit.edited_tree import (
    EditedTree,
    KeyNotAllowed,
    KeyTaken,
    RecordLike,
)
from repoview.core.edit.partial_tree import KeyNotThere
from repoview.core.edit.path_finder import find_path
from repoview.core.edit.tree_delta import NodeEdit, TreeDelta
from repoview.core.formats.key_range import KeyRange
from repoview.core.formats.mst import key_depth as _key_depth
from repoview.core.inventory.streaming import (
    BlockCame,
    StreamBlock,
    StreamEnded,
    StreamOrder,
    StreamStep,
)
from repoview.core.proof.build import BuiltProof, NotProved, build_proof
from repoview.core.proof.parts import (
    BuiltParts,
    RangeNotProved,
    WrittenProof,
    build_parts,
)
from repoview.core.proof.ranges import Linked, NeighborPaths, RangeProof
from repoview.core.proof.ranges import prove_range as _prove_range
from repoview.core.proof.ranges import range_records as _range_records
from repoview.core.repo.proof import ProofStep
from repoview.core.repo.repo import Repo
from repoview.core.trees.lookup import look_up
from repoview.core.trees.node import (
    BareTree,
    NodeCheck,
    NodeLink,
    NodeUnusable,
    PlacedNode,
    TreeSource,
)
from repoview.core.trees.record_change import RecordChange
from repoview.core.trees.steps import (
    BlockAsked,
    KeyAbsent,
    KeyCompared,
    KeyFound,
    KeyMet,
    LookupStep,
    NodeOpened,
    NodeRefused,
    Side,
    SubtreeSkipped,
    WalkStep,
)
from repoview.core.trees.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AnyTree: TypeAlias = "Repo | TreeSource"

__all__ = [
    "AnyTree",
    "BareTree",
    "BlockAsked",
    "BlockCame",
    "BuiltParts",
    "BuiltProof",
    "DiffItem",
    "DiffStep",
    "EditedTree",
    "FieldChange",
    "KeyAbsent",
    "KeyCompared",
    "KeyFound",
    "KeyMet",
    "KeyNotAllowed",
    "KeyNotThere",
    "KeyRange",
    "KeyTaken",
    "Linked",
    "LookupStep",
    "NeighborPaths",
    "NodeChange",
    "NodeCheck",
    "NodeEdit",
    "NodeLink",
    "NodeOpened",
    "NodeRefused",
    "NodeUnusable",
    "NotProved",
    "PlacedNode",
    "ProofStep",
    "RangeNotProved",
    "RangeProof",
    "RecordChange",
    "RecordLike",
    "Side",
    "StreamBlock",
    "StreamEnded",
    "StreamOrder",
    "StreamStep",
    "SubtreeSkipped",
    "TreeDelta",
    "TreeSource",
    "UnknownRange",
    "WalkStep",
    "WrittenProof",
    "changed_fields",
    "diff",
    "diff_steps",
    "field_changes",
    "key_depth",
    "look_up_steps",
    "path_of_depth",
    "proof_steps",
    "prove",
    "prove_parts",
    "prove_range",
    "range_records",
    "stream_steps",
    "walk_steps",
]


def diff(old: AnyTree, new: AnyTree) -> Iterator[DiffItem]:
    """Yield what differs between two trees, in key order.

    That are `RecordChange` for each key, `NodeChange` for each node that one of them
    lacks, and `UnknownRange` where a node is missing or broken and nothing can be
    said. Sub-trees that have the same CID in both are not read, whatever is wrong
    in them: the cost grows with the change. No record is read at all. A few nodes
    are held in memory, however many differ.

    Args:
        old: The tree before.
        new: The tree after.

    Raises:
        NotFound: A repository has no tree.
        SourceError: A source was changed.
    """
    return _diff(_source(old), _source(new))


def diff_steps(old: AnyTree, new: AnyTree) -> Iterator[DiffStep]:
    """Yield each step of a diff: the items of `diff`, and what led to them.

    Args:
        old: The tree before.
        new: The tree after.

    Raises:
        NotFound: A repository has no tree.
        SourceError: A source was changed.
    """
    return _diff_steps(_source(old), _source(new))


def prove(repo: Repo, path: str | bytes, *, neighbors: bool = False) -> BuiltProof:
    """Return the blocks that prove whether a repo path is in a repository.

    Args:
        repo: The repository.
        path: What to prove.
        neighbors: Whether to prove what stands before and after it as well, with
            some more nodes.

    Raises:
        NotProved: Neither is proved, as a block is missing or damaged.
        NodeUnusable: A node that leads to a neighbor is missing or damaged.
        SourceError: The source was changed.
        ValueError: The path cannot be the text of a key.
    """
    return build_proof(repo, path, neighbors=neighbors)


def prove_parts(
    repo: Repo,
    paths: Sequence[str | bytes] = (),
    ranges: Sequence[KeyRange] = (),
    *,
    neighbors: bool = False,
) -> BuiltParts:
    """Return one proof of several paths and ranges, to be written as a CAR.

    Args:
        repo: The repository.
        paths: Each is proved present or absent.
        ranges: Of each all keys are proved, and those on both sides.
        neighbors: Whether to prove what stands beside the paths as well.

    Raises:
        NotProved: Nothing is proved of a path, as a block is missing or damaged.
        RangeNotProved: Not all of a range is proved.
        NodeUnusable: A node that leads to a neighbor is missing or damaged.
        SourceError: The source was changed.
        ValueError: A path cannot be the text of a key.
    """
    return build_parts(repo, paths, ranges, neighbors=neighbors)


def prove_range(repo: Repo, keys: KeyRange) -> RangeProof:
    """Return whether the blocks of a repository prove all keys in a range.

    All of them are read and hashed again, those of the records too.

    Args:
        repo: The repository; a proof that someone made of it is enough.
        keys: ``KeyRange.of(prefix="app.bsky.feed.post/")``, or from one key on up to
            another.

    Raises:
        SourceError: The source was changed.
    """
    return _prove_range(repo, keys)


def range_records(repo: Repo, keys: KeyRange) -> Iterator[tuple[Linked, bool]]:
    """Yield the keys in a range as far as their nodes are proved, in key order.

    Each with its CID, and whether the record is there and hashes to it.

    Args:
        repo: The repository.
        keys: The range.

    Raises:
        SourceError: The source was changed.
    """
    return _range_records(repo, keys)


def proof_steps(repo: Repo, path: str | bytes) -> Iterator[ProofStep]:
    """Yield each step of ``repo.prove``: the last is the `Proof`.

    Args:
        repo: The repository.
        path: What to prove.

    Raises:
        SourceError: The source was changed.
        ValueError: The path cannot be the text of a key.
    """
    return repo.proof_steps(path)


def key_depth(path: str | bytes) -> int:
    """Return the depth of the node that holds a repo path, in whatever tree.

    It is the number of leading zero bit pairs of its SHA-256; 0 is the bottom.
    """
    return _key_depth(path if isinstance(path, bytes) else path.encode())


def path_of_depth(
    collection: str, depth: int, *, start: int = 1_700_000_000_000_000
) -> str:
    """Return the first repo path of a depth whose record key is a TID from a time on.

    Paths are tried one after the other: each level takes four times as long.

    Args:
        collection: Of the path.
        depth: 0 to 8.
        start: Microseconds since 1970, less than 2^53.

    Raises:
        LimitExceeded: The depth is over 8.
        ValueError: It is below 0, or no TID has that time.
    """
    if not 0 <= start < 1 << 53:
        raise ValueError(f"{start} is no time of a TID, which has 53 bits")
    return find_path(collection, depth, start)


def look_up_steps(tree: AnyTree, path: str | bytes) -> Iterator[LookupStep]:
    """Yield each step of a look-up: the last is the answer, or why there is none.

    Args:
        tree: Where to look.
        path: What to look for.

    Raises:
        NotFound: A repository has no tree.
        SourceError: The source was changed.
        ValueError: The path cannot be the text of a key.
    """
    key = path if isinstance(path, bytes) else path.encode()
    return look_up(_source(tree), key)


def walk_steps(tree: AnyTree, start: str | bytes = b"") -> Iterator[WalkStep]:
    """Yield each step of a walk through a tree, from the first key to the last.

    Args:
        tree: What to walk through.
        start: A path: begin as if the walk had just come to the first one that is
            not smaller.

    Raises:
        NotFound: A repository has no tree.
        SourceError: The source was changed.
    """
    key = start if isinstance(start, bytes) else start.encode()
    return walk(_source(tree), key)


def stream_steps(repo: Repo, order: StreamOrder = "file") -> Iterator[StreamStep]:
    """Yield what a reader does with each block that walks the tree as blocks come.

    Each step tells whether the block is handed on at once or until when it must be
    held, what is released with it, and what is held then. No block is read.

    Args:
        repo: The repository.
        order: In which blocks come: as in the file; or, of those that the tree uses,
            as the walk wants them, or by their CIDs.

    Raises:
        LimitExceeded: There are too many (over 20,000) to sort them by CID.
        NotFound: There is no tree, or a limit ended the walk.
        SourceError: The source was changed.
    """
    return repo.inventory.stream_steps(order)


def __dir__() -> list[str]:
    return sorted(__all__)


def _source(tree: AnyTree) -> TreeSource:
    return tree.tree if isinstance(tree, Repo) else tree
