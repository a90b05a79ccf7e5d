"""Tell where to get the CAR of an account that was given as a source.

Nothing is fetched or resolved: the result is addresses to use.

Source: atproto handle and DID specifications; com.atproto.sync.getRepo.
"""

from __future__ import annotations

import re
from typing import Final

from repoview.core.formats import syntax

_AT: Final = "at://"
_HANDLE: Final = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE | re.ASCII,
)
_FILES: Final = frozenset(
    (
        *("bin", "bz2", "car", "cbor", "csv", "gz", "html", "json", "jsonl"),
        *("ndjson", "part", "tar", "tgz", "txt", "xz", "zip", "zst"),
    )
)
"""Extensions of files, which are no top-level domains of handles."""

_REPO: Final = "https://SERVER/xrpc/com.atproto.sync.getRepo?did="
_RESOLVE: Final = (
    "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle="
)


def is_handle(text: str) -> bool:
    """Tell whether *text* can be an account's handle, and is no name of a file."""
    last = text.rpartition(".")[2].lower()
    return _HANDLE.fullmatch(text) is not None and last not in _FILES


def where_to_fetch(text: str) -> str | None:
    """Say where to get the repository of an account.

    Args:
        text: An AT URI, DID or handle.

    Returns:
        What follows "live accounts are not fetched: "; None where it names no
        account.
    """
    name = text
    if text.startswith(_AT):
        name = text.removeprefix(_AT).partition("/")[0]
    name = name.removeprefix("@")
    if syntax.is_did(name):
        server = "SERVER is the account's own"
        if document := _document(name):
            server = f"{document} tells the SERVER, under #atproto_pds"
        return f"open {_REPO}{name} ({server})"
    if is_handle(name):
        return f"{_RESOLVE}{name} tells its DID; then open {_REPO}DID"
    return "save the CAR and name that" if text.startswith(_AT) else None


def _document(did: str) -> str | None:
    """Return the address of a DID's document."""
    if did.startswith("did:plc:"):
        return f"https://plc.directory/{did}"
    if did.startswith("did:web:") and ":" not in did[8:]:
        return f"https://{did[8:]}/.well-known/did.json"
    return None
