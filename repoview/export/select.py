"""Which records to export: everything, or what is named, less what is not selected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo


@dataclass(frozen=True, slots=True)
class Selection:
    """The union of what is named, everything when nothing is; and of it a selection."""

    collections: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    selection: str = ""
    """What all of them have to be; see `repoview.core.selection`."""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is named."""
        return not (self.collections or self.prefixes or self.paths)

    def numbers(
        self, repo: Repo, report: Callable[[Progress], None] | None = None
    ) -> Sequence[int]:
        """Return the numbers of the selected records, ascending, each once.

        Args:
            repo: Where they are.
            report: Called with progress while records are looked at; what it
                raises ends that.

        Raises:
            NotFound: A path or collection is not there, or nothing at all is
                selected. `NotFound.args` is a sentence.
            SelectionError: The selection is none.
        """
        named = self._named(repo)
        if not self.selection:
            return named
        numbers = repo.select(self.selection, among=named, report=report).numbers
        # All of them are found here, where progress is told.
        if not len(numbers):
            raise NotFound(f"no record is selected by {self.selection}")
        return numbers

    def _named(self, repo: Repo) -> Sequence[int]:
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
