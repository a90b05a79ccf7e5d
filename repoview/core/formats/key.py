"""What is wrong with a key: its path, collection and record key.

A key is the UTF-8 of ``collection/rkey``. Nothing here is about its place in
the tree. Source: atproto repository v3, "Repository Paths"; atproto NSID and
record key syntax.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import category

from repoview.core import limits
from repoview.core.formats import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOUND: Final = re.compile(
    rb"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
    rb"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
    rb"\.[a-zA-Z][a-zA-Z0-9]{0,62}"
    rb"/(?!\.{1,2}\Z)[A-Za-z0-9._:~-]+"
)
_ASCII_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_CONTROLS: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of characters that steer a terminal, or break a line."""

_RKEY_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._:~-]*")


class KeyFault(NamedTuple):
    """One thing that is wrong with a key."""

    code: str
    message: str
    expected: str | None = None
    found: str | None = None
    at: int | None = None
    """The byte of the key that it is about, if it is about one."""


def is_sound_key(key: bytes) -> bool:
    """Tell whether `key_faults` has nothing to say about *key*."""
    return len(key) <= limits.OLD_LONG_KEY and _SOUND.fullmatch(key) is not None


def path_of(key: bytes) -> str:
    r"""Return the repo path of *key*, bytes that are not UTF-8 as ``\xNN``."""
    return key.decode(errors="backslashreplace")


def collection_of(key: bytes) -> bytes:
    """Return what stands before the first ``/`` of *key*; empty for none."""
    slash = key.find(b"/")
    return key[:slash] if slash > 0 else b""


def key_faults(key: bytes) -> Iterator[KeyFault]:
    """Yield everything that is wrong with *key* itself, the most severe first."""
    if not key:
        yield KeyFault("KEY001", "an entry has an empty key")
        return
    try:
        path = key.decode()
    except UnicodeDecodeError as error:
        text = f"byte {error.start} of the key is not UTF-8"
        found = f"{key[error.start]:#04x}"
        yield KeyFault("KEY002", text, "UTF-8", found, error.start)
        return
    yield from _path_faults(path)
    if len(key) > limits.LONG_KEY:
        text = f"the key has {len(key):,} bytes: reference readers refuse it"
        yield KeyFault("KEY010", text, f"at most {limits.LONG_KEY:,}", f"{len(key):,}")
    elif len(key) > limits.OLD_LONG_KEY:
        text = f"the key has {len(key):,} bytes: older readers refuse it"
        yield KeyFault("KEY011", text, f"at most {limits.OLD_LONG_KEY}", f"{len(key)}")
    if (control := _control_in(path)) is not None:
        text = "the key holds control or direction characters"
        at = _bytes_before(path, control)
        yield KeyFault("KEY013", text, "none", ascii(path[:80]), at)


def _path_faults(path: str) -> Iterator[KeyFault]:
    parts = path.split("/", 2)
    if len(parts) != 2 or not all(parts):
        slashes = path.count("/")
        text = "the key is not a collection and a record key joined by one slash"
        found = f"{slashes} slashes" if slashes != 1 else "a slash at an end"
        yield KeyFault("KEY003", text, "collection/rkey", found)
        return
    collection, rkey = parts
    yield from _collection_faults(collection)
    if rkey in {".", ".."}:
        yield KeyFault("KEY007", f"the record key is {_quoted(rkey)}", found=rkey)
    elif len(rkey) > limits.MAX_RKEY:
        text, size = f"the record key has {len(rkey):,} characters", f"{len(rkey):,}"
        yield KeyFault("KEY008", text, f"at most {limits.MAX_RKEY}", size)
    elif not _RKEY_CHARACTERS.fullmatch(rkey):
        place = _RKEY_CHARACTERS.match(rkey).end()  # type: ignore[union-attr]  # it matches nothing, too
        bad = rkey[place]
        text = f"the record key holds {bad!a}, which no record key may"
        at = _bytes_before(path, len(collection) + 1 + place)
        yield KeyFault("KEY006", text, "A-Z a-z 0-9 . _ : ~ -", ascii(bad), at)


@lru_cache(maxsize=16)
def _collection_faults(collection: str) -> tuple[KeyFault, ...]:
    """Return what is wrong with a collection; the next key is likely of the same."""
    return (*_name_faults(collection), *_domain_faults(collection))


def _name_faults(collection: str) -> Iterator[KeyFault]:
    if len(collection) > limits.MAX_NSID:
        size = f"{len(collection):,}"
        text = f"the collection has {size} characters"
        yield KeyFault("KEY008", text, f"at most {limits.MAX_NSID}", size)
    elif not syntax.is_nsid(collection):
        text = f"the collection {_quoted(collection)} is not an NSID"
        yield KeyFault("KEY004", text, "such as app.bsky.feed.post", collection[:80])
    elif not syntax.has_lower_authority(collection):
        text = f"the domain part of {_quoted(collection)} is not in lower case"
        yield KeyFault("KEY005", text, "lower case", collection)


def _domain_faults(collection: str) -> Iterator[KeyFault]:
    """Yield what is wrong with the domain part of an NSID that is one otherwise."""
    size = len(collection.rpartition(".")[0])
    if size > limits.MAX_DOMAIN and syntax.is_nsid(collection):
        text = f"the domain part of the collection has {size} characters"
        yield KeyFault("KEY015", text, f"at most {limits.MAX_DOMAIN}", str(size))


def _quoted(text: str) -> str:
    return ascii(text if len(text) <= 80 else text[:79] + "…")


def _bytes_before(path: str, place: int) -> int:
    return len(path[:place].encode())


def _control_in(path: str) -> int | None:
    """Return the place of the first control or direction character, if any."""
    if path.isascii():
        found = _ASCII_CONTROL.search(path)
        return None if found is None else found.start()
    # Each character once: a key may have thousands, and a file many keys.
    bad = {character for character in set(path) if category(character) in _CONTROLS}
    return min(map(path.index, bad), default=None)
