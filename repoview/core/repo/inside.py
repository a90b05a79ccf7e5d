"""Access to the parts of a repository, for views; imports nothing, to cost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo
    from repoview.core.repo.repo_parts import Inside


def inside(repo: Repo) -> Inside:
    """Return the parts of a repository; users of the library call `Repo` instead."""
    return repo._inside  # noqa: SLF001 (for views only)
