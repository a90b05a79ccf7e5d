"""A small repository in memory, as a value: every change gives another one.

Its records are all that is held. Tree, commit, file and verdict are computed from
them, by the engine, when they are first asked for. The file may have its blocks in
another order, and bytes that were changed or cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import Cid
from repoview.core.formats.car import encode_header, encode_section, sections
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import key_depth, read_node
from repoview.core.formats.mst_build import build_tree
from repoview.core.formats.syntax import make_tid, tid_clock_id, tid_number
from repoview.core.repo.repo import Repo
from repoview.core.trees.node import BareTree
from repoview.core.verify.checks import Checks
from repoview.sample.account import DID
from repoview.sample.signing import SIGNING_KEY, signed_commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repoview.core.formats.mst import Node
    from repoview.core.verify.report import Report

REV: Final = "3lqz2aaaaaa22"
"""The revision of a repository before any change."""

MOST_KEYS: Final = 1_000
"""Keys of a tree that is built anew after every change, in some 0.1 s."""


class Visit(NamedTuple):
    """A node, or a key with its record, in the order of the walk."""

    cid: Cid
    depth: int
    """Of the node, or of the node that the key stands in."""

    inside: int
    """Nodes between it and the commit."""

    path: str = ""
    """Of the record; empty for a node."""


class Section(NamedTuple):
    """A block as it stands in the file."""

    offset: int
    end: int
    cid: Cid
    data: bytes


@dataclass(frozen=True)
class World:
    """A repository, and what was done to its file."""

    records: Mapping[str, bytes]
    """By path, in any order: the blocks of the records."""

    did: str = DID
    """Whose it is."""

    rev: str = REV
    sig: bytes | None = None
    """A signature that stays, whatever the commit says; None to sign each."""

    order: tuple[Cid, ...] = ()
    """Of the blocks in the file; empty for that of the walk."""

    flipped: frozenset[int] = frozenset()
    """Bytes of the file of which all bits are turned over."""

    cut: int | None = None
    """Where the file ends too early."""

    @cached_property
    def _tree(self) -> tuple[Cid, dict[Cid, bytes]]:
        ordered = sorted((path.encode(), data) for path, data in self.records.items())
        blocks: dict[Cid, bytes] = {}
        entries = ((key, Cid.for_block(data)) for key, data in ordered)
        return build_tree(entries, blocks.__setitem__), blocks

    @property
    def top(self) -> Cid:
        """The CID of the top node."""
        return self._tree[0]

    @property
    def tree(self) -> BareTree:
        """The tree, as the engine reads one."""
        return BareTree(self.top, self.node_blocks.get)

    @property
    def node_blocks(self) -> Mapping[Cid, bytes]:
        """The nodes' blocks, by CID."""
        return self._tree[1]

    @cached_property
    def nodes(self) -> Mapping[Cid, Node]:
        """The nodes by CID, in the order of the walk."""
        return {each.cid: self.node(each.cid) for each in self.walk if not each.path}

    def node(self, cid: Cid) -> Node:
        """Return a node of this tree."""
        node = read_node(self.node_blocks[cid])
        assert node is not None  # noqa: S101 (it was built here)
        return node

    @property
    def depth(self) -> int:
        """The depth of the top node; 0 for an empty tree."""
        return max((key_depth(path.encode()) for path in self.records), default=0)

    @cached_property
    def walk(self) -> tuple[Visit, ...]:
        """All nodes and keys, in the order of the walk."""
        return tuple(self._below(self.top, self.depth, 0))

    def _below(self, cid: Cid, depth: int, inside: int) -> Iterator[Visit]:
        # As deep as the tree, of which each level takes four times the keys.
        node = self.node(cid)
        yield Visit(cid, depth, inside)
        if node.left is not None:
            yield from self._below(node.left, depth - 1, inside + 1)
        for key, value, tree in node.entries:
            yield Visit(value, depth, inside, key.decode())
            if tree is not None:
                yield from self._below(tree, depth - 1, inside + 1)

    @cached_property
    def commit(self) -> bytes:
        """The block of the commit."""
        return signed_commit(self.top, self.did, self.rev, self.sig)

    @cached_property
    def commit_cid(self) -> Cid:
        """The CID of the commit."""
        return Cid.for_block(self.commit)

    @cached_property
    def blocks(self) -> Mapping[Cid, bytes]:
        """All blocks by CID, each once, in the order of the walk."""
        found = {self.commit_cid: self.commit}
        for visit in self.walk:
            data = (
                self.records[visit.path] if visit.path else self.node_blocks[visit.cid]
            )
            found.setdefault(visit.cid, data)
        return found

    @property
    def filed(self) -> tuple[Cid, ...]:
        """The blocks in the order of the file."""
        return self.order or tuple(self.blocks)

    @cached_property
    def sound_file(self) -> bytes:
        """The file before any byte of it was changed."""
        parts = [encode_section(cid, self.blocks[cid]) for cid in self.filed]
        return b"".join((encode_header([self.commit_cid]), *parts))

    @cached_property
    def file(self) -> bytes:
        """The file: a CAR with one root."""
        data = bytearray(self.sound_file)
        for place in self.flipped:
            data[place] ^= 0xFF
        return bytes(data[: self.cut])

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the file, as they were before any byte was changed."""
        start = len(encode_header([self.commit_cid]))
        found = sections(self.sound_file[start:], offset=start)
        return tuple(
            Section(each.offset, each.end, each.cid, self.blocks[each.cid])
            for each in found
        )

    @cached_property
    def _judged(self) -> tuple[Report, frozenset[str]]:
        with Repo.load(self.file, checks=Checks(key=SIGNING_KEY)) as repo:
            whole = (each.path for each in repo if each.state == "sound")
            return repo.report, frozenset(whole)

    @property
    def report(self) -> Report:
        """What the engine finds of the file, with the account's public key."""
        return self._judged[0]

    @property
    def readable(self) -> frozenset[str]:
        """The paths of the records that can be read from the file."""
        return self._judged[1]

    # Changes

    def with_record(self, path: str, data: bytes) -> World:
        """Return it with a record put in, or in place of another."""
        return self._changed({**self.records, path: data})

    def without(self, path: str) -> World:
        """Return it without a record."""
        kept = {each: data for each, data in self.records.items() if each != path}
        return self._changed(kept)

    def _changed(self, records: dict[str, bytes]) -> World:
        # A file that is written anew is in walk order, and whole.
        return World(records, self.did, later(self.rev), self.sig)

    def with_old_signature(self) -> World:
        """Return it with the signature that it has now, also after changes."""
        return replace(self, sig=self.signature)

    @property
    def signature(self) -> bytes:
        """The signature in the commit."""
        value = dagcbor.decode(self.commit)
        assert isinstance(value, dict)  # noqa: S101 (it was made here)
        sig = value["sig"]
        assert isinstance(sig, bytes)  # noqa: S101 (the same)
        return sig


def later(rev: str) -> str:
    """Return a revision right behind another one."""
    return make_tid((tid_number(rev) >> 10) + 1, tid_clock_id(rev))


def record_of(path: str, text: str) -> bytes:
    """Return the block of a record: its type, and a text."""
    return dagcbor.encode({"$type": path.partition("/")[0], "text": text})


def text_of(data: bytes) -> str:
    """Return the text of a record, "" where it has none."""
    value = dagcbor.decode(data)
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""
