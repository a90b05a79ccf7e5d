"""The parser of a terminal's input: bytes to keys, mouse events and pastes.

Sans-I/O: the driver feeds what it has read, and calls `pause` after a timeout.
Only a timeout tells a lone Esc from the beginning of an escape sequence, and a
paste whose end was lost from one that is not complete yet.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Final

from textual import constants, events

from repoview.tui.terminal.pastes import Pastes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.message import Message

    from repoview.tui.textual_internals import KeyParser

_ALONE: Final = constants.ESCAPE_DELAY + 0.005
"""Seconds after which an Esc is a key of its own, and not the beginning of an
escape sequence: the delay of Textual's parser, and a little more."""

_AS_CTRL_W: Final = ("ctrl+w", None)
"""Textual's key for Esc and Backspace in one sequence."""

_ALT_DIGIT: Final = re.compile("\x1b([1-9])")
"""What most terminals send for Alt and a digit; Textual types ™ for Alt+2."""

_LOST: Final = 2.0
"""Seconds without input after which the end of a paste counts as lost: what is
typed before the terminal is set up may be cut off."""


class Keyboard:
    """An incremental parser of bytes, however they are split.

    Args:
        parser: Parses text without pastes.
    """

    timeout: float | None = None
    """Seconds without input after which to call `pause`; None for never."""

    def __init__(self, parser: KeyParser) -> None:
        self._parser = parser
        self._pastes = Pastes()
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[Message]:
        """Yield the messages that are complete.

        Args:
            data: What was read.
            is_last: Whether it is the end of the input, which may cut a
                character.
        """
        self.timeout = _ALONE
        for token in self._pastes.feed(self._decoder.decode(data, is_last)):
            if token.is_pasted:
                yield events.Paste(token.text)
            else:
                yield from self._typed(token.text)

    def _typed(self, text: str) -> Iterator[Message]:
        for number, part in enumerate(_ALT_DIGIT.split(text)):
            if number % 2:
                yield events.Key(f"alt+{part}", None)
            elif part:
                yield from _messages(self._parser.feed(part))

    def pause(self) -> Iterator[Message]:
        """Yield what is complete because there was no input for `timeout`."""
        if self.timeout == _LOST:
            self.timeout = None
            yield events.Paste(self._pastes.give_up().text)
        else:
            self._pastes.pause()
            yield from _messages(self._parser.tick())
            self.timeout = _LOST if self._pastes.is_open else None

    def end(self, data: bytes = b"") -> Iterator[Message]:
        """Yield what is left at the end of the input; it cannot be fed any more.

        Args:
            data: The last bytes.
        """
        yield from self.feed(data, is_last=True)
        if self._pastes.is_open:
            yield events.Paste(self._pastes.give_up().text)
        yield from _messages(self._parser.feed(""))


def _messages(parsed: Iterable[Message]) -> Iterator[Message]:
    """Yield messages without the empty pastes that the parser makes of a mark.

    Alt and Backspace, or Esc and Backspace typed quickly, keep a name of their
    own: the parser calls them Ctrl+W, without a character, and that closes a file.
    """
    for each in parsed:
        if isinstance(each, events.Paste):
            continue
        if isinstance(each, events.Key) and (each.key, each.character) == _AS_CTRL_W:
            yield events.Key("alt+backspace", None)
        else:
            yield each
