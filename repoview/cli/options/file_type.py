"""What the types of options and arguments are made of: read text, or refuse it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


T = TypeVar("T")


class TextType(click.ParamType[T]):
    """A type whose values are read from what was typed."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's own signature)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> T:
        """Return what the text says; a value that was read already, as it is."""
        if not isinstance(value, str):
            read: T = value
            return read
        try:
            return self.read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    @abstractmethod
    def read(self, text: str) -> T:
        """Return what a text says.

        Raises:
            ValueError: It says nothing that is meant; the message is a sentence.
        """


class FileType(TextType[Any]):
    """What may name a file; it is taken as it is."""

    def read(self, text: str) -> Any:  # noqa: ANN401 (of which it reads, a type)
        """Return it."""
        return text

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Let the shell complete the names of files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]
