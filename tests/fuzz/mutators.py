"""Random mutators of files.

A mutator takes a source of randomness and some files, and returns the bytes of
another. It is deterministic, so that a seed identifies a file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.corpus import sample
from repoview.corpus.car import Section
from repoview.corpus.cbor import Link, varint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from repoview.corpus.repo import Sample
    from repoview.corpus.tree import Node

    Mutator = Callable[[Random, Sequence[bytes]], bytes]

TELLING = (
    b"\0",
    b"\xff",
    b"\x80",
    b"\xf6",
    b"\xa0",
    b"\x80" * 10,
    b"\xd8\x2a\x58\x25\0\x01\x71\x12\x20",
    b"\x01\x55\x12\x20",
    b"\x12\x20",
    b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x5b\0\0\0\x01\0\0\0\0",
    b"\xfb\x7f\xf8\0\0\0\0\0\0",
    b"\x81" * 200,
    varint(2**45),
    varint(2**63),
)
"""Bytes with a meaning in CARs."""


FORMS = (
    b"\x01\x71\x12\x20",
    b"\x01\x55\x12\x20",
    b"\x01\x70\x12\x20",
    b"\x12\x20",
    b"\x01\x71\x1e\x20",
    b"\x01\x71\0\x20",
)
"""The prefixes of CIDs with a digest of 32 bytes."""


def offset_in(luck: Random, data: bytes) -> int:
    """Return a random offset in *data*, more often near its ends."""
    near = min(len(data), 120)
    at = luck.choice((0, max(0, len(data) - near)))
    return luck.choice((luck.randint(0, len(data)), at + luck.randint(0, near)))


def stretch(luck: Random, data: bytes) -> tuple[int, int]:
    """Return a random range of *data*, more often a short one."""
    start = offset_in(luck, data)
    length = luck.choice((1, 4, 36, 37, 41, 200, len(data)))
    return start, min(len(data), start + luck.randint(0, length))


def one_byte(luck: Random, files: Sequence[bytes]) -> bytes:
    """Change one byte of a file to another."""
    data = luck.choice(files)
    at = luck.randrange(len(data))
    byte = data[at] ^ luck.choice((1 << luck.randrange(8), luck.randint(1, 255)))
    return data[:at] + bytes([byte]) + data[at + 1 :]


def some_bits(luck: Random, files: Sequence[bytes]) -> bytes:
    """Flip a few bits."""
    data = bytearray(luck.choice(files))
    for _ in range(luck.randint(2, 12)):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    return bytes(data)


def cut(luck: Random, files: Sequence[bytes]) -> bytes:
    """Truncate a file."""
    data = luck.choice(files)
    return data[: offset_in(luck, data)]


def taken_out(luck: Random, files: Sequence[bytes]) -> bytes:
    """Remove a range."""
    data = luck.choice(files)
    start, end = stretch(luck, data)
    return data[:start] + data[end:]


def put_in(luck: Random, files: Sequence[bytes]) -> bytes:
    """Insert random bytes, or ones with a meaning."""
    data = luck.choice(files)
    at = offset_in(luck, data)
    more = luck.choice((luck.choice(TELLING), luck.randbytes(luck.randint(1, 50))))
    return data[:at] + more + data[at:]


def written_over(luck: Random, files: Sequence[bytes]) -> bytes:
    """Overwrite bytes by ones with a meaning."""
    data = luck.choice(files)
    at = offset_in(luck, data)
    more = luck.choice(TELLING)
    return data[:at] + more + data[at + len(more) :]


def doubled(luck: Random, files: Sequence[bytes]) -> bytes:
    """Repeat a range, sometimes very often."""
    data = luck.choice(files)
    start, end = stretch(luck, data)
    times = luck.choice((1, 1, 1, 3, 50))
    return data[:end] + data[start:end] * times + data[end:]


def swapped(luck: Random, files: Sequence[bytes]) -> bytes:
    """Swap two ranges."""
    data = luck.choice(files)
    (a, b), (c, d) = sorted((stretch(luck, data), stretch(luck, data)))
    c, d = max(b, c), max(b, d)
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def spliced(luck: Random, files: Sequence[bytes]) -> bytes:
    """Join the beginning of one file and the end of another."""
    one, other = luck.choice(files), luck.choice(files)
    return one[: offset_in(luck, one)] + other[offset_in(luck, other) :]


def behind_one_another(luck: Random, files: Sequence[bytes]) -> bytes:
    """Append the sections of one file to another."""
    one, other = luck.choice(files), luck.choice(files)
    header = 1 + other[0] if other else 0
    return one + other[header:]


def blocks_moved(luck: Random, _files: Sequence[bytes]) -> bytes:
    """Reorder the blocks of a file, duplicate some, and damage some."""
    repo = sample()
    car = repo.car()
    parts = [part for part in car.parts if isinstance(part, Section)]
    if luck.random() < 0.5:
        luck.shuffle(parts)
    for _ in range(luck.randint(1, 8)):
        part = luck.choice(parts)
        data = luck.choice((part.data, _broken(luck, part.data)))
        form = luck.choice((b"", b"", *FORMS))
        cid = form + part.cid[4:] if form else part.cid
        other = Section(cid, data, padding=luck.choice((0, 0, 1, 7)))
        at = luck.randint(0, len(parts))
        parts[at : at + luck.randint(0, 1)] = [other]
    return replace(car, parts=tuple(parts)).data


def links_moved(luck: Random, _files: Sequence[bytes]) -> bytes:
    """Change links and prefix lengths of nodes."""
    repo = sample()
    nodes = _nodes(repo)
    cids = repo.car().cids
    for _ in range(luck.randint(1, 4)):
        node = luck.choice(nodes)
        cid = luck.choice(cids)
        link = Link(luck.choice((cid, *(form + cid[4:] for form in FORMS))))
        if not node.entries or luck.random() < 0.3:
            node.changed["l"] = luck.choice((link, None))
            continue
        entry = luck.choice(node.entries)
        name = luck.choice("tvpk")
        values = {
            "t": link,
            "v": link,
            "p": luck.choice((0, 1, 5, 17, 21, 2**31, -1, 2**64 - 1)),
            "k": luck.choice((b"", entry.key, luck.randbytes(3), b"x" * 4097)),
        }
        entry.changed[name] = values[name]
        if luck.random() < 0.3:
            luck.shuffle(node.entries)
    return repo.car().data


def _nodes(repo: Sample) -> list[Node]:
    return [repo.top, repo.inner, repo.first, repo.second, repo.bridge, repo.last]


def inside_a_block(luck: Random, _files: Sequence[bytes]) -> bytes:
    """Mutate a block of a tree, and recompute all links to it.

    So the broken block is reached, and not rejected by its hash.
    """
    repo = sample()
    nodes = _nodes(repo)
    for _ in range(luck.choice((1, 1, 2, 5))):
        node = luck.choice(nodes)
        what = luck.randrange(5)
        if what == 0:
            repo.raw = _broken(luck, repo.data)
        elif what < 4 or not node.entries:
            node.raw = _broken(luck, node.data)
        else:
            entry = luck.choice(node.entries)
            entry.record = _broken(luck, entry.record or b"")
    return repo.car().data


def _broken(luck: Random, data: bytes) -> bytes:
    if not data:
        return b"\xa0"
    return luck.choice(PLAIN)(luck, [data])


PLAIN: tuple[Mutator, ...] = (
    one_byte,
    some_bits,
    cut,
    taken_out,
    put_in,
    written_over,
    doubled,
    swapped,
)
"""Those that need one file only."""

MUTATORS: tuple[Mutator, ...] = (
    *PLAIN,
    one_byte,
    one_byte,
    inside_a_block,
    inside_a_block,
    blocks_moved,
    links_moved,
    links_moved,
    spliced,
    behind_one_another,
)
"""All of them, weighted by repetition."""
