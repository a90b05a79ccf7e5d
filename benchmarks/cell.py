"""A cell of the sweep: open one repository within one limit of memory.

A module by itself, which imports little: what it takes is to be the library's.
``python -m benchmarks.cell SOURCE TARGET MIB FOLDER`` prints a digest of all that
was found: the report, all keys and all rows.
"""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256
from typing import Final

import repoview
from repoview.core.repo.inside import inside

_MiB: Final = 1 << 20
_PIECE: Final = 1 << 14


def open_within(source: str, target: str, limit: int, spill: str) -> str:
    """Return the digest.

    Args:
        source: How it is opened: one of `sweep.SOURCES`.
        target: A path, an address, or "-".
        limit: In MiB; 0 for none.
        spill: The folder for what is over it.
    """
    threads = int(os.environ.get("REPOVIEW_THREADS") or 0) or None
    room = {"mem_limit": limit * _MiB or 1 << 34, "spill": spill, "threads": threads}
    given = sys.stdin.buffer if target == "-" else target
    if source == "process":
        given_back = sha256()
        with repoview.stream(given, process=_size_of, **room) as stream:  # type: ignore[arg-type]  # by name
            for record in stream:
                given_back.update(record.processed or b"")  # type: ignore[union-attr]  # all are records
            report = stream.report
        assert report is not None  # noqa: S101 (it came to its end)
        told = json.dumps({**report.to_json(), "source": None}).encode()
        return sha256(told + given_back.digest()).hexdigest()
    if source == "resumed":
        del room["spill"]
    try:
        repo = repoview.open(given, **room)  # type: ignore[arg-type]  # by name
    except repoview.MemoryLimitReached as reached:
        repo = reached.resume(spill=spill)
    with repo:
        found = sha256(json.dumps({**repo.report.to_json(), "source": None}).encode())
        parts = inside(repo)
        for column in (parts.index.keys, parts.index.rows, parts.nodes.parents):
            for start in range(0, len(column), _PIECE):
                found.update(bytes(column[start : start + _PIECE]))
        return found.hexdigest()


def _size_of(block: bytes) -> bytes:
    return len(block).to_bytes(4, "little")


if __name__ == "__main__":
    print(open_within(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
