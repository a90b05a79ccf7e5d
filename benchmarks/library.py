"""What is timed of the library, in a process of its own.

``benchmarks.library TASK FILE [FOLDER]`` does a task, and prints one line of
JSON with the seconds that it took and the records that it met; ``abilities``
prints what this library can do.
"""

from __future__ import annotations

import inspect
import json
import sys
import zlib
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.lowlevel
import cbor2
import zstandard

import repoview

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from repoview.core.formats.record import Record

_MIB: Final = 1 << 20
_SEEDS_LIMIT: Final = 10 * _MIB
"""Bytes of memory that the seed's own task may take."""

_PACKED: Final = 256 * 1024
_BATCH: Final = 1_000


def records(path: str) -> tuple[float, int]:
    """Take the bytes of every record, one by one; opening is not counted."""
    with repoview.open(path) as repo:
        begin = perf_counter()
        count = _count(repo.records(data=True))
        return perf_counter() - begin, count


def values(path: str) -> tuple[float, int]:
    """Take the value of every record, one by one; opening is not counted."""
    with repoview.open(path) as repo:
        begin = perf_counter()
        count = sum(1 for record in repo.records() if record.value)
        return perf_counter() - begin, count


def carried(path: str) -> tuple[float, int]:
    """The same, of records that carry their bytes."""
    with repoview.open(path) as repo:
        begin = perf_counter()
        count = sum(1 for record in repo.records(data=True) if record.value)
        return perf_counter() - begin, count


def opened(path: str) -> tuple[float, int]:
    """The same as `values`, with the opening: all from the file to the values."""
    begin = perf_counter()
    with repoview.open(path) as repo:
        count = sum(1 for record in repo.records() if record.value)
    return perf_counter() - begin, count


def decoded(path: str) -> tuple[float, int]:
    """Decode the bytes of every record with cbor2 alone; they are in memory."""
    with repoview.open(path) as repo:
        blocks = [record.data for record in repo.records(data=True)]
    begin = perf_counter()
    count = sum(1 for block in blocks if cbor2.loads(block))
    return perf_counter() - begin, count


def batches(path: str) -> tuple[float, int]:
    """The same, awaiting a batch at a time."""

    async def take(repo: repoview.Repo) -> int:
        return sum([_count(batch) async for batch in _batches(repo)])

    return _awaited(path, take)


def one_by_one(path: str) -> tuple[float, int]:
    """The same, awaiting record by record, with a checkpoint a batch."""

    async def take(repo: repoview.Repo) -> int:
        return sum([_count((record,)) async for record in _one_by_one(repo)])

    return _awaited(path, take)


def _awaited(path: str, take: Callable[[repoview.Repo], Any]) -> tuple[float, int]:
    with repoview.open(path) as repo:

        async def run() -> tuple[float, int]:
            begin = perf_counter()
            count = await take(repo)
            return perf_counter() - begin, count

        return anyio.run(run)


async def _batches(repo: repoview.Repo) -> AsyncIterator[list[Record]]:
    given = repo.records(data=True)
    while batch := list(islice(given, _BATCH)):
        await anyio.lowlevel.checkpoint()
        yield batch


async def _one_by_one(repo: repoview.Repo) -> AsyncIterator[Record]:
    async for batch in _batches(repo):
        for record in batch:
            yield record


def _count(given: Iterable[Record]) -> int:
    """Return how many records have bytes: all."""
    return sum(1 for record in given if record.data)


def sizes(path: str, folder: str) -> tuple[float, int]:
    """Do what `repo-stream` shows first: reduce each record to its size.

    The bytes of records are let go as they stream in; past 10 MiB the disk
    takes the rest. Opening is counted: it is the task.
    """
    begin = perf_counter()
    count = total = 0
    options: dict[str, Any] = {"process": _size, "mem_limit": _SEEDS_LIMIT}
    with repoview.stream(path, spill=folder, **options) as items:
        for item in items:
            # What is missing would be of another class, and fail here.
            given: Any = item
            total += int.from_bytes(given.processed, "big")
            count += 1
    if not 0 < total < Path(path).stat().st_size:
        raise SystemExit(f"the records have {total:,} bytes")
    return perf_counter() - begin, count


def _size(data: bytes) -> bytes:
    return len(data).to_bytes(8, "big")


def unpack(path: str) -> tuple[float, int]:
    """Unpack a file with the library alone, as it streams by; no records."""
    is_gzip = path.endswith(".gz")
    begin = perf_counter()
    for _ in _unzipped(path) if is_gzip else _unzstd(path):
        pass
    return perf_counter() - begin, 0


def _unzipped(path: str) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    for piece in _pieces(path):
        yield member.decompress(piece)


def _unzstd(path: str) -> Iterator[bytes]:
    member = zstandard.ZstdDecompressor().decompressobj()
    for piece in _pieces(path):
        yield member.decompress(piece)


def _pieces(path: str) -> Iterator[bytes]:
    with Path(path).open("rb", buffering=0) as file:
        while piece := file.read(_PACKED):
            yield piece


def abilities() -> dict[str, bool]:
    """Return what this library can do, of what is measured."""
    return {"process": "process" in inspect.signature(repoview.stream).parameters}


_TASKS: Final[dict[str, Callable[..., tuple[float, int]]]] = {
    "records": records,
    "values": values,
    "values-carried": carried,
    "values-opened": opened,
    "cbor2": decoded,
    "batches": batches,
    "one-by-one": one_by_one,
    "sizes": sizes,
    "unpack": unpack,
}


def main(arguments: list[str]) -> None:
    """Do what the arguments say."""
    if arguments == ["abilities"]:
        print(json.dumps(abilities()))
        return
    task, *given = arguments
    seconds, count = _TASKS[task](*given)
    print(json.dumps({"seconds": seconds, "records": count}))


if __name__ == "__main__":
    main(sys.argv[1:])
