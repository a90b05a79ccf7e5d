"""Names of the folders of collections: one to one, and read back by every reader.

``records/collection=app.bsky.feed.post/``. Bytes other than small letters, digits and
``. _ -`` stand as ``%XX``, as in exports (`export.writers.names`), which readers of
Hive partitions decode. A name that is no UTF-8, or longer than a file system takes,
is cut, with the hash of all of it behind. Records whose key has no collection are in
the partition that stands for null.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Final

from repoview.export.writers.names import folders_of

_KEY: Final = "collection="
_NULL: Final = "__HIVE_DEFAULT_PARTITION__"
_KEPT: Final = 65
"""Bytes of a name that is cut, as the folder has it; the hash takes 65 more, and some
file systems take 143 in all."""


@lru_cache(1_000)
def partition_of(collection: bytes) -> str:
    """Return the name of the folder with the records of a collection.

    Args:
        collection: As keys have it; empty for none.
    """
    if not collection:
        return _KEY + _NULL
    name, *more = folders_of(collection)
    if more or not _is_text(collection):
        name = _beginning(collection.decode(errors="replace"))
        name += f"~{sha256(collection).hexdigest()}"
    return _KEY + name


def _is_text(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _beginning(text: str) -> str:
    """Return the beginning of a text as a name, no longer than fits."""
    text = text[:_KEPT]
    while len(name := folders_of(text.encode())[0]) > _KEPT:
        text = text[:-1]
    return name
