"""Count the posts of each month, by the date that they give themselves."""

import sys
from collections import Counter

import repoview


def months(path: str) -> Counter[str]:
    """Return how many posts there are of each month, such as "2024-07"."""
    counts: Counter[str] = Counter()
    with repoview.open(path) as repo:
        for record in repo.records("app.bsky.feed.post", data=True):
            counts[record.value["createdAt"][:7]] += 1
    return counts


if __name__ == "__main__":
    for month, count in sorted(months(sys.argv[1]).items()):
        print(month, count)
