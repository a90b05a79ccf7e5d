"""The yardstick, and repoview in each way that it can run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from benchmarks.measure import ROOT, Contender, Prints

YARDSTICK: Final = "hashlib.sha256"
OURS: Final = "repoview"
CHECKS: Final = (
    "everything that `repoview verify` checks: the hash of every block, strict "
    "DAG-CBOR, CAR and commit, MST order, range and depth, syntax of keys, "
    "types of records, completeness; and indexes every record"
)
_MOST_OF_PYTHON: Final = 360_000
"""Records of the largest file that the Python kernel is given."""


@dataclass(frozen=True, slots=True)
class About:
    """Which repoview is measured."""

    version: str
    kernel: str
    python: str

    @property
    def is_compiled(self) -> bool:
        """Whether the compiled kernel runs."""
        return self.kernel != "python"

    @property
    def is_debug(self) -> bool:
        """Whether it was compiled without optimization: not to be measured."""
        return self.kernel.endswith("debug")


def about() -> About:
    """Ask the program which it is."""
    answer = subprocess.run(  # noqa: S603 (a command of this package)
        _work("about"), cwd=ROOT, check=True, capture_output=True
    )
    return About(**json.loads(answer.stdout))


def large(kernel: About) -> list[Contender]:
    """Return the yardstick and repoview for files that are read once."""
    return [_yardstick("once"), *_kernels(kernel, "once", "load")]


def warm(kernel: About) -> list[Contender]:
    """Return repoview reading a file again and again, for the growth."""
    return _kernels(kernel, "again", "load")


def small(kernel: About) -> list[Contender]:
    """Return the yardstick and repoview for small files, over and over."""
    ours = [one for one in _kernels(kernel, "again", "keys") if one.mode != ONE]
    return [_yardstick("again"), *ours]


def rows(kernel: About) -> list[Contender]:
    """Return repoview for the same small file 10,000 times in a row."""
    return [
        Contender(
            one.name, f"{one.mode}, 10,000 in a row", one.command, one.environment
        )
        for one in _kernels(kernel, "row", "keys")
        if one.mode != ONE
    ]


def command(kernel: About) -> list[Contender]:
    """Return the command line, as a whole process."""
    words = (sys.executable, "-m", "repoview", "verify", "{car}")
    return [
        Contender(
            one.name,
            f"{one.mode}, `repoview verify`",
            words,
            one.environment,
            prints=Prints.ANYTHING,
        )
        for one in _kernels(kernel, "once", "load")
        if one.mode != ONE
    ]


ONE: Final = "compiled, 1 thread"
ALL: Final = f"compiled, {os.cpu_count()} threads"
PURE: Final = "pure Python"


PLAIN: Final[dict[str, str | None]] = {
    "REPOVIEW_PURE": None,
    "REPOVIEW_THREADS": None,
    # Byte-code is written and used, as it is for whoever installs the program.
    "PYTHONDONTWRITEBYTECODE": None,
}
"""The environment of a program that runs as it does by itself."""


def _kernels(kernel: About, how: str, what: str) -> list[Contender]:
    words = _work(how, what, "{car}")
    contenders = []
    if kernel.is_compiled:
        contenders += [
            Contender(OURS, ALL, words, PLAIN),
            Contender(OURS, ONE, words, {**PLAIN, "REPOVIEW_THREADS": "1"}),
        ]
    pure = {**PLAIN, "REPOVIEW_PURE": "1"}
    return [*contenders, Contender(OURS, PURE, words, pure, _MOST_OF_PYTHON)]


def _yardstick(how: str) -> Contender:
    return Contender(YARDSTICK, "", _work(how, "sha256", "{car}"))


def _work(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "benchmarks.work", *words)
