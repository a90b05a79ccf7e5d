"""`repoview salvage`: what can be saved of a broken file, and what cannot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.options.options import Run, common_options, source_argument
from repoview.cli.pages.facts import fact_lines
from repoview.export.destination import refuse, written_beside
from repoview.export.writing import refuse_source
from repoview.present import count_text, json_text, wrapped
from repoview.present.salvage import (
    advice_text,
    car_text,
    collection_lines,
    lost_facts,
    more_text,
    salvage_sentence,
    saved_facts,
    saved_heading,
)
from repoview.signals import on_ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.cli.console import Console
    from repoview.core.salvage.car import WrittenCar
    from repoview.core.salvage.report import SalvageReport, SavedCollection
    from repoview.core.salvage.salvage import Salvage
    from repoview.export.formats import Written

_SHOWN: Final = 20
"""Collections on a page."""

_LABEL: Final = 11

EXAMPLES: Final = """\
Examples:
  repoview salvage broken.car
  repoview salvage broken.car --json
  repoview salvage broken.car -o saved.car
  repoview salvage broken.car -o new.car --rebuild-tree
  repoview salvage broken.car --records loose.jsonl
  cat broken.car | repoview salvage - -o saved.car

Without -o and --records nothing is written: the page tells what would be.
SOURCE is only read. A block is saved if its bytes hash to the CID in front of
them, wherever in the file it stands, and whatever is left of the header.

The CAR has every such block once, linked or not. Its root is the commit, or
else the highest node that nothing links to, or there is none. --rebuild-tree
makes a new tree of all records whose keys are known. Nobody has signed it: its
commit has no signature, and verify says so (COM003).

--records writes the records that the tree does not reach, one JSON object a
line: "kind" is detached (a node without a parent says its key), older (of an
earlier state) or keyless.

Exit codes:
  0   commit and tree are whole, and no block is damaged
  10  something is lost, or a limit ended the search early
  12  there is nothing to save
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.option(
    "-o",
    "--output",
    "destination",
    metavar="OUT.car",
    help="Write every whole block to this CAR, or - for standard output.",
)
@click.option(
    "--rebuild-tree",
    is_flag=True,
    help="Put a new, unsigned tree of all known keys into OUT.car.",
)
@click.option(
    "--records",
    "loose",
    metavar="FILE.jsonl",
    help="Write the records that the tree does not reach, or - for standard output.",
)
@click.option("--force", is_flag=True, help="Overwrite OUT.car and FILE.jsonl.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@common_options
def command(
    run: Run,
    source: str,
    *,
    destination: str | None,
    rebuild_tree: bool,
    loose: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Find every block of SOURCE that is whole, and tell what is saved and lost."""
    from repoview.cli.reading import target_of
    from repoview.core.salvage.salvage import salvage

    if rebuild_tree and destination is None:
        raise click.UsageError("--rebuild-tree is for a CAR: name it with -o")
    takes_output = "-" in {destination, loose}
    _check_output(run, destination, loose, as_json=as_json)
    for path in (destination, loose):
        if path is not None and path != "-":
            refuse_source(source, Path(path))
            refuse(Path(path), force=force)
    options = run.options(anew=True)
    with run.bar() as bar:
        saved = salvage(target_of(source), options, bar, name=source)
    with saved:
        run.exit_code = saved.report.exit_code
        written: dict[str, Any] = {"car": None, "records": None}
        if destination is not None and not (saved.report.blocks or rebuild_tree):
            # A file without a block would only stand for one that may be better.
            run.parting.append(f"nothing was written to {destination}")
        elif destination is not None:
            car = _write_car(run, saved, destination, force=force, new=rebuild_tree)
            written["car"] = _car_object(car, destination)
            run.parting.append(car_text(car, destination))
        if loose is not None:
            lines = _write_loose(run, saved, loose, force=force)
            written["records"] = {"path": loose, "records": lines.records}
            run.parting.append(_loose_text(lines, loose))
        if as_json:
            run.console.line(json_text({**saved.report.to_json(), "written": written}))
        elif not (takes_output or run.quiet):
            is_dry = destination is None and loose is None
            more = None if rebuild_tree or loose else more_text(saved.report)
            run.console.lines(_page(run.console, saved.report, more, is_dry=is_dry))
    if run.quiet:
        run.parting.clear()


def _check_output(
    run: Run, destination: str | None, loose: str | None, *, as_json: bool
) -> None:
    """Refuse what would write two things to one place, or a CAR to a terminal."""
    if destination is not None and destination == loose:
        raise click.UsageError("-o and --records cannot be the same: name two files")
    if as_json and "-" in {destination, loose}:
        raise click.UsageError("--json goes to standard output: name a file instead")
    if destination == "-" and run.console.is_terminal:
        raise click.UsageError(
            "the bytes of a CAR would upset a terminal: send them to a file"
        )


# What is written


def _write_car(
    run: Run, saved: Salvage, destination: str, *, force: bool, new: bool
) -> WrittenCar:
    with run.bar() as bar, on_ending():
        if destination == "-":
            write = run.console.binary().write
            return saved.write_car(write, bar, rebuild_tree=new)
        with written_beside(Path(destination), force=force) as file:
            return saved.write_car(file.write, bar, rebuild_tree=new)


def _write_loose(run: Run, saved: Salvage, loose: str, *, force: bool) -> Written:
    from repoview.export.salvaged import write_loose

    with run.bar() as bar, on_ending():
        if loose == "-":
            return write_loose(saved, run.console.binary().write, bar)
        with written_beside(Path(loose), force=force) as file:
            return write_loose(saved, file.write, bar)


def _car_object(car: WrittenCar, destination: str) -> dict[str, Any]:
    root = None if car.root is None else str(car.root)
    return {**car._asdict(), "root": root, "path": destination}


def _loose_text(lines: Written, loose: str) -> str:
    records = count_text(lines.records, "record")
    return f"wrote {loose}: {records} that the tree does not reach"


# The page


def _page(
    console: Console, report: SalvageReport, more: str | None, *, is_dry: bool
) -> Iterator[str]:
    yield from wrapped(salvage_sentence(report, is_dry=is_dry), console.width)
    if report.blocks:
        yield ""
        yield console.paint("head", saved_heading(is_dry=is_dry))
        yield from _facts(console, saved_facts(report))
    lost = list(lost_facts(report))
    if lost:
        yield ""
        yield console.paint("head", "Lost")
        yield from _facts(console, lost)
    yield from _collections(console, report.collections)
    written = "Nothing was written: -o OUT.car does that."
    is_left = is_dry and report.blocks
    for text in (advice_text(report), more, written if is_left else None):
        if text is not None:
            yield ""
            yield from wrapped(text, console.width)


def _facts(console: Console, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield facts, long ones on several lines."""
    for label, text in facts:
        first, *rest = wrapped(text, console.width - _LABEL)
        yield from fact_lines(console, [(label, first)])
        for line in rest:
            yield " " * _LABEL + line


def _collections(
    console: Console, collections: tuple[SavedCollection, ...]
) -> Iterator[str]:
    lines = list(collection_lines(collections, console.width, _SHOWN))
    if lines:
        head, *rest = lines
        yield ""
        yield console.paint("head", head)
        yield from rest[:_SHOWN]
        yield from (
            console.paint("dim", f"{more}: --json has all") for more in rest[_SHOWN:]
        )
