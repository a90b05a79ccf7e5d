"""`repoview mst`: the tree as an outline, or the proof path of one path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging import checks_of, reading_options
from repoview.cli.options import (
    Run,
    Whole,
    common_options,
    source_argument,
)
from repoview.cli.outline import Outline, levels_to, levels_within, node_objects
from repoview.cli.proof_path import way_lines, way_to
from repoview.cli.words import no_record, path_in
from repoview.present import count_text, json_text

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo

EXAMPLES: Final = """\
Examples:
  repoview mst repo.car
  repoview mst repo.car --depth 0                the whole tree
  repoview mst repo.car app.bsky.actor.profile/self
  repoview mst repo.car --json

Depth counts from the bottom, as the specification does: keys whose SHA-256
begins with two zero pairs of bits are at depth 2. What a key shares with
the one before it in its node is dim. A hole is drawn as ╳, with the range of
keys that it hides.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.argument("path", required=False)
@click.option(
    "--depth",
    type=Whole(0, 128),
    metavar="N",
    help="Open the nodes of this depth and above [as many as fit 1,000 lines].",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    path: str | None,
    *,
    depth: int | None,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Draw the tree of SOURCE, or the proof path of PATH."""
    with run.load(source, checks_of(**reading)) as repo:
        if path is not None:
            wanted = path_in(repo, path)
            way = way_to(repo, wanted)
            if as_json:
                run.console.line(json_text(way.to_json()))
            else:
                run.console.lines(way_lines(way, run.console.paint))
            if not way.found:
                raise no_record(repo, wanted)
            return
        levels = levels_within(repo) if depth is None else levels_to(repo, depth)
        if as_json:
            run.console.line(json_text(_tree(repo, levels)))
            return
        bare = reading["profile"] == "mst-only"
        outline = Outline(repo, run.console.paint, levels, bare=bare)
        run.console.lines(outline.lines())
        if outline.closed and not run.quiet:
            nodes = count_text(outline.closed, "node")
            text = f"{nodes} drawn closed (…): --depth N opens more, 0 opens all"
            run.parting.insert(0, text)


def _tree(repo: Repo, levels: int) -> dict[str, Any]:
    nodes = list(node_objects(repo, levels))
    commit = repo.commit
    return {
        "source": repo.name,
        "commit": None if commit is None else str(commit.cid),
        "nodes": nodes,
        "whole": repo.report.complete is not None
        and all("items" in node for node in nodes),
    }
