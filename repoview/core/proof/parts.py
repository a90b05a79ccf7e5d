"""One proof of several paths and ranges: their blocks together, in walk order.

It is what `build` makes of one path, for any number of them: the commit, the nodes
that prove each, and the records, each block once. Nothing is held but the nodes
on one way down, and a bit a block; so a proof may be of a whole repository.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from repoview.core.errors import NotFound
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.formats.key_range import KeyRange
from repoview.core.formats.mst import key_depth
from repoview.core.load.result import Progress
from repoview.core.proof.build import NotProved
from repoview.core.proof.ranges import (
    Linked,
    RangeProof,
    keys_beside,
    prove_range,
    proved_tree,
    walk_wanted,
)
from repoview.core.proof.sound_part import SoundPart, sound_part
from repoview.core.repo.inside import inside
from repoview.core.repo.proof import Answer, Proof
from repoview.core.trees.node import BareTree, NodeUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo
    from repoview.core.trees.node import NodeLink


class RangeNotProved(NotFound):
    """A range of keys of which the blocks that there are do not prove all.

    Args:
        proof: What they say of it.
    """

    def __init__(self, proof: RangeProof) -> None:
        super().__init__(f"the range is not proved: {proof.why}")
        self.proof = proof


class WrittenProof(NamedTuple):
    """What was written."""

    blocks: int
    size: int
    """Bytes of the CAR."""


@dataclass(frozen=True, slots=True)
class BuiltParts:
    """A proof of several things, which is written when asked for."""

    repo: Repo
    paths: tuple[Proof, ...]
    """Each present or absent."""

    ranges: tuple[RangeProof, ...]
    """Each proved."""

    root: Cid
    """The commit; or the top node of a tree without one."""

    _top: Cid
    _points: tuple[tuple[bytes, int], ...]
    _spans: tuple[KeyRange, ...]
    """The ways to these keys, each down to its depth, and all that leads into these
    ranges, are in it."""

    def write_car(
        self,
        write: Callable[[bytes], object],
        report: Callable[[Progress], None] = lambda _: None,
    ) -> WrittenProof:
        """Write the blocks as a CAR, and return how many, and its bytes.

        Args:
            write: Takes the next bytes; a file's `write`.
            report: Called with progress; what it raises ends it.

        Raises:
            BlockMissing: A block is damaged now, as the source was changed.
            SourceError: The source was changed.
        """
        header = encode_header([self.root])
        write(header)
        blocks, size = 0, len(header)
        for sections, count in self._sections():
            write(sections)
            blocks, size = blocks + count, size + len(sections)
            if count > 1 or not blocks & 1023:
                report(Progress("export", size, 0, blocks))
        return WrittenProof(blocks, size)

    def _sections(self) -> Iterator[tuple[bytes, int]]:
        """Yield the sections, one or many at a time, and how many they are."""
        part = None if self.root == self._top else self._sound_part()
        cids = self._cids() if part is None else [self.root]
        for cid in cids:
            yield encode_section(cid, self.repo.block(cid).data), 1
        if part is not None:
            for some in part.sections():
                yield some.sections, some.stop - some.start

    def _sound_part(self) -> SoundPart | None:
        """Return all but the commit, by number, if the tree is sound."""
        keys = [proof.path.encode() for proof in self.paths]
        records = [proof.keys for proof in self.ranges]
        records += [KeyRange(key, key + b"\0") for key in keys]
        return sound_part(self.repo, self._top, self._spans, records, self._needs)

    def _cids(self) -> Iterator[Cid]:
        """Yield each block once, in walk order."""
        if self.root != self._top:
            yield self.root
        once = _Once(self.repo)
        paths = frozenset(proof.path for proof in self.paths)
        for each in walk_wanted(BareTree(self._top, self.repo.tree.read), self._needs):
            if isinstance(each, Linked):
                if self._has_record(each, paths) and once.is_first(each.cid):
                    yield each.cid
            elif isinstance(each, NodeUnusable):
                raise each
            elif once.is_first(each.link.cid):
                yield each.link.cid

    def _needs(self, link: NodeLink) -> bool:
        return any(_leads_to(link, *point) for point in self._points) or any(
            span.meets(link.lo, link.hi) for span in self._spans
        )

    def _has_record(self, linked: Linked, paths: frozenset[str]) -> bool:
        """Tell whether the record of an entry belongs to the proof."""
        if self.root == self._top:
            return False
        return linked.path in paths or any(
            linked.key in each.keys for each in self.ranges
        )


def _leads_to(link: NodeLink, key: bytes, depth: int) -> bool:
    """Tell whether a key of a depth, or the place for it, is below a link."""
    is_within = link.lo < key and (link.hi is None or key < link.hi)
    return is_within and (link.depth is None or link.depth >= depth)


class _Once:
    """Which blocks were met: a bit for each block of the file."""

    def __init__(self, repo: Repo) -> None:
        self._blocks = inside(repo).blocks
        self._bits = bytearray(len(self._blocks.index) // 8 + 1)
        self._odd: set[Cid] = set()

    def is_first(self, cid: Cid) -> bool:
        """Tell whether a block is met for the first time, and note it."""
        row = self._blocks.find(cid.raw) if cid.is_blessed else -1
        if row < 0:
            is_new = cid not in self._odd
            self._odd.add(cid)
            return is_new
        place, bit = row >> 3, 1 << (row & 7)
        is_new = not self._bits[place] & bit
        self._bits[place] |= bit
        return is_new


def build_parts(
    repo: Repo,
    paths: Sequence[str | bytes] = (),
    ranges: Sequence[KeyRange] = (),
    *,
    neighbors: bool = False,
) -> BuiltParts:
    """Return a proof of paths, present or absent, and of all keys in ranges.

    Args:
        repo: The repository.
        paths: What to prove.
        ranges: Likewise. The keys on both sides of each are proved, too.
        neighbors: Whether to prove those of the paths as well.

    Raises:
        NotProved: A path is neither proved present nor absent.
        RangeNotProved: Not all of a range is proved.
        NodeUnusable: A node that leads to a neighbor is missing or damaged.
        SourceError: The source was changed.
    """
    at = proved_tree(repo)
    proofs = tuple(_proved(repo, path) for path in paths)
    spans = tuple(_proved_range(repo, keys) for keys in ranges)
    if at.top is None:
        raise NotFound(f"nothing can be proved of {repo.name}: {at.why}")
    tree = BareTree(at.top, repo.tree.read)
    keys = [each if isinstance(each, bytes) else each.encode() for each in paths]
    points = [(key, key_depth(key)) for key in keys]
    closed = [*ranges]
    if neighbors:
        closed += [KeyRange(key, key + b"\0") for key in keys]
    for span in closed:
        before, after = keys_beside(tree, span)
        # To them the way is needed, whatever depth they have.
        points += [(key, 0) for key in (before, after) if key]
    needed = tuple(closed)
    root = at.top if at.commit is None else at.commit
    return BuiltParts(repo, proofs, spans, root, at.top, tuple(points), needed)


def _proved(repo: Repo, path: str | bytes) -> Proof:
    proof = repo.prove(path)
    if proof.answer is Answer.UNKNOWN:
        raise NotProved(proof)
    return proof


def _proved_range(repo: Repo, keys: KeyRange) -> RangeProof:
    proof = prove_range(repo, keys)
    if proof.answer != "proved":
        raise RangeNotProved(proof)
    return proof
