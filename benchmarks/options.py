"""What the programs that measure have in common on their command lines."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.inputs import DATA


def parser_of(name: str, text: str | None, *, runs: int) -> argparse.ArgumentParser:
    """Return a parser of ``--data``, ``--runs`` and ``--write``.

    Args:
        name: Of the module, in `benchmarks`.
        text: What it does.
        runs: How often each is run if nobody says.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}", description=text
    )
    add = parser.add_argument
    add("--data", type=Path, default=DATA, help="folder for inputs")
    add("--runs", type=int, default=runs, help="how often each is run")
    add("--write", action="store_true", help="put the tables into README.md")
    return parser
