"""Pasted text, taken out of what comes from a terminal before keys are read.

A terminal marks what is pasted. Textual reads on for keys in there: an Esc in
the text is the beginning of one, and what follows it may be obeyed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN: Final = "\x1b[200~"
END: Final = "\x1b[201~"

MOST: Final = 100_000
"""Characters of a paste that are kept: it goes into lines."""


class Part(NamedTuple):
    """Part of what came from a terminal."""

    text: str
    is_pasted: bool


class Pastes:
    """Tells pasted text from keys, however it is cut into pieces."""

    def __init__(self) -> None:
        self._is_in = False
        self._pasted = ""
        self._tail = ""
        """The end of what came, if it may be the beginning of a mark."""

    def feed(self, piece: str) -> Iterator[Part]:
        """Yield what a piece holds: keys, and texts that were pasted.

        What may be the beginning of a mark is handed on at once, for it may be
        an Esc that stands alone. If it is one, its rest is handed on with the
        mark of the end: for who reads keys, an empty paste.
        """
        text, known = self._tail + piece, len(self._tail)
        while text:
            if self._is_in:
                before, mark, text = text.partition(END)
                self._is_in, known = not mark, 0
                self._tail = "" if mark else _beginning(before, END)
                kept = before.removesuffix(self._tail)
                self._pasted += kept[: MOST - len(self._pasted)]
                if mark:
                    yield Part(_cleaned(self._pasted), is_pasted=True)
                    self._pasted = ""
            else:
                before, mark, text = text.partition(BEGIN)
                self._is_in = bool(mark)
                self._tail = "" if mark else _beginning(before, BEGIN)
                if mark and known > len(before):
                    yield Part(BEGIN[known:] + END, is_pasted=False)
                elif before[known:]:
                    yield Part(before[known:], is_pasted=False)

    @property
    def is_open(self) -> bool:
        """Whether the end of a paste is still to come."""
        return self._is_in

    def give_up(self) -> Part:
        """Take an open paste as ended: its mark was lost on the way."""
        text = self._pasted + self._tail
        self._is_in, self._pasted, self._tail = False, "", ""
        return Part(_cleaned(text), is_pasted=True)

    def pause(self) -> None:
        """Note that nothing followed for a while: an Esc stood alone."""
        if not self._is_in:
            self._tail = ""


def _beginning(text: str, mark: str) -> str:
    """Return the end of a text that is the beginning of a mark."""
    start = text.rfind("\x1b", -len(mark) + 1)
    tail = text[start:] if start >= 0 else ""
    return tail if mark.startswith(tail) else ""


def _cleaned(text: str) -> str:
    """Return pasted text without what a terminal would obey when it is drawn."""
    return "\n".join(safe(line, None) for line in text.splitlines())
