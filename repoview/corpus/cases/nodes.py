"""Cases of nodes: their fields, and what they make of one another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import encode
from repoview.corpus.repo import Repo, make_repo, sample
from repoview.corpus.tree import ABSENT, COLLECTION, Node, paths

CASES = Cases()

LOST = {"BLK004"}
"""What is said besides where a node is of no use, for it links to nothing."""


def at(repo: Repo, node: Node) -> Broken:
    """Write *repo*, whose fault is in *node*."""
    car = repo.car()
    return Broken(car, car.offset_of(node.cid))


def entry_with(number: int = 0, **fields: Any) -> Broken:
    """Change fields of an entry of the sample's node `second`."""
    repo = sample()
    repo.second.entries[number].changed.update(fields)
    return at(repo, repo.second)


def node_with(**fields: Any) -> Broken:
    """Change fields of the sample's node `second`."""
    repo = sample()
    repo.second.changed.update(fields)
    return at(repo, repo.second)


def instead_of_a_node(data: bytes) -> Broken:
    """Put other data in place of the sample's node `first`."""
    repo = sample()
    repo.first.raw = data
    return at(repo, repo.first)


# Shape


@CASES.error("MST001", "invalid", beside=LOST)
def record_in_place_of_a_node() -> Broken:
    """The tree links to a map without entries."""
    return instead_of_a_node(encode({"$type": COLLECTION}))


@CASES.error("MST001", "invalid", beside=LOST)
def text_in_place_of_a_node() -> Broken:
    """The tree links to a text."""
    return instead_of_a_node(encode("a node, honestly"))


@CASES.error("MST001", "invalid", beside={"BLK004", "BLK005", "BLK011"})
def text_in_place_of_the_top_node() -> Broken:
    """The commit links to a text."""
    repo = sample()
    repo.top.raw = encode("a node, honestly")
    return at(repo, repo.top)


@CASES.error("MST002", "invalid")
def node_with_a_field_more() -> Broken:
    """A node has a field that no version has."""
    return node_with(x=1)


@CASES.error("MST002", "invalid")
def entry_with_a_field_more() -> Broken:
    """An entry has a field that no version has."""
    return entry_with(x=1)


@CASES.error("MST003", "invalid")
def node_without_left() -> Broken:
    """A node has no left link, not even null."""
    return node_with(l=ABSENT)


@CASES.error("MST003", "invalid")
def entry_without_tree() -> Broken:
    """An entry has no link to a sub-tree, not even null."""
    return entry_with(t=ABSENT)


@CASES.error("MST003", "invalid")
def first_entry_without_prefixlen() -> Broken:
    """The first entry does not say that it shares no bytes."""
    return entry_with(p=ABSENT)


@CASES.error("MST003", "invalid", beside=LOST)
def entry_without_value() -> Broken:
    """An entry has no link to its record."""
    return entry_with(2, v=ABSENT)


@CASES.error("MST003", "invalid", beside=LOST)
def entry_without_keysuffix() -> Broken:
    """The last entry has no key, so that its record has none either."""
    return entry_with(2, k=ABSENT)


@CASES.error("MST004", "invalid", beside=LOST)
def left_is_text() -> Broken:
    """A node's left link is text."""
    return node_with(l="none")


@CASES.error("MST004", "invalid", beside=LOST)
def entries_are_a_map() -> Broken:
    """A node's entries are a map."""
    return node_with(e={})


@CASES.error("MST004", "invalid", beside=LOST)
def entry_is_null() -> Broken:
    """An entry is null."""
    return node_with(e=[None])


@CASES.error("MST004", "invalid", beside=LOST)
def keysuffix_is_text() -> Broken:
    """An entry's key is text, as it reads."""
    return entry_with(k=sample().second.entries[0].key.decode())


@CASES.error("MST004", "invalid", beside=LOST)
def prefixlen_is_false() -> Broken:
    """An entry shares `false` bytes, which some languages take for 0."""
    return entry_with(p=False)


@CASES.error("MST004", "invalid", beside=LOST)
def tree_is_false() -> Broken:
    """An entry's link to a sub-tree is false."""
    return entry_with(t=False)


@CASES.error("MST004", "invalid", beside=LOST)
def value_is_null() -> Broken:
    """An entry links to no record."""
    return entry_with(v=None)


@CASES.error("MST004", "invalid", beside=LOST)
def value_is_bytes() -> Broken:
    """An entry's link to its record is a CID without a tag."""
    return entry_with(v=sample().second.entries[0].cid)


# Prefixes


@CASES.error("MST005", "invalid")
def first_entry_shares_bytes() -> Broken:
    """The first entry of a node says that it shares a byte."""
    return entry_with(0, p=1)


@CASES.error("MST006", "invalid", beside=LOST)
def prefixlen_over_the_key_before() -> Broken:
    """The last entry of a node shares more bytes than the key before it has."""
    return entry_with(2, p=99)


@CASES.error("MST007", "invalid", beside=LOST)
def prefixlen_is_negative() -> Broken:
    """The last entry of a node shares -1 bytes."""
    return entry_with(2, p=-1)


@CASES.error("MST008", "invalid")
def prefix_is_not_maximal() -> Broken:
    """An entry spells out all of its key."""
    return entry_with(1, p=0, k=sample().second.entries[1].key)


@CASES.error("MST008", "invalid")
def prefix_is_a_byte_short() -> Broken:
    """An entry spells out one byte more than it needs to."""
    one, two = sample().second.entries[:2]
    shared = two.fields(one.key)["p"] - 1
    return entry_with(1, p=shared, k=two.key[shared:])


# Size


def node_of(entries: int) -> Broken:
    """Have a tree of one node with so many keys; its twin has 64, the most usual."""
    repo = make_repo({name: {} for name in paths(0, entries)})
    assert isinstance(repo.top, Node)
    broken = at(repo, repo.top)
    return broken if entries <= 64 else replace(broken, twin=Twin(node_of(64).car))


@CASES.warning("MST019")
def node_of_65_entries() -> Broken:
    """The tree is one node of 65 keys."""
    return node_of(65)


@CASES.error("MST020", "invalid")
def node_of_201_entries() -> Broken:
    """The tree is one node of 201 keys."""
    return node_of(201)


@CASES.error("MST020", "invalid", beside={"BLK004"})
def node_of_8193_entries() -> Broken:
    """The tree is one node of 8,193 keys, of which the last is not read."""
    return node_of(8193)
