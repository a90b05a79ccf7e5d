"""The folder's key: what makes names unforeseeable and checksums worth something.

A key is 32 bytes, drawn when the folder is first written to. Names of entries
and all checksums are hashes under it: who has not read the key can neither say
beforehand what an entry will be called, nor make one that is believed. Without
its key a folder is worth nothing; then another is drawn, and it fills again.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from repoview.core.cache.errors import CacheUnavailable
from repoview.core.cache.folder import is_ours
from repoview.core.storage.small_file import SAFE_FLAGS

if TYPE_CHECKING:
    from repoview.core.cache.folder import Folder

KEY_BYTES: Final = 32
SUM_BYTES: Final = 16
"""Bytes of a checksum: too many for two to be alike, by chance or by search."""

_FILE: Final = "key"


def checksum(key: bytes, person: bytes, data: bytes | bytearray | memoryview) -> bytes:
    """Return the `SUM_BYTES` of checksum of *data*.

    Args:
        key: The folder's.
        person: What kind of data it is, so that no kind passes for another; at
            most 16 bytes.
        data: Anything.
    """
    return blake2b(data, digest_size=SUM_BYTES, key=key, person=person).digest()


def entry_name(key: bytes, path: str) -> str:
    """Return the file name of the entry for the source at *path*."""
    # Any text is a path here, also one that this machine could not open.
    name = checksum(key, b"repoview name", path.encode(errors="surrogatepass"))
    return f"{name.hex()}.sqlite"


def key_of(folder: Folder) -> bytes | None:
    """Return the folder's key, None if it has none that can be read."""
    with suppress(OSError, ValueError):
        fd = os.open(folder.path / _FILE, os.O_RDONLY | SAFE_FLAGS)
        try:
            if is_ours(os.fstat(fd)):
                key = os.read(fd, KEY_BYTES + 1)
                return key if len(key) == KEY_BYTES else None
        finally:
            os.close(fd)
    return None


def made_key(folder: Folder) -> bytes:
    """Return the folder's key; draw one if it has none.

    Raises:
        CacheUnavailable: It cannot be written.
    """
    key = key_of(folder)
    if key is not None:
        return key
    part, path = folder.new_part(), folder.path / _FILE
    try:
        os.write(part.fd, secrets.token_bytes(KEY_BYTES))
        # The one file that is synced: all others hang on it.
        os.fsync(part.fd)
        with suppress(FileExistsError):
            part.become_new(path)
        key = key_of(folder)
        if key is None:
            # What has the name is no key. If it is a link or a pipe, it goes.
            folder.remove(_FILE)
            part.become(path)
            key = key_of(folder)
    except OSError as error:
        raise folder.unavailable(error) from error
    finally:
        part.close()
    if key is None:
        raise CacheUnavailable(
            f"nothing is cached in {folder.path}: its key cannot be read"
        )
    return key
