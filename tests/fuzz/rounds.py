"""The common command line of the scripts that damage files in rounds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence


class Counting(Protocol):
    """The counts of outcomes."""

    came: Counter[str]


def main_of(
    name: str,
    run: Callable[[Path, int, Sequence[int]], tuple[list[str], Counting]],
    arguments: Sequence[str] | None,
) -> int:
    """Run the command line, and return the exit code.

    Args:
        name: Of the script, in this folder.
        run: Takes a folder, a seed and the numbers of rounds; returns the
            failures, and the counts.
        arguments: None for those of the process.
    """
    parser = argparse.ArgumentParser(prog=f"python -m tests.fuzz.{name}")
    parser.add_argument("--count", type=int, default=500, help="rounds")
    parser.add_argument("--seed", type=int, default=1, help="gives other damage")
    parser.add_argument("--only", type=int, help="the number of a single round")
    options = parser.parse_args(arguments)
    only = options.only
    numbers = range(options.count) if only is None else [only]
    with TemporaryDirectory(prefix="repoview-") as folder:
        failures, rounds = run(Path(folder), options.seed, numbers)
    for failure in failures[:20]:
        sys.stdout.write(failure + "\n")
    came = ", ".join(f"{n:,} {what}" for what, n in sorted(rounds.came.items()))
    sys.stdout.write(
        f"seed {options.seed}: {len(numbers):,} rounds: {came}; "
        f"{len(failures):,} failures\n"
    )
    return 1 if failures else 0
