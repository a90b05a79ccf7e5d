"""`repoview info`: whose a repository is, what it holds, its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.commands.verify import verdict_lines
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.options.selecting import SELECTIONS, select_option
from repoview.cli.pages.collection_table import COLLECTIONS_SHOWN, collection_table
from repoview.cli.pages.facts import commit_facts, count_facts, fact_lines
from repoview.cli.pages.inventory_page import bar, sizes_lines, summary_lines
from repoview.cli.pages.part import held_lines
from repoview.cli.pages.sections import print_page
from repoview.core.repo.inside import inside
from repoview.present import count_text, json_text, safe, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Console
    from repoview.core.index.statistics import Shape
    from repoview.core.inventory.summary import Summary
    from repoview.core.repo.repo import Repo

FANOUTS_SHOWN: Final = 16
_BAR: Final = 24

EXAMPLES: Final = """\
Examples:
  repoview info repo.car
  repoview info repo.car --explain               what is a repository?
  repoview info repo.car -s time:2024            what there is of a selection
  repoview info repo.car --json

Ends as the tree does: 10 when it is incomplete, 11 invalid, 12 unreadable.
"""


@click.command(cls=Command, epilog=EXAMPLES + SELECTIONS)
@source_argument
@select_option
@click.option("--explain", is_flag=True, help="Say what a repository is, by this one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    *,
    selection: str | None,
    explain: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Show whose SOURCE is, what it holds, and the shape of its tree.

    With --select, how many records a selection has, of what collections and size.
    """
    if explain and selection is not None:
        raise click.UsageError("--explain tells of all: it does not go with --select")
    if explain and as_json:
        raise click.UsageError("--explain prints sentences: it does not go with --json")
    with run.load(source, checks_of(**reading)) as repo:
        if explain:
            from repoview.present.seeing.repository import repository_page

            print_page(run, repository_page(repo))
            return
        if selection is not None:
            from repoview.cli.pages.selected import print_selected

            print_selected(run, repo, selection, as_json=as_json)
            return
        show_info(run, repo, as_json=as_json)


def show_info(run: Run, repo: Repo, *, as_json: bool = False) -> None:
    """Print the page about a repository; none about a file that is no CAR.

    Of such a file there is nothing to tell but what it is, and that is said
    when the run ends.
    """
    if inside(repo).loaded.header is None and not as_json:
        return
    shape = repo.shape
    with run.bar() as progress:
        summary = repo.inventory.summary(progress)
    if as_json:
        run.console.line(json_text(info_object(repo, shape, summary)))
    else:
        run.console.lines(_page(run.console, repo, shape, summary))


def info_object(repo: Repo, shape: Shape, summary: Summary) -> dict[str, Any]:
    """Return what `info --json` prints."""
    report = repo.report.to_json()
    del report["findings"], report["cids"]
    commit = repo.commit
    if commit is not None:
        report["commit"]["prev"] = None if commit.prev is None else str(commit.prev)
    return {
        **report,
        "packed": inside(repo).source.packed,
        "collections": [
            {
                "name": each.name,
                "count": each.count,
                "bytes": each.bytes,
                "file_bytes": size,
            }
            for each, size in zip(
                repo.collections, repo.inventory.collection_bytes(), strict=True
            )
        ],
        **shape.to_json(),
        "inventory": summary.to_json(),
    }


def _page(
    console: Console, repo: Repo, shape: Shape, summary: Summary
) -> Iterator[str]:
    yield from verdict_lines(console, repo.report)
    yield ""
    packing = inside(repo).source.packed
    packed = f", compressed with {packing}" if packing else ""
    facts = [("source", safe(repo.name, 200) + packed)]
    facts += commit_facts(repo.report, brief=False)
    facts += count_facts(repo.report)
    if shape.node_bytes or shape.record_bytes:
        nodes, records = size_text(shape.node_bytes), size_text(shape.record_bytes)
        largest = size_text(shape.largest_record)
        facts.append(
            ("sizes", f"nodes {nodes}, records {records}, the largest {largest}")
        )
    yield from fact_lines(console, facts)
    yield from summary_lines(console, repo.report, summary)
    yield from sizes_lines(console, repo.report, summary.sizes)
    yield from held_lines(console, repo)
    yield from _collections(console, repo)
    yield from _depths(console, shape)
    yield from _fanout(console, shape)


def _collections(console: Console, repo: Repo) -> Iterator[str]:
    if not repo.collections:
        return
    shown = repo.collections[:COLLECTIONS_SHOWN]
    yield from collection_table(console, shown)
    if more := len(repo.collections) - len(shown):
        yield console.paint("dim", f"+{more:,} more: repoview ls SOURCE --collections")


def _depths(console: Console, shape: Shape) -> Iterator[str]:
    if not shape.levels:
        return
    most = max(each.records for each in shape.levels)
    yield ""
    yield console.paint("head", f"{'Depth':<11}  {'nodes':>11}  {'records':>9}")
    for each in shape.levels:
        depth = "unknown" if each.depth is None else str(each.depth)
        drawn = console.paint("name", bar(each.records, most, _BAR))
        counts = f"{each.nodes:>11,}  {each.records:>9,}"
        yield f"{depth:>5}{'':6}  {counts}  {drawn}".rstrip()
    if shape.holes:
        yield f"and {count_text(shape.holes, 'link')} to sub-trees that are not there"


def _fanout(console: Console, shape: Shape) -> Iterator[str]:
    if not shape.fanout:
        return
    rows = [(str(n), count) for n, count in sorted(shape.fanout.items())]
    if len(rows) > FANOUTS_SHOWN:
        rest = sum(count for _, count in rows[FANOUTS_SHOWN - 1 :])
        first = rows[FANOUTS_SHOWN - 1][0]
        rows[FANOUTS_SHOWN - 1 :] = [(f"{first} to {rows[-1][0]}", rest)]
    most = max(count for _, count in rows)
    yield ""
    yield console.paint("head", f"{'Entries':<11}  {'nodes':>11}")
    for entries, count in rows:
        drawn = console.paint("name", bar(count, most, _BAR))
        label = f"{entries:>5}" if " " not in entries else f"   {entries}"
        yield f"{label:<11}  {count:>11,}  {'':9}  {drawn}".rstrip()
