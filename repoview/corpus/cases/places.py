"""Cases of where keys and nodes stand: order, range, depth, and roles."""

from __future__ import annotations

from repoview.corpus.case import Broken, Cases
from repoview.corpus.cases.nodes import at
from repoview.corpus.cbor import Link
from repoview.corpus.repo import Repo, entry_of, record_of, sample
from repoview.corpus.tree import COLLECTION, Entry, Node, key_depth, path, paths

CASES = Cases()


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


@CASES.error("MST014", "invalid", also={"MST011"})
def key_of_the_parent_again() -> Broken:
    """A node's first key is the one that its parent has before it."""
    repo = sample()
    repo.second.entries[0].key = repo.inner.entries[0].key
    return at(repo, repo.second)


def build_at(depth: int, amount: int) -> list[Entry]:
    """Return entries whose keys have this depth, in key order."""
    return [entry_of(each) for each in paths(depth, amount)]


@CASES.error("MST018", "invalid", also={"MST007"}, beside={"BLK004"})
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
    repo.inner.entries[0].tree = repo.first
    return at(repo, repo.inner)


@CASES.error("MST017", "invalid", count=9)
def few_nodes_that_are_many() -> Broken:
    """Each of four nodes links to the next four times, which unfolds to 85."""
    names = (f"{COLLECTION}/{number}" for number in range(10_000, 100_000))
    entries = map(entry_of, names)

    def next_of(depth: int) -> Entry:
        return next(entry for entry in entries if key_depth(entry.key) == depth)

    top, *below = (next_of(depth) for depth in (3, 2, 1, 0))
    node = Node(entries=[below.pop(), *(next_of(0) for _ in range(3))])
    for depth in (1, 2, 3):
        first = below.pop() if below else top
        first.tree = node
        rest = [next_of(depth) for _ in range(3)]
        for entry in rest:
            entry.tree = Link(node.cid)
        node = Node(entries=[first, *rest])
    return at(Repo(node), node)


@CASES.error("MST022", "invalid", also={"MST016"}, beside={"BLK004", "BLK011"})
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
