"""Keys as a node writes them: what is shared dim, what is written lit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.formats.key import path_of
from repoview.core.wording import count_text
from repoview.present.styled import Piece, Row
from repoview.present.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.present.anatomy.nodes import KeyParts

SHARED: Final = (
    "What stands before ┆ is shared with the key before in the node, and not written "
    "again: only its length is, p. What stands behind it is k."
)

_SHOWN: Final = 200
_MOST: Final = 8
"""Keys of a node that a page shows."""


def key_row(parts: KeyParts) -> Row:
    """Return one key: number, what is shared, and what is written."""
    return Row(
        [
            Piece(f"e[{parts.number}]  ", "name"),
            Piece(safe(path_of(parts.shared), _SHOWN), "dim"),
            Piece("┆", "dim"),
            Piece(safe(path_of(parts.suffix), _SHOWN), "bright"),
        ]
    )


def key_rows(keys: Sequence[KeyParts]) -> Iterator[str | Row]:
    """Yield the first keys of a node, and how many more there are."""
    yield from map(key_row, keys[:_MOST])
    if (more := len(keys) - _MOST) > 0:
        yield f"… and {count_text(more, 'more key')}."
