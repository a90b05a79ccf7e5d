"""`repoview completion`: the script for shell completion.

The shell calls the program with its line in the environment; click reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import get_completion_class, shell_complete

from repoview.cli.command import Command
from repoview.cli.options.options import COMPLETION_VARIABLE, common_options

if TYPE_CHECKING:
    from repoview.cli.options.options import Run

SHELLS: Final = ("bash", "zsh", "fish")

EXAMPLES: Final = """\
Examples:
  source <(repoview completion bash)            in ~/.bashrc
  source <(repoview completion zsh)             in ~/.zshrc, after compinit
  repoview completion fish > ~/.config/fish/completions/repoview.fish
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("shell", type=click.Choice(SHELLS))
@common_options
def command(run: Run, *, shell: str) -> None:
    """Print a script that makes SHELL complete commands, options and files."""
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 (click knows all of SHELLS)
    root = click.get_current_context().find_root().command
    script = made(root, {}, "repoview", COMPLETION_VARIABLE).source()
    run.console.out.write(script.strip() + "\n")


def complete(root: click.Command, instruction: str) -> int:
    """Answer a shell, and return the exit code.

    Args:
        root: The group of all commands.
        instruction: What the shell wants, as its script says it.
    """
    return shell_complete(root, {}, "repoview", COMPLETION_VARIABLE, instruction)
