"""Bracketed paste: pasted text is split off before the input is parsed for keys.

Textual parses pasted text for keys, too: an Esc in it begins an escape
sequence, which may then be acted upon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN: Final = "\x1b[200~"
END: Final = "\x1b[201~"

MOST: Final = 100_000
"""Characters of a paste that are kept: it goes into input lines."""


class Token(NamedTuple):
    """A piece of input: a sequence of keys, or one paste."""

    text: str
    is_pasted: bool


class Pastes:
    """An incremental tokenizer of pastes and keys."""

    def __init__(self) -> None:
        self._is_in = False
        self._pasted = ""
        self._tail = ""
        """The end of the input, if it may be the beginning of a mark."""

    def feed(self, piece: str) -> Iterator[Token]:
        """Yield the tokens of a piece of input.

        What may be the beginning of a mark is yielded at once, for it may be a
        lone Esc. If it was one, its rest is yielded together with the mark of
        the end, which the parser of keys takes for an empty paste.
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
                    yield Token(_cleaned(self._pasted), is_pasted=True)
                    self._pasted = ""
            else:
                before, mark, text = text.partition(BEGIN)
                self._is_in = bool(mark)
                self._tail = "" if mark else _beginning(before, BEGIN)
                if mark and known > len(before):
                    yield Token(BEGIN[known:] + END, is_pasted=False)
                elif before[known:]:
                    yield Token(before[known:], is_pasted=False)

    @property
    def is_open(self) -> bool:
        """Whether the end of a paste is still to come."""
        return self._is_in

    def give_up(self) -> Token:
        """End an open paste whose mark was lost."""
        text = self._pasted + self._tail
        self._is_in, self._pasted, self._tail = False, "", ""
        return Token(_cleaned(text), is_pasted=True)

    def pause(self) -> None:
        """Note that nothing followed for a while: an Esc was a lone one."""
        if not self._is_in:
            self._tail = ""


def _beginning(text: str, mark: str) -> str:
    """Return the suffix of a text that is a prefix of a mark."""
    start = text.rfind("\x1b", -len(mark) + 1)
    tail = text[start:] if start >= 0 else ""
    return tail if mark.startswith(tail) else ""


def _cleaned(text: str) -> str:
    """Return pasted text with its control characters escaped."""
    return "\n".join(safe(line, None) for line in text.splitlines())
