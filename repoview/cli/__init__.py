"""The command line: one command family a file.

The only reader of arguments and environment, and the only printer. `program` is
what people start, and `main` is all of it but the end of the process. What they
need is imported inside, so that Ctrl-C is heard from the first moment on and
nothing is loaded that a command does not use.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["main", "program"]


def program() -> NoReturn:
    """Run the program, and end the process with its exit code.

    At once: Python would give back all memory first, piece by piece, which
    takes tenths of a second when a million records were looked at.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        # What could not be written was told, or nobody is there to be told.
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


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
