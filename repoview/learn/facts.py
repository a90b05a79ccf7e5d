"""Facts about a small repository, by name: each is computed from its bytes.

``depth-of com.example.pet/doe`` is a fact: a name, and what it is asked about. Texts
of lessons quote facts, questions ask for them, and goals say how they must be.
``set commit, record com.example.pet/doe`` is the set of several.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from inspect import signature
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core.cid import Cid
from repoview.core.diff.diff import diff
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import common_prefix, key_depth
from repoview.core.trees.record_change import RecordChange
from repoview.learn.streaming import stream
from repoview.learn.way import changed_blocks, node_of, proof_blocks, way_to
from repoview.learn.world import record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repoview.core.formats.dagcbor.spans import Span
    from repoview.learn.world import World

Value: TypeAlias = int | str | frozenset[str]
"""A number, a text (also a CID), or a set of blocks or bytes, by their names."""


class UnknownFact(ValueError):
    """A text that names no fact, or one that this repository does not have."""


@dataclass(frozen=True)
class Scene:
    """What facts are about: a repository, what it was at first, and the marks."""

    world: World
    first: World
    """Before anything was done."""

    marks: frozenset[str] = field(default=frozenset())
    """CIDs of blocks, or ``@`` and the offset of a byte in a node."""

    view: str = "tree"
    """What the rows show: tree, file, or ``bytes`` and a path."""


def fact(scene: Scene, text: str) -> Value:
    """Return the value of a fact.

    Args:
        scene: What it is about.
        text: Its name and arguments, with spaces between them.

    Raises:
        UnknownFact: There is no such fact, or not of this repository.
    """
    name, *given = text.split() or [""]
    if name == "set":
        parts = text.strip().removeprefix("set").split(",")
        return frozenset(str(fact(scene, part)) for part in parts)
    about = FACTS.get(name)
    if about is None:
        raise UnknownFact(f"there is no fact {name}")
    wanted = len(signature(about).parameters) - 1
    if len(given) != wanted:
        raise UnknownFact(f"{name} takes {wanted} words, and has {len(given)}")
    try:
        return about(scene, *given)
    except (KeyError, IndexError, StopIteration):
        raise UnknownFact(f"there is no {text} in this repository") from None
    except ValueError as error:
        raise UnknownFact(f"{text}: {error}") from None


def _node(scene: Scene, path: str) -> Cid:
    return node_of(scene.world, path)


def _prefixlen(scene: Scene, path: str) -> int:
    entries = scene.world.node(_node(scene, path)).entries
    place = [entry.key for entry in entries].index(path.encode())
    before = entries[place - 1].key if place else b""
    return common_prefix(before, path.encode())


def _suffix(scene: Scene, path: str) -> str:
    return path.encode()[_prefixlen(scene, path) :].decode()


def _after(scene: Scene, path: str) -> str:
    ordered = sorted(scene.world.records, key=str.encode)
    return ordered[ordered.index(path) + 1]


def _between(scene: Scene, low: str, high: str) -> int:
    return sum(low.encode() < p.encode() < high.encode() for p in scene.world.records)


def _new(scene: Scene) -> set[Cid]:
    return set(scene.world.blocks) - set(scene.first.blocks)


def _span(scene: Scene, path: str, place: str) -> Span:
    """Return the first span of a field's value, in the node that has *path*."""
    data = scene.world.node_blocks[_node(scene, path)]
    spans = dagcbor.annotate(data)
    return next(s for s in spans if s.path == place and s.kind != "key")


def _entry(scene: Scene, path: str) -> int:
    entries = scene.world.node(_node(scene, path)).entries
    return [entry.key for entry in entries].index(path.encode())


def _field(scene: Scene, path: str, name: str) -> Span:
    where = "l" if name == "l" else f"e[{_entry(scene, path)}].{name}"
    return _span(scene, path, where)


def _section_at(scene: Scene, byte: str) -> str:
    place = int(byte)
    return str(
        next(s.cid for s in scene.world.sections if s.offset <= place < s.end),
    )


def _section(scene: Scene, number: str) -> str:
    return str(scene.world.sections[int(number) - 1].cid)


def _offset(scene: Scene, cid: Cid) -> int:
    return next(each.offset for each in scene.world.sections if each.cid == cid)


def _record(scene: Scene, path: str) -> Cid:
    return Cid.for_block(scene.world.records[path])


def _lost(world: World) -> int:
    return len(world.records) - len(world.readable)


def _lost_without(scene: Scene, path: str) -> int:
    """Return the records that are lost with the last byte of a record's block."""
    cid = _record(scene, path)
    end = next(each.end for each in scene.world.sections if each.cid == cid)
    return _lost(replace(scene.world, flipped=frozenset({end - 1}), cut=None))


def _operation(scene: Scene, path: str) -> str:
    """Return what an event says was done at a key; "none" for nothing."""
    changes = diff(scene.first.tree, scene.world.tree)
    return next(
        (
            each.action
            for each in changes
            if isinstance(each, RecordChange) and each.path == path
        ),
        "none",
    )


def _texts(cids: Iterable[Cid]) -> frozenset[str]:
    return frozenset(map(str, cids))


def _counted(scene: Scene, code: str) -> int:
    return sum(found.code == code for found in scene.world.report.findings)


FACTS: Final[dict[str, Callable[..., Value]]] = {
    # The whole repository
    "did": lambda s: s.world.did,
    "records": lambda s: len(s.world.records),
    "nodes": lambda s: len(s.world.nodes),
    "blocks": lambda s: len(s.world.blocks),
    "bytes": lambda s: len(s.world.file),
    "depth": lambda s: s.world.depth,
    "empty-nodes": lambda s: sum(not n.entries for n in s.world.nodes.values()),
    "collections": lambda s: len({p.partition("/")[0] for p in s.world.records}),
    "keys-of-depth": lambda s, depth: sum(
        key_depth(p.encode()) == int(depth) for p in s.world.records
    ),
    "keys-between": _between,
    # Blocks by their CIDs
    "commit": lambda s: str(s.world.commit_cid),
    "top": lambda s: str(s.world.top),
    "first-top": lambda s: str(s.first.top),
    "record": lambda s, path: str(_record(s, path)),
    "first-record": lambda s, path: str(Cid.for_block(s.first.records[path])),
    "record-saying": lambda _, path, text: str(Cid.for_block(record_of(path, text))),
    "node": lambda s, path: str(_node(s, path)),
    "way-node": lambda s, number, path: str(way_to(s.world, path)[int(number)]),
    "section": _section,
    "section-at": _section_at,
    # Keys
    "has": lambda s, path: int(path in s.world.records),
    "depth-of": lambda _, path: key_depth(path.encode()),
    "hash-bytes": lambda _, path: sha256(path.encode()).digest()[:8].hex(" "),
    "key-after": _after,
    "prefixlen": _prefixlen,
    "suffix": _suffix,
    "suffix-bytes": lambda s, path: len(_suffix(s, path).encode()),
    # Bytes of a node and of the file
    "node-bytes": lambda s, path: len(s.world.node_blocks[_node(s, path)]),
    "record-bytes": lambda s, path: len(s.world.records[path]),
    "byte": lambda s, path, name: f"@{_field(s, path, name).start}",
    "byte-value": lambda s, path, name: s.world.node_blocks[_node(s, path)][
        _field(s, path, name).start
    ],
    "offset-of-record": lambda s, path: _offset(s, _record(s, path)),
    "offset-of-node": lambda s, path: _offset(s, _node(s, path)),
    "place-of-record": lambda s, path: (
        1 + [each.cid for each in s.world.sections].index(_record(s, path))
    ),
    # Sets
    "marked": lambda s: s.marks,
    "way": lambda s, path: _texts(way_to(s.world, path)),
    "way-length": lambda s, path: len(way_to(s.world, path)),
    "end-depth": lambda s, path: s.world.depth - len(way_to(s.world, path)) + 1,
    "proof": lambda s, path: _texts(proof_blocks(s.world, path)),
    "proof-length": lambda s, path: len(proof_blocks(s.world, path)),
    "rewritten-by": lambda s, path: _texts(changed_blocks(s.world, path)),
    "new-blocks": lambda s: _texts(_new(s)),
    # What changed
    "op": _operation,
    "new-nodes": lambda s: len(_new(s) & set(s.world.nodes)),
    "kept-nodes": lambda s: len(set(s.world.nodes) & set(s.first.nodes)),
    "new-bytes": lambda s: sum(len(s.world.blocks[cid]) for cid in _new(s)),
    # Streaming
    "most-held": lambda s: stream(s.world).most,
    "first-record-after": lambda s: stream(s.world).first_record,
    # The verdict
    "verdict": lambda s: s.world.report.verdict.value,
    "signature": lambda s: s.world.report.signature,
    "findings": _counted,
    "readable": lambda s: len(s.world.readable),
    "lost": lambda s: _lost(s.world),
    "lost-without": _lost_without,
    "damaged-bytes": lambda s: len(s.world.flipped),
}
"""Name → function of the scene, and of as many words as it has other parameters."""
