"""Read a repository as it comes, and stop at the first post that says a word.

What is cancelled leaves no thread and no file behind.
"""

import sys

import anyio

import repoview


async def first_post(path: str, word: str, seconds: float = 60) -> str | None:
    """Return the path of the first post that says *word*; None in time for none."""
    with anyio.move_on_after(seconds):
        async with repoview.stream_async(
            path, prefix="app.bsky.feed.post/", data=True
        ) as items:
            async for item in items:
                if isinstance(item, repoview.Record) and word in item.value["text"]:
                    return item.path
    return None


if __name__ == "__main__":
    print(anyio.run(first_post, sys.argv[1], sys.argv[2]))
