"""The command line: one command family a file.

The only reader of arguments and environment, and the only printer. `program` is
what people start, and `main` is all of it but the end of the process. What they
need is imported inside, so that Ctrl-C is heard from the first moment on and
nothing is loaded that a command does not use.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["main", "program"]


def hold_streams() -> None:
    """Put something in the place of each standard stream that is closed.

    Else the next file that is opened would be it. What is written to standard
    output fails, and is told; of what is said besides nobody wants to hear.
    """
    modes = {"stdin": os.O_WRONLY, "stdout": os.O_RDONLY, "stderr": os.O_WRONLY}
    for name, mode in modes.items():
        if getattr(sys, name) is None:
            # In this order, each is given the number that it should have.
            number = os.open(os.devnull, mode)
            if name != "stdin":
                stream = os.fdopen(number, "w", encoding="utf-8", closefd=False)
                setattr(sys, name, stream)


def program() -> NoReturn:
    """Run the program, and end the process with its exit code.

    At once, when what was registered with `atexit` has run: Python would wait
    for threads, and give back all memory piece by piece, which takes tenths of
    a second when a million records were looked at.
    """
    hold_streams()
    try:
        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    if atomic_file := sys.modules.get("repoview.core.storage.atomic_file"):
        # A thread may still be writing one; nobody waits for it.
        atomic_file.remove_unfinished()
    atexit._run_exitfuncs()  # noqa: SLF001 (as `multiprocessing` has it before the same end)
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
