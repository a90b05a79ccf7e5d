"""`repoview build`: a repository made of records."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.car_output import refuse_car
from repoview.cli.command import Command
from repoview.cli.options.file_type import FileType
from repoview.cli.options.options import Run, common_options
from repoview.core.formats import syntax
from repoview.export.destination import written_beside
from repoview.export.writing import written_into
from repoview.present import count_text, json_text, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.load.result import Progress
    from repoview.export.building.repository import BuiltRepository
    from repoview.export.formats import Written

EXAMPLES: Final = """\
Examples:
  repoview build all.jsonl -o repo.car
  repoview build records/ -o repo.car --did did:plc:... --rev 3kbx2fyhc2k2f
  zcat all.jsonl.gz | repoview build - -o repo.car

SOURCE is what export writes: JSON lines, one JSON array, both perhaps
compressed, or a folder of one JSON file a record. The same records make the
same tree, and so the same "data" in the commit, byte for byte.

Nobody has signed the repository: its commit has no signature, and verify says
so (COM003). The order of the records in SOURCE does not matter.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("source", type=FileType())
@click.option(
    "-o",
    "--output",
    "destination",
    metavar="DEST",
    required=True,
    help="The CAR to write, or - for standard output.",
)
@click.option(
    "--did", metavar="DID", help="The account [the one that JSON lines name]."
)
@click.option("--rev", metavar="TID", help="The revision [one of this moment].")
@click.option(
    "--edited",
    is_flag=True,
    help="Take values also where they are not those of the CIDs beside them.",
)
@click.option("--force", is_flag=True, help="Overwrite DEST.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@common_options
def command(
    run: Run,
    source: str,
    *,
    destination: str,
    did: str | None,
    rev: str | None,
    edited: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Make a repository of the records in SOURCE, and write it as a CAR.

    The commit has no signature. Blocks stand in walk order, each once.
    """
    rev = _checked(did, rev)
    refuse_car(run, source, destination, force=force, as_json=as_json)
    with (
        run.bar() as bar,
        _built(run, source, did, rev, bar, is_edited=edited) as built,
    ):
        written = _write(built, run, destination, force=force)
    if as_json:
        run.console.line(json_text(_summary(built, rev, written, destination)))
    elif destination != "-" and not run.quiet:
        records = count_text(built.records, "record")
        size = size_text(written.size)
        told = f"wrote {destination}: {records}, {size}, not signed"
        run.parting.append(f"{told}; data {built.data}")


def _checked(did: str | None, rev: str | None) -> str:
    """Return the revision; refuse what is none, or no account."""
    if did is not None and not syntax.is_did(did):
        raise click.BadParameter(f"{did} is no DID", param_hint="--did")
    if rev is None:
        return syntax.make_tid(time.time_ns() // 1_000)
    if not syntax.is_tid(rev):
        raise click.BadParameter(f"{rev} is no TID", param_hint="--rev")
    return rev


def _built(
    run: Run,
    source: str,
    did: str | None,
    rev: str,
    report: Callable[[Progress], None],
    *,
    is_edited: bool,
) -> BuiltRepository:
    from repoview.export.building.entries import entries
    from repoview.export.building.repository import BuiltRepository

    room = run.options(anew=True).room
    try:
        return BuiltRepository(
            entries(source), did, rev, room, report, is_edited=is_edited
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _write(
    built: BuiltRepository, run: Run, destination: str, *, force: bool
) -> Written:
    from repoview.export.formats import Written

    def writer(write: Callable[[bytes], object]) -> Written:
        built.write(write)
        return Written(records=built.records)

    if destination == "-":
        return written_into(run.console.binary().write, writer)
    path = Path(destination)
    with on_ending(), written_beside(path, force=force) as file:
        return written_into(file.write, writer, path.name)


def _summary(
    built: BuiltRepository, rev: str, written: Written, destination: str
) -> dict[str, object]:
    return {
        "destination": destination,
        "did": built.did,
        "rev": rev,
        "commit": str(built.commit[0]),
        "data": str(built.data),
        "records": built.records,
        "bytes": written.size,
        "signed": False,
    }
