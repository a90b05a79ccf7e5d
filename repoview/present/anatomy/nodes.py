"""What each field of a node is: prefixes, whole keys, and the keys below links.

A node does not write its keys out: an entry has the bytes that its key shares
with the one before only as a number (``p``), and the rest (``k``).

Source: atproto repository v3, "MST Node Format".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.formats.dagcbor.lazy import bytes_of, part_at
from repoview.core.formats.key import collection_of, path_of
from repoview.core.formats.mst import NODE_HEAD
from repoview.core.limits import MAX_KEY
from repoview.core.wording import count_text
from repoview.present.anatomy.fields import fields_of, items_of, top_fields
from repoview.present.text import safe

if TYPE_CHECKING:
    from repoview.core.formats.dagcbor.lazy import Part

MOST_ENTRIES: Final = 1_000
"""Entries that are explained: a node that nobody made on purpose has some dozens."""

_PATH: Final = 120
"""Characters of a path in a remark."""


class KeyParts(NamedTuple):
    """A key as an entry writes it."""

    number: int
    """Of its entry, from 0."""

    shared: bytes
    """What it shares with the key before it in the node, and does not repeat."""

    suffix: bytes
    """What it writes."""

    @property
    def key(self) -> bytes:
        """The whole key."""
        return self.shared + self.suffix


class _Entry(NamedTuple):
    fields: dict[str, Part]
    parts: KeyParts | None
    """None where the key cannot be told."""


def looks_like_node(data: bytes) -> bool:
    """Tell whether a block begins as a node does."""
    return data.startswith(NODE_HEAD)


def keys_of(data: bytes) -> list[KeyParts]:
    """Return the keys of a node, those that can be told, each as it is written.

    Args:
        data: The node's block; of another block there are none.
    """
    entries = _entries(data, MOST_ENTRIES)
    return [entry.parts for entry in entries if entry.parts is not None]


def node_remarks(
    data: bytes, lo: bytes | None = None, hi: bytes | None = None
) -> dict[int, str]:
    """Return what the fields of a node are, by the byte where their values begin.

    Args:
        data: The node's block; of another block there are no remarks.
        lo: The key before all of its own and those below; None where there is
            none, or it is not known.
        hi: The key after them.
    """
    fields = top_fields(data)
    box = fields.get("e")
    if box is None or box.kind != "array":
        return {}
    entries = _entries(data, MOST_ENTRIES + 1)
    first = entries[0].parts if entries else None
    links_on = "l" in fields and fields["l"].kind == "link"
    told = {box.start: _entries_text(box.amount, links_on=links_on)}
    if "l" in fields:
        next_key = hi if not entries else None if first is None else first.key
        is_known = not entries or first is not None
        told[fields["l"].start] = _link_text(
            fields["l"], lo, next_key, is_known=is_known
        )
    for number, entry in enumerate(entries[:MOST_ENTRIES]):
        if entry.parts is None:
            continue
        after, is_known = hi, True
        if number + 1 < len(entries):
            parts = entries[number + 1].parts
            after, is_known = (None, False) if parts is None else (parts.key, True)
        told |= _entry_remarks(entry.fields, entry.parts, after, is_known=is_known)
    return told


def between_text(lo: bytes | None, hi: bytes | None) -> str:
    """Return in words the keys between two, in short where they are much alike.

    Args:
        lo: The key before; None for an open end.
        hi: The key after.
    """
    if lo is None and hi is None:
        return "all keys"
    if lo is None or hi is None:
        word, key = ("before", hi) if lo is None else ("after", lo)
        return f"keys {word} {_shown(key or b'')}"
    collection = collection_of(lo)
    last = _shown(hi)
    if collection and collection == collection_of(hi):
        last = f"…/{_shown(hi[len(collection) + 1 :])}"
    return f"keys between {_shown(lo)} and {last}"


def _entries(data: bytes, most: int) -> list[_Entry]:
    box = top_fields(data).get("e") or part_at(data, 0)
    entries: list[_Entry] = []
    before: bytes | None = b""
    for number, item in enumerate(items_of(data, box, most)):
        fields = fields_of(data, item)
        parts = _key_parts(data, number, fields, before)
        entries.append(_Entry(fields, parts))
        before = None if parts is None else parts.key
    return entries


def _key_parts(
    data: bytes, number: int, fields: dict[str, Part], before: bytes | None
) -> KeyParts | None:
    prefixlen, keysuffix = fields.get("p"), fields.get("k")
    if before is None or prefixlen is None or keysuffix is None:
        return None
    shared = prefixlen.value
    if prefixlen.kind != "int" or not isinstance(shared, int):
        return None
    if keysuffix.kind != "bytes" or not 0 <= shared <= len(before):
        return None
    # A longer key is no key; its remarks would only cost.
    if shared + keysuffix.end - keysuffix.body > MAX_KEY:
        return None
    return KeyParts(number, before[:shared], bytes_of(data, keysuffix))


def _entries_text(amount: int, *, links_on: bool) -> str:
    if amount == 0 and not links_on:
        return "no key, and no link to any: only the node of an empty tree is such"
    if amount == 0:
        return (
            "no key of its own: none has this depth here; levels are not left out, "
            "so the node only links on"
        )
    if amount < 0:
        return "entries, in key order"
    return f"{count_text(amount, 'entry', 'entries')}, in key order"


def _entry_remarks(
    fields: dict[str, Part], parts: KeyParts, after: bytes | None, *, is_known: bool
) -> dict[int, str]:
    """Return the remarks about one entry.

    Args:
        fields: Its fields.
        parts: Its key.
        after: The key after it, None at the end of the tree.
        is_known: Whether that is known.
    """
    told = {
        fields["p"].start: _shared_text(parts),
        fields["k"].start: _suffix_text(parts),
    }
    if "v" in fields:
        told[fields["v"].start] = f"the record of {_shown(parts.key)}"
    if "t" in fields:
        link = fields["t"]
        told[link.start] = _link_text(link, parts.key, after, is_known=is_known)
    return told


def _suffix_text(parts: KeyParts) -> str:
    if not parts.shared:
        return f'"{_shown(parts.suffix)}", the whole key'
    return f'"{_shown(parts.suffix)}": the whole key is {_shown(parts.key)}'


def _shared_text(parts: KeyParts) -> str:
    if parts.shared:
        return f'shares "{_shown(parts.shared)}" with the key before'
    if not parts.number:
        return "shares nothing: the first key of a node is written whole"
    return "shares nothing with the key before"


def _link_text(
    link: Part, lo: bytes | None, hi: bytes | None, *, is_known: bool
) -> str:
    """Return which keys are below a link to a sub-tree."""
    if not is_known:
        return "sub-tree" if link.kind == "link" else "no sub-tree"
    if lo is None and hi is None and link.kind != "link":
        return "no sub-tree: there is no key at all"
    keys = between_text(lo, hi)
    return f"sub-tree: {keys}" if link.kind == "link" else f"no sub-tree: no {keys}"


def _shown(key: bytes) -> str:
    return safe(path_of(key), _PATH)
