"""One record to be, and how its JSON is read: what all sources of records share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.errors import RepoviewError
from repoview.export.writers.names import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BYTES: Final = 64 << 20
"""Bytes of a line or a file at most: JSON of a record of 1 MB has six."""


class NotARecord(RepoviewError):
    """Something in the source stands for no record."""


class Entry(NamedTuple):
    """One record to be."""

    key: bytes
    value: Any
    """As `json.loads` gives it; or as `Record.value` is, if it is not JSON."""

    did: str | None
    cid: str | None
    """What the source says of account and CID; None for nothing."""

    where: str
    """For messages: a line, or a file."""

    size: int
    """Bytes that were read for it."""

    is_json: bool = True


def entry_of(names: Sequence[str], data: bytes, where: str, size: int) -> Entry:
    """Return the record of a file.

    Args:
        names: Of its folders below the one that was exported, and its own.
        data: What it holds.
        where: For messages.
        size: Bytes that were read for it.

    Raises:
        NotARecord: It is none.
    """
    try:
        key = key_of(names)
    except ValueError as error:
        raise NotARecord(f"{where} is named like no record: {error}") from None
    return Entry(key, parsed(data, where), None, None, where, size)


class _SameNameTwice(Exception):
    """An object has a name twice: readers differ in which value they take."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _SameNameTwice(json.dumps(name[:100]))
        found[name] = value
    return found


def parsed(data: bytes, where: str) -> Any:  # noqa: ANN401 (JSON)
    """Return what JSON says.

    Raises:
        NotARecord: It is none, or an object has a field twice.
    """
    try:
        return json.loads(data, object_pairs_hook=_object)
    except UnicodeDecodeError:
        takes = "JSON lines, one JSON array, or a folder or zip file of JSON files"
        text = f"{where} is not JSON, but binary data: name {takes}"
        raise NotARecord(text) from None
    except _SameNameTwice as error:
        raise NotARecord(f"{where} has the field {error.args[0]} twice") from None
    except json.JSONDecodeError as error:
        text = f"{where} is not JSON: {error.msg} at character {error.pos + 1:,}"
        raise NotARecord(text) from None
    except (ValueError, RecursionError) as error:
        raise NotARecord(f"{where} is not JSON: {error}") from None
