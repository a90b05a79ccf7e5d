"""Write what is saved as a CAR: every whole block, linked or not, each once.

The root comes first, then the blocks in the order in which they were found, which
is that of the file but for blocks that a damaged length hid. Each is hashed once
more as it is read.
"""

from __future__ import annotations

from array import array
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from repoview.core.errors import changed
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.kernel import kernel
from repoview.core.load.result import Progress
from repoview.core.marks import State
from repoview.core.salvage.rows import AT_ONCE, READ, RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid


class WrittenCar(NamedTuple):
    """A CAR that was written."""

    root: Cid | None
    """What its header names; None for a header without roots."""

    blocks: int
    size: int
    """Bytes of the CAR."""

    keys: int = 0
    """Records of the new tree, if it has one."""


def write_car(
    blocks: Blocks,
    root: Cid | None,
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    first: Iterable[tuple[Cid, bytes]] = (),
) -> WrittenCar:
    """Write all whole blocks.

    Args:
        blocks: Of the source.
        root: What the header names; None for a header without roots.
        write: Takes the next bytes.
        report: Told of the blocks written; what it raises ends it.
        first: Blocks that the source does not have; they come first.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    header = encode_header([] if root is None else [root])
    write(header)
    size, count = len(header), 0
    for sections, number in sections_of(blocks, root, report, first):
        write(sections)
        size, count = size + len(sections), count + number
    return WrittenCar(root, count, size)


def sections_of(
    blocks: Blocks,
    root: Cid | None,
    report: Callable[[Progress], None],
    first: Iterable[tuple[Cid, bytes]] = (),
) -> Iterator[tuple[bytes, int]]:
    """Yield the sections of all whole blocks, some at a time, and how many there are.

    Args:
        blocks: As for `write_car`, as all that follow.
        root: Its block comes first.
        report: Likewise.
        first: Likewise.
    """
    for cid, data in first:
        yield encode_section(cid, data), 1
    root_row = -1 if root is None else blocks.find(root.raw)
    if root_row >= 0:
        yield from _batches_of(blocks, array("I", [root_row]))
    total = len(blocks.index)
    for start in range(0, total, AT_ONCE):
        report(Progress("export", start, total, start))
        rows = array("I", range(start, min(start + AT_ONCE, total)))
        is_right = blocks.index.marks_of(rows).translate(RIGHT)
        rows = array("I", compress(rows, is_right))
        if start <= root_row < start + AT_ONCE and root_row in rows:
            rows.remove(root_row)
        yield from _batches_of(blocks, rows)
    for odd in blocks.odd.values():
        if odd.state is State.UNSOUND:
            data = blocks.read_at(odd.data_offset, odd.length)
            yield encode_section(odd.cid, data), 1


def _batches_of(blocks: Blocks, rows: array[int]) -> Iterator[tuple[bytes, int]]:
    done = 0
    while done < len(rows):
        sections, count = kernel.sections_of(blocks, rows[done:], READ)
        if not count:
            raise changed(blocks.source.name)
        yield sections, count
        done += count
