"""What leaves the explorer: a file with a record, and a program to read it in.

The text that goes out is JSON as `present` makes it: what a terminal would
obey is escaped. No shell has a part in it, and the file that a program reads
is private and gone afterwards.
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
"""Bytes up to which terminals take a text for their clipboard."""

PAGER: Final = "less"

_GRACE: Final = 2.0
"""Seconds that a program has to end when the explorer was asked to."""


def write_new(name: str, text: str) -> str:
    """Write *text* to a new file, and return a sentence about it.

    Args:
        name: Of the file; ``~`` is the user's home. One that is there stays.
        text: What to write, without its last line end.

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
    """Show *text* in another program while the app stands aside.

    Args:
        app: Gives the terminal away, and takes it back.
        command: The program with its arguments, as in ``$PAGER``.
        text: What it is given, in a file that cannot be written.
        name: What the file is called.

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
    """Give a file that nobody else can read, and none can write."""
    folder = Path(mkdtemp(prefix="repoview-"))
    try:
        path = folder / name
        path.write_text(text + "\n", encoding="utf-8", errors="replace")
        path.chmod(0o400)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(words: list[str]) -> int:
    """Run a program to its end; Ctrl-C is its own affair.

    A signal that ends the explorer ends it, too, for what it reads goes then.
    """
    process = subprocess.Popen(words)  # noqa: S603 (the user's own choice, no shell)
    if threading.current_thread() is not threading.main_thread():
        return process.wait()
    ending: list[int] = []

    def pass_on(number: int) -> None:
        ending.append(number)
        process.send_signal(number)
        # In case it would rather go on.
        threading.Timer(_GRACE, process.kill).start()

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with on_ending(pass_on):
            code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    for number in ending[:1]:
        # Now it is heard by who had it before.
        signal.raise_signal(number)
    return 0 if ending else code
