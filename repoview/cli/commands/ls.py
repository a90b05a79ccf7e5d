"""`repoview ls`: the records, or the collections, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.as_json import json_array, record_object
from repoview.cli.command import Command
from repoview.cli.inventory_lists import escaped, unlinked_list
from repoview.cli.judging import checks_of, reading_options
from repoview.cli.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.words import path_in
from repoview.core.repo.inside import inside
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from repoview.core.repo.repo import Record, Repo

_AT_ONCE: Final = 1 << 16
"""Characters written together."""

EXAMPLES: Final = """\
Examples:
  repoview ls repo.car
  repoview ls repo.car app.bsky.feed.post/
  repoview ls repo.car app.bsky.feed.post/3l7 --json
  repoview ls repo.car --collections
  repoview ls repo.car --unlinked
  repoview ls repo.car --unlinked app.bsky.feed.post
  repoview ls repo.car | cut -f1

A tab stands between path and CID. TAB, newline and backslash in a path are
written \\t, \\n and \\\\, bytes that are not UTF-8 as \\xNN.

--unlinked prints CID, kind (commit, node, record, other or damaged), `$type` or
-, bytes and offset of each block that nothing links to.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.argument("prefix", required=False)
@click.option(
    "--collections", is_flag=True, help="Print collections and their counts instead."
)
@click.option(
    "--unlinked",
    is_flag=True,
    help="List blocks that nothing links to instead: old commits, nodes, records.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    prefix: str | None,
    *,
    collections: bool,
    unlinked: bool,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """List the records of SOURCE in key order: path and CID.

    With PREFIX, only those whose path begins with it; or, of blocks that nothing
    links to, whose `$type` does.
    """
    if collections and unlinked:
        raise click.UsageError("--collections and --unlinked are two lists: name one")
    with run.load(source, checks_of(**reading)) as repo:
        wanted = None if prefix is None else path_in(repo, prefix)
        if collections:
            objects, lines = _collections(run, repo, wanted or "")
        elif unlinked:
            objects, lines = unlinked_list(run, repo, prefix or "")
        else:
            numbers = repo.numbers(prefix=wanted)
            objects = (record_object(repo.record(n)) for n in numbers)
            lines = _lines(run, repo, numbers)
            if not numbers and wanted:
                run.parting.insert(0, f"no record of {source} begins with {wanted}")
        if as_json:
            _write(run, json_array(objects), "")
        else:
            _write(run, lines, "\n")


def _collections(
    run: Run, repo: Repo, prefix: str
) -> tuple[Iterable[dict[str, Any]], Iterable[str]]:
    chosen = [each for each in repo.collections if each.name.startswith(prefix)]
    objects = [{"name": c.name, "count": c.count, "bytes": c.bytes} for c in chosen]
    names = [escaped(each.name.encode(errors="surrogatepass")) for each in chosen]
    if run.console.is_terminal:
        names = [safe(name) for name in names]
    lines = [f"{n}\t{c.count}" for n, c in zip(names, chosen, strict=True)]
    return objects, lines


def _lines(run: Run, repo: Repo, numbers: Sequence[int]) -> Iterator[str]:
    """Yield the lines of records, in parts of one line or more."""
    if run.console.is_terminal or not isinstance(numbers, range):
        yield from (_line(run, repo.record(number)) for number in numbers)
        return
    for some, paths, cids in inside(repo).listed(numbers):
        text = "".join(paths)
        if text.isascii() and text.isprintable() and "\\" not in text:
            yield "\n".join(map("\t".join, zip(paths, cids, strict=True)))
        else:
            yield from (_line(run, repo.record(number)) for number in some)


def _line(run: Run, record: Record) -> str:
    path = escaped(record.key)
    cid = str(record.cid)
    if run.console.is_terminal:
        return f"{safe(path)}\t{run.console.paint('dim', cid)}"
    return f"{path}\t{cid}"


def _write(run: Run, pieces: Iterable[str], end: str) -> None:
    """Write many pieces with few calls."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece + end)
        size += len(piece)
        if size >= _AT_ONCE:
            run.console.out.write("".join(held))
            held.clear()
            size = 0
    run.console.out.write("".join(held))
