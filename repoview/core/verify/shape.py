"""What kind of file this is, told from its bytes alone: an export, a proof, a slice.

Servers send a repository in several forms, and a file does not say which one it
is. The shape is the first of them that fits what was found. It changes no
verdict: it tells users what they have, and why blocks are missing.

Forms that cannot be told apart by their bytes have the narrower shape. The
blocks of an event that wrote one record are those of a proof of that record,
and those of `getRepo` with the revision before that event as `since`.

Source: atproto lexicons com.atproto.sync.getRepo, getRecord, getBlocks and
subscribeRepos.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.formats import syntax
from repoview.core.formats.key import path_of
from repoview.core.formats.mst import key_depth
from repoview.core.kernel.seam import UNKNOWN_DEPTH, NodeKind

if TYPE_CHECKING:
    from repoview.core.formats.commit import Commit
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex
    from repoview.core.load.result import Loaded
    from repoview.core.verify.walk import Walk


class FileShape(StrEnum):
    """What a file looks like; the first that fits."""

    REPO = "repo"
    """A whole repository: nothing that its tree needs is missing."""

    CUT = "cut"
    """The file ends before the repository does."""

    SEVERAL = "several"
    """Behind the first CAR another one begins."""

    SYNC = "sync"
    """A commit alone, as a #sync event has it."""

    COMMIT_ONLY = "commit-only"
    """A commit alone, of a time before there were #sync events: then a #commit
    event that was too large had no more."""

    BLOCKS = "blocks"
    """Blocks without a root, as getBlocks gives them."""

    PROOF = "proof"
    """A commit and one way down the tree, as getRecord gives them, to a record,
    or to where one would be."""

    COMMIT_SLICE = "commit-slice"
    """The blocks of a #commit event: what it wrote, and what is beside it."""

    SINCE = "since"
    """What was written since a revision, as getRepo gives it with `since`."""

    FRAME = "frame"
    """A message of the event stream."""

    OTHER = "other"
    """None of these."""

    @property
    def label(self) -> str:
        """What it is in a few words: "a proof", "a whole repository"."""
        return _LABELS[self]

    @property
    def is_part(self) -> bool:
        """Whether it has a part of a repository, and was meant to."""
        return self in _PARTS


_LABELS: Final = {
    FileShape.REPO: "a whole repository",
    FileShape.CUT: "a repository that was cut off",
    FileShape.SEVERAL: "several CARs in a row",
    FileShape.SYNC: "the commit of a #sync event",
    FileShape.COMMIT_ONLY: "a commit alone",
    FileShape.BLOCKS: "blocks without a root, as getBlocks gives them",
    FileShape.PROOF: "a proof",
    FileShape.COMMIT_SLICE: "the blocks of a #commit event",
    FileShape.SINCE: "what was written since an earlier revision",
    FileShape.FRAME: "a message of the event stream",
    FileShape.OTHER: "a part of a repository",
}

_PARTS: Final = frozenset(
    {
        FileShape.SYNC,
        FileShape.COMMIT_ONLY,
        FileShape.BLOCKS,
        FileShape.PROOF,
        FileShape.COMMIT_SLICE,
        FileShape.SINCE,
    }
)

_ANOTHER: Final = "CAR033"
"""Code of files in which another CAR begins."""

_CUT: Final = ("CAR023", "CAR027", "CAR006", "CV2003")
"""Codes of files that end inside something."""

_OPERATIONS: Final = 200
"""Records that one #commit event writes at most."""

_EVENT_BYTES: Final = 2_000_000
"""Bytes of the blocks of a #commit event, at most."""

_AT_ONCE: Final = 0.1
"""Seconds between the TIDs of records that one write makes, at most: they are
made one after the other, by one program."""

_SYNC_FROM: Final = 1_740_441_600
"""Seconds since 1970: on 25 February 2025 #sync events came, and #commit events
were no longer cut down to the commit where they were too large."""

_FEW: Final = 10
"""Where fewer than one block in so many is missing, it was lost: no answer of a
server leaves out so little."""


class Told(NamedTuple):
    """The shape of a file, and what it is about."""

    shape: FileShape
    proves: str | None = None
    """The path of the record that a proof is of; None where it proves absence,
    and for all other shapes."""


class Evidence(NamedTuple):
    """What a verification found out, as far as the shape depends on it."""

    loaded: Loaded
    commit: Commit | None
    walk: Walk
    limited: bool
    """Whether a limit ended the reading or the walk."""

    unlinked: int
    """Blocks that the tree does not use."""

    lost_its_end: bool
    """Whether all that is missing can have stood behind the last block."""

    records: RecordIndex
    nodes: NodeTable
    """What the walk met."""


def tell(seen: Evidence) -> Told:
    """Return the shape of a file."""
    if seen.loaded.frame is not None:
        return Told(FileShape.FRAME)
    if seen.loaded.ended_by == _ANOTHER:
        return Told(FileShape.SEVERAL)
    walk, header = seen.walk, seen.loaded.header
    missing = walk.missing_nodes + walk.missing_records
    whole = walk.nodes and not missing and not seen.limited
    if seen.commit is not None and whole:
        return Told(FileShape.REPO)
    if seen.loaded.ended_by in _CUT:
        return Told(FileShape.CUT)
    if seen.limited or header is None or seen.loaded.skipped:
        return Told(FileShape.OTHER)
    if not header.roots:
        return Told(FileShape.BLOCKS)
    if seen.commit is None or not missing:
        return Told(FileShape.OTHER)
    if not walk.nodes:
        return Told(_of_commit_alone(seen, seen.commit))
    return _of_part(seen)


def _of_commit_alone(seen: Evidence, commit: Commit) -> FileShape:
    """Tell an event by its time: the bytes are those of a commit either way."""
    if len(seen.loaded.blocks.index) + len(seen.loaded.blocks.odd) > 1:
        return FileShape.OTHER
    rev = commit.rev or ""
    if syntax.is_tid(rev) and syntax.tid_seconds(rev) >= _SYNC_FROM:
        return FileShape.SYNC
    return FileShape.COMMIT_ONLY


def _of_part(seen: Evidence) -> Told:
    """Tell what a commit and a part of its tree are."""
    walk = seen.walk
    present = len(seen.records) - len(seen.records.missing)
    linked = walk.nodes + present
    if seen.unlinked > linked:
        # What would link to them is what was lost.
        return Told(FileShape.OTHER)
    if present <= 1 and walk.nodes <= limits.MAX_TREE:
        proof = _as_proof(seen, present)
        if proof is not None:
            return proof
    if seen.lost_its_end or _ends_among_records(seen, present):
        return Told(FileShape.CUT)
    missing = walk.missing_nodes + walk.missing_records
    if missing * _FEW < missing + linked or _is_bare_tree(seen, present):
        return Told(FileShape.OTHER)
    is_event = (
        present <= _OPERATIONS
        and seen.loaded.blocks.source.size <= _EVENT_BYTES
        and _is_one_write(seen.records, seen.nodes)
    )
    return Told(FileShape.COMMIT_SLICE if is_event else FileShape.SINCE)


def _is_bare_tree(seen: Evidence, present: int) -> bool:
    """Tell whether there is nearly all of the tree, and for no record's sake.

    What a write leaves behind has a way down for each record, and ways to the
    keys beside it.
    """
    nodes, missing = seen.walk.nodes, seen.walk.missing_nodes
    longest = seen.nodes.depths[0] + 1
    explained = (present + 1) * 3 * longest
    return missing * _FEW < missing + nodes and nodes > explained


def _ends_among_records(seen: Evidence, present: int) -> bool:
    """Tell whether all nodes come first, and then the records of the first keys."""
    walk, absent = seen.walk, seen.records.missing.numbers
    if walk.missing_nodes or not present or not len(absent):
        return False
    return absent[0] == present and walk.state.last_node < walk.state.first_record


def _as_proof(seen: Evidence, present: int) -> Told | None:
    """Return what a file proves that holds one way down; None for any other.

    Args:
        seen: Of at most `limits.MAX_TREE` nodes.
        present: Records whose blocks are there, at most one.
    """
    way = _nodes_there(seen.nodes)
    nodes = seen.nodes
    if [nodes.distances[number] for number in way] != list(range(len(way))):
        return None
    last = way[-1]
    depth = nodes.depths[last]
    if present:
        (number,) = _records_there(seen.records)
        key = seen.records.key(number)
        is_last = depth == key_depth(key)
        return Told(FileShape.PROOF, path_of(key)) if is_last else None
    # Below the last node is nothing but holes: one gap must be without.
    entries = nodes.record_ends[last] - nodes.first_records[last]
    holes = nodes.ends[last] - last - 1
    ends = depth == 0 or (depth != UNKNOWN_DEPTH and holes <= entries)
    return Told(FileShape.PROOF) if ends else None


def _nodes_there(nodes: NodeTable) -> list[int]:
    """Return the numbers of the nodes whose blocks are there, of not many."""
    kinds = bytes(nodes.kinds[:])
    found, at = [], kinds.find(NodeKind.NODE)
    while at >= 0:
        found.append(at)
        at = kinds.find(NodeKind.NODE, at + 1)
    return found


def _records_there(records: RecordIndex) -> list[int]:
    """Return the numbers of the records whose blocks are there, of not many.

    There may be a million that are not.
    """
    absent = records.missing.numbers
    found = []
    for nth in range(len(records) - len(absent)):
        # How many of those that are not there have at most so many before them
        # that are.
        behind = bisect_right(range(len(absent)), nth, key=lambda at: absent[at] - at)
        found.append(nth + behind)
    return found


def _is_one_write(records: RecordIndex, nodes: NodeTable) -> bool:
    """Tell whether one commit can have written all records that are there.

    Its event has what is beside each record too, so that the write can be
    undone; and the record keys, where they are TIDs, are of one moment.
    """
    times = []
    for number in _records_there(records):
        if _is_hole_before(nodes, number) or _is_hole_before(nodes, number + 1):
            return False
        rkey = path_of(records.key(number)).rpartition("/")[2]
        if syntax.is_tid(rkey):
            times.append(syntax.tid_seconds(rkey))
    return not times or max(times) - min(times) <= _AT_ONCE


def _is_hole_before(nodes: NodeTable, number: int) -> bool:
    """Tell whether a missing node hides the keys right before a record."""
    first = bisect_left(nodes.first_records, number)
    last = bisect_right(nodes.first_records, number, lo=first)
    return NodeKind.MISSING in bytes(nodes.kinds[first:last])
