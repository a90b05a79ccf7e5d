"""`repoview diff`: what differs between two repositories, or two states of one."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.option_types import SourcePath
from repoview.cli.options.options import Run, common_options
from repoview.cli.reading import STANDARD_INPUT

EXAMPLES: Final = """\
Examples:
  repoview diff monday.car tuesday.car
  repoview diff monday.car tuesday.car --fields
  repoview diff monday.car tuesday.car --nodes
  repoview diff monday.car tuesday.car --json | jq '.records[].path'
  repoview diff monday.car tuesday.car | grep ^delete | cut -f2
  curl -s https://example.com/repo.car | repoview diff monday.car -

A line each, with a tab between:
  create, update or delete, path, CID in A, CID in B ("-" for none)
  create-node or delete-node, CID, depth, bytes           (with --nodes)
  unknown, last path before, first path after, CID of the node, old or new
Below a record, with --fields: a tab, field, value in A, value in B, as JSON;
three "-" where a record's block is not there. Of keys between the two paths
of an unknown line nothing can be told: the node that has them is missing or
broken, in A (old) or B (new).

Sub-trees that both have are not read, so the time grows with the change. How
many records differ is said on standard error.

Exit codes:
  0   all that differs was told, or nothing does
  10  a node is missing, and of some keys nothing can be told
  11  a tree is invalid: what is told rests on it
  12  one of the two has no tree
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("old", metavar="A", type=SourcePath())
@click.argument("new", metavar="B", type=SourcePath())
@click.option("--fields", is_flag=True, help="Tell what differs in each record, too.")
@click.option("--nodes", is_flag=True, help="List the nodes that only one has, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@reading_options
@common_options
def command(
    run: Run,
    old: str,
    new: str,
    *,
    fields: bool,
    nodes: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Tell what differs between A and B: records created, updated and deleted.

    Both may be any source: exports of one account from two days, an export and
    what a server sent since, or trees without a commit.
    """
    from repoview.cli.pages.differences import (
        Comparison,
        accounts_differ,
        diff_lines,
        diff_pieces,
        diff_sentences,
        lines_in_parts,
    )
    from repoview.cli.pages.sides import open_sides
    from repoview.core.verify.report import EXIT_CODES, Verdict

    if old == new == STANDARD_INPUT:
        raise click.UsageError("standard input is one source: name a file as A or B")
    with ExitStack() as stack:
        sides = open_sides(run, stack, (old, new), checks_of(**reading))
        compared = Comparison(*sides, fields=fields, nodes=nodes)
        with run.bar() as bar:
            if as_json:
                pieces = diff_pieces(compared, bar)
            else:
                pieces = lines_in_parts(diff_lines(run, compared, bar))
            for piece in pieces:
                run.console.out.write(piece)
        if compared.counts["unknown"] and not run.exit_code:
            run.exit_code = EXIT_CODES[Verdict.INCOMPLETE]
        if not run.quiet:
            run.parting += diff_sentences(compared)
            if said := accounts_differ(compared):
                run.parting.append(said)
