"""One run of the program: from arguments to an exit code.

All ends of a run are here: an answer, a message on stderr, Ctrl-C, a closed
pipe. Nothing that a file holds ends it with a traceback.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from typing import TYPE_CHECKING, Final, TextIO

import click

from repoview.cli.console import Console, prepare_streams
from repoview.cli.options.options import COMPLETION_VARIABLE
from repoview.cli.serving import WORDS
from repoview.core.errors import (
    NotFound,
    RepoviewError,
    SelectionError,
    own_fault,
    reason_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.cli.options.options import Run

INTERRUPTED: Final = 130


def run_program(arguments: Sequence[str] | None) -> int:
    """Run one command and return the exit code of the program."""
    with warnings.catch_warnings():
        warnings.showwarning = _tell_warning
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    from repoview.cli.root import root

    wanted = os.environ.get(COMPLETION_VARIABLE)
    if wanted is not None:
        from repoview.cli.commands.completion import complete

        return complete(root, wanted)
    prepare_streams()
    runs: list[Run] = []
    try:
        code = _outcome(root, arguments, runs)
        sys.stdout.flush()
    except BrokenPipeError:
        # The user closed the pipe, as `head` does: that is no error.
        _drop_stdout()
        code = runs[-1].exit_code if runs else 0
    except OSError as error:
        _drop_stdout()
        reason = reason_of(error)
        if error.errno == errno.EBADF:
            reason = "standard output is closed"
        Console().note(f"cannot write the output: {reason}")
        return 1
    for run in runs:
        run.part()
    return code


def _outcome(
    root: click.Command, arguments: Sequence[str] | None, runs: list[Run]
) -> int:
    """Run *root*, and say in one sentence what went wrong if it did.

    Args:
        root: The group of all commands.
        arguments: As for `main`.
        runs: Takes the run of the command, as soon as there is one.
    """
    try:
        words = list(sys.argv[1:] if arguments is None else arguments)
        with root.make_context("repoview", list(words), obj=runs) as context:
            context.meta[WORDS] = words
            root.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        Console().note(_sentence(error))
        return error.exit_code
    except KeyboardInterrupt:
        console = Console()
        if console.err_is_terminal:
            # The terminal has drawn ^C where the cursor was.
            console.err.write("\n")
        console.note("interrupted")
        return INTERRUPTED
    except NotFound as error:
        Console().note(str(error))
        # In a tree that cannot be relied on, absence proves nothing.
        return (runs[-1].exit_code if runs else 0) or error.exit_code
    except SelectionError as error:
        from repoview.present.selections import pointed_lines

        console = Console()
        console.note(str(error))
        console.below(pointed_lines(error))
        return error.exit_code
    except RepoviewError as error:
        Console().note(str(error))
        return error.exit_code
    except (OSError, SystemExit):
        raise
    # No traceback meets a user. A panic of the compiled kernel is no `Exception`.
    except BaseException as error:  # noqa: BLE001 (see above)
        return _own_fault(error, runs)
    return runs[-1].exit_code if runs else 0


def _tell_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning as a message, without source lines."""
    del category, filename, lineno, file, line
    Console().note(str(message))


def _own_fault(error: BaseException, runs: list[Run]) -> int:
    """Report an error of the program itself."""
    if runs and runs[-1].verbose:
        from traceback import format_exception

        sys.stderr.write("".join(format_exception(error)))
    Console().note(f"{own_fault(error)}, with what -v shows")
    return 1


def _sentence(error: click.ClickException) -> str:
    """Return click's message in our form: lower case, one sentence, a hint."""
    text = error.format_message().strip().rstrip(".")
    # Of several guesses, click puts the sentence in parentheses.
    said, _, meant = text.replace("(Did ", "Did ").partition(". Did you mean ")
    if meant:
        text = f"{said}: did you mean {meant.removesuffix(')')}"
    text += _choices(error)
    text = text[:1].lower() + text[1:] if not text[:2].isupper() else text
    context = getattr(error, "ctx", None)
    if context is None:
        return text
    return f"{text} (see {context.command_path} --help)"


def _choices(error: click.ClickException) -> str:
    """Return what an option can be, where that is what is missing."""
    context = getattr(error, "ctx", None)
    name = getattr(error, "option_name", None)
    if context is None or not isinstance(error, click.BadOptionUsage):
        return ""
    for option in context.command.params:
        if name in option.opts and isinstance(option.type, click.Choice):
            return ": " + ", ".join(option.type.choices)
    return ""


def _drop_stdout() -> None:
    """Redirect stdout to /dev/null, for Python flushes it at exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        # There is no descriptor behind it: a test reads what is printed.
        return
