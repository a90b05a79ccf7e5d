"""One command, or a group of some: help with examples, and errors that know it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.options.option_types import Refused
from repoview.cli.options.options import COMMON, shared, with_common

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMON: Final = {"--help", *(name for option in COMMON for name in option.opts)}
"""Names of options that every command has."""

_WIDEST: Final = 27
"""Columns of the widest option that its help stands beside."""


class Command(click.Command):
    """A command with a page of help; its epilog is printed as it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; an error knows its command, which click forgets.

        Raises:
            click.UsageError: They are not what the command takes.
        """
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        if self.epilog:
            formatter.write_paragraph()
            formatter.write(self.epilog)
        own: list[tuple[str, str]] = []
        common: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                (own if _COMMON.isdisjoint(param.opts) else common).append(record)
        for heading, records in (("Options", own), ("For all commands", common)):
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records, col_max=_WIDEST)


class Group(Command, click.Group):
    """Several commands under one name, with a page of help like theirs."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page: what it is for, its commands, then options."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        formatter.write_paragraph()
        formatter.write(self.epilog or "")
        self.format_commands(ctx, formatter)
        formatter.write_paragraph()
        formatter.write(f"Each has more:  {ctx.command_path} COMMAND --help\n")


def group_of(name: str, about: str, page: str, kind: type[Group] = Group) -> Group:
    """Return a group that commands are added to.

    Args:
        name: What it is called.
        about: What it is for, in a sentence.
        page: Its examples.
        kind: Another way to read its words.
    """

    @click.pass_context
    def before(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401 (common options)
        # Options in front of this word count for the command behind it, too.
        context.params.update(shared(context, given))
        if context.invoked_subcommand is None:
            click.echo(context.get_help())

    return with_common(
        kind(
            name, callback=before, help=about, epilog=page, invoke_without_command=True
        )
    )


def refuse_slip(word: str, commands: Iterable[str], program: str) -> None:
    """Refuse a first word that is no file, and looks like a command.

    Args:
        word: What stands where a command or a file may.
        commands: Those that there are.
        program: What stands in front of them.

    Raises:
        Refused: It is; the sentence has the command.
    """
    from difflib import get_close_matches

    if Path(word).exists() or "/" in word or "." in word:
        return
    close = get_close_matches(word.lower(), commands, 1, 0.6)
    if close:
        said = f"{word} is neither a command nor a file"
        raise Refused(f"{said}: did you mean {program} {close[0]}?")
