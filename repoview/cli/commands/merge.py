"""`repoview merge`: an older export brought up to date with what came since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.car_output import car_options, refuse_car
from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.option_types import SourcePath
from repoview.cli.options.options import Run, common_options, source_argument
from repoview.cli.reading import STANDARD_INPUT
from repoview.present import count_text, json_text, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.export.proved.merging import Merged

EXAMPLES: Final = """\
Examples:
  repoview merge monday.car since-monday.car -o tuesday.car
  repoview merge monday.car tuesday.since wednesday.since -o wednesday.car
  repoview merge monday.car events.frames -o now.car
  repoview merge monday.car since.car -o now.car --did-doc did.json --json

SINCE is what a server answers to getRepo with the `since` of the older
revision, a newer export, or commit events as they were saved, also many in one
file: from the oldest on, each later than the one before. To get one:
  repoview info monday.car                       tells the account and its rev
  curl -s 'https://SERVER/xrpc/com.atproto.sync.getRepo?did=DID&since=REV' \\
    -o since-monday.car

All blocks are gathered on disk (--disk-limit), verified as one repository, and
written in walk order, each once; what is written is verified again before it
gets its name. Nothing is written if a single block is in none of the files.

Exit codes:
  0   it was written, and is sound
  1   a file is of another account, is no later, or does not follow
  10  a block is in none of the files, which is named
  11  the newest commit, or the tree below it, is invalid
  12  a file has no commit
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.argument("since", metavar="SINCE...", type=SourcePath(), nargs=-1, required=True)
@car_options(pipes=False)
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    since: tuple[str, ...],
    *,
    destination: str,
    force: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Bring the export SOURCE up to date with what came SINCE."""
    from repoview.cli.reading import target_of
    from repoview.export.proved.merging import NamedTarget, merge_file

    names = (source, *since)
    if names.count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input is one source: name files otherwise")
    if run.frame is not None:
        raise click.UsageError("--frame is for one event: all of a file are merged")
    if destination == "-":
        raise click.UsageError("what is written is read again: -o names a file")
    refuse_car(run, names, destination, force=force, as_json=as_json)
    options = run.options(checks_of(**reading), anew=True)
    with run.bar() as bar, on_ending():
        targets = [NamedTarget(target_of(name), name) for name in names]
        merged = merge_file(targets, Path(destination), options, bar, force=force)
    run.exit_code = merged.report.exit_code
    if as_json:
        run.console.line(json_text(_summary(merged, destination)))
    elif not run.quiet:
        run.parting += _sentences(merged, destination)


def _sentences(merged: Merged, destination: str) -> Iterator[str]:
    report, commit = merged.report, merged.report.commit
    rev = "" if commit is None else f" of revision {commit.rev}"
    records = count_text(merged.records, "record")
    blocks = count_text(merged.blocks, "block")
    size = size_text(merged.bytes)
    yield f"wrote {destination}{rev}: {records} in {blocks}, {size}"
    if merged.passed_over:
        events = count_text(merged.passed_over, "event")
        yield f"passed over {events} without blocks"
    if report.exit_code:
        yield f"it is {report.verdict.value}: see repoview verify {destination}"


def _summary(merged: Merged, destination: str) -> dict[str, Any]:
    """Return the object that ``--json`` prints."""
    commit = merged.report.commit
    return {
        "destination": destination,
        "commit": None if commit is None else str(commit.cid),
        "did": None if commit is None else commit.did,
        "rev": None if commit is None else commit.rev,
        "verdict": merged.report.verdict.value,
        "bytes": merged.bytes,
        "blocks": merged.blocks,
        "records": merged.records,
        "states": merged.states,
        "passed_over": merged.passed_over,
    }
