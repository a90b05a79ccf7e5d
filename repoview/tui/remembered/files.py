"""Small JSON files of the user, written atomically.

A file is written as a temporary file and renamed (see `atomic_file`), so of two
concurrent writers the last one wins. Only the user can read it. What is read is
not trusted: its size is bounded, and the caller validates every value.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from repoview.core.storage.atomic_file import AtomicFile, is_old
from repoview.core.storage.small_file import NotReadable, read_bytes

if TYPE_CHECKING:
    from pathlib import Path


def read_json(path: Path) -> Any:  # noqa: ANN401 (whatever the file holds)
    """Return the JSON value in a file, None if there is no file.

    Raises:
        NotReadable: It cannot be read, or is not JSON.
    """
    data = read_bytes(path)
    if data is None:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotReadable("it is damaged") from error


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 (JSON)
    """Write a value to a file, and make its folder if there is none.

    Raises:
        OSError: The file cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with AtomicFile(path.parent, f"{path.name}.") as beside:
        with beside.writer() as file:
            file.write(json.dumps(value, indent=1).encode())
        beside.become(path)


def keep_newest(folder: Path, most: int) -> None:
    """Remove all files of *folder* but the *most* that were written last.

    Args:
        folder: Of files written by `write_json`.
        most: How many stay.
    """
    found: list[tuple[float, str]] = []
    with suppress(OSError), os.scandir(folder) as items:
        for item in items:
            with suppress(OSError):
                facts = item.stat(follow_symlinks=False)
                if item.name.endswith(".json"):
                    found.append((facts.st_mtime, item.path))
                elif item.name.endswith(".part") and is_old(facts):
                    os.unlink(item.path)  # noqa: PTH108 (scandir gives strings)
    found.sort(reverse=True)
    for _, path in found[most:]:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108 (the same)
