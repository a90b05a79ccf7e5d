"""Fuzz the cache entry of a repository, and check the results read from it.

Run it as ``uv run python -m tests.fuzz.cached_damage --count 500``. The seed and
the number of a round determine the damage. It exits with 1, and names the
rounds, if any result differs from the file's, if the damage was reported to the
user, or if the next opening was wrong. Half of the entries are damaged while
they are open.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final

from repoview.core.opening import cache_policy
from tests.core import caches
from tests.core.kept import Kept, told
from tests.core.repos import make_repo, many
from tests.fuzz.cache_damage import BYTES, mix, replace
from tests.fuzz.rounds import main_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RECORDS: Final = 2_000


class Rounds:
    """Damages the entry of one repository repeatedly.

    Args:
        folder: An empty one.
        seed: Of the random damage.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.kept = Kept(folder, make_repo(many(RECORDS // 2)))
        self.other = self._entry().read_bytes()
        self.kept.path.write_bytes(make_repo(many(RECORDS)))
        self.good = self._entry().read_bytes()
        self.kept.said.clear()
        with self.kept.load() as repo:
            self.truth = told(repo)
        self.came: Counter[str] = Counter()

    def _entry(self) -> Path:
        """Cache the results of the file, and return the entry's path."""
        self.kept.keep()
        (path,) = caches.files(self.kept.cache)
        return path

    def try_one(self, number: int) -> list[str]:
        """Damage the entry once; return what was wrong afterwards."""
        luck = Random(f"{self.seed} {number}")  # noqa: S311 (not for secrets)
        path = self._entry()
        repo = self.kept.load() if number % 2 else None
        data = bytearray(self.good)
        mutator = luck.choice(BYTES)
        mutator(luck, data, self.other)
        with path.open("r+b") as file:
            file.write(data)
            file.truncate()
        if repo is None:
            repo = self.kept.load()
        self.came["from the cache" if repo.from_cache else "read anew"] += 1
        failures = []
        with repo:
            if told(repo) != self.truth:
                failures.append("it told something else")
        with self.kept.load() as repo:
            if told(repo) != self.truth:
                failures.append("the next opening told something else")
        # An entry of an earlier state of the file has to be reported as such.
        if self.kept.said and mutator not in {mix, replace}:
            failures.append(f"it was told of: {self.kept.said}")
        self.kept.said.clear()
        return [f"round {number} ({mutator.__name__}): {each}" for each in failures]


def run(folder: Path, seed: int, numbers: Sequence[int]) -> tuple[list[str], Rounds]:
    """Do the rounds of these numbers; return the failures, and the counts."""
    least, cache_policy.LEAST_BYTES = cache_policy.LEAST_BYTES, 0  # type: ignore[misc]  # it is small here
    try:
        rounds = Rounds(folder, seed)
        failures = []
        for number in numbers:
            try:
                failures += rounds.try_one(number)
            except Exception as error:  # noqa: BLE001 (any of them is what is looked for)
                failures.append(f"round {number} raised {error!r}")
        return failures, rounds
    finally:
        cache_policy.LEAST_BYTES = least  # type: ignore[misc]  # as it was


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    return main_of("cached_damage", run, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
