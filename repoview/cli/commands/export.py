"""`repoview export`: records or blocks into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.words import no_record, path_in
from repoview.core.verify.report import Verdict
from repoview.export.formats import FORMATS, Format, Written, format_of
from repoview.export.select import Selection
from repoview.export.writing import (
    export_file,
    lost_texts,
    refuse_source,
    write_file,
    written_blocks_text,
    written_text,
)
from repoview.present import safe
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.repo.repo import Repo

EXAMPLES: Final = """\
Examples:
  repoview export repo.car -o all.jsonl
  repoview export repo.car -o posts.jsonl --collection app.bsky.feed.post
  repoview export repo.car -o - --format jsonl | jq .value.text
  repoview export repo.car -o copy.car
  repoview export repo.car -o one.car app.bsky.actor.profile/self
  repoview export repo.car -o old.car --unlinked

Formats:
  jsonl  {"uri", "path", "cid", "value"} of each record, one a line
  json   the same as one array
  car    the commit, the nodes on the way and the records, in walk order,
         each block once; of a selection a slice, which proves its records

With --unlinked, JSON has {"cid", "kind", "type", "size", "offset", "value"} of
each block, and "data" where the value is not all of it; a CAR has no root.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    "destination",
    metavar="DEST",
    required=True,
    help="The file to write, or - for standard output.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="How to write [by the suffix of DEST].",
)
@click.option(
    "--collection",
    "collections",
    metavar="NSID",
    multiple=True,
    help="Only this collection; may be repeated.",
)
@click.option(
    "--prefix",
    "prefixes",
    metavar="PREFIX",
    multiple=True,
    help="Only paths that begin so; may be repeated.",
)
@click.option(
    "--unlinked",
    is_flag=True,
    help="Instead of records, the blocks that nothing links to.",
)
@click.option("--force", is_flag=True, help="Overwrite DEST.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    paths: tuple[str, ...],
    *,
    destination: str,
    form: str | None,
    collections: tuple[str, ...],
    prefixes: tuple[str, ...],
    unlinked: bool,
    force: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Write records of SOURCE to a file: all of them, or those named.

    PATHs, collections and prefixes add up. DEST is written atomically: a
    temporary file, then renamed.
    """
    if unlinked and (paths or collections or prefixes):
        raise click.UsageError("--unlinked takes all of them: name no records")
    chosen = _format(run, form, destination)
    if destination != "-":
        refuse_source(source, Path(destination))
    with run.load(source, checks_of(**reading)) as repo:
        if unlinked:
            texts = _write_unlinked(run, repo, chosen, destination, force=force)
            run.parting[:0] = texts
            return
        if not len(repo.tree) and repo.verdict is not Verdict.SOUND:
            # There is nothing to select from, and the sentence says why.
            return
        named = tuple(path_in(repo, path) for path in paths)
        numbers = _numbers(repo, Selection(collections, prefixes, named))
        written = _write(run, repo, numbers, chosen, destination, force=force)
        texts = lost_texts(written, "--format car")
        if destination != "-" and not run.quiet:
            texts.insert(0, written_text(written, len(repo), destination))
    run.parting[:0] = texts


def _format(run: Run, form: str | None, destination: str) -> Format:
    """Return the format to write, or refuse what cannot be told or shown."""
    chosen = FORMATS[form] if form else format_of(destination)
    if chosen is None:
        *names, last = FORMATS
        raise click.UsageError(
            f"the suffix of {safe(destination, 200)} names no format: "
            f"say --format {', '.join(names)} or {last}"
        )
    if destination == "-" and not chosen.is_text and run.console.is_terminal:
        raise click.UsageError(
            "the bytes of a CAR would upset a terminal: send them to a file"
        )
    return chosen


def _numbers(repo: Repo, selection: Selection) -> Sequence[int]:
    for path in selection.paths:
        if repo.find(path) is None:
            raise no_record(repo, path)
    return selection.numbers(repo)


def _write(
    run: Run,
    repo: Repo,
    numbers: Sequence[int],
    chosen: Format,
    destination: str,
    *,
    force: bool,
) -> Written:
    with run.bar() as bar:
        if destination == "-":
            write = run.console.binary().write
            return chosen.writer(repo, numbers, write, bar)
        path = Path(destination)
        with on_ending():
            return export_file(repo, numbers, chosen, path, bar, force=force)


def _write_unlinked(
    run: Run, repo: Repo, chosen: Format, destination: str, *, force: bool
) -> list[str]:
    """Write the blocks that nothing links to; return sentences about it."""
    from repoview.export.unlinked import write_unlinked

    with run.bar() as bar:
        if destination == "-":
            written = write_unlinked(repo, chosen.name, run.console.binary().write, bar)
            return lost_texts(written)
        with on_ending():
            written = write_file(
                repo,
                lambda write: write_unlinked(repo, chosen.name, write, bar),
                Path(destination),
                force=force,
            )
    told = [] if run.quiet else [written_blocks_text(written, destination)]
    return [*told, *lost_texts(written)]
