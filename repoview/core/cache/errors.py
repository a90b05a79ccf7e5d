"""Errors of the cache; none of them is a fault of a repository.

::

    RepoviewError
    └── CacheError           the cache is of no use here: go on without it
        ├── CacheDamaged     an entry is not what was written: build it again
        └── CacheUnavailable nothing can be kept; says why, once
"""

from __future__ import annotations

from repoview.core.errors import RepoviewError


class CacheError(RepoviewError):
    """The cache failed; callers can go on without it."""


class CacheDamaged(CacheError):
    """An entry does not match its checksums; it has been removed."""


class CacheUnavailable(CacheError):
    """Nothing can be cached; the text is a sentence to print once."""
