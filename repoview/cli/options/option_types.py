"""The types of options and arguments: sources, sizes, numbers and seconds."""

from __future__ import annotations

from typing import Final

import click

from repoview.cli.options.file_type import FileType, TextType

_LIVE: Final = "at://"


class Refused(click.ClickException):
    """A request that is well formed, but not supported."""

    exit_code = 2


class SourcePath(FileType):
    """What to read: a file, "-" for standard input, or an address."""

    name = "source"

    def read(self, text: str) -> str:
        """Return it as it is, or refuse what is not opened."""
        if text.startswith(_LIVE):
            from repoview.core.formats.accounts import where_to_fetch

            raise Refused(f"live accounts are not fetched: {where_to_fetch(text)}")
        return text


class Size(TextType[int]):
    """A number of bytes: 4096, 64MiB, 2GB."""

    name = "size"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def read(self, text: str) -> int:
        """Return the bytes, or refuse what is no size."""
        from repoview.core.sizes import parse_size

        size = parse_size(text)
        if size < self.least:
            raise ValueError(f"{text} is too little: give it at least 16MiB")
        return size


class Whole(TextType[int]):
    """A whole number between two bounds."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self._least = least
        self._most = most

    def read(self, text: str) -> int:
        """Return the number, or refuse what is out of bounds."""
        # Python reads no number of thousands of digits.
        number = int(text) if text.isdecimal() and len(text) < 20 else -1
        if not self._least <= number <= self._most:
            bounds = f"from {self._least:,} to {self._most:,}"
            raise ValueError(f"{text} is no number {bounds}")
        return number


class Seconds(TextType[float]):
    """A number of seconds: 30, 0.5."""

    name = "seconds"

    def read(self, text: str) -> float:
        """Return the seconds, or refuse what is no time."""
        whole, _, part = text.partition(".")
        # Python's own numbers may be negative, infinite, or none at all.
        if not f"{whole}{part}".isdecimal() or len(text) > 20:
            raise ValueError(f"{text} is no number of seconds: say 30, or 0.5")
        return float(text)
