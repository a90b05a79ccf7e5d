"""Reads what is typed into the input for a key: a key, or a file with a document.

Reading a file may take long, so call it in a thread.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import SigningKeyError
from repoview.core.storage.small_file import NotReadable, read_bytes
from repoview.present import safe
from repoview.tui.remembered.sources import expanded, shortened, whole
from repoview.tui.session.signature import Given

if TYPE_CHECKING:
    from repoview.core.signature.keys import SigningKey

_SHOWN: Final = 200
_DID: Final = "did:"
_KEYS: Final = (_DID, "z")
"""What keys begin with."""


class TypedKey(NamedTuple):
    """The meaning of what was typed."""

    given: Given | None
    """None if it is no key and no document."""

    says: str
    """What it is, or why it is neither; empty if nothing was typed."""


def read_typed(text: str) -> TypedKey:
    """Return the key or document that a text is, or names."""
    text = text.strip()
    if not text:
        return TypedKey(None, "")
    path = expanded(text)
    if not text.startswith(_DID) and os.path.exists(path):  # noqa: PTH110 (any text)
        return _of_file(path)
    # Late: it takes a while to come, and few have a key.
    from repoview.core.signature.keys import read_key

    try:
        key = read_key(text)
    except SigningKeyError as error:
        is_name = not text.startswith(_KEYS)
        nowhere = "there is no such file, and " if is_name else ""
        return TypedKey(None, f"{nowhere}{error}")
    return TypedKey(Given(key.text), f"a key on {key.curve.name}")


def _of_file(path: str) -> TypedKey:
    name = safe(shortened(whole(path)), _SHOWN)
    if os.path.isdir(path):  # noqa: PTH112 (the same)
        return TypedKey(None, "that is a folder: go on with the name of a file in it")
    from repoview.core.signature.documents import read_document

    try:
        data = read_bytes(Path(path))
        document = "" if data is None else data.decode("utf-8-sig")
        signer = read_document(document)
    except NotReadable as error:
        return TypedKey(None, f"{name}: {error}")
    except UnicodeDecodeError:
        return TypedKey(None, f"{name}: the DID document is no JSON")
    except SigningKeyError as error:
        return TypedKey(None, f"{name}: {error}")
    whose = "an account that it does not name"
    if signer.did is not None:
        whose = safe(signer.did, _SHOWN)
    if signer.key is None:
        says = f"a document of {whose}, with no key to check by: {signer.trouble}"
        return TypedKey(Given("", document, name), says)
    says = f"a document of {whose}: its key is {_short(signer.key)}"
    return TypedKey(Given(signer.key.text, document, name), says)


def _short(key: SigningKey) -> str:
    """Return a shortened key, with its curve."""
    return f"{key.text[:16]}…{key.text[-6:]} on {key.curve.name}"
