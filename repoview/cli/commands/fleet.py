"""`repoview fleet`: many repositories as one data set of Parquet, and what it says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command, Group, group_of, refuse_slip
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.code_name import CodeName
from repoview.cli.options.option_types import Seconds, Whole
from repoview.cli.options.options import Run, common_options
from repoview.core import limits
from repoview.core.verify.report import Verdict
from repoview.fleet.by import By
from repoview.fleet.done import NOT_READ
from repoview.signals import on_ending

if TYPE_CHECKING:
    from repoview.core.verify.verify import Checks
    from repoview.fleet.run import Outcome

PAGE: Final = """\
Examples:
  repoview fleet backups/ -o data/
  repoview fleet summary data/
  repoview fleet summary data/ --sql

repoview fleet SOURCE... is short for repoview fleet write SOURCE...
"""


class _Group(Group):
    """A first word that is none of its commands is a source to read."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the first word as a command, or as what to read."""
        words = [word for word in args if not word.startswith("-")]
        is_asked = not args or {"-h", "--help"} & {*args[:1]}
        if not is_asked and (not words or words[0] not in self.commands):
            # Behind an option, it may be the value of that.
            if args[:1] == words[:1] and not ctx.resilient_parsing:
                refuse_slip(args[0], self.commands, ctx.command_path)
            args = ["write", *args]
        return super().parse_args(ctx, args)


command = group_of(
    "fleet",
    "Verify many repositories, and tabulate all their records as Parquet.",
    PAGE,
    _Group,
)

WRITE_EXAMPLES: Final = """\
Examples:
  repoview fleet backups/ -o data/
  repoview fleet 'backups/**/*.car' -o data/ --threads 8
  repoview fleet sources.txt -o data/           a file with a source a line
  repoview fleet s3://bucket/repos -o s3://bucket/data
  repoview fleet backups/ -o data/ --column text --column reply.root.uri
  repoview fleet backups/ -o data/ --json > run.json
  repoview fleet /mnt/backups -o /mnt/data --scheduler tcp://host:8786
  repoview fleet backups/ -o data/ --scheduler local:2

OUT has records/collection=…/, repos/ (a row a file, with its verdict) and
findings/, all of it Parquet. Run it again to go on where it was stopped, or to add
what is new: files that are written are known by size and time, and by their hash.
--threads is how many processes read side by side, and --mem-limit is of each.

Exit codes: the most severe of all files, as repoview verify has them; 1 where a
file cannot be read, took too long, or took its process down: its row says why.
"""


@command.command("write", cls=Command, epilog=WRITE_EXAMPLES)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "out",
    metavar="OUT",
    required=True,
    help="The folder or URL of the data set; it may be there already.",
)
@click.option(
    "--column",
    "columns",
    metavar="FIELD",
    multiple=True,
    help="A field that becomes a column: [NAME=]FIELD[.FIELD…][:TYPE], where TYPE is "
    "text, integer, number, flag or time. Repeatable.",
)
@click.option(
    "--timeout",
    type=Seconds(),
    metavar="N",
    help="Seconds that a file may take, and one more for each MB; then its process is "
    "ended [60].",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A Dask cluster to do the work: tcp://host:8786, or local:N to start one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@reading_options
@common_options
def write(
    run: Run,
    sources: tuple[str, ...],
    *,
    out: str,
    columns: tuple[str, ...],
    timeout: float | None,
    scheduler: str | None,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Verify the CARs of SOURCE, and write their records to OUT.

    A SOURCE is a folder, with all CARs in it and below, a pattern, a list, or a URL of
    any file system that fsspec has.
    """
    from repoview.cli.pages.fleet import outcome_lines
    from repoview.present import json_text

    if run.frame is not None:
        raise click.UsageError("--frame asks about one source")
    begun = time.monotonic()
    checks = checks_of(**reading)
    outcome = _written(run, sources, out, checks, columns, timeout, scheduler)
    run.exit_code = outcome.exit_code
    seconds = time.monotonic() - begun
    if as_json:
        told = {**outcome.to_json(), "elapsed": round(seconds, 3)}
        run.console.line(json_text(told))
    elif not run.quiet:
        run.console.lines(outcome_lines(outcome, seconds))
    run.parting.extend(each.why for each in outcome.not_listed)


def _written(
    run: Run,
    sources: tuple[str, ...],
    out: str,
    checks: Checks,
    columns: tuple[str, ...],
    timeout: float | None,
    scheduler: str | None,
) -> Outcome:
    from repoview.cli.pages.fleet import FleetMeter
    from repoview.fleet.run import TIMEOUT
    from repoview.fleet.run import write as write_fleet
    from repoview.fleet.table import How

    limits = run.mem_limit, run.disk_limit, run.max_seconds
    how = How((), checks, *limits)
    chosen = _columns(columns)
    meter = FleetMeter(run.bar_stream())
    with on_ending():
        try:
            return write_fleet(
                sources,
                out,
                columns=chosen,
                how=how,
                processes=run.threads,
                scheduler=scheduler,
                timeout=TIMEOUT if timeout is None else timeout,
                verbose=run.verbose,
                report=meter,
            )
        finally:
            meter.erase()


def _columns(texts: tuple[str, ...]) -> Any:  # noqa: ANN401 (a sequence of `Column`)
    from repoview.fleet.columns import chosen_columns

    try:
        return chosen_columns(texts)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--column") from None


SUMMARY_EXAMPLES: Final = """\
Examples:
  repoview fleet summary data/
  repoview fleet summary data/ --sort records --reverse --limit 20
  repoview fleet summary data/ --verdict invalid --verdict not-read
  repoview fleet summary data/ --code MST014
  repoview fleet summary data/ --find did:plc:abc
  repoview fleet summary data/ --json > summary.json
  repoview fleet summary data/ --sql            the same, asked with DuckDB

A line has verdict, records, size, account, rev and file. Of a file that was read
more than once, because it changed, the newest counts. With -q, nothing but lines.
"""


_ORDERS: Final = [each.value for each in By]
_VERDICTS: Final = [*(each.value for each in Verdict), NOT_READ]


@command.command("summary", cls=Command, epilog=SUMMARY_EXAMPLES)
@click.argument("out", metavar="OUT")
@click.option(
    "--sort",
    type=click.Choice(_ORDERS),
    default=By.SOURCE.value,
    metavar="COLUMN",
    help=f"What files are sorted by: {', '.join(_ORDERS[:-1])} or {_ORDERS[-1]} "
    f"[{By.SOURCE}].",
)
@click.option("--reverse", is_flag=True, help="From the greatest down.")
@click.option(
    "--verdict",
    "verdicts",
    type=click.Choice(_VERDICTS),
    multiple=True,
    metavar="VERDICT",
    help=f"Only files with this verdict: {', '.join(_VERDICTS[:-1])}, or "
    f"{_VERDICTS[-1]} for those that could not be read. Repeatable.",
)
@click.option(
    "--code",
    "codes",
    type=CodeName(),
    multiple=True,
    metavar="CODE",
    help="Only files with a finding of this code, rule or family. Repeatable.",
)
@click.option(
    "--find", metavar="TEXT", default="", help="Only files with this in name or DID."
)
@click.option(
    "--limit", type=Whole(0, limits.MOST_BYTES), metavar="N", help="List so many files."
)
@click.option("--sql", is_flag=True, help="Print the queries that ask DuckDB the same.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@common_options
def summary(
    run: Run,
    out: str,
    *,
    sort: str,
    reverse: bool,
    verdicts: tuple[str, ...],
    codes: tuple[tuple[str, ...], ...],
    find: str,
    limit: int | None,
    sql: bool,
    as_json: bool,
) -> None:
    """Say what the data set OUT has: a line a file, findings, and totals."""
    from repoview.cli.pages.fleet import summary_lines
    from repoview.fleet.duckdb_queries import queries
    from repoview.fleet.summaries import summary as summary_of
    from repoview.present import json_text

    wanted = [code for named in codes for code in named]
    fleet = summary_of(out)
    if sql:
        for name, query in queries(out).items():
            run.console.lines([f"-- {name}", f"{query};", ""])
        return
    rows = fleet.rows(
        sort, reverse=reverse, verdicts=verdicts, codes=wanted, find=find, count=limit
    )
    if not as_json:
        run.console.lines(summary_lines(run.console, fleet, rows, brief=run.quiet))
        return
    from dataclasses import asdict

    told = {
        "out": out,
        "totals": asdict(fleet.totals()),
        "findings": [each._asdict() for each in fleet.findings()],
        "files": [row.to_json() for row in rows],
    }
    run.console.line(json_text(told))
