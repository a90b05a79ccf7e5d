"""The proof path: from the commit down to a record, a node or a key.

One step a block: where it is, whether its bytes hash to its CID, and which link
of the block above leads to it. Every hash is computed anew, independently of
the walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import BlockMissing
from repoview.core.kernel.seam import NodeKind
from repoview.core.repo.step import Step

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.repo.repo import Repo

__all__ = ["Step", "way_to_commit", "way_to_key", "way_to_node", "way_to_record"]


def way_to_key(repo: Repo, key: bytes) -> list[Step]:
    """Return the way to *key*: its record, or the node that would hold it."""
    number = repo.find(key)
    if number is not None:
        return way_to_record(repo, number)
    return _top(repo) + _nodes(repo, repo.tree.way_to(key))


def way_to_record(repo: Repo, number: int) -> list[Step]:
    """Return the way to the record of a number.

    Raises:
        NotFound: The repository has no record of that number.
        SourceError: The source was changed.
    """
    record = repo.record(number)
    nodes = _nodes_to(repo, number)
    link = ""
    if nodes:
        refs = [i for i in repo.tree.children(nodes[-1]) if not isinstance(i, int)]
        places = [n for n, ref in enumerate(refs) if ref.number == number]
        link = f"e[{places[0]}].v" if places else ""
    last = Step(
        "record",
        record.cid,
        link,
        record.offset,
        record.size,
        _hashes(repo, record.cid),
        key=record.key,
        record=record,
    )
    return [*_top(repo), *_nodes(repo, nodes), last]


def way_to_node(repo: Repo, number: int) -> list[Step]:
    """Return the way to the node of a number, itself the last.

    Raises:
        SourceError: The source was changed.
    """
    way = [number]
    while (parent := repo.tree.node(way[0]).parent) is not None:
        way.insert(0, parent)
    return _top(repo) + _nodes(repo, way)


def way_to_commit(repo: Repo) -> list[Step]:
    """Return the commit alone; nothing where there is none."""
    return _top(repo)


def _top(repo: Repo) -> list[Step]:
    commit = repo.commit
    if commit is None:
        return []
    hashes = _hashes(repo, commit.cid)
    return [Step("commit", commit.cid, "", commit.offset, commit.size, hashes)]


def _nodes_to(repo: Repo, number: int) -> list[int]:
    """Return the nodes down to that of a record: by number, not by key.

    Of a tree whose keys are not in order, only that finds every record.
    """
    tree, way = repo.tree, [0] if len(repo.tree) else []
    while way:
        below = None
        for item in tree.children(way[-1]):
            if not isinstance(item, int):
                continue
            node = tree.node(item)
            if 0 <= number - node.first_record < node.record_count:
                below = item
                break
        if below is None:
            break
        way.append(below)
    return way


def _nodes(repo: Repo, way: list[int]) -> list[Step]:
    return [
        _node_step(repo, above, number)
        for above, number in zip([None, *way], way, strict=False)
    ]


def _node_step(repo: Repo, above: int | None, number: int) -> Step:
    node = repo.tree.node(number)
    is_node = node.kind is NodeKind.NODE
    key, link = None, "data" if repo.commit is not None else ""
    if above is not None:
        key, link = _link_to_node(repo, above, number)
    entries = None
    if is_node:
        entries = sum(not isinstance(i, int) for i in repo.tree.children(number))
    return Step(
        "node" if is_node else node.kind.label,
        node.cid,
        link,
        node.offset,
        node.size,
        _hashes(repo, node.cid),
        key=key,
        node=node,
        entries=entries,
    )


def _link_to_node(repo: Repo, above: int, number: int) -> tuple[bytes | None, str]:
    """Return the key before a link to a node, and the field that has it."""
    entry, key = -1, None
    for item in repo.tree.children(above):
        if item == number:
            break
        if not isinstance(item, int):
            entry, key = entry + 1, item.key
    return key, "l" if entry < 0 else f"e[{entry}].t"


def _hashes(repo: Repo, cid: Cid) -> bool:
    try:
        repo.block(cid)
    except BlockMissing:
        return False
    return True
