"""`repoview cache`: list and remove the entries of the cache."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command, group_of
from repoview.cli.options.option_types import Refused, Size
from repoview.cli.options.options import Run, common_options
from repoview.cli.pages.as_json import json_array
from repoview.core.errors import NotFound, RepoviewError
from repoview.present import count_text, date_text, safe, size_text

if TYPE_CHECKING:
    from repoview.core.cache import Cache, Listed

PAGE: Final = """\
Examples:
  repoview cache ls
  repoview cache path
  repoview cache rm repo.car
  repoview cache rm --all
  repoview cache prune --max-size 500MB

The cache has what repoview found in a repository, so that it opens at once the
next time. Its folder may be removed at any time.
"""


command = group_of("cache", "List, find and remove the entries of the cache.", PAGE)

LS_EXAMPLES: Final = """\
Examples:
  repoview cache ls
  repoview cache ls --json
  repoview cache ls | cut -f4

A tab stands between bytes, time of last use (UTC), state and source. The state
is "same" while the source has not changed, else "changed" or "gone"; "unknown"
if the entry cannot be read; then its own name is shown for the source.
"""


@command.command("ls", cls=Command, epilog=LS_EXAMPLES)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@common_options
def list_(run: Run, *, as_json: bool) -> None:
    """List what is in the cache, last used first."""
    cache = _cache(run.cache_dir)
    listed = cache.entries()
    if as_json:
        run.console.out.write("".join(json_array(map(_object, listed))))
        return
    for each in listed:
        run.console.line(_line(run, each))
    if not run.quiet:
        total = size_text(sum(each.size for each in listed))
        amount = count_text(len(listed), "entry", "entries")
        run.parting.append(
            f"{amount}, {total} of {size_text(cache.most_bytes)} in {cache.folder}"
        )


def _object(listed: Listed) -> dict[str, Any]:
    return {
        "file": listed.file,
        "source": listed.source,
        "bytes": listed.size,
        "used": f"{_date(listed).replace(' ', 'T')}Z",
        "state": listed.state.value,
    }


def _line(run: Run, listed: Listed) -> str:
    state, source = listed.state.value, listed.source or listed.file
    if run.console.is_terminal:
        size = f"{size_text(listed.size):>9}"
        return "  ".join((size, _date(listed), f"{state:<7}", safe(source)))
    source = source.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return "\t".join((str(listed.size), _date(listed), state, source))


def _date(listed: Listed) -> str:
    try:
        return date_text(datetime.fromtimestamp(listed.used_ns // 10**9, UTC))
    except (OverflowError, ValueError, OSError):
        # The time of a file can be any number.
        return "unknown"


PATH_EXAMPLES: Final = """\
Examples:
  repoview cache path
  du -sh "$(repoview cache path)"
"""


@command.command("path", cls=Command, epilog=PATH_EXAMPLES)
@common_options
def path(run: Run) -> None:
    """Print the folder of the cache, which may not be there yet."""
    run.console.line(str(_cache(run.cache_dir).folder))


RM_EXAMPLES: Final = """\
Examples:
  repoview cache rm repo.car
  repoview cache rm /home/me/a.car /home/me/b.car
  repoview cache rm --all

A name is the path of a source, which need not be there any more, or the file of
an entry as repoview cache ls --json has it.
"""


@command.command("rm", cls=Command, epilog=RM_EXAMPLES)
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "everything", is_flag=True, help="Remove all there is.")
@common_options
def remove(run: Run, *, names: tuple[str, ...], everything: bool) -> None:
    """Remove the entry of each SOURCE."""
    if bool(names) == everything:
        raise Refused("name what to remove, or say --all, and not both")
    cache = _cache(run.cache_dir)
    if everything:
        before = len(cache.entries())
        cache.clear()
        _tell_removed(run, before, len(cache.entries()))
        return
    listed = cache.entries()
    found = [each for name in names for each in listed if _is_meant(each, name)]
    removed = sum(cache.remove(each) for each in found)
    if found:
        _tell_removed(run, len(found), len(found) - removed)
    absent = [n for n in names if not any(_is_meant(each, n) for each in listed)]
    if absent:
        raise NotFound(f"the cache has no entry for {', '.join(absent)}")


def _is_meant(listed: Listed, name: str) -> bool:
    """Tell whether *name* names an entry."""
    sources = {name, os.path.realpath(name)}
    return listed.file == name or listed.source in sources


def _tell_removed(run: Run, before: int, left: int) -> None:
    if left:
        entries = count_text(left, "entry", "entries")
        raise RepoviewError(f"{entries} could not be removed")
    if not run.quiet:
        run.parting.append(f"removed {count_text(before, 'entry', 'entries')}")


PRUNE_EXAMPLES: Final = """\
Examples:
  repoview cache prune
  repoview cache prune --max-size 500MB
"""


@command.command("prune", cls=Command, epilog=PRUNE_EXAMPLES)
@click.option(
    "--max-size",
    type=Size(),
    metavar="SIZE",
    help="What may be left [2GiB].",
)
@common_options
def prune(run: Run, *, max_size: int | None) -> None:
    """Remove stale entries, then the least recently used ones.

    Stale are those of sources that changed or are gone, those that cannot be
    read, and leftovers of a crash.
    """
    freed = _cache(run.cache_dir).prune(max_size)
    if not run.quiet:
        run.parting.append(f"removed {size_text(freed)}")


def _cache(folder: str | None) -> Cache:
    from repoview.core.cache import Cache

    return Cache(folder)
