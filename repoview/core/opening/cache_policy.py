"""Whether, and where, what is learned of a source is kept for the next time."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.opening.room import folder_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.opening.room import OnDisk
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder

LEAST_BYTES: Final = 1 * limits.MiB
"""Sources that are smaller are read sooner than the cache is."""


class CacheWarning(UserWarning):
    """Something about the cache that is no error: it is of no use here."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the cache is."""

    folder: Folder
    """Names the folder."""

    say: Callable[[str], None] = lambda _: None
    """Told what a user may want to know, in sentences."""


def is_kept(source: Source) -> bool:
    """Tell whether the cache is of use for a source: a file, and not a small one."""
    return source.path is not None and source.size >= LEAST_BYTES


def cache_policy_of(cache: OnDisk) -> Keeping | None:
    """Return where a caller of the library lets something be kept."""
    folder = folder_of(cache)
    return None if folder is None else Keeping(folder, _warn)


def _warn(sentence: str) -> None:
    """Tell of a cache that is of no use, or of a file that was changed.

    Where it is told of is the line of the caller's program.
    """
    import inspect  # noqa: PLC0415 (slow, and seldom needed)

    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_globals["__name__"].startswith("repoview."):
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, CacheWarning, stacklevel=level)
