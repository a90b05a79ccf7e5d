"""List sources: those that were named, and the CARs in folders that were named.

Lazily, a folder at a time: what is held are the names in the folders on the
way down to where the listing is. Order is that of the names, so that the same
folder gives the same lines.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENDINGS: Final = (".car", ".car.gz", ".car.zst", ".car.bz2", ".car.xz")
"""What the names of CARs in a folder end with, in letters of any case."""


class Unlisted(NamedTuple):
    """A folder that gave no source, and why."""

    name: str
    why: str
    """In a sentence."""


def is_folder(source: str) -> bool:
    """Tell whether a source names a folder."""
    try:
        return os.path.isdir(source)  # noqa: PTH112 (Path refuses some names)
    except ValueError:
        # A name that no file has.
        return False


def listed(sources: Iterable[str]) -> Iterator[str | Unlisted]:
    """Yield the sources in order; for a folder, those in it and below."""
    for source in sources:
        if not is_folder(source):
            yield source
            continue
        is_empty = True
        for each in _below(source):
            yield each
            is_empty = False
        if is_empty:
            kinds = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
            text = f"there is no CAR in {source}: no name there ends in {kinds}"
            yield Unlisted(source, text)


def _below(folder: str) -> Iterator[str | Unlisted]:
    """Yield the CARs of a folder and of those in it, in the order of their names.

    What is hidden is left out, as shells do; so are folders that are linked,
    which might lead back up.
    """
    way: list[Iterator[tuple[str, bool]]] = [iter([(folder, True)])]
    while way:
        path, is_opened = next(way[-1], ("", False))
        if not path:
            way.pop()
        elif not is_opened:
            yield path
        else:
            try:
                way.append(iter(_names(path)))
            except OSError as error:
                text = f"cannot read the folder {path}: {reason_of(error)}"
                yield Unlisted(path, text)


def _names(folder: str) -> list[tuple[str, bool]]:
    """Return paths of the CARs and folders in a folder, and which are folders."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                found.append((entry.path, True))
            elif entry.name.lower().endswith(ENDINGS) and _is_wanted(entry):
                found.append((entry.path, False))
    return sorted(found)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a file, or a link to one or to nothing.

    Opening a pipe would block until it has a writer.
    """
    try:
        return entry.is_file() or (
            entry.is_symlink() and not os.path.exists(entry.path)  # noqa: PTH110 (scandir gives strings)
        )
    except OSError:
        # A link that leads to itself: who opens it says so.
        return True
