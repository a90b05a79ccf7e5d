"""The option by which commands choose records: a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from repoview.cli.options.file_type import TextType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.cli.options.options import Run
    from repoview.core.repo.repo import Repo

SELECTIONS: Final = """
A selection has terms that all must hold; "or", "not" or -, and parentheses join
them otherwise. A word alone is a part of the path:
  collection:app.bsky.feed.*     prefix:app.bsky.feed.post/3l   key:A..B
  time:2024-01..2024-03          created:>=2024-03-15           size:>1KB
  text:"good morning"            where:(langs[0] == 'en')       finding:error
  -collection:*.like (text:dawn or text:dusk)
"""
"""The end of the help of commands that take one."""


class SelectionText(TextType[str]):
    """A selection, which is judged before anything is read."""

    name = "selection"

    def read(self, text: str) -> str:
        """Return it as it is.

        Raises:
            SelectionError: It is none; `run` shows where.
        """
        from repoview.core.selection.parsing import parse

        parse(text)
        return text


select_option = click.option(
    "-s",
    "--select",
    "selection",
    type=SelectionText(),
    metavar="EXPR",
    help="Only records that this selection has; see below.",
)


def selected(
    run: Run, repo: Repo, selection: str | None, among: Sequence[int]
) -> Sequence[int]:
    """Return those of some records that a selection has, all found.

    Args:
        run: Draws the progress, and says what is not known.
        repo: The repository.
        selection: None for all of them.
        among: Their numbers, ascending.

    Raises:
        SourceError: The source was changed.
    """
    if selection is None:
        return among
    with run.bar() as bar:
        numbers = repo.select(selection, among=among, report=bar).numbers
        len(numbers)
    say_unnamed(run, repo, selection)
    return numbers


def say_unnamed(run: Run, repo: Repo, selection: str) -> None:
    """Say how many findings that a selection asks for name no record."""
    if not selection:
        return
    from repoview.present.selections import unnamed_text

    if said := unnamed_text(repo.report.findings, selection):
        run.parting.append(said)
