"""Sum the bytes of records while the file streams in, and keep no record.

The function is given each block once. Of a pipe or a download only its results
are kept, so this takes little memory for a repository of any size.
"""

import sys
from collections import Counter

import repoview


def size(data: bytes) -> bytes:
    """Return the size of a block, as four bytes."""
    return len(data).to_bytes(4, "big")


def sums(path: str) -> Counter[str]:
    """Return the bytes of the records of each collection."""
    totals: Counter[str] = Counter()
    with repoview.stream(path, process=size) as items:
        for item in items:
            if isinstance(item, repoview.Record) and item.processed is not None:
                totals[item.collection] += int.from_bytes(item.processed, "big")
    return totals


if __name__ == "__main__":
    for collection, total in sums(sys.argv[1]).most_common():
        print(f"{total:>12,}  {collection}")
