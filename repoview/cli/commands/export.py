"""`repoview export`: records or blocks into a file."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.option_types import Size
from repoview.cli.options.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.options.selecting import SELECTIONS, say_unnamed, select_option
from repoview.cli.reading import temporary_files_in
from repoview.cli.words import no_record, path_in
from repoview.core.verify.report import Verdict
from repoview.export.destination import refuse, refuse_folder
from repoview.export.formats import (
    FORMATS,
    Format,
    Kind,
    Written,
    format_of,
    packed_by,
)
from repoview.export.select import Selection
from repoview.export.style import Style
from repoview.export.writing import (
    Target,
    export_to,
    lost_texts,
    refuse_source,
    write_file,
    written_blocks_text,
    written_into,
    written_text,
)
from repoview.present import count_text, safe, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from repoview.core.repo.repo import Repo

_ASIDE: Final = frozenset({"sqlite", "zip"})
"""Formats that sort, or keep their directory, in temporary files of a library."""

EXAMPLES: Final = """\
Examples:
  repoview export repo.car -o all.jsonl
  repoview export repo.car -o posts.jsonl --collection app.bsky.feed.post
  repoview export repo.car -o - --format jsonl | jq .value.text
  repoview export repo.car -o posts.csv.gz --collection app.bsky.feed.post
  repoview export repo.car -o repo.sqlite
  repoview export repo.car -o records/
  repoview export repo.car -o copy.car
  repoview export repo.car -o one.car app.bsky.actor.profile/self
  repoview export repo.car -o spring.jsonl -s "time:2024-03..2024-05 -text:rain"
  repoview export repo.car -o old.car --unlinked

Formats:
  jsonl  {"uri", "path", "cid", "value"} of each record, one a line
  json   the same as one array
  csv    a table: the columns of all records side by side
  md     Markdown, to read: a heading a collection, posts as posts
  sqlite a database: all records as JSON, a view a collection, and search
  parquet typed, nested columns, for the records of one collection; or, of
         several, a folder of such files (-o DIR/ --format parquet)
  folder one JSON file a record; DEST ends with /
  zip    the same folder as a zip file
  car    the commit, the nodes on the way and the records, in walk order,
         each block once; of a selection a slice, which proves its records

Behind the suffix of jsonl, json, csv, md and car may stand .gz or .zst: then
the file is compressed.

With --unlinked, JSON has {"cid", "kind", "type", "size", "offset", "value"} of
each block, and "data" where the value is not all of it; a CAR has no root.
"""


@click.command(cls=Command, epilog=EXAMPLES + SELECTIONS)
@source_argument
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    "destination",
    metavar="DEST",
    required=True,
    help="The file to write, a folder with a / behind it, or - for standard output.",
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
@select_option
@click.option(
    "--unlinked",
    is_flag=True,
    help="Instead of records, the blocks that nothing links to.",
)
@click.option(
    "--big-integers",
    type=click.Choice(["number", "text"]),
    default="number",
    help="How JSON has integers beyond 2^53, which many readers round [number].",
)
@click.option(
    "--raw-csv",
    is_flag=True,
    help="Leave cells as they are that a spreadsheet takes for formulas.",
)
@click.option(
    "--max-bytes",
    metavar="SIZE",
    type=Size(),
    help="Write nothing if it would be more, as in 500MB [no limit].",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Write nothing, and say how much it would be.",
)
@click.option("--force", is_flag=True, help="Overwrite DEST; a folder never is.")
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
    selection: str | None,
    unlinked: bool,
    big_integers: str,
    raw_csv: bool,
    max_bytes: int | None,
    dry_run: bool,
    force: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Write records of SOURCE to a file: all of them, or those named.

    PATHs, collections and prefixes add up, and --select narrows them. DEST is
    written atomically: a temporary file, then renamed.
    """
    if unlinked and (paths or collections or prefixes or selection is not None):
        raise click.UsageError("--unlinked takes all of them: name no records")
    chosen = _format(run, form, destination)
    if unlinked and (dry_run or not chosen.has_unlinked):
        what = "--dry-run" if dry_run else f"the format {chosen.name}"
        raise click.UsageError(f"--unlinked goes without {what}")
    style = Style(big_as_text=big_integers == "text", raw_csv=raw_csv)
    is_folder = destination.endswith("/")
    to = Target(chosen, Path(destination), force, style, max_bytes, is_folder)
    if destination != "-" and not dry_run:
        _refuse(source, to)
    with _beside(run, chosen), run.load(source, checks_of(**reading)) as repo:
        if unlinked:
            run.parting[:0] = _write_unlinked(run, repo, destination, to)
            return
        if not len(repo.tree) and repo.verdict is not Verdict.SOUND:
            return  # There is nothing to select from, and a sentence says why.
        numbers = _numbers(run, repo, collections, prefixes, paths, selection or "")
        if dry_run:
            run.parting.insert(0, _forecast(repo, numbers, destination, to))
            return
        written = _write(run, repo, numbers, destination, to)
        texts = lost_texts(written, "--format car")
        if destination != "-" and not run.quiet:
            texts.insert(0, written_text(written, len(repo), destination))
    run.parting[:0] = texts


def _refuse(source: str, to: Target) -> None:
    """Refuse what cannot be written, before anything is read."""
    refuse_source(source, to.path)
    if to.is_folder or to.form.kind is Kind.FOLDER:
        refuse_folder(to.path)
    else:
        refuse(to.path, force=to.force)


def _beside(run: Run, form: Format) -> AbstractContextManager[None]:
    """Place the temporary files that a format makes besides what it writes."""
    if form.name in _ASIDE and run.disk_limit:
        return temporary_files_in(run.cache_dir)
    return nullcontext()


def _forecast(repo: Repo, numbers: Sequence[int], destination: str, to: Target) -> str:
    """Return a sentence about what would be written."""
    from repoview.export.forecast import size_of

    size = size_of(repo, numbers, to.form)
    about = "" if size.is_exact else "about "
    packed = ", before it is compressed" if packed_by(destination) else ""
    records = count_text(len(numbers), "record")
    return (
        f"would write {destination}: {records}, {about}{size_text(size.bytes)}{packed}"
    )


def _format(run: Run, form: str | None, destination: str) -> Format:
    """Return the format to write, or refuse what cannot be told or shown."""
    chosen = FORMATS[form] if form else format_of(destination)
    if chosen is None:
        raise click.UsageError(_no_format(destination))
    is_folder = chosen.kind is Kind.FOLDER
    if destination == "-" and chosen.kind is not Kind.STREAM:
        kind = "files" if is_folder else "a database"
        raise click.UsageError(f"{kind} cannot go to standard output: name a file")
    if destination == "-" and not chosen.is_text and run.console.is_terminal:
        what = "a CAR" if chosen.name == "car" else f"a {chosen.name} file"
        raise click.UsageError(
            f"the bytes of {what} would upset a terminal: send them to a file"
        )
    return chosen


def _no_format(destination: str) -> str:
    """Say that a destination tells no format, and which it may be."""
    is_stdout = destination == "-"
    *names, last = (
        name
        for name, form in FORMATS.items()
        if form.kind is Kind.STREAM or not is_stdout
    )
    why = (
        "standard output has no suffix that names a format"
        if is_stdout
        else f"the suffix of {safe(destination, 200)} names no format"
    )
    return f"{why}: say --format {', '.join(names)} or {last}"


def _numbers(
    run: Run,
    repo: Repo,
    collections: tuple[str, ...],
    prefixes: tuple[str, ...],
    paths: tuple[str, ...],
    selection: str,
) -> Sequence[int]:
    named = tuple(path_in(repo, path) for path in paths)
    for path in named:
        if repo.find(path) is None:
            raise no_record(repo, path)
    with run.bar() as bar:
        chosen = Selection(collections, prefixes, named, selection)
        numbers = chosen.numbers(repo, bar)
    say_unnamed(run, repo, selection)
    return numbers


def _write(
    run: Run, repo: Repo, numbers: Sequence[int], destination: str, to: Target
) -> Written:
    form, style = to.form, to.style
    with run.bar() as bar:
        if destination == "-":
            return written_into(
                run.console.binary().write,
                lambda write: form.writer(repo, numbers, write, bar, style),
                most=to.most,
            )
        with on_ending():
            return export_to(repo, numbers, to, bar)


def _write_unlinked(run: Run, repo: Repo, destination: str, to: Target) -> list[str]:
    """Write the blocks that nothing links to; return sentences about it."""
    from repoview.export.unlinked import write_unlinked

    name = to.form.name
    with run.bar() as bar:
        if destination == "-":
            binary = run.console.binary().write
            written = written_into(
                binary, lambda write: write_unlinked(repo, name, write, bar)
            )
            return lost_texts(written)
        with on_ending():
            written = write_file(
                repo,
                lambda write: write_unlinked(repo, name, write, bar),
                to.path,
                force=to.force,
                most=to.most,
            )
    told = [] if run.quiet else [written_blocks_text(written, destination)]
    return [*told, *lost_texts(written)]
