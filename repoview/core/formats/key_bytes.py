"""Where in a node's block the bytes of its keys stand.

An entry has only those bytes of its key that the key before it has not, so a
byte of a key stands in that entry or in one before it.

Source: atproto repository v3, "MST Node Format".
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor import strict as dagcbor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.formats.dagcbor.strict import Span
    from repoview.core.formats.node_faults import Slot

_SUFFIX: Final = re.compile(r"e\[(\d+)\]\.k")
"""The path of the bytes of an entry's key, in a node."""


class KeyBytes:
    """The bytes of the keys of one node; looked for when first asked.

    Args:
        data: The node's block.
        slots: What could be read of its entries.
    """

    def __init__(self, data: bytes, slots: Sequence[Slot]) -> None:
        self._data = data
        self._slots = slots

    def at(self, index: int, place: int | None = None) -> int | None:
        """Return where a byte of a key stands, from the block's first byte.

        None where that cannot be told: the entry is not plainly written, or far
        behind in a block of many items.

        Args:
            index: Of the slot.
            place: Of the byte in the key; None for the first that the entry has.
        """
        for slot in reversed(self._slots[: index + 1]):
            suffix = self._suffixes.get(slot.number)
            if slot.key is None or suffix is None:
                return None
            start, length = suffix
            shared = len(slot.key) - length
            if place is None:
                return start
            if place >= shared:
                return start + place - shared
        return None

    @cached_property
    def _suffixes(self) -> dict[int, tuple[int, int]]:
        """Entry → where its part of the key begins, and bytes of it."""
        spans: dict[int, list[Span]] = {}
        for span in dagcbor.annotate(self._data):
            path = _SUFFIX.fullmatch(span.path)
            if path is not None and span.kind == "bytes":
                spans.setdefault(int(path[1]), []).append(span)
        # Two spans: head and content; more are pieces, and one is of no bytes.
        return {
            number: (whole[0].end, whole[-1].end - whole[0].end)
            for number, whole in spans.items()
            if len(whole) <= 2
        }
