"""The way into a repository for views; it imports nothing, so that all may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo
    from repoview.core.repo.repo_parts import Inside


def inside(repo: Repo) -> Inside:
    """Return what a repository is made of.

    Users of the library need not know: what they call is in `Repo`.
    """
    return repo._inside  # noqa: SLF001 (views look inside, users need not)
