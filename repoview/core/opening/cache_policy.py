"""Whether a source is cached, and in what folder."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.frozen import frozen
from repoview.core.opening.room import folder_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.opening.room import OnDisk
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder

LEAST_BYTES: Final = 1 * limits.MiB
"""Sources that are smaller are read sooner than the cache is."""


class CacheWarning(UserWarning):
    """The cache cannot be used, or the file has changed; it is read, only slower."""


@frozen
class CachePolicy:
    """Where the cache is."""

    folder: Folder
    """Names the folder."""

    say: Callable[[str], None] = lambda _: None
    """Called with messages for the user."""


def is_kept(source: Source) -> bool:
    """Tell whether a source is worth caching: a file, and not a small one."""
    return source.path is not None and source.size >= LEAST_BYTES


def cache_policy_of(cache: OnDisk) -> CachePolicy | None:
    """Return the policy that a keyword argument of the library asks for."""
    folder = folder_of(cache)
    return None if folder is None else CachePolicy(folder, _warn)


def _warn(sentence: str) -> None:
    """Warn, at the line of the caller's program that called the library."""
    import inspect  # noqa: PLC0415 (slow, and seldom needed)

    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_globals["__name__"].startswith("repoview."):
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, CacheWarning, stacklevel=level)
