"""The repository as rows of text: the tree, the file, or the bytes of a node.

The rows of the tree are in the order of the walk: a node, then its contents from left
to right, each sub-tree where its keys belong. So keys ascend from top to bottom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.learn.way import node_of
from repoview.learn.world import text_of
from repoview.present import count_text, safe, short_cid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.learn.facts import Scene
    from repoview.learn.world import World


class Row(NamedTuple):
    """One row; its texts are safe."""

    name: str
    """Of the block or byte that it shows: what a mark has."""

    lead: str
    """Lines that show how deep it stands."""

    text: str
    facts: str
    state: str = ""
    """new, for what was not there at first; damaged, for changed bytes."""

    path: str = ""
    """Of its record, if it has one."""

    at: int = -1
    """In the file, its first byte; its place for `move` is its number."""


def rows(scene: Scene) -> list[Row]:
    """Return the rows of a scene."""
    name, _, path = scene.view.partition(" ")
    if name == "file":
        return list(_file_rows(scene))
    if name == "bytes" and path in scene.world.records:
        return list(_byte_rows(scene.world, path))
    return list(_tree_rows(scene))


def _tree_rows(scene: Scene) -> Iterator[Row]:
    world, before = scene.world, scene.first.blocks

    def state(cid: Cid) -> str:
        return "" if cid in before else "new"

    cid = world.commit_cid
    facts = f"rev {world.rev}, signed" if world.sig is None else f"rev {world.rev}"
    yield Row(str(cid), "", "commit", f"{facts}  {short_cid(cid)}", state(cid))
    for visit in world.walk:
        if visit.path:
            lead = "│ " * (visit.inside + 1)
            text = safe(visit.path, 200)
            says = safe(text_of(world.records[visit.path]), 40)
            facts = f"“{says}”  " if says else ""
            facts += short_cid(visit.cid)
        else:
            lead = "│ " * visit.inside + "├ "
            amount = len(world.nodes[visit.cid].entries)
            keys = count_text(amount, "key") if amount else "no keys"
            text = f"node of depth {visit.depth}"
            facts = f"{keys}  {short_cid(visit.cid)}"
        yield Row(str(visit.cid), lead, text, facts, state(visit.cid), visit.path)


def what_blocks_are(world: World) -> dict[Cid, str]:
    """Return what each block is: a commit, a node, or a record by its paths."""
    found = {world.commit_cid: "commit"}
    paths: dict[Cid, list[str]] = {}
    for visit in world.walk:
        if visit.path:
            paths.setdefault(visit.cid, []).append(visit.path)
        else:
            found[visit.cid] = f"node of depth {visit.depth}"
    named = {cid: safe(", ".join(each), 200) for cid, each in paths.items()}
    return found | named


def _file_rows(scene: Scene) -> Iterator[Row]:
    world = scene.world
    what = what_blocks_are(world)
    paths = {visit.cid: visit.path for visit in world.walk if visit.path}
    end = len(world.file)
    start = world.sections[0].offset
    yield Row("", "", f"{0:>6}      header", f"{start} bytes, its root is the commit")
    for number, each in enumerate(world.sections, 1):
        is_hurt = each.end > end or any(
            each.offset <= place < each.end for place in world.flipped
        )
        is_new = each.cid not in scene.first.blocks
        state = "damaged" if is_hurt else "new" if is_new else ""
        facts = f"{count_text(each.end - each.offset, 'byte')}  {short_cid(each.cid)}"
        text = f"{each.offset:>6}  {number:>2}  {what[each.cid]}"
        path = paths.get(each.cid, "")
        yield Row(str(each.cid), "", text, facts, state, path, each.offset)


def _byte_rows(world: World, path: str) -> Iterator[Row]:
    data = world.node_blocks[node_of(world, path)]
    for span in dagcbor.annotate(data):
        part = data[span.start : span.end]
        shown = part[:8].hex(" ") + (" …" if len(part) > 8 else "")
        meaning = safe(span.meaning, 60)
        if span.kind == "bytes" and not meaning.startswith("byte string"):
            meaning = f"“{safe(part.decode(errors='backslashreplace'), 50)}”"
        lead = "  " * span.depth
        yield Row(f"@{span.start}", "", f"{span.start:>4}  {shown:<25}", lead + meaning)
