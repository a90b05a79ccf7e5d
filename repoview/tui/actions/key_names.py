"""The names of keys as they are shown."""

from __future__ import annotations

from typing import Final

from textual.keys import format_key

_KEYS: Final = {
    "escape": "Esc",
    "enter": "Enter",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "home": "Home",
    "end": "End",
    "space": "Space",
    "tab": "Tab",
    "delete": "Delete",
    "backspace": "Backspace",
}
_MODIFIERS: Final = ("ctrl", "shift", "alt")


def key_text(key: str) -> str:
    """Return a key as it is shown: ``Ctrl+P``, ``[``, ``Esc``."""
    *before, last = key.split("+")
    last = _KEYS.get(last) or format_key(last)
    if before or (last[0] == "f" and last[1:].isdecimal()):
        last = last[:1].upper() + last[1:]
    return "+".join([*(each.capitalize() for each in before), last])
