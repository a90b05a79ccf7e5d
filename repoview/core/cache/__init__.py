"""The cache, by its public names; `cache` tells what it is.

::

    cache = Cache()
    identity = identify("repo.car")
    entry = cache.open(identity, version=1)
    if entry is None:
        with cache.write(identity, version=1) as writer:
            writer.put("keys", (b"a", b"b"))
            writer.commit()
"""

from __future__ import annotations

from repoview.core.cache.cache import MOST_BYTES, Cache, Listed, Miss, State
from repoview.core.cache.entry import Entry
from repoview.core.cache.errors import CacheDamaged, CacheError, CacheUnavailable
from repoview.core.cache.file import PIECE
from repoview.core.cache.folder import default_folder
from repoview.core.cache.writer import Writer

__all__ = [
    "MOST_BYTES",
    "PIECE",
    "Cache",
    "CacheDamaged",
    "CacheError",
    "CacheUnavailable",
    "Entry",
    "Listed",
    "Miss",
    "State",
    "Writer",
    "default_folder",
]
