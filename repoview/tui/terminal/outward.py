"""Records outside of the explorer: written to a file, or opened in a program.

The text is JSON as `present` makes it, with control characters escaped. No
shell is involved, and the file that a pager or editor reads is private and
removed afterwards.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported

from repoview.export.destination import DestinationError, written_beside
from repoview.present import safe
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App

CLIPBOARD: Final = 100_000
"""Bytes that terminals accept for their clipboard at most."""

PAGER: Final = "less"

_GRACE: Final = 2.0
"""Seconds that a program has to exit after a signal, before it is killed."""


def write_new(name: str, text: str) -> str:
    """Write *text* to a new file, and return a sentence about it.

    Args:
        name: Of the file; ``~`` is the user's home. An existing one is kept.
        text: What to write, without its last newline.

    Raises:
        DestinationError: It cannot be written.
    """
    path = Path(name).expanduser()
    if path.is_symlink() or path.exists():
        raise DestinationError(f"there is already a {path}: name another file")
    with written_beside(path, force=False) as file:
        file.write(text.encode(errors="replace") + b"\n")
    return f"Written to {path.absolute()}"


def read_outside(app: App[object], command: str, text: str, name: str) -> str:
    """Show *text* in another program while the app is suspended.

    Args:
        app: Is suspended meanwhile.
        command: The program with its arguments, as in ``$PAGER``.
        text: Its input, in a read-only file.
        name: Of the file.

    Returns:
        What went wrong, as a sentence; "" if nothing did.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        return f"{safe(command, 80)} cannot be run: {error}"
    if not words or shutil.which(words[0]) is None:
        return f"There is no program {safe(' '.join(words[:1]) or 'named', 80)}."
    try:
        with _private_file(text, name) as path, app.suspend():
            code = _run([*words, str(path)])
    except SuspendNotSupported:
        return "This terminal cannot be given to another program."
    except OSError as error:
        return f"{safe(words[0], 80)} cannot be run: {safe(str(error), 200)}"
    return f"{safe(words[0], 80)} ended with code {code}." if code else ""


@contextmanager
def _private_file(text: str, name: str) -> Iterator[Path]:
    """Yield a temporary file that is read-only and private to the user."""
    folder = Path(mkdtemp(prefix="repoview-"))
    try:
        path = folder / name
        path.write_text(text + "\n", encoding="utf-8", errors="replace")
        path.chmod(0o400)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(words: list[str]) -> int:
    """Run a program until it exits; Ctrl-C is left to it.

    A signal that ends the explorer is passed on, for the file is removed then.
    """
    process = subprocess.Popen(words)  # noqa: S603 (the user's own choice, no shell)
    if threading.current_thread() is not threading.main_thread():
        return process.wait()
    ending: list[int] = []

    def pass_on(number: int) -> None:
        ending.append(number)
        process.send_signal(number)
        # In case it ignores the signal.
        threading.Timer(_GRACE, process.kill).start()

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with on_ending(pass_on):
            code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    for number in ending[:1]:
        # Now the previous handler is back.
        signal.raise_signal(number)
    return 0 if ending else code
