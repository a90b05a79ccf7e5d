"""The command line: one command family a file.

The only reader of arguments and environment, and the only printer. `program` is
the entry point; `main` is the same without ending the process. Imports are
inside functions, so that Ctrl-C is handled from the start and a command loads
only what it uses.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["main", "program"]

_YOUNG = 50_000
"""New objects after which Python looks for garbage among them; a command that
answers at once makes fewer, and Python's own 700 took 8 % of its time."""


def hold_streams() -> None:
    """Open /dev/null for each standard stream that is closed.

    Otherwise the next file that is opened would get its descriptor. Standard
    output is opened for reading, so that writing a result fails and is reported.
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

    At once, after the functions of `atexit`: Python would wait for threads, and
    free all objects, which takes tenths of a second after a million records.
    """
    hold_streams()
    gc.set_threshold(_YOUNG)
    try:
        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    if atomic_file := sys.modules.get("repoview.core.storage.atomic_file"):
        # A thread may still be writing one, and is not waited for.
        atomic_file.remove_unfinished()
    atexit._run_exitfuncs()  # noqa: SLF001 (as `multiprocessing` has it before the same end)
    for stream in (sys.stdout, sys.stderr):
        # A failed write was reported, or stderr is closed too.
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Args:
        arguments: Without the program's name; None for those of this process.
    """
    try:
        from repoview.cli.run import run_program

        return run_program(arguments)
    except KeyboardInterrupt:
        return 130
