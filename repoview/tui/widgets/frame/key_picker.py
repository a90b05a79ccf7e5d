"""An input for a key, or a file with a DID document, validated while typing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from repoview.tui.remembered.sources import Choice, documents
from repoview.tui.session.typed_key import TypedKey, read_typed
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.completed_line import CompletedLine, Meant

if TYPE_CHECKING:
    from repoview.tui.session.signature import Given

_FORGET: Final = Choice("forget the key", "leave the signature unchecked", "forget:")


class KeyPicker(CompletedLine):
    """Asks for what to check the signature with, and offers existing files.

    Args:
        beside: The path of the source, whose folder is offered; empty for none.
        has_key: Whether there is a key that can be forgotten.
    """

    PLACEHOLDER: ClassVar[str] = "did:key:z…, z…, or a file with a DID document"
    KEYS: ClassVar[str] = "Enter checks · ↓ ↑ choose · Tab completes · Esc leaves"

    @dataclass
    class Picked(Upward):
        """The user entered a key or document; None to forget the key."""

        given: Given | None

    @dataclass
    class Read(Upward):
        """What was entered is validated."""

        typed: TypedKey

    def __init__(self, beside: str = "", *, has_key: bool = False) -> None:
        super().__init__()
        self._beside = beside
        self._first = [_FORGET] if has_key else []

    def look(self, text: str) -> Meant:
        """Return matching files, and what the text is by itself."""
        found = documents(text, self._beside)
        if not text.strip():
            return Meant([*self._first, *found])
        typed = read_typed(text)
        # A name that is not complete yet is no invalid key.
        says = typed.says if typed.given is not None or not found else ""
        return Meant(found, says, is_none=typed.given is None and bool(says))

    def pick(self, choice: Choice) -> None:
        """Read the file that was chosen, or forget the key."""
        if choice is _FORGET:
            self.post_message(self.Picked(None))
        else:
            self.take(choice.target)

    def take(self, text: str) -> None:
        """Validate what was typed."""
        read = partial(self._read, text)
        self.run_worker(read, thread=True, group="read", exclusive=True)

    def _read(self, text: str) -> None:
        self.post_message(self.Read(read_typed(text)))

    def on_key_picker_read(self, message: Read) -> None:
        """Pick it, or say why it cannot be used."""
        message.stop()
        typed = message.typed
        if typed.given is None:
            self.say(typed.says, is_none=True)
        else:
            self.post_message(self.Picked(typed.given))
