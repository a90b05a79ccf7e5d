"""List the blobs that records refer to, the largest first.

A blob (an image, a video) is not in the repository: only its CID, type and size
are. References of the older form tell no size.
"""

import sys

import repoview


def blobs(path: str) -> dict[str, tuple[int, str]]:
    """Return size and type of every blob, by its CID."""
    with repoview.open(path) as repo, repo.blobs() as found:
        return {str(blob.cid): (blob.size or 0, blob.type or "") for blob in found}


if __name__ == "__main__":
    for cid, (size, kind) in sorted(
        blobs(sys.argv[1]).items(), key=lambda each: -each[1][0]
    ):
        print(f"{size:>12,}  {kind:<12}  {cid}")
