"""What a terminal sends, as messages: keys, mouse events, pastes.

No input or output: who reads the terminal feeds what came, and tells how long
nothing came after it. Only that tells an Esc from the beginning of another key,
and a paste whose end was lost from one that is still coming.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Final

from textual import constants, events

from repoview.tui.terminal.pastes import Pastes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.message import Message

    from repoview.tui.textual_internals import KeyParser

_ALONE: Final = constants.ESCAPE_DELAY + 0.005
"""Seconds after which an Esc is a key of its own, and not the beginning of
another key: what Textual's parser waits for, and a little."""

_LOST: Final = 2.0
"""Seconds without a word after which the end of a paste comes no more: what is
typed before we have the terminal may be cut off."""


class Keyboard:
    """Makes messages of bytes, whatever pieces they come in.

    Args:
        parser: Makes messages of text, but for pastes.
    """

    patience: float | None = None
    """Seconds without a byte after which it is to be told of the pause; None
    for never."""

    def __init__(self, parser: KeyParser) -> None:
        self._parser = parser
        self._pastes = Pastes()
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[Message]:
        """Yield what is whole by now.

        Args:
            data: What came.
            is_last: Whether no more comes: half a letter is no letter, then.
        """
        self.patience = _ALONE
        for part in self._pastes.feed(self._decoder.decode(data, is_last)):
            if part.is_pasted:
                yield events.Paste(part.text)
            else:
                yield from _but_pastes(self._parser.feed(part.text))

    def pause(self) -> Iterator[Message]:
        """Yield what is whole because nothing came for as long as `patience`."""
        if self.patience == _LOST:
            self.patience = None
            yield events.Paste(self._pastes.give_up().text)
        else:
            self._pastes.pause()
            yield from _but_pastes(self._parser.tick())
            self.patience = _LOST if self._pastes.is_open else None

    def end(self, data: bytes = b"") -> Iterator[Message]:
        """Yield what is left when nothing comes any more; afterwards it is of no use.

        Args:
            data: What came last.
        """
        yield from self.feed(data, is_last=True)
        if self._pastes.is_open:
            yield events.Paste(self._pastes.give_up().text)
        yield from _but_pastes(self._parser.feed(""))


def _but_pastes(parsed: Iterable[Message]) -> Iterator[Message]:
    """Yield what was parsed without the half of a paste that the parser saw."""
    return (each for each in parsed if not isinstance(each, events.Paste))
