"""How an entry of the cache is laid out: its version, its names, columns as bytes.

::

    facts           see `cached_facts`
    records.COLUMN  a column of the record index, as it lies in memory
    nodes.COLUMN    a column of the node table, likewise
    rows            the rows of the block index, packed
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import fields
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.kernel import kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.index.records import NodeTable, RecordIndex
    from repoview.core.storage.column_set import Column
    from repoview.core.verify.verify import Checks

_FORMAT: Final = 8
"""Counts the changes of what an entry holds."""

ROWS: Final = 1 << 15
"""Rows of the block index that are packed at a time: nearly a MiB."""

_PIECE: Final = 1 * limits.MiB
"""Bytes of a column that are written at a time."""


def version_of(checks: Checks) -> int:
    """Return a hash of what decides the contents of an entry."""
    # Not imported by name: the package's own names are those of its views.
    program = sys.modules["repoview"].__version__
    # What was weighed by one policy is of no use under another.
    policy = checks.policy.digest()
    names = (each.name for each in fields(checks) if each.name != "policy")
    others = [getattr(checks, name) for name in names]
    said = repr((_FORMAT, program, kernel.NAME, sys.byteorder, others, policy))
    return int.from_bytes(blake2b(said.encode(), digest_size=7).digest(), "big")


def columns_of(records: RecordIndex, nodes: NodeTable) -> Iterator[tuple[str, Column]]:
    """Yield the columns of an entry, each with its name there."""
    for name, column in records.columns().items():
        yield f"records.{name}", column
    for name, column in nodes.columns().items():
        yield f"nodes.{name}", column


def item_bytes(column: Column) -> int:
    """Return the bytes of an item of a column."""
    code = getattr(column, "typecode", "B")
    return array(code).itemsize


def bytes_of(column: Column, offset: int, length: int) -> bytes | bytearray:
    """Return bytes of a column; whole items, fewer where it ends."""
    size = item_bytes(column)
    part = column[offset // size : (offset + length) // size]
    return part.tobytes() if isinstance(part, array) else part


def pieces_of(column: Column) -> Iterator[bytes | bytearray]:
    """Yield the bytes of a column, a MiB at a time."""
    size = len(column) * item_bytes(column)
    for start in range(0, size, _PIECE):
        yield bytes_of(column, start, _PIECE)
