"""The page about a node of the tree, or about a link that leads to none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import BlockMissing
from repoview.core.formats.mst import key_depth
from repoview.core.kernel.seam import NodeKind
from repoview.core.wording import count_text
from repoview.present.anatomy.depths import hash_row
from repoview.present.anatomy.fields import fields_of, items_of, top_fields
from repoview.present.anatomy.nodes import between_text, keys_of, node_remarks
from repoview.present.seeing.keys import SHARED, key_rows
from repoview.present.seeing.page import Page
from repoview.present.seeing.repository import COUNTED, what_is_a_repository
from repoview.present.styled import Section
from repoview.present.text import safe, short_cid, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.repo.repo import Repo
    from repoview.core.repo.tree import NodeView
    from repoview.present.anatomy.nodes import KeyParts
    from repoview.present.styled import Row


def node_page(repo: Repo, number: int) -> Page:
    """Return the page about a node.

    Args:
        repo: The repository, which has a tree.
        number: Of the node, or of a link to none.

    Raises:
        SourceError: The source was changed.
    """
    node = repo.tree.node(number)
    if node.kind is not NodeKind.NODE:
        return Page("a hole in the tree", [_hole(node), tree_section(repo, node)])
    try:
        data = repo.tree.data(number)
    except BlockMissing as error:
        sections = [Section("This node", [f"{safe(str(error), 300)}."])]
        return Page("a node of the tree", sections)
    keys = keys_of(data)
    sections = [tree_section(repo, node), _node(repo, node, keys)]
    if keys:
        sections.append(
            Section("Its keys, as it writes them", [SHARED, *key_rows(keys)])
        )
    sections.append(Section("Its fields", list(_fields(data, node))))
    return Page("a node of the tree", sections)


def tree_page(repo: Repo) -> Page:
    """Return the page about a tree, by its top node; about the repository without."""
    if len(repo.tree):
        return node_page(repo, 0)
    return Page("a tree", [what_is_a_repository(repo)])


def tree_section(repo: Repo, node: NodeView) -> Section:
    """Return what a tree is good for, by one of its nodes."""
    counts, steps = repo.report.counts, node.distance + 1
    levels = (repo.tree.node(0).depth or 0) + 1
    size = sum(repo.tree.node(number).size or 0 for number in _way(repo, node))
    nodes = all_nodes = count_text(counts.nodes, "node")
    if counts.nodes <= COUNTED:
        all_nodes += f", {size_text(repo.shape.node_bytes)}"
    return Section(
        "What is this tree, and why not a list?",
        [
            (
                f"A Merkle Search Tree: {_all_keys(repo)} in order, spread over "
                f"{nodes}, each a block of its own."
            ),
            (
                "Search: a key is found from the top down by comparing it with those "
                f"of one node a level, here through {count_text(levels, 'node')} at "
                "most."
            ),
            (
                "Merkle: nodes link by hashes, so the CID of the top node stands for "
                "every key and record, and a single record is proved by the nodes "
                "above it."
            ),
            (
                "A list of all keys would be one large block, made anew with every "
                "change. Here a change in this node makes "
                f"{count_text(steps, 'node')} anew, {size_text(size)}, and the commit; "
                f"the tree has {all_nodes}."
            ),
        ],
    )


def _all_keys(repo: Repo) -> str:
    keys = count_text(len(repo), "key")
    return f"all {keys}" if repo.report.complete else f"the {keys} that are there,"


def _way(repo: Repo, node: NodeView) -> Iterator[int]:
    """Yield the numbers of a node and of those above it."""
    at: int | None = node.number
    while at is not None:
        yield at
        at = repo.tree.node(at).parent


def _node(repo: Repo, node: NodeView, keys: Sequence[KeyParts]) -> Section:
    depth = "?" if node.depth is None else node.depth
    place = "the top node"
    if node.distance:
        place = f"{count_text(node.distance, 'step')} below the top node"
    lines: list[str | Row] = [
        (
            f"{short_cid(node.cid)}: depth {depth}, counted from the bottom, "
            f"{place}, "
            f"{count_text(node.record_count, 'record')} in it and below. "
            f"It has its place among {between_text(node.lo, node.hi)}."
        ),
    ]
    if keys:
        first = keys[0].key
        lines += [
            (
                f"It holds the keys of depth {key_depth(first)}: those whose SHA-256 "
                "begins with as many zero pairs of bits. Of its first one:"
            ),
            hash_row(first),
            "Keys with fewer zero pairs are in nodes below it, keys with more above.",
        ]
    elif node.record_count:
        lines.append(
            f"It has 0 entries: none of its {count_text(node.record_count, 'key')} has "
            f"depth {depth}, all have less. Levels are not left out, so that every "
            "tree of the same keys is the same: the node only links on, by l."
        )
        lines += _empty(repo)
    else:
        lines.append("It has 0 entries and no link: there is no key at all.")
    return Section("This node", lines)


def _empty(repo: Repo) -> list[str | Row]:
    if len(repo.tree) > COUNTED:
        return []
    empty = repo.shape.fanout.get(0, 0)
    nodes = count_text(repo.report.counts.nodes, "node")
    return [f"{empty:,} of the {nodes} here are such."]


def _fields(data: bytes, node: NodeView) -> Iterator[str]:
    """Yield the fields of a node, with one of its entries as the example."""
    remarks, fields = node_remarks(data, node.lo, node.hi), top_fields(data)
    if "e" in fields:
        yield f"e, entries: {remarks.get(fields['e'].start, 'not readable')}."
        entries = list(items_of(data, fields["e"], 2))
        if entries:
            number = len(entries) - 1
            entry = fields_of(data, entries[-1])
            for name in ("p", "k", "v", "t"):
                says = remarks.get(entry[name].start) if name in entry else None
                if says:
                    yield f"e[{number}].{name}, {_NAMES[name]}: {says}."
    if "l" in fields:
        yield f"l, left: {remarks.get(fields['l'].start, 'not readable')}."
    yield (
        "Links lead down, none to a neighbor: l to the keys before the first of this "
        "node, t to those between its key and the next. p is a number of bytes. "
        "v leads to a record, t to a node."
    )


_NAMES = {
    "p": "prefix length",
    "k": "rest of the key",
    "v": "value",
    "t": "tree",
}


def _hole(node: NodeView) -> Section:
    why = {
        NodeKind.MISSING: "its block is not in the file",
        NodeKind.DAMAGED: "its bytes do not hash to the CID of the link",
        NodeKind.SHARED: "it was shown before, where it was linked to first",
        NodeKind.NOT_A_NODE: "its block is no node",
        NodeKind.TOO_DEEP: "it is below more levels than any key has",
    }.get(node.kind, "it was not read")
    return Section(
        "A link that leads to no node",
        [
            f"The node above links to {short_cid(node.cid)}, and {why}.",
            (
                f"What it hides are {between_text(node.lo, node.hi)}; how many, only "
                "the node itself would tell."
            ),
            (
                "The link is proved like all that the node above says: if the block "
                "comes from elsewhere, its hash tells whether it is the one."
            ),
        ],
    )
