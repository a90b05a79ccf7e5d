"""`repoview ls`: the records, or the collections, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.options.selecting import SELECTIONS, select_option, selected
from repoview.cli.pages.as_json import json_array, listed_array
from repoview.cli.pages.inventory_lists import LISTS, escaped
from repoview.cli.words import path_in
from repoview.core.repo.inside import inside
from repoview.core.verify.shape import FileShape
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from repoview.core.repo.repo import Record, Repo

_AT_ONCE: Final = 1 << 16
"""Characters written together."""

_ABSENT: Final = "missing"
"""The third field of a record whose block is not in the file."""

EXAMPLES: Final = """\
Examples:
  repoview ls repo.car
  repoview ls repo.car app.bsky.feed.post/
  repoview ls repo.car app.bsky.feed.post/3l7 --json
  repoview ls repo.car -s "collection:app.bsky.feed.* time:2024 text:dawn"
  repoview ls repo.car --collections
  repoview ls repo.car --unlinked
  repoview ls repo.car --unlinked app.bsky.feed.post
  repoview ls repo.car --duplicates
  repoview ls repo.car --shared
  repoview ls repo.car | cut -f1

A tab stands between path and CID, and behind them, where the block of the
record is not in the file, a tab and "missing". TAB, newline and backslash in a
path are written \\t, \\n and \\\\, bytes that are not UTF-8 as \\xNN.

Lists of blocks have a tab between:
  --unlinked    CID, kind (commit, node, record, other, damaged), `$type` or -,
                bytes, offset
  --duplicates  CID, role, bytes, offset of the copy that counts, and of others
  --shared      CID, bytes, offset, number of keys, and every path
  --two-roles   CID, bytes, offset, number of the node, and every path
"""


@click.command(cls=Command, epilog=EXAMPLES + SELECTIONS)
@source_argument
@click.argument("prefix", required=False)
@select_option
@click.option(
    "--collections", is_flag=True, help="Print collections and their counts instead."
)
@click.option(
    "--unlinked",
    is_flag=True,
    help="Blocks that nothing links to instead: old commits, nodes, records.",
)
@click.option(
    "--duplicates", is_flag=True, help="Blocks that are there more than once."
)
@click.option("--shared", is_flag=True, help="Records that several keys link to.")
@click.option("--two-roles", is_flag=True, help="Blocks that are node and record.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    prefix: str | None,
    *,
    selection: str | None,
    as_json: bool,
    collections: bool,
    unlinked: bool,
    duplicates: bool,
    shared: bool,
    two_roles: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """List the records of SOURCE in key order: path and CID.

    With PREFIX, only those whose path begins with it, and with --select only those
    of these that a selection has; or, with PREFIX alone, of blocks that nothing
    links to, whose `$type` does. A response of getBlocks has blocks without a
    tree: they are listed, as by --unlinked.
    """
    lists = {
        "collections": collections,
        "unlinked": unlinked,
        "duplicates": duplicates,
        "shared": shared,
        "two_roles": two_roles,
    }
    name = _one_of(lists, prefix, selection)
    with run.load(source, checks_of(**reading)) as repo:
        begins = None if prefix is None else path_in(repo, prefix)
        if name is None and repo.report.shape is FileShape.BLOCKS:
            name = "blocks"
        if name is not None and name != "collections":
            items = LISTS[name](run, repo, begins or "", as_json=as_json)
            run.console.items(items, as_json=as_json)
            return
        if name == "collections":
            objects, lines = _collections(run, repo, begins or "")
            pieces = json_array(objects)
        else:
            numbers = selected(run, repo, selection, repo.numbers(prefix=begins))
            pieces = listed_array(repo, numbers)
            lines = _lines(run, repo, numbers)
            if not numbers and (begins or selection):
                run.parting.insert(0, _why_none(source, begins, selection))
        if as_json:
            _write(run, pieces, "")
        else:
            _write(run, lines, "\n")


def _one_of(
    lists: dict[str, bool], prefix: str | None, selection: str | None
) -> str | None:
    """Return the list that is wanted instead of records, None for none."""
    wanted = [name for name, is_wanted in lists.items() if is_wanted]
    if len(wanted) > 1:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in wanted)
        raise click.UsageError(f"{names} are two lists: name one")
    if wanted and selection is not None:
        raise click.UsageError("--select chooses records: it does not go with a list")
    if wanted == ["duplicates"] and prefix is not None:
        raise click.UsageError("--duplicates lists blocks, which no PREFIX chooses")
    return wanted[0] if wanted else None


def _why_none(source: str, begins: str | None, selection: str | None) -> str:
    if selection is None:
        return f"no record of {source} begins with {begins}"
    among = f" that begins with {begins}" if begins else ""
    return f"no record of {source}{among} is selected by {selection}"


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


def _is_absent(repo: Repo, number: int) -> bool:
    """Tell whether the block of a record is not in the file."""
    return bool(inside(repo).absent(range(number, number + 1)))


def _lines(run: Run, repo: Repo, numbers: Sequence[int]) -> Iterator[str]:
    """Yield the lines of records, in parts of one line or more."""
    if run.console.is_terminal or not isinstance(numbers, range):
        yield from (_line(run, repo, repo.record(number)) for number in numbers)
        return
    for some, paths, cids in inside(repo).listed(numbers):
        for number in inside(repo).absent(some):
            cids[number - some.start] += f"\t{_ABSENT}"
        text = "".join(paths)
        if text.isascii() and text.isprintable() and "\\" not in text:
            yield "\n".join(map("\t".join, zip(paths, cids, strict=True)))
        else:
            yield from (_line(run, repo, repo.record(number)) for number in some)


def _line(run: Run, repo: Repo, record: Record) -> str:
    path, cid = escaped(record.key), str(record.cid)
    more = f"\t{_ABSENT}" if _is_absent(repo, record.number) else ""
    if run.console.is_terminal:
        paint = run.console.paint
        return f"{safe(path)}\t{paint('dim', cid)}{paint('doubt', more)}"
    return f"{path}\t{cid}{more}"


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
