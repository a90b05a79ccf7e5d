"""`repoview demo`: a sample repository, built here and opened."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from repoview.cli.command import Command
from repoview.cli.commands.open import open_explorer
from repoview.cli.judging.judging import checks_of
from repoview.cli.options.option_types import Whole
from repoview.cli.options.options import Run, common_options
from repoview.export.destination import written_beside
from repoview.present import count_text, size_text
from repoview.signals import on_ending

DEFAULT_RECORDS: Final = 3_000
MOST_RECORDS: Final = 1_000_000
"""More are slow to build, and show nothing more."""

EXAMPLES: Final = """\
Examples:
  repoview demo
  repoview demo --records 100
  repoview demo -o sample.car      only write it, to open it later
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the sample to this file, and open nothing.",
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@click.option(
    "--records",
    type=Whole(0, MOST_RECORDS),
    default=DEFAULT_RECORDS,
    metavar="N",
    help=f"How many records it has [{DEFAULT_RECORDS:,}].",
)
@common_options
def command(run: Run, *, output: str | None, force: bool, records: int) -> None:
    """Build a sample repository, and open it or write it to FILE.

    Every block of it is right, and nothing is fetched. The same N gives the
    same bytes every time.
    """
    if output is not None:
        size = _write(Path(output), records, force=force)
        if not run.quiet:
            amount = f"{count_text(records, 'record')}, {size_text(size)}"
            run.parting.append(f"wrote {output}: {amount}")
        return
    open_sample(run, records)


def open_sample(run: Run, records: int) -> None:
    """Build the sample repository in a temporary folder, and open it."""
    # The folder is removed however the visit ends.
    with on_ending(), TemporaryDirectory(prefix="repoview-") as folder:
        path = Path(folder) / "sample.car"
        _write(path, records, force=False)
        run.is_passing = True
        open_explorer(run, [str(path)], checks_of())


def _write(path: Path, records: int, *, force: bool) -> int:
    """Write the sample repository, and return its size in bytes."""
    from repoview.sample import write_sample

    with on_ending(), written_beside(path, force=force) as file:
        write_sample(file.write, records)
        return file.tell()
