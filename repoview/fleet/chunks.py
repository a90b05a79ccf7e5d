"""Group files into chunks: what one process reads, and writes as a few Parquet files.

A chunk has many small files or a large one, so that its parts are worth a file each.
Where there are few files, chunks are smaller, so that all processes have work.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Self

from repoview.core import limits
from repoview.fleet.sources import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_BYTES: Final = 128 * limits.MiB
_MOST_FILES: Final = 1_000
_LEAST_BYTES: Final = 2 * limits.MiB
_LOOKED_AT: Final = 10_000
"""Files by which it is known whether there are few."""

_EACH: Final = 4
"""Chunks a process, at least, so that none has to wait long for the last one."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Files that are read by one process and written together."""

    files: tuple[File, ...]

    known: frozenset[str] = frozenset()
    """Hashes of files that were written before, which may be those of some."""

    failed: dict[int, str] = field(default_factory=dict)
    """By number: why a file is not read any more."""

    earlier: int = 0
    """Rows of files that there were when the run began."""

    @property
    def name(self) -> str:
        """What its parts are called: the same for the same files in one run.

        A later run that reads a file again, since it could not be read, gives it
        another, and so a row of its own.
        """
        told = repr((self.files, sorted(self.failed), self.earlier))
        return sha256(told.encode(errors="surrogatepass")).hexdigest()[:20]

    @property
    def size(self) -> int:
        """Bytes, as far as the store says."""
        return sum(file.size for file in self.files)

    def split(self, number: int, why: str) -> list[Chunk]:
        """Return the files up to one that fails, and those behind it.

        Args:
            number: Of that one.
            why: It fails.
        """
        before, behind = self._cut(number + 1)
        failing = replace(before, failed={**before.failed, number: why})
        return [failing, behind] if behind.files else [failing]

    def halved(self) -> list[Chunk]:
        """Return two chunks with half of the files each."""
        return list(self._cut(len(self.files) // 2))

    def _cut(self, at: int) -> tuple[Chunk, Chunk]:
        before = {number: why for number, why in self.failed.items() if number < at}
        behind = {n - at: why for n, why in self.failed.items() if n >= at}
        return (
            replace(self, files=self.files[:at], failed=before),
            replace(self, files=self.files[at:], failed=behind),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as `from_json` takes it."""
        told = asdict(self)
        return {**told, "known": sorted(self.known), "failed": [*self.failed.items()]}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Return what `to_json` gave."""
        files = tuple(File(*each) for each in told["files"])
        known, failed = frozenset(told["known"]), dict(told["failed"])
        return cls(files, known, failed, told["earlier"])


def chunks_of(files: Iterable[File], processes: int) -> Iterator[Chunk]:
    """Yield the files in chunks, in their order.

    Args:
        files: Taken lazily, ten thousand ahead.
        processes: How many share the work.
    """
    rest = iter(files)
    first = list(islice(rest, _LOOKED_AT))
    most_bytes, most_files = _MOST_BYTES, _MOST_FILES
    if len(first) < _LOOKED_AT:
        share = _EACH * max(processes, 1)
        even = sum(file.size for file in first) // share
        most_bytes = min(max(even, _LEAST_BYTES), _MOST_BYTES)
        most_files = min(max(len(first) // share, 1), _MOST_FILES)
    held: list[File] = []
    size = 0
    for file in chain(first, rest):
        if held and (size + file.size > most_bytes or len(held) >= most_files):
            yield Chunk(tuple(held))
            held, size = [], 0
        held.append(file)
        size += file.size
    if held:
        yield Chunk(tuple(held))
