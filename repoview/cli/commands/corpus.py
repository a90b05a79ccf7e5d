"""`repoview corpus`: test files for readers of repositories, into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.command import Command
from repoview.cli.options.file_type import FileType
from repoview.cli.options.options import Run, common_options
from repoview.core.errors import reason_of
from repoview.export.destination import DestinationError, DestinationTaken
from repoview.present import count_text, safe, size_text
from repoview.signals import on_ending

if TYPE_CHECKING:
    from repoview.corpus.manifest import Told

EXAMPLES: Final = """\
Examples:
  repoview corpus corpus/
  repoview verify corpus/invalid/        a line each: what is wrong with them
  jq -r '.cases[] | [.file, .verdict] | @tsv' corpus/manifest.json

What is in it:
  invalid/       files with one fault each
  acceptable/    files with an oddity that a reader may refuse
  valid/         files that are right, though readers were seen to refuse them
  twins/         what files of the first two are without the fault
  manifest.json  code, rule, offset, verdict, exit code and twin of each
  vectors.json   the small ones in one file, as in atproto issue 5429
  README.md      all fields, and how to take it in

All of it is in the public domain (CC0 1.0), and the same bytes every time.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=FileType())
@common_options
def command(run: Run, *, folder: str) -> None:
    """Write test files for readers of repositories to DIR.

    Each is broken in one way, and has a twin that is not. DIR is new or empty.
    """
    from repoview.corpus.folder import write_corpus
    from repoview.corpus.manifest import published

    try:
        with on_ending():
            size = write_corpus(Path(folder), told_of)
    except FileExistsError as error:
        raise _taken(folder) from error
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise DestinationError(f"cannot write {safe(folder, 200)}: {reason}") from error
    if not run.quiet:
        amount = f"{count_text(len(published()), 'case')}, {size_text(size)}"
        run.parting.append(f"wrote {folder}: {amount}")


def told_of(code: str) -> Told:
    """Return the rule of a code, and the readers that were seen to detect it."""
    from repoview.core.findings.catalogue import CATALOGUE
    from repoview.core.findings.explained import EXPLAINED
    from repoview.core.findings.explained.readers import ALL
    from repoview.corpus.manifest import Told

    readers = EXPLAINED[code].readers
    names = []
    if readers is not None:
        names = [
            f"{each.reader.name} {each.reader.versions}"
            for each in readers.detecting()
            if not each.by_source
        ]
        if readers.detect == ALL:
            names = ["all"]
    return Told(CATALOGUE[code].id, names)


def _taken(folder: str) -> DestinationError:
    """Return what is said of a folder that has something in it, or is a file."""
    shown = safe(folder, 200)
    if Path(folder).is_dir():
        return DestinationTaken(f"{shown} is not empty", "name a new directory")
    return DestinationTaken(f"{shown} is a file", "name a new directory")
