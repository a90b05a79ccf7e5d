"""`repoview rewrite`: the same repository, in the order of the walk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.car_output import car_options, refuse_car
from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.export.proved.rewriting import rewrite_file, rewritten_text
from repoview.present import json_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.repo.repo import Repo
    from repoview.core.rewrite import Rewritten
    from repoview.core.verify.report import Report
    from repoview.core.verify.verify import Checks

EXAMPLES: Final = """\
Examples:
  repoview rewrite repo.car -o new.car
  repoview rewrite repo.car.zst -o new.car --json
  curl -s https://example.com/repo.car | repoview rewrite - -o new.car
  repoview rewrite repo.car -o - | zstd > new.car.zst

The commit, nodes and records stay what they are, byte for byte; copies, blocks
that nothing links to and whatever else is in the file are left out. What is
written is read again and verified before it gets its name, but for what goes to
standard output.
"""

_NAMED: Final = 3
"""Blocks that are named of each kind."""

_LACKS: Final = ("missing", "damaged")


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@car_options()
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    *,
    destination: str,
    force: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Write SOURCE anew: the same repository, in the order of the tree.

    Each block is written once, behind the one that links to it first, so that a
    reader needs to keep nothing. Only a repository that is sound and complete
    is written; bad records in it are kept.
    """
    refuse_car(run, [source], destination, force=force, as_json=as_json)
    checks = checks_of(**reading)
    with run.load(source, checks) as repo:
        if run.exit_code:
            run.parting.extend(_refusal(repo.report))
            return
        written = _write(run, repo, checks, destination, force=force)
        told = rewritten_text(repo, written, destination)
        if as_json:
            run.console.line(json_text(_summary(repo, written, destination)))
    if destination != "-" and not (as_json or run.quiet):
        run.parting.insert(0, told)


def _write(
    run: Run, repo: Repo, checks: Checks, destination: str, *, force: bool
) -> Rewritten:
    with run.bar() as bar:
        if destination == "-":
            from repoview.core.rewrite import rewrite

            return rewrite(repo, run.console.binary().write, bar)
        options = run.options(checks, anew=True)
        with on_ending():
            return rewrite_file(repo, Path(destination), options, bar, force=force)


def _refusal(report: Report) -> Iterator[str]:
    """Yield what is missing or damaged, by name, and what else can be done."""
    for what in _LACKS:
        names, count = [], 0
        for role in ("node", "record"):
            count += getattr(report.counts, f"{what}_{role}s")
            cids = report.cids.get(f"{what}_{role}s", ())
            names += [f"{role} {cid}" for cid in cids[:_NAMED]]
        if names:
            more = f" and {count - len(names):,} more" if count > len(names) else ""
            yield f"{what}: {', '.join(names)}{more}"
    yield (
        "nothing was written: only a repository that is sound and complete can be "
        "written anew; repoview salvage tells what can be saved of another"
    )


def _summary(repo: Repo, written: Rewritten, destination: str) -> dict[str, Any]:
    """Return the object that ``--json`` prints."""
    report, counts = repo.report, repo.report.counts
    commit = report.commit
    return {
        "source": report.source,
        "destination": destination,
        "commit": None if commit is None else str(commit.cid),
        "did": None if commit is None else commit.did,
        "rev": None if commit is None else commit.rev,
        "verdict": report.verdict.value,
        "order": {"before": report.order, "after": "preorder"},
        "bytes": {"before": counts.bytes, "after": written.bytes},
        "blocks": written.blocks,
        "nodes": counts.nodes,
        "records": counts.records,
        "left_out": {
            "duplicate_blocks": counts.duplicate_blocks,
            "unlinked_blocks": counts.unlinked_blocks,
        },
    }
