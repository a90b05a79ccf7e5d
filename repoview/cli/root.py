"""The group of all commands, its help page, and what a first word means."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.command import refuse_slip
from repoview.cli.console import Console, is_screen
from repoview.cli.options.options import with_common

if TYPE_CHECKING:
    from typing import Any

    from click.shell_completion import CompletionItem

COMMANDS: Final = (
    "open",
    "verify",
    "explain",
    "info",
    "ls",
    "show",
    "mst",
    "blobs",
    "diff",
    "prove",
    "export",
    "build",
    "rewrite",
    "merge",
    "salvage",
    "fleet",
    "cache",
    "demo",
    "learn",
    "corpus",
    "completion",
)
"""Each is a module of `commands`, under its own name."""

PAGE: Final = """\
repoview explores AT Protocol repositories and verifies them.

A repository is all that one account has published: signed records in a tree
of hashes. It travels as a CAR, one file in which every block is named by its
hash, so that anybody can check that nothing is missing, changed or added.

Try it:
  repoview demo                          a sample repository, in the explorer
  repoview                               alone, it asks what to open

Browse:
  repoview repo.car                      the explorer, for the terminal
  repoview info repo.car                 whose it is, and what it holds
  repoview ls repo.car                   every record: path and CID
  repoview ls repo.car app.bsky.feed.    those whose path begins so

Learn:
  repoview learn                         what a repository is, in short lessons
  repoview learn --list                  a line each; --print N to read one here

Verify:
  repoview verify repo.car               every check, and a verdict
  repoview verify repo.car --json        the same for programs
  repoview verify *.car backups/         a line each, folders and all
  repoview explain MST014                what a finding means, what to do

Look closely:
  repoview show repo.car PATH            a record as JSON
  repoview show repo.car PATH --annotate its bytes, beside what they mean
  repoview mst repo.car                  the tree
  repoview mst repo.car PATH             the proof path of a record, with each
                                         hash computed again

Look beside the tree:
  repoview ls repo.car --unlinked        old commits, nodes and records in it
  repoview blobs repo.car                images and videos that records refer to
  repoview blobs repo.car --check DIR    which of them a folder has

Compare and prove:
  repoview diff old.car new.car          records created, updated and deleted
  repoview diff old.car new.car --fields what changed in each
  repoview prove repo.car PATH -o p.car  a small CAR that proves a record

Export:
  repoview export repo.car -o all.jsonl  records, one JSON object a line
  repoview export repo.car -o posts.jsonl --collection app.bsky.feed.post
  repoview export repo.car -o part.car PATH
  repoview export repo.car -o repo.sqlite  also .csv, .md, .zip, a folder/
  repoview build records/ -o repo.car    a repository of exported records
  repoview export repo.car -o old.car --unlinked
  repoview rewrite repo.car -o new.car   all of it, in walk order
  repoview merge old.car since.car -o new.car
                                         brought up to date with what came since

Save what is left:
  repoview salvage broken.car            what can be saved of it; writes nothing
  repoview salvage broken.car -o OUT.car every block that is whole

Tabulate many:
  repoview fleet backups/ -o data/       all records as Parquet, and verdicts
  repoview fleet summary data/           a line each, and what was found

Cache:
  repoview cache ls                      the cache of repositories opened
  repoview cache prune                   remove stale entries

Test other readers:
  repoview corpus DIR                    files broken in one way each, and their
                                         sound twins

Every command has more:  repoview COMMAND --help
Complete by Tab:         repoview completion bash (or zsh, fish)
Version, and kernel:     repoview --version
All of it, for programs: repoview --spec

For all commands:
  -q, --quiet          say only what is needed    -v, --verbose  say more
  --color, --no-color  also by NO_COLOR           --no-progress  draw no bar
  --mem-limit SIZE     memory for indexes and streams [512MiB]
  --max-seconds N      time to read and check it; the rest is left [no limit]
  --threads N          how many hash and check, also by REPOVIEW_THREADS
                       [one a processor, up to 4]

Exit codes: 0 sound, 10 incomplete, 11 invalid, 12 unreadable, 13 bad records,
14 bad container; 1 cannot be read or found, 2 wrong usage, 130 interrupted.
"""


class Root(click.Group):
    """All commands; a first word that is none of them is a file to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands, as the help has them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported when first asked for."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"repoview.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 (each module has one)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take the first word as a command, or as what to open."""
        word = args[0]
        if word in COMMANDS:
            return super().resolve_command(ctx, args)
        if ctx.resilient_parsing:
            # A shell completes the line: its words are not finished.
            return super().resolve_command(ctx, ["open", *args])
        refuse_slip(word, COMMANDS, "repoview")
        return super().resolve_command(ctx, ["open", *args])

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Return commands and options that begin so, and let files be named."""
        from click.shell_completion import CompletionItem

        # First, as the script for bash drops all completions before a file.
        file = CompletionItem(incomplete, type="file")
        return [file, *super().shell_complete(ctx, incomplete)]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page, its headings in bold on a terminal."""
        paint = Console(color=ctx.params.get("color")).paint
        for line in PAGE.splitlines():
            heading = line.endswith(":") and not line.startswith(" ")
            formatter.write((paint("head", line) if heading else line) + "\n")


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 (click's)
    if not wanted:
        return
    from repoview import __version__
    from repoview.cli.kernel_words import kernel_words

    Console().line(f"repoview {__version__} (kernel: {kernel_words()})")
    ctx.exit()


def _print_spec(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 (click's)
    if not wanted:
        return
    from repoview.cli.spec.document import document
    from repoview.present import json_text

    assert isinstance(ctx.command, click.Group)  # noqa: S101 (it is `root`)
    Console().line(json_text(document(ctx.command)))
    ctx.exit()


@with_common
@click.group(
    cls=Root,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
)
@click.option(
    "--spec",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_spec,
)
@click.pass_context
def root(context: click.Context, /, **_: Any) -> None:  # noqa: ANN401 (common options)
    """Explore AT Protocol repositories and verify them."""
    if context.invoked_subcommand is not None:
        return
    if is_screen():
        from repoview.cli.start import command

        context.invoke(command)
    else:
        Console().out.write(context.get_help() + "\n")
