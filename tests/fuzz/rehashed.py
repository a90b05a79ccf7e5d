"""Repositories that are changed inside, with all hashes above the change made anew.

A block that is changed and nothing else is rejected by its hash, and what it says
is never looked at. Here every link to it follows, up to the commit and the header,
so that the change is what the reader meets. Quick, so that there can be a million
of them: links are replaced as bytes, and no tree is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from repoview.corpus import make_car, sample
from repoview.corpus.car import Section, header_of
from repoview.corpus.cbor import DAG_CBOR, Link, encode, varint
from tests.fuzz.mutators import FORMS, PLAIN, TELLING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from repoview.corpus import Car

_LINK = b"\xd8\x2a\x58\x25\0"
"""What stands in front of a CID of 36 bytes."""

ITEMS = (
    b"\xf6",
    b"\xf5",
    b"\xf7",
    b"\xe0",
    b"\xf8\x20",
    b"\x00",
    b"\x18\x01",
    b"\x20",
    b"\x1b\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x1b\0\x20\0\0\0\0\0\0",
    b"\xfb\x3f\xf8\0\0\0\0\0\0",
    b"\xfb\x7f\xf8\0\0\0\0\0\0",
    b"\xf9\x7e\0",
    b"\x40",
    b"\x41\0",
    b"\x60",
    b"\x61\xff",
    b"\x61\0",
    b"\x63/..",
    b"\x7f\x61a\xff",
    b"\x5f\x41a\xff",
    b"\x80",
    b"\x81\x80",
    b"\x9f\xff",
    b"\x9b\0\0\x20\0\0\0\0\0",
    b"\x5b\0\0\0\x01\0\0\0\0",
    b"\x81" * 140 + b"\x80",
    b"\xa0",
    b"\xa1\x01\x01",
    b"\xa2\x61a\x00\x61a\x00",
    b"\xa2\x61b\x00\x61a\x00",
    b"\xbf\xff",
    b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xc1\x00",
    b"\xd8\x2a\x40",
    b"\xd8\x2a\x45\0\x01\x71\0\0",
    b"\xd8\x2a\x58\x23\0\x12\x20" + bytes(32),
    b"\xff",
    b"",
    encode({"$type": "blob", "ref": Link(b"\x01\x55\x12\x20" + bytes(32)), "size": -1}),
    encode({"cid": "bafkreia", "mimeType": "*/*"}),
    encode({"$link": "x"}),
    encode("did:plc:" + "a" * 300),
    encode("com.example.note/" + "x" * 600),
    encode("../../etc/passwd"),
)
"""Items that some rule is about, and things that are none."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a sound file."""

    data: bytes
    cid: bytes
    parents: tuple[int, ...]
    """The blocks that link to it; none of them stands behind it."""

    spans: tuple[tuple[int, int], ...]
    """Where each item in it begins and ends, itself among them."""


@dataclass(frozen=True)
class Template:
    """A sound file, taken apart; the first block is the commit."""

    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, car: Car) -> Template:
        """Return that of a file in the order of the walk."""
        parts = [part for part in car.parts if isinstance(part, Section)]
        blocks = []
        for part in parts:
            link = _LINK + part.cid
            parents = tuple(n for n, each in enumerate(parts) if link in each.data)
            blocks.append(Block(part.data, part.cid, parents, tuple(_spans(part.data))))
        return cls(tuple(blocks))

    @cached_property
    def cids(self) -> list[bytes]:
        """The CIDs of all blocks."""
        return [block.cid for block in self.blocks]

    def changed(self, changes: dict[int, bytes]) -> tuple[list[bytes], list[bytes]]:
        """Return CIDs and data of all blocks, with all links made to follow.

        Args:
            changes: Block → what it has in place of its data.
        """
        cids, datas = [*self.cids], [block.data for block in self.blocks]
        for number, data in changes.items():
            datas[number] = data
        # From the last to the first: who links to a block stands in front of it.
        open_ = set(changes)
        for number in range(len(self.blocks) - 1, -1, -1):
            if number not in open_:
                continue
            block = self.blocks[number]
            cid = DAG_CBOR + sha256(datas[number]).digest()
            cids[number] = cid
            for parent in block.parents:
                datas[parent] = datas[parent].replace(block.cid, cid)
                open_.add(parent)
        return cids, datas


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the items of a canonical block begin and end."""
    found: list[tuple[int, int]] = []
    _span(data, 0, found)
    yield from found


def _span(data: bytes, at: int, found: list[tuple[int, int]]) -> int:
    """Note the item at *at* and those in it; return where it ends."""
    start, first = at, data[at]
    major, low = first >> 5, first & 31
    at += 1
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(low, 0)
    argument = int.from_bytes(data[at : at + size], "big") if size else low
    at += size
    if major in {2, 3}:
        at += argument
    elif major in {4, 5, 6}:
        inner = {4: argument, 5: 2 * argument, 6: 1}[major]
        for _ in range(inner):
            at = _span(data, at, found)
    found.append((start, at))
    return at


def templates() -> list[Template]:
    """Return small sound files of several shapes."""
    note = encode({"$type": "com.example.note"})
    image = Link(b"\x01\x55\x12\x20" + bytes(32))
    blob = {"$type": "blob", "ref": image, "mimeType": "image/png", "size": 9}
    tids = [f"app.bsky.feed.post/3jzfcijpj2z2{last}" for last in "abcdef"]
    post = {"createdAt": "2026-11-30T00:00:00Z", "langs": ["en"], "embed": {"x": blob}}
    cars = (
        make_car({}),
        make_car({"com.example.note/self": {}}),
        make_car(dict.fromkeys(("com.example.note/1", "com.example.note/2"), note)),
        make_car({**dict.fromkeys(tids, post), "app.bsky.actor.profile/self": {}}),
        sample().car(),
        make_car({f"com.example.note/{n:03}": {"n": n} for n in range(24)}),
    )
    return [Template.of(car) for car in cars]


def rehashed(luck: Random, among: Sequence[Template]) -> bytes:
    """Return a file with one to three changes, most of them inside blocks."""
    template = luck.choice(among)
    blocks = template.blocks
    changes: dict[int, bytes] = {}
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        number = luck.randrange(len(blocks))
        changes[number] = _changed(luck, template, number, changes)
    cids, datas = template.changed(changes)
    root, parts = cids[0], list(zip(cids, datas, strict=True))
    if luck.random() < 0.4:
        root = _sections_changed(luck, parts, root)
    header = header_of(root)
    sections = [varint(len(c) + len(d)) + c + d for c, d in parts]
    if luck.random() < 0.1:
        at = luck.randrange(len(sections))
        sections.insert(at, luck.choice(TELLING))
    return header + b"".join(sections)


def _changed(
    luck: Random, template: Template, number: int, changes: dict[int, bytes]
) -> bytes:
    """Return other data for a block."""
    block = template.blocks[number]
    data = changes.get(number, block.data)
    what = luck.randrange(10)
    if what < 2 or number in changes:
        return luck.choice(PLAIN)(luck, [data]) if data else b"\xa0"
    start, end = luck.choice(block.spans)
    if what < 6:
        item = luck.choice(ITEMS)
    elif what < 8:
        # Another link, or another item of a block of the same file.
        link = _LINK + luck.choice(template.cids)
        other = luck.choice(template.blocks)
        some = other.data[slice(*luck.choice(other.spans))]
        item = luck.choice((link, some, _LINK + luck.choice(FORMS) + bytes(32)))
    elif what < 9:
        item = data[start:end] * luck.choice((0, 2, 2, 3))
    else:
        item = luck.choice(PLAIN)(luck, [data[start:end] or b"\0"])
    return data[:start] + item + data[end:]


def _sections_changed(
    luck: Random, parts: list[tuple[bytes, bytes]], root: bytes
) -> bytes:
    """Change what stands in the file, not what is in blocks; return the root."""
    what = luck.randrange(7)
    at = luck.randrange(len(parts))
    cid, data = parts[at]
    if what == 0:
        luck.shuffle(parts)
    elif what == 1:
        parts.insert(luck.randrange(len(parts) + 1), (cid, data))
    elif what == 2:
        del parts[at]
    elif what == 3:
        parts[at] = luck.choice(FORMS) + cid[4:], data
    elif what == 4:
        parts.sort(reverse=luck.random() < 0.5)
    elif what == 5:
        parts[at] = cid, luck.choice(PLAIN)(luck, [data]) if data else b"\0"
    else:
        return cid
    return root
