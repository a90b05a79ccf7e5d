"""The types of options and arguments: sources, sizes, numbers and seconds."""

from __future__ import annotations

from typing import Any, Final

import click

from repoview.cli.file_type import FileType

_LIVE: Final = "at://"


class Refused(click.ClickException):
    """A request that is well formed, but not supported."""

    exit_code = 2


class SourcePath(FileType):
    """What to read: a file, "-" for standard input, or an address."""

    name = "source"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return it as it is, or refuse what is not opened."""
        text = str(value)
        if text.startswith(_LIVE):
            from repoview.core.formats.accounts import where_to_fetch

            raise Refused(f"live accounts are not fetched: {where_to_fetch(text)}")
        return text


class Size(click.ParamType[int]):
    """A number of bytes: 4096, 64MiB, 2GB."""

    name = "size"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the bytes, or refuse what is no size."""
        from repoview.core.sizes import parse_size

        if isinstance(value, int):
            return value
        try:
            size = parse_size(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if size < self.least:
            self.fail(f"{value} is too little: give it at least 16MiB", param, ctx)
        return size


class Whole(click.ParamType[int]):
    """A whole number between two bounds."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self._least = least
        self._most = most

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the number, or refuse what is out of bounds."""
        try:
            return self.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def read(self, text: str) -> int:
        """Return the number that *text* says.

        Raises:
            ValueError: It says none within the bounds; the message is a sentence.
        """
        # Python reads no number of thousands of digits.
        number = int(text) if text.isdecimal() and len(text) < 20 else -1
        if not self._least <= number <= self._most:
            bounds = f"from {self._least:,} to {self._most:,}"
            raise ValueError(f"{text} is no number {bounds}")
        return number


class Seconds(click.ParamType[float]):
    """A number of seconds: 30, 0.5."""

    name = "seconds"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Return the seconds, or refuse what is no time."""
        text = str(value)
        whole, _, part = text.partition(".")
        # Python's own numbers may be negative, infinite, or none at all.
        if not f"{whole}{part}".isdecimal() or len(text) > 20:
            self.fail(f"{text} is no number of seconds: say 30, or 0.5", param, ctx)
        return float(text)
