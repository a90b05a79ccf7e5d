"""A string table of `$type`s: millions of blocks have few distinct ones."""

from __future__ import annotations

from typing import Final

from repoview.core import limits

MANY: Final = 0xFFFF
"""Number of a `$type` that did not fit the table."""


class TypeNames:
    """Name ↔ number, from 0 for none."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._names: list[str] = [""]
        self.bytes_used = 0
        """Bytes that they take, estimated."""

    def add(self, name: str) -> int:
        """Return the number of a name, which is added if it is new."""
        number = self._numbers.get(name)
        if number is None:
            number = len(self._names)
            if number > limits.KEPT_TYPES or len(name) > limits.MAX_NSID:
                return MANY
            self._names.append(name)
            self._numbers[name] = number
            self.bytes_used += 2 * len(name.encode()) + 200
        return number

    def number(self, name: bytes) -> int:
        """Return the number of *name*; -1 for none."""
        try:
            return self._numbers.get(name.decode(), -1)
        except UnicodeDecodeError:
            return -1

    def name(self, number: int) -> str | None:
        """Return the name with this number; None when it was not kept."""
        return None if number == MANY else self._names[number]
