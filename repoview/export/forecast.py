"""The size and first lines of an export, before it is written.

A small selection is formatted and discarded, so that its size is exact. The
size of a large one is estimated: by the format itself, or from a sample and the
sizes of all blocks, which are in the index.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core.repo.inside import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.repo.repo import Repo
    from repoview.export.formats import Format, Writer

_FEW: Final = 1_000
"""Most records that are formatted for an exact size: this takes an instant."""

_SAMPLED: Final = 200
"""Records of a sample."""

_SAMPLED_BYTES: Final = 1 << 20
"""Most bytes of the blocks of a sample, to keep it quick."""

_AT_ONCE: Final = 16_384


@dataclass(frozen=True, slots=True)
class Size:
    """How large a file will be."""

    bytes: int
    is_exact: bool
    """Whether it was counted, and not estimated."""


def size_of(repo: Repo, numbers: Sequence[int], form: Format) -> Size:
    """Return how large the file would be.

    Args:
        repo: Where the records are.
        numbers: Of the records, ascending.
        form: How they would be written.

    Raises:
        RepoviewError: They cannot be read.
    """
    estimate = form.part("estimate")
    if form.is_measured and _is_small(repo, numbers):
        return Size(_written(repo, numbers, form.writer), is_exact=True)
    if estimate is not None:
        return Size(estimate(repo, numbers), is_exact=False)
    return Size(sampled_bytes(repo, numbers, form.writer), is_exact=False)


def sampled_bytes(repo: Repo, numbers: Sequence[int], writer: Writer) -> int:
    """Return how many bytes a writer would write, from a sample of the records.

    Args:
        repo: Where the records are.
        numbers: Of the records, ascending.
        writer: Of a format.

    Raises:
        RepoviewError: They cannot be read.
    """
    if _is_small(repo, numbers):
        return _written(repo, numbers, writer)
    block_bytes = record_bytes(repo, numbers)
    sample = _sample(repo, numbers)
    sampled, written = record_bytes(repo, sample), _written(repo, sample, writer)
    return written * block_bytes // max(1, sampled)


def _is_small(repo: Repo, numbers: Sequence[int]) -> bool:
    """Tell whether records are formatted in an instant."""
    return len(numbers) <= _FEW and record_bytes(repo, numbers) <= _SAMPLED_BYTES


def first_lines(
    repo: Repo, numbers: Sequence[int], form: Format, most: int
) -> list[str]:
    """Return the first lines of the file; for a CAR, a description of it.

    Args:
        repo: Where the records are.
        numbers: Of the records, ascending.
        form: How they would be written.
        most: How many lines.

    Raises:
        RepoviewError: They cannot be read.
    """
    preview = form.part("preview")
    if preview is not None:
        lines: list[str] = preview(repo, numbers, most)
        return lines[:most]
    if not form.is_text:
        return [repo.record(number).path for number in numbers[:most]]
    out = bytearray()
    form.writer(repo, numbers[:most], out.extend, lambda _: None)
    # Not by splitlines(), which splits at more than line feeds.
    return out.decode(errors="replace").rstrip("\n").split("\n")[:most]


def record_bytes(repo: Repo, numbers: Sequence[int]) -> int:
    """Return how many bytes the blocks of records have; no block is read."""
    parts = inside(repo)
    rows, lengths = parts.index.rows, parts.blocks.index.lengths
    total = 0
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        if isinstance(some, range) and some.step == 1:
            total += sum(lengths(rows[some.start : some.stop]))
        else:
            total += sum(lengths(array("I", map(rows.__getitem__, some))))
    return total


def _sample(repo: Repo, numbers: Sequence[int]) -> Sequence[int]:
    """Return evenly spread numbers, up to the bytes of a sample."""
    step = max(1, len(numbers) // _SAMPLED)
    sample = list(numbers[step // 2 :: step])
    while len(sample) > 1 and record_bytes(repo, sample) > _SAMPLED_BYTES:
        sample = sample[::2]
    return sample


def _written(repo: Repo, numbers: Sequence[int], writer: Writer) -> int:
    """Return how many bytes a format writes; they are discarded."""
    size = 0

    def count(data: bytes) -> None:
        nonlocal size
        size += len(data)

    writer(repo, numbers, count, lambda _: None)
    return size
