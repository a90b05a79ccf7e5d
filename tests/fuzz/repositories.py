"""Hypothesis strategies for repositories of every shape, sound or not.

Each is a tree as specified, made with `repoview.corpus`, with random changes to its
records, its nodes, and the sections of the file.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.corpus.car import Car, Junk, Section
from repoview.corpus.cbor import Link, varint
from repoview.corpus.repo import Repo, record_of
from repoview.corpus.tree import ABSENT, COLLECTION, Entry, Node, build_tree
from tests.fuzz.mutators import FORMS
from tests.strategies import odd_values, paths, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

SHARED: Final = record_of(f"{COLLECTION}/shared")
"""A record that several keys may link to."""

HEAVY: Final = 200_000
"""Bytes of a heavy record: a few of them fill several buffers."""

ORDERS: Final = ("walk", "walk", "ascending", "descending", "nodes first", "any")


class File(bytes):
    """Bytes with a short `repr`, for failing tests."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<a file of {len(self):,} bytes>"


@st.composite
def repositories(draw: DrawFn, *, heavy: bool = False) -> File:
    """Return files, sound ones and ones with several faults.

    Args:
        draw: Hypothesis's source of choices.
        heavy: Whether their records are large.
    """
    keys = sorted(draw(_FEW_KEYS if heavy else _KEYS))
    repo = Repo(build_tree([Entry(key, _record(draw, key, heavy)) for key in keys]))
    nodes = list(_nodes(repo.top))
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        _change_node(draw, draw(st.sampled_from(nodes)), repo)
    car = repo.car()
    parts = _in_order(draw, car)
    for _ in range(draw(st.sampled_from((0, 0, 1, 2, 6)))):
        _change_sections(draw, parts)
    car = replace(car, parts=tuple(parts))
    if draw(st.integers(0, 9)) == 0:
        car = car.cut(draw(st.integers(0, len(car.data))))
    return File(car.data)


def _keys(most: int) -> SearchStrategy[set[bytes]]:
    """Return sets of keys: few of all kinds, or many of one."""
    number = st.integers(0, 9_999)
    numbered = number.map(lambda n: f"{COLLECTION}/{n:05}".encode())
    odd = st.binary(max_size=30) | st.builds(
        lambda a, b: a + b"/" + b, st.binary(max_size=6), st.binary(max_size=6)
    )
    some = st.one_of(paths().map(str.encode), numbered, numbered, odd)
    return st.sets(some, max_size=8) | st.sets(numbered, max_size=most)


def _record(draw: DrawFn, key: bytes, heavy: bool) -> bytes:
    """Return a block for a key, mostly the right one."""
    collection = key.partition(b"/")[0].decode(errors="replace")
    right = dagcbor.encode({"$type": collection, "text": key.hex()})
    if heavy:
        filled = dagcbor.encode(
            {"$type": collection, "x": key * (HEAVY // len(key or b"x"))}
        )
        return draw(st.sampled_from((filled, filled, filled, right, SHARED)))
    what = draw(_KINDS_OF_RECORD)
    if what == "typed":
        return draw(_typed(collection))
    if what == "odd":
        return draw(_ODD_RECORDS)
    if what == "no CBOR":
        return draw(_BYTES)
    return SHARED if what == "shared" else right


@cache
def _typed(collection: str) -> SearchStrategy[bytes]:
    """Return records of a collection."""
    return records(st.just(collection)).map(dagcbor.encode)


def _can_be_encoded(value: dagcbor.Value) -> bool:
    try:
        dagcbor.encode(value)
    except ValueError:
        return False
    return True


# Made once: making a strategy takes longer than drawing from it.
_KEYS: Final = _keys(60)
_FEW_KEYS: Final = _keys(12)
_KINDS_OF_RECORD: Final = st.sampled_from(
    ("right", "right", "right", "typed", "shared", "odd", "no CBOR")
)
_ODD_RECORDS: Final = odd_values(6).filter(_can_be_encoded).map(dagcbor.encode)
_BYTES: Final = st.binary(max_size=40)


def _nodes(node: object) -> Iterator[Node]:
    if isinstance(node, Node):
        yield node
        yield from _nodes(node.left)
        for entry in node.entries:
            yield from _nodes(entry.tree)


def _change_node(draw: DrawFn, node: Node, repo: Repo) -> None:
    """Break one node."""
    form = draw(st.sampled_from((b"", b"", *FORMS)))
    cid = draw(st.sampled_from(repo.car().cids))
    link = Link(form + cid[4:] if form else cid)
    what = draw(st.integers(0, 5))
    if what == 0:
        node.entries = draw(st.permutations(node.entries))
    elif what == 1:
        node.raw = draw(st.binary(max_size=30))
    elif what == 2 or not node.entries:
        node.changed["l"] = draw(st.sampled_from((link, None, ABSENT)))
    else:
        entry = draw(st.sampled_from(node.entries))
        name = draw(st.sampled_from("tvpk"))
        number = st.sampled_from((0, 1, 5, 17, 2**31, -1))
        values = {"t": link, "v": link, "p": draw(number), "k": draw(st.binary())}
        entry.changed[name] = values[name]


def _in_order(draw: DrawFn, car: Car) -> list[Section | Junk]:
    parts = list(car.parts)
    order = draw(st.sampled_from(ORDERS))
    if order == "any":
        return draw(st.permutations(parts))
    if order in {"ascending", "descending"}:
        parts.sort(key=lambda part: part.cid, reverse=order == "descending")
    elif order == "nodes first":
        parts[1:] = sorted(parts[1:], key=lambda part: b"$type" in part.written)
    return parts


def _change_sections(draw: DrawFn, parts: list[Section | Junk]) -> None:
    """Remove, duplicate or damage one of the sections."""
    at = draw(st.integers(0, len(parts)))
    part = parts[at % len(parts)] if parts else Section(b"", b"")
    if not isinstance(part, Section):
        return
    what = draw(st.integers(0, 6))
    if what == 0:
        junk = st.sampled_from((b"\0", b"\0" * 50, b"\x01\0", b"\x80", varint(2**40)))
        parts.insert(at, Junk(draw(junk | st.binary(max_size=12))))
    elif what == 1 and parts:
        del parts[at % len(parts)]
    elif what == 2:
        form = draw(st.sampled_from(FORMS))
        parts.insert(at, replace(part, cid=form + part.cid[4:]))
    elif what == 3:
        padding = draw(st.integers(0, 8))
        parts.insert(draw(st.integers(0, len(parts))), replace(part, padding=padding))
        if part in parts:
            # There are repositories without any.
            parts.remove(part)
    elif what == 4:
        data = part.data[:-1] + bytes([part.data[-1] ^ 1]) if part.data else b"x"
        parts.insert(draw(st.integers(0, len(parts))), replace(part, data=data))
    else:
        parts.insert(draw(st.integers(0, len(parts))), part)
