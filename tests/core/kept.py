"""Helpers for tests of repositories in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.core.cache import Cache
from repoview.core.errors import RepoviewError
from repoview.core.opening.cache_policy import CachePolicy
from repoview.core.repo.inside import inside
from tests.core.opened import opened
from tests.fuzz.twins import everything

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.repo.repo import Repo

COUNTED = (
    "budget",
    "bytes_used",
    "sections",
    "duplicates",
    "duplicate_bytes",
    "ascending",
    "descending",
    "copies",
)
"""Counters of the block index while it is filled, which are not cached."""


class Kept:
    """A file with a cache of its own.

    Args:
        folder: Where both are.
        data: The bytes of the file.
    """

    def __init__(self, folder: Path, data: bytes) -> None:
        self.path = folder / "repo.car"
        self.path.write_bytes(data)
        self.cache = Cache(folder / "cache")
        self.said: list[str] = []
        self.keeping = CachePolicy(lambda: str(folder / "cache"), self.said.append)

    def load(self, **options: Any) -> Repo:
        """Open the file with the cache."""
        return opened(str(self.path), cache=self.keeping, **options)

    def keep(self, **options: Any) -> None:
        """Open the file, and write the results into the cache."""
        with self.load(**options) as repo:
            inside(repo).keep()

    def found(self) -> dict[str, Any]:
        """Open the file, write the results into the cache, and return them."""
        with self.load() as repo:
            inside(repo).keep()
            return told(repo)


def told(repo: Repo) -> dict[str, Any]:
    """Return all that a view can ask of a repository."""
    known: dict[str, Any] = everything(repo)
    for name in COUNTED:
        del known["blocks"][name]
    # It tells records by their types, which are known only while reading.
    del known["blocks"]["fresh"]
    rows = known["blocks"]["rows"]
    known["blocks"]["rows"] = [(*row[:4], *row[5:]) for row in rows]
    known["blocks"]["packed"] = known["blocks"]["packed"][:-1]
    del known["records"]["bytes"]
    known["shape"] = repo.shape
    # Of one that holds a NaN no two are equal.
    known["commit"] = repr(repo.commit)
    known["findings"] = repo.report.findings
    known["values"] = [_value(repo, number) for number in range(len(repo))]
    known["tree"] = [repo.tree.node(number) for number in range(len(repo.tree))]
    return known


def _value(repo: Repo, number: int) -> object:
    record = repo.record(number)
    try:
        return record.cid, record.state, record.size, record.offset, record.data
    except RepoviewError as error:
        return record.cid, record.state, str(error)
