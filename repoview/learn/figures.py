"""Figures in the text of a lesson: lines that are computed from its repository.

A line of a text that begins with ``@`` is one: ``@hash com.example.pet/doe``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import Cid
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import common_prefix
from repoview.learn.facts import Scene, UnknownFact
from repoview.learn.rows import rows, what_blocks_are
from repoview.learn.streaming import stream
from repoview.learn.way import node_of, way_to
from repoview.present import count_text, safe, short_cid, value_lines
from repoview.present.anatomy.depths import bit_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK: Final = "@"


def figure(scene: Scene, line: str) -> list[str]:
    """Return the lines of a figure.

    Args:
        scene: What it is of.
        line: Its name and arguments, with the mark in front.

    Raises:
        UnknownFact: There is no such figure, or not of this repository.
    """
    name, *given = line.removeprefix(MARK).split()
    draw = FIGURES.get(name)
    if draw is None:
        raise UnknownFact(f"there is no figure {name}")
    try:
        return list(draw(scene, *given))
    except (KeyError, TypeError, IndexError):
        raise UnknownFact(f"there is no figure {line} of this repository") from None


def hash_lines(path: str, pairs: int = 10) -> Iterator[str]:
    """Yield the hash of a key in bit pairs, and the depth that it gives."""
    split, depth = bit_pairs(path.encode(), pairs)
    lit = [f"[{each}]" if n < depth else f" {each} " for n, each in enumerate(split)]
    yield safe(path, 200)
    yield "".join(lit) + "…"
    amount = count_text(depth, "pair") if depth else "no pair"
    yield f"{amount} of zeros in front: depth {depth}"


def _hash(_: Scene, path: str) -> Iterator[str]:
    return hash_lines(path)


def _tree(scene: Scene) -> Iterator[str]:
    for row in rows(Scene(scene.world, scene.first)):
        yield f"{row.lead}{row.text}  {row.facts.rpartition('  ')[0]}".rstrip()


def _file(scene: Scene) -> Iterator[str]:
    for row in rows(Scene(scene.world, scene.first, view="file")):
        yield f"{row.text}  {row.facts}"


def _node(scene: Scene, path: str) -> Iterator[str]:
    """Yield the entries of the node with a key, prefix compression undone."""
    node = scene.world.node(node_of(scene.world, path))
    yield f"l  {_link(node.left)}"
    before = b""
    for entry in node.entries:
        shared = common_prefix(before, entry.key)
        key = entry.key.decode()
        head = f"{'·' * min(shared, 40)}{key[shared:]}"
        yield f'p {shared:>2}  k "{key[shared:]}"'
        yield f"      {head}"
        yield f"      v  {short_cid(entry.value)}  t  {_link(entry.tree)}"
        before = entry.key


def _link(cid: Cid | None) -> str:
    return "null" if cid is None else short_cid(cid)


def _commit(scene: Scene) -> Iterator[str]:
    value = dagcbor.decode(scene.world.commit)
    assert isinstance(value, dict)  # noqa: S101 (it was made here)
    for name, each in value.items():
        if isinstance(each, Cid):
            shown = short_cid(each)
        elif isinstance(each, bytes):
            shown = f"{len(each)} bytes: {each[:6].hex(' ')} …"
        else:
            shown = "null" if each is None else safe(str(each), 100)
        yield f"{name:<8} {shown}"


def _record(scene: Scene, path: str) -> Iterator[str]:
    data = scene.world.records[path]
    yield from value_lines(dagcbor.decode(data))
    yield f"{count_text(len(data), 'byte')}, CID {short_cid(Cid.for_block(data))}"


def _cid(scene: Scene, path: str) -> Iterator[str]:
    """Yield the parts of a record's CID."""
    cid = Cid.for_block(scene.world.records[path])
    raw = cid.raw
    yield str(cid)
    yield f"{raw[0]:02x}           CID version {raw[0]}"
    yield f"{raw[1]:02x}           codec: dag-cbor"
    yield f"{raw[2]:02x}           hash: sha2-256"
    yield f"{raw[3]:02x}           {raw[3]} bytes of hash follow"
    yield f"{raw[4:8].hex()}…    SHA-256 of the block"


def _look_up(scene: Scene, path: str) -> Iterator[str]:
    world, key = scene.world, path.encode()
    depth = world.depth
    for cid in way_to(world, path):
        node = world.node(cid)
        keys = [entry.key for entry in node.entries]
        yield f"node {short_cid(cid)}, depth {depth}: {_step(keys, key)}"
        depth -= 1
    yield "found" if path in world.records else "nothing there: it is absent"


def _step(keys: list[bytes], key: bytes) -> str:
    if key in keys:
        return "it has the key"
    before = [each for each in keys if each < key]
    if not keys:
        return "no keys: on by l"
    if not before:
        return "before all its keys: on by l"
    return f"behind {before[-1].decode().rpartition('/')[2]}: on by its t"


def _stream(scene: Scene) -> Iterator[str]:
    world = scene.world
    what = what_blocks_are(world)
    held = stream(world).held
    for number, (cid, count) in enumerate(zip(world.filed, held, strict=True), 1):
        yield f"{number:>2}  {what[cid]:<24}  held: {count}"


FIGURES: Final[dict[str, Callable[..., Iterator[str]]]] = {
    "hash": _hash,
    "tree": _tree,
    "file": _file,
    "node": _node,
    "commit": _commit,
    "record": _record,
    "cid": _cid,
    "look-up": _look_up,
    "stream": _stream,
}
