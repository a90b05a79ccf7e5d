"""`repoview mst`: the tree as an outline or a diagram, or one proof path."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.option_types import Whole
from repoview.cli.options.options import Run, common_options, source_argument
from repoview.cli.options.stepping import Asked, asked_of, steps_options
from repoview.cli.pages.diagram import Diagram, Size
from repoview.cli.pages.outline import Outline, levels_to, levels_within, node_objects
from repoview.cli.pages.proof_path import way_lines, way_to
from repoview.cli.pages.sections import print_page
from repoview.cli.words import no_record, path_in
from repoview.present import count_text, json_text

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo

EXAMPLES: Final = """\
Examples:
  repoview mst repo.car
  repoview mst repo.car --depth 0                the whole tree
  repoview mst repo.car app.bsky.actor.profile/self
  repoview mst repo.car --explain                what is this tree?
  repoview mst repo.car app.bsky.actor.profile/self --explain
  repoview mst repo.car --json
  repoview mst repo.car app.bsky.actor.profile/self --diagram
  repoview mst repo.car -o tree.svg --size 200x60
  repoview mst repo.car app.bsky.actor.profile/self --steps look-up
  repoview mst repo.car --steps stream --order cid
  repoview mst old.car new.car --steps diff

Depth counts from the bottom, as the specification does: keys whose SHA-256
begins with two pairs of zero bits are at depth 2. What a key shares with
the one before it in its node is dim. A hole is drawn as ╳, with the range of
keys that it hides.

A diagram has a band for each depth, and a box for each node: ● is a link to a
node below, ○ stands where no key is between two. The way from the top to PATH
is heavy; what does not fit is folded to its number, as in +12.

Steps are those of a walk (from PATH on), of a look-up or a proof of PATH, which
need not be there, or of a streaming reader, which walks the tree while blocks
come: as in the file, in walk order, or in the order of their CIDs. For those of
a diff, the source to compare with stands in place of PATH.
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
@click.option(
    "--explain", is_flag=True, help="Say what the tree, or the record of PATH, is."
)
@click.option(
    "--diagram", "is_drawn", is_flag=True, help="Draw boxes and links, in color."
)
@click.option(
    "-o",
    "--output",
    "destination",
    metavar="DEST",
    help="Draw it into a file: .svg, .dot (for Graphviz) or .txt.",
)
@click.option(
    "--size",
    type=Size(),
    metavar="COLSxLINES",
    help="How large to draw it; lines of 0 are as many as it takes "
    "[the terminal's width, or 160x0 for a file].",
)
@click.option("--force", is_flag=True, help="Overwrite DEST.")
@steps_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    path: str | None,
    *,
    depth: int | None,
    explain: bool,
    is_drawn: bool,
    destination: str | None,
    size: tuple[int, int] | None,
    force: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Draw the tree of SOURCE, or the proof path of PATH."""
    if explain and as_json:
        raise click.UsageError("--explain prints sentences: it does not go with --json")
    asked = asked_of(path, *(reading.pop(name) for name in ("steps", "order", "first")))
    is_drawn = is_drawn or destination is not None or size is not None
    if asked is not None:
        if is_drawn or explain or depth is not None:
            raise click.UsageError("--steps has no diagram, --explain or --depth")
        _steps(run, source, asked, reading, as_json=as_json)
        return
    if is_drawn:
        if as_json or explain or depth is not None:
            raise click.UsageError("a diagram has no --json, --explain or --depth")
        diagram = Diagram(run, source, destination, size, force=force)
        with run.load(source, checks_of(**reading)) as repo:
            diagram.draw(repo, None if path is None else path_in(repo, path))
        return
    with run.load(source, checks_of(**reading)) as repo:
        if explain and path is None:
            from repoview.present.seeing.nodes import tree_page

            print_page(run, tree_page(repo))
            return
        if path is not None:
            _way(run, repo, path, explain=explain, as_json=as_json)
            return
        levels = levels_within(repo) if depth is None else levels_to(repo, depth)
        if as_json:
            run.console.line(json_text(_tree(repo, levels)))
            return
        _outline(run, repo, levels, bare=reading["profile"] == "mst-only")


def _steps(
    run: Run, source: str, asked: Asked, reading: dict[str, Any], *, as_json: bool
) -> None:
    from repoview.cli.pages.steps import print_steps

    checks = checks_of(**reading)
    if asked.kind == "diff" and asked.path is not None:
        from repoview.cli.pages.sides import open_sides
        from repoview.cli.reading import STANDARD_INPUT

        if source == asked.path == STANDARD_INPUT:
            raise click.UsageError("standard input is one source: name a file as NEW")

        with ExitStack() as stack:
            old, new = open_sides(run, stack, (source, asked.path), checks)
            print_steps(asked, run, old, new, as_json=as_json)
        return
    with run.load(source, checks) as repo:
        print_steps(asked.of(repo), run, repo, as_json=as_json)


def _way(run: Run, repo: Repo, path: str, *, explain: bool, as_json: bool) -> None:
    wanted = path_in(repo, path)
    way = way_to(repo, wanted)
    if as_json:
        run.console.line(json_text(way.to_json()))
    else:
        if explain and (record := repo.get(wanted)) is not None:
            from repoview.present.seeing.records import record_page

            print_page(run, record_page(repo, record.number, is_in_tree=True))
            return
        paint, width = run.console.paint, run.console.width
        lines = way_lines(way, paint, width, is_explained=not run.quiet)
        run.console.lines(lines)
    if not way.found:
        raise no_record(repo, wanted)


def _outline(run: Run, repo: Repo, levels: int, *, bare: bool) -> None:
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
