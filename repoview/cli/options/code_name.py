"""Names of findings on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.cli.options.file_type import TextType
from repoview.cli.options.option_types import Refused
from repoview.core.findings.catalogue import CATALOGUE

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


class CodeName(TextType[tuple[str, ...]]):
    """A code, the id of its rule, or a family of codes."""

    name = "code"

    def read(self, text: str) -> tuple[str, ...]:
        """Return the code that it names, or all of its family."""
        from repoview.core.findings.names import UnknownCode, codes_named

        try:
            return codes_named(text)
        except UnknownCode as error:
            raise Refused(str(error)) from None

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer codes, and ids once one is begun, with what they are about."""
        from click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=rule.title)
            for rule in CATALOGUE.values()
            for name, typed in (
                (rule.code, incomplete.upper()),
                (rule.id, incomplete.lower()),
            )
            if name.startswith(typed) and (incomplete or name == rule.code)
        ]
