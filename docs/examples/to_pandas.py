"""Put the posts of a repository into a pandas data frame."""

import sys

import pandas as pd

import repoview


def posts(path: str) -> pd.DataFrame:
    """Return a row a post: its path, date, text and size in bytes."""
    with repoview.open(path) as repo:
        rows = [
            {
                "path": record.path,
                "created": record.value["createdAt"],
                "text": record.value["text"],
                "size": record.size,
            }
            for record in repo.records("app.bsky.feed.post", data=True)
        ]
    frame = pd.DataFrame(rows)
    frame["created"] = pd.to_datetime(frame["created"], format="ISO8601", utc=True)
    return frame


if __name__ == "__main__":
    print(posts(sys.argv[1]).describe(include="all"))
