"""What a selection is evaluated on: the index of a repository, and its blocks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import CID_BYTES
from repoview.core.errors import RepoviewError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.kernel.batches import blocks_by_batch
from repoview.core.marks import NO_MARK, NO_ROW, RAW_CODEC, STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.index.path_search import PathSearch
    from repoview.core.index.records import RecordIndex

_READ: Final = 4 * limits.MiB
"""Bytes of blocks that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Held:
    """The parts of a repository that selections ask."""

    index: RecordIndex
    blocks: Blocks
    paths: PathSearch
    findings: Sequence[Finding]

    is_scattered: bool
    """Whether the file has its blocks in another order than the records."""

    decoded: Callable[[int], Value]
    """Returns a record whose block is no ordinary one, by number; it raises
    `RepoviewError` where there is none."""

    size: Callable[[int], int | None]
    """Returns the bytes of such a block, by number of the record; None for none."""

    def sound(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes | None]]:
        """Yield records by number, each with its bytes if these are strict.

        None stands for all others, which `decoded` has to be asked for.

        Raises:
            SourceError: Something of the index is on disk, and cannot be read.
        """
        rows = self.index.rows_of(numbers)
        marks = self.blocks.index.marks_of(rows)
        found = chain.from_iterable(blocks_by_batch(self.blocks, rows, _READ))
        for number, mark, block in zip(numbers, marks, found, strict=True):
            plain = mark != NO_MARK and not mark & (STATE | RAW_CODEC)
            yield number, block[CID_BYTES:] if plain and block else None

    def values(self, numbers: Sequence[int]) -> Iterator[tuple[int, Value]]:
        """Yield records by number, decoded as far as they can be.

        Those whose blocks are not there, or are damaged, are left out.
        """
        for number, data in self.sound(numbers):
            if data is not None:
                yield number, dagcbor.decode_sound(data)
                continue
            with suppress(RepoviewError):
                yield number, self.decoded(number)

    def lengths_of(self, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield records by number, each with the bytes of its block, if it has one."""
        rows = self.index.rows_of(numbers)
        lengths = self.blocks.index.lengths(rows)
        for number, row, length in zip(numbers, rows, lengths, strict=True):
            odd = self.size(number) if row == NO_ROW else length
            if odd is not None:
                yield number, odd
