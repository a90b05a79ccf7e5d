"""The tree as an outline: nodes, the keys in them, and holes as holes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from repoview.cli.pages.as_json import record_object
from repoview.core.kernel.seam import NodeKind
from repoview.core.repo.inside import inside
from repoview.present import count_text, range_text, safe, short_cid, size_text
from repoview.present.holes import HOLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Paint
    from repoview.core.repo.repo import Repo
    from repoview.core.repo.tree import NodeView, RecordRef

LINES: Final = 1_000
"""Lines that an outline has unless more are asked for."""

_RAILS: Final = 16
"""Levels whose rails are drawn: a hostile tree has more than a page is wide."""


def levels_within(repo: Repo, limit: int = LINES) -> int:
    """Return how many levels of nodes may be opened in *limit* lines; 1 at least."""
    nodes = inside(repo).nodes
    node_lines = Counter(nodes.distances)
    records: Counter[int] = Counter()
    places = zip(nodes.distances, nodes.first_records, nodes.record_ends, strict=True)
    for distance, first, end in places:
        records[distance] += end - first
    lines = node_lines[0]
    for distance in range(len(node_lines)):
        # Records in these nodes: those in and below, less those below.
        entries = records[distance] - records[distance + 1]
        lines += entries + node_lines[distance + 1]
        if lines > limit:
            return max(distance, 1)
    return max(len(node_lines), 1)


def levels_to(repo: Repo, depth: int) -> int:
    """Return how many levels of nodes there are down to *depth*; 1 at least."""
    nodes = inside(repo).nodes
    for number in range(len(nodes)):
        known = repo.tree.node(number)
        if known.depth is not None:
            return max(known.depth + known.distance - depth + 1, 1)
    return max(len(nodes), 1)


class Outline:
    """Draws one tree.

    Args:
        repo: The repository.
        paint: The colors.
        levels: How many levels of nodes are opened.
        bare: Whether the file holds no records by design, so none are missing.
    """

    def __init__(
        self, repo: Repo, paint: Paint, levels: int, *, bare: bool = False
    ) -> None:
        self._repo = repo
        self._bare = bare
        self._paint = paint
        self._levels = levels
        self.closed = 0
        """Nodes that were drawn without their items."""

    def lines(self) -> Iterator[str]:
        """Yield the lines, the commit first."""
        repo = self._repo
        rails: tuple[str, ...] = ()
        if repo.commit is not None:
            did = safe(repo.commit.did or "no account", 80)
            cid = short_cid(repo.commit.cid)
            yield f"commit {cid}  {self._paint('dim', did)}"
            rails = ("└─ ",)
        # (rails, node or entry, key before it in its node)
        steps: list[tuple[tuple[str, ...], int | RecordRef, str]] = []
        if len(repo.tree):
            steps.append((rails, 0, ""))
        while steps:
            rails, item, before = steps.pop()
            if not isinstance(item, int):
                yield self._rails(rails) + self._entry(item, before)
                continue
            node = repo.tree.node(item)
            items = repo.tree.children(item) if node.distance < self._levels else []
            yield self._rails(rails) + self._node(node, opened=bool(items))
            steps += reversed(list(_below(rails, items)))

    def _rails(self, rails: tuple[str, ...]) -> str:
        if len(rails) > _RAILS:
            drawn = f"… {len(rails) - _RAILS:>3} more " + "".join(rails[-_RAILS:])
        else:
            drawn = "".join(rails)
        return self._paint("dim", drawn)

    def _node(self, node: NodeView, *, opened: bool) -> str:
        cid = short_cid(node.cid)
        if node.kind is not NodeKind.NODE:
            what = self._paint("bad", f"╳ {HOLES[node.kind]}")
            return f"{what} {cid}  {range_text(node.lo, node.hi)}"
        depth = "depth unknown" if node.depth is None else f"depth {node.depth}"
        records = count_text(node.record_count, "record")
        facts = self._paint("dim", f"{depth}, {records}")
        if not opened and node.record_count:
            self.closed += 1
            return f"{self._paint('head', 'node')} {cid}  {facts} …"
        return f"{self._paint('head', 'node')} {cid}  {facts}"

    def _entry(self, entry: RecordRef, before: str) -> str:
        record = self._repo.record(entry.number)
        path = safe(record.path, 300)
        shared = _shared(safe(before, 300), path)
        shown = self._paint("dim", path[:shared]) + path[shared:]
        cid = self._paint("dim", short_cid(record.cid))
        if record.state in {"missing", "damaged"} and not self._bare:
            return f"{shown}  {self._paint('bad', f'╳ {record.state} record')} {cid}"
        return f"{shown}  {cid}"


def _shared(before: str, path: str) -> int:
    """Return the length of the common prefix of two texts."""
    differ = (
        n
        for n, pair in enumerate(zip(before, path, strict=False))
        if pair[0] != pair[1]
    )
    return next(differ, min(len(before), len(path)))


def _below(
    rails: tuple[str, ...], items: list[int | RecordRef]
) -> Iterator[tuple[tuple[str, ...], int | RecordRef, str]]:
    """Yield the items of a node, each with its rails and the key before it."""
    if rails:
        rails = (*rails[:-1], "│  " if rails[-1] == "├─ " else "   ")
    before = ""
    for number, item in enumerate(items):
        last = "└─ " if number == len(items) - 1 else "├─ "
        yield (*rails, last), item, before
        if not isinstance(item, int):
            before = item.key.decode(errors="backslashreplace")


def node_objects(repo: Repo, levels: int) -> Iterator[dict[str, Any]]:
    """Yield the nodes as `mst --json` has them, parents before children."""
    tree, ends = repo.tree, inside(repo).nodes.ends
    number = 0
    while number < len(tree):
        node = tree.node(number)
        opened = node.distance < levels
        out = node_object(node)
        if opened:
            out["items"] = [_item(repo, item) for item in tree.children(number)]
        yield out
        number = number + 1 if opened else ends[number]


def node_object(node: NodeView) -> dict[str, Any]:
    """Return what JSON says of one node."""
    return {
        "number": node.number,
        "cid": str(node.cid),
        "kind": node.kind.label,
        "depth": node.depth,
        "distance": node.distance,
        "parent": node.parent,
        "records": node.record_count,
        "offset": node.offset,
        "size": node.size,
        "lo": _key(node.lo),
        "hi": _key(node.hi),
    }


def _item(repo: Repo, item: int | RecordRef) -> dict[str, Any]:
    if isinstance(item, int):
        return {"node": item}
    record = repo.record(item.number)
    return {**record_object(record), "state": record.state}


def _key(key: bytes | None) -> str | None:
    return None if key is None else key.decode(errors="backslashreplace")


def size_and_place(size: int | None, offset: int | None) -> str:
    """Return how large a block is, and where."""
    if size is None or offset is None:
        return "not in the file"
    return f"{size_text(size)} at byte {offset:,}"
