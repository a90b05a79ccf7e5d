"""`repoview build`: a repository made of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from repoview.cli.car_output import car_options, refuse_car
from repoview.cli.command import Command
from repoview.cli.options.file_type import FileType
from repoview.cli.options.options import Run, common_options
from repoview.core.formats import syntax
from repoview.present import count_text, json_text, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from repoview.export.building.build import Built

EXAMPLES: Final = """\
Examples:
  repoview build all.jsonl -o repo.car
  repoview build records/ -o repo.car --did did:plc:... --rev 3kbx2fyhc2k2f
  repoview build records.zip -o repo.car --did did:plc:...
  zcat all.jsonl.gz | repoview build - -o repo.car

SOURCE is what export writes: JSON lines, one JSON array, both perhaps
compressed, or a folder of one JSON file a record, also as a zip file. The same
records make the same tree, and so the same "data" in the commit, byte for byte.
JSON lines name the account; of a folder or zip file, say --did.

Nobody has signed the repository: its commit has no signature, and verify says
so (COM003). The order of the records in SOURCE does not matter.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("source", type=FileType())
@click.option(
    "--did", metavar="DID", help="The account [the one that JSON lines name]."
)
@click.option("--rev", metavar="TID", help="The revision [one of this moment].")
@click.option(
    "--edited",
    is_flag=True,
    help="Take values also where they are not those of the CIDs beside them.",
)
@car_options()
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
    _refuse_words(did, rev)
    refuse_car(run, [source], destination, force=force, as_json=as_json)
    built = _built(run, source, destination, did, rev, is_edited=edited, force=force)
    if as_json:
        run.console.line(json_text(_summary(built, destination)))
    elif destination != "-" and not run.quiet:
        records, size = count_text(built.records, "record"), size_text(built.bytes)
        told = f"wrote {destination}: {records}, {size}, not signed"
        run.parting.append(f"{told}; data {built.data}")


def _refuse_words(did: str | None, rev: str | None) -> None:
    """Refuse what is no account, or no revision."""
    if did is not None and not syntax.is_did(did):
        raise click.BadParameter(f"{did} is no DID", param_hint="--did")
    if rev is not None and not syntax.is_tid(rev):
        raise click.BadParameter(f"{rev} is no TID", param_hint="--rev")


def _built(
    run: Run,
    source: str,
    destination: str,
    did: str | None,
    rev: str | None,
    *,
    is_edited: bool,
    force: bool,
) -> Built:
    from repoview.export.building.build import tid_now, write_built
    from repoview.export.building.entries import entries
    from repoview.export.building.repository import (
        BuiltRepository,
        NoAccount,
        OtherValue,
    )

    room, to = run.options(anew=True).room, destination
    try:
        with (
            on_ending(),
            run.bar() as bar,
            BuiltRepository(
                entries(source), did, rev or tid_now(), room, bar, is_edited=is_edited
            ) as built,
        ):
            return write_built(
                built, run.console.binary() if to == "-" else to, force=force
            )
    except NoAccount as error:
        raise click.UsageError(f"{error}: say --did") from None
    except OtherValue as error:
        raise OtherValue(f"{error}: --edited takes the value") from None


def _summary(built: Built, destination: str) -> dict[str, object]:
    """Return the object that ``--json`` prints."""
    return {
        "destination": destination,
        "did": built.did,
        "rev": built.rev,
        "commit": str(built.commit),
        "data": str(built.data),
        "records": built.records,
        "bytes": built.bytes,
        "signed": False,
    }
