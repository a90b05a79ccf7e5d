"""Which records to export: everything, or collections, prefixes and paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.repo.repo import Repo


@dataclass(frozen=True, slots=True)
class Selection:
    """The union of what is named; everything when nothing is."""

    collections: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.collections or self.prefixes or self.paths)

    def numbers(self, repo: Repo) -> Sequence[int]:
        """Return the numbers of the selected records, ascending, each once.

        Raises:
            NotFound: A path or collection is not there, or nothing at all is
                selected. `NotFound.args` is a sentence.
        """
        if self.is_everything:
            return range(len(repo))
        parts = [
            *(_collection(repo, each) for each in self.collections),
            *(_prefix(repo, each) for each in self.prefixes),
        ]
        if self.paths:
            parts.append([_path(repo, each) for each in self.paths])
        if len(parts) == 1 and isinstance(parts[0], range):
            return parts[0]
        return sorted(set().union(*parts))


def _collection(repo: Repo, name: str) -> Sequence[int]:
    numbers = repo.numbers(name)
    if not numbers:
        raise NotFound(f"there is no collection {name}")
    return numbers


def _prefix(repo: Repo, prefix: str) -> Sequence[int]:
    numbers = repo.numbers(prefix=prefix)
    if not numbers:
        raise NotFound(f"no record begins with {prefix}")
    return numbers


def _path(repo: Repo, path: str) -> int:
    number = repo.find(path)
    if number is None:
        raise NotFound(f"there is no record {path}")
    return number
