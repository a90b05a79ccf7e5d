"""Helpers for tests of the cache: entries with known bytes."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from repoview.core.cache import PIECE, Cache, CacheDamaged, Entry
from repoview.core.file_identity import Identity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 7

SIZES = {"empty": 0, "small": 5, "piece": PIECE, "large": PIECE + 70_001, "last": 300}
"""Name → bytes of an entry that covers all sizes of values."""


def identity(path: str = "/repo.car", size: int = 5) -> Identity:
    """Return a possible identity of a file with this path and size."""
    return Identity(path, size, 1, 2, 3, 4, bytes(16))


def contents(seed: object, sizes: Mapping[str, int] = SIZES) -> dict[str, bytes]:
    """Return random bytes by name, by the seed."""
    luck = Random(repr(seed))  # noqa: S311 (not for secrets)
    return {name: luck.randbytes(size) for name, size in sizes.items()}


def write(cache: Cache, which: Identity, data: Mapping[str, bytes]) -> None:
    """Put an entry into the cache."""
    with cache.write(which, VERSION) as writer:
        for name, value in data.items():
            writer.put(name, value)
        writer.commit()


def read(entry: Entry) -> dict[str, bytes]:
    """Return all bytes of an entry."""
    return {name: entry.read_at(name, 0, entry.size(name)) for name in entry.names}


def kept(cache: Cache, which: Identity) -> dict[str, bytes] | None:
    """Return all that the cache has of a source; None for no entry."""
    entry = cache.open(which, VERSION)
    if entry is None:
        return None
    with entry:
        try:
            return read(entry)
        except CacheDamaged:
            return None


def files(cache: Cache) -> list[Path]:
    """Return the files in the folder, without the key."""
    return sorted(path for path in cache.folder.iterdir() if path.name != "key")
