"""The command line: one command family a file.

The only reader of arguments and environment, and the only printer. `main` is
the program; what it needs is imported inside, so that Ctrl-C is heard from the
first moment on and nothing is loaded that a command does not use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Args:
        arguments: What stands behind the program's name; None for those of
            this process.
    """
    try:
        from repoview.cli.run import run_program

        return run_program(arguments)
    except KeyboardInterrupt:
        return 130
