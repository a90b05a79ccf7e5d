"""Cases of nodes: their fields, and what they make of one another."""

from __future__ import annotations

from typing import Any

from tests.cars.case import Broken, Cases
from tests.cars.cbor import Link, Raw, encode
from tests.cars.repo import Repo, Sample, entry_of, make_repo, record_of, sample
from tests.cars.tree import (
    ABSENT,
    COLLECTION,
    Entry,
    Node,
    key_depth,
    path,
    paths,
)

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


@CASES.error("MST001", "invalid", beside={"BLK004", "BLK005"})
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


# Order


@CASES.error("MST009", "invalid")
def two_keys_swapped() -> Broken:
    """Two keys of a node have changed places."""
    repo = sample()
    entries = repo.second.entries
    entries[0], entries[1] = entries[1], entries[0]
    return at(repo, repo.second)


@CASES.error("MST010", "invalid")
def key_twice() -> Broken:
    """A node has the same key two times, for different records."""
    repo = sample()
    again = Entry(repo.second.entries[1].key, record_of(f"{COLLECTION}/again"))
    repo.second.entries.insert(2, again)
    return at(repo, repo.second)


@CASES.error("MST014", "invalid")
def key_over_its_range() -> Broken:
    """A node on the left holds a key that belongs to the far right."""
    repo = sample()
    repo.second.entries.append(entry_of(f"{COLLECTION}/9999"))
    assert key_depth(repo.second.entries[-1].key) == 0
    return at(repo, repo.second)


@CASES.error("MST014", "invalid")
def key_under_its_range() -> Broken:
    """A node on the right holds a key that belongs to the far left."""
    repo = sample()
    repo.last.entries.insert(0, entry_of(f"{COLLECTION}/0001"))
    assert key_depth(repo.last.entries[0].key) == 0
    return at(repo, repo.last)


@CASES.error("MST014", "invalid")
def key_of_the_parent_again() -> Broken:
    """A node's first key is the one that its parent has before it."""
    repo = sample()
    key = repo.inner.entries[0].key
    below = build_at(0, 1)[0]
    below.key = key
    repo.second.entries[0].key = key
    car = repo.car()
    return Broken(car, car.offset_of(repo.second.cid))


def build_at(depth: int, amount: int) -> list[Entry]:
    """Return entries whose keys have this depth, in key order."""
    return [entry_of(each) for each in paths(depth, amount)]


@CASES.error("MST018", "invalid", also={"MST007"}, beside=LOST)
def key_under_the_one_before() -> Broken:
    """Beside a key that cannot be known, a sub-tree goes back behind another.

    No bound stands between the two sub-trees, so only the walk can tell.
    """
    low, high = build_at(0, 2)
    unknown = entry_of(path(1))
    unknown.changed["p"] = -1
    unknown.tree = Node(entries=[low])
    top = Node(left=Node(entries=[high]), entries=[unknown])
    repo = Repo(top)
    car = repo.car()
    return Broken(car, car.offset_of(unknown.tree.cid))


# Depth


@CASES.error("MST011", "invalid")
def keys_of_two_depths() -> Broken:
    """A node at depth 0 has a key of depth 1 at its end."""
    repo = sample()
    deeper = f"{COLLECTION}/2072" + next(
        ending
        for ending in map(str, range(100))
        if key_depth(f"{COLLECTION}/2072{ending}".encode()) == 1
    )
    repo.last.entries.append(entry_of(deeper))
    return at(repo, repo.last)


@CASES.error("MST012", "invalid")
def depth_left_out() -> Broken:
    """A node at depth 0 hangs below one at depth 2, without one between."""
    repo = sample()
    repo.top.entries[0].tree = repo.last
    last = repo.top.entries[0].tree
    return at(repo, last)


@CASES.error("MST012", "invalid")
def child_as_high_as_its_parent() -> Broken:
    """A node at depth 1 hangs below another at depth 1."""
    repo = sample()
    one, two = build_at(1, 2)
    one.tree = Node(entries=[two])
    repo.top = Node(entries=[one])
    return at(repo, one.tree)


@CASES.error("MST013", "invalid")
def child_below_the_bottom() -> Broken:
    """A node at depth 0 has a child."""
    one, two = build_at(0, 2)
    one.tree = Node(entries=[two])
    return at(Repo(Node(entries=[one])), one.tree)


@CASES.error("MST015", "invalid")
def empty_node() -> Broken:
    """A node links to one that is empty."""
    repo = sample()
    repo.last_entry.tree = None
    repo.top.entries[0].tree = Node()
    return at(repo, repo.bridge)


@CASES.error("MST016", "invalid")
def top_node_not_trimmed() -> Broken:
    """Over the top node stands an empty one."""
    repo = sample()
    repo.top = Node(left=repo.top)
    return at(repo, repo.top)


@CASES.error("MST017", "invalid")
def node_linked_twice() -> Broken:
    """A node stands left and right of the same key."""
    repo = sample()
    repo.inner.left = repo.second
    return at(repo, repo.inner)


@CASES.error("MST017", "invalid", count=100, beside={"LIM002"}, also=())
def node_linked_a_thousand_times() -> Broken:
    """Ten nodes link to the next a hundred times each: 100**10 visits."""
    entries = [paths(depth, 100) for depth in range(4)]
    child: Node | None = None
    for names in entries:
        keys = [entry_of(name) for name in names]
        for entry in keys:
            entry.tree = child
        child = Node(entries=keys)
    assert child is not None
    return at(Repo(child), child)


# Size


@CASES.warning("MST019")
def node_of_65_entries() -> Broken:
    """The tree is one node of 65 keys."""
    repo = make_repo({name: {} for name in paths(0, 65)})
    assert isinstance(repo.top, Node)
    return at(repo, repo.top)


@CASES.error("MST020", "invalid")
def node_of_201_entries() -> Broken:
    """The tree is one node of 201 keys."""
    repo = make_repo({name: {} for name in paths(0, 201)})
    assert isinstance(repo.top, Node)
    return at(repo, repo.top)


@CASES.error("MST020", "invalid", beside={"BLK004"})
def node_of_8193_entries() -> Broken:
    """The tree is one node of 8,193 keys, of which the last is not read."""
    repo = make_repo({name: {} for name in paths(0, 8193)})
    assert isinstance(repo.top, Node)
    return at(repo, repo.top)


@CASES.error("MST022", "invalid", also={"MST016"}, beside={"BLK004"})
def chain_of_empty_nodes() -> Broken:
    """A hundred and thirty nodes hang below one another."""
    node = Node()
    chain = [node]
    for _ in range(129):
        node = Node(left=node)
        chain.append(node)
    car = Repo(node).car()
    # The 129th node from the top holds the link that is not followed.
    return Broken(car, car.offset_of(chain[1].cid))


# Two roles


@CASES.warning("MST025", verdict="bad-records", also={"REC003"})
def node_used_as_a_record() -> Broken:
    """A key links to a node of its own tree as its record."""
    repo = sample()
    entry = repo.last_entry
    entry.record, entry.link = None, Link(repo.first.cid)
    car = repo.car()
    return Broken(car, car.offset_of(repo.first.cid))
