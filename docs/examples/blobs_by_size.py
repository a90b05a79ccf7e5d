"""List the blobs that records refer to, the largest first.

A blob (an image, a video) is not in the repository: only its CID, type and size
are.
"""

import sys
from collections.abc import Iterator
from typing import Any

import repoview


def blobs_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every blob in a value, however deep."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if item.get("$type") == "blob":
                yield item
            else:
                todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


def blobs(path: str) -> dict[str, tuple[int, str]]:
    """Return size and type of every blob, by its CID."""
    found: dict[str, tuple[int, str]] = {}
    with repoview.open(path) as repo:
        for record in repo.records(data=True):
            for blob in blobs_in(record.value):
                found[str(blob["ref"])] = (blob["size"], blob["mimeType"])
    return found


if __name__ == "__main__":
    for cid, (size, kind) in sorted(
        blobs(sys.argv[1]).items(), key=lambda each: -each[1][0]
    ):
        print(f"{size:>12,}  {kind:<12}  {cid}")
