"""Where text goes: results to stdout, everything else to stderr, and color.

Color is calm and never carries meaning alone. It goes to terminals only, and
not where `NO_COLOR` is set or the terminal is dumb, unless asked for.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO

from repoview.present.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

NARROW: Final = 80
WIDE: Final = 110
"""Most columns of a page: longer lines are hard to read."""

IN_BROWSER: Final = "REPOVIEW_IN_BROWSER"
"""The environment variable that is set for the processes of `--web`."""

_CODES: Final = {
    "bold": "1",
    "dim": "2",
    "good": "1;32",
    "fine": "32",
    "doubt": "1;33",
    "bad": "1;31",
    "name": "36",
    "head": "1",
}


class Paint:
    """Colors for one stream; leaves text alone when off."""

    def __init__(self, *, on: bool) -> None:
        self.on = on

    def __call__(self, style: str, text: str) -> str:
        """Return *text* in a style: a key of `_CODES`."""
        if not self.on or not text:
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


class Console:
    """The two output streams.

    Args:
        color: Whether to color; None: by stream and environment.
    """

    def __init__(self, *, color: bool | None = None) -> None:
        self.out: TextIO = sys.stdout
        self.err: TextIO = sys.stderr
        self.is_terminal = is_terminal(self.out)
        self.err_is_terminal = is_terminal(self.err)
        self.paint = Paint(on=_is_colored(self.out, wanted=color))
        self.err_paint = Paint(on=_is_colored(self.err, wanted=color))

    @property
    def width(self) -> int:
        """Columns to set pages for."""
        if not self.is_terminal:
            return NARROW
        from shutil import get_terminal_size

        return max(40, min(get_terminal_size((NARROW, 24)).columns, WIDE))

    def line(self, text: str = "") -> None:
        """Print one line of a result; the caller made it safe."""
        self.out.write(text + "\n")

    def lines(self, texts: Iterable[str]) -> None:
        """Print lines of a result; the caller made them safe."""
        for text in texts:
            self.out.write(text + "\n")

    def items(self, items: Iterable[Iterable[str]], *, as_json: bool) -> None:
        """Print items of a result that come in pieces, as any may be very long.

        Args:
            items: A line each, or a JSON object each; the caller made them safe.
            as_json: Whether they are objects: then they become one array.
        """
        write = self.out.write
        lead = "[\n" if as_json else ""
        for pieces in items:
            write(lead)
            for piece in pieces:
                write(piece)
            lead = ",\n" if as_json else "\n"
        if as_json:
            write("[]\n" if lead == "[\n" else "\n]\n")
        elif lead:
            write("\n")

    def binary(self) -> BinaryIO:
        """Return what takes the bytes of a result as they are."""
        self.out.flush()
        return self.out.buffer

    def note(self, sentence: str) -> None:
        """Print a message on stderr."""
        self.out.flush()
        name = self.err_paint("dim", "repoview:")
        # If stderr is closed, the result counts all the same.
        with suppress(OSError):
            self.err.write(f"{name} {safe(sentence, 1_000)}\n")
            self.err.flush()

    def below(self, lines: Iterable[str]) -> None:
        """Print what belongs to a message, on stderr; safe lines, indented."""
        with suppress(OSError):
            self.err.writelines(f"  {line}\n" for line in lines)
            self.err.flush()


def is_terminal(stream: TextIO) -> bool:
    """Return whether *stream* is a terminal."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        # It is closed, or was from the start.
        return False


def is_in_browser() -> bool:
    """Tell whether this process draws a page of `--web`, over a pipe."""
    return bool(os.environ.get(IN_BROWSER))


def is_screen(*, keys_elsewhere: bool = False) -> bool:
    """Tell whether the explorer can run: a terminal that can be drawn on.

    Args:
        keys_elsewhere: Whether keys do not come from standard input.
    """
    if is_in_browser():
        return True
    if os.environ.get("TERM", "") in {"", "dumb"} and os.name != "nt":
        return False
    return is_terminal(sys.stdout) and (keys_elsewhere or is_terminal(sys.stdin))


def _is_colored(stream: TextIO, *, wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    if is_in_browser():
        return not os.environ.get("NO_COLOR")
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(stream)


def prepare_streams() -> None:
    """Make both streams accept any character, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if not is_terminal(stream):
            reconfigure(encoding="utf-8")
        reconfigure(errors="backslashreplace")
