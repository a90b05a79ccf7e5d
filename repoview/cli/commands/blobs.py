"""`repoview blobs`: the blobs that records refer to, and whether a folder has them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.options.options import (
    Run,
    common_options,
    source_argument,
)
from repoview.cli.pages.as_json import with_paths
from repoview.cli.pages.inventory_lists import list_bar, one_field
from repoview.core.wording import agreed
from repoview.present import count_text, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.inventory.blob_check import CheckedBlob
    from repoview.core.inventory.blob_ledger import Blob
    from repoview.core.inventory.blobs import BlobCheck, Blobs
    from repoview.core.repo.repo import Repo

_NAMED: Final = 3
"""Faulty references and unreadable files that a sentence names."""

_CODES: Final = {"missing": 10, "damaged": 11}
"""Status of a blob → exit code that it gives."""

_GRAVEST: Final = (12, 11, 10, 0)

EXAMPLES: Final = """\
Examples:
  repoview blobs repo.car
  repoview blobs repo.car --json
  repoview blobs repo.car | cut -f1
  repoview blobs repo.car --check blobs/
  repoview blobs repo.car --check blobs/ -q

Columns, with a tab between: CID, media type, bytes, form (blob, legacy or
both) and the paths of the records that refer to it; - for what they do not say.

With --check it is status, CID, media type, bytes, file and first record:
  there    a file hashes to the CID, whatever its name
  damaged  a file is named by the CID, and its bytes do not hash to it
  missing  there is neither
  unused   a file that no record refers to
With -q only what is damaged or missing.

Exit codes:
  0   all blobs are there, or nothing was checked
  10  a blob is missing, or the tree is incomplete: there may be more blobs
  11  a blob is damaged, or the tree is invalid
  12  there is no tree to be read
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.option(
    "--check",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="Hash the files of this folder, and say which blobs are there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    *,
    folder: str | None,
    as_json: bool,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """List the blobs (images, videos) that records of SOURCE refer to, by CID.

    A blob is not in the repository: only its CID, type and size are.
    """
    with run.load(source, checks_of(**reading)) as repo:
        with run.bar() as bar:
            blobs = repo.blobs(bar)
        with blobs:
            told = _list(run, repo, blobs, folder, as_json=as_json)
            # Where no record can be read, what is wrong with the file says all.
            is_told = len(repo) or folder is not None or not run.exit_code
            if is_told and not run.quiet:
                run.parting[:0] = [told, *_faults(repo, blobs)]


@dataclass
class _Totals:
    """What a list came to, counted while it is printed."""

    blobs: int = 0
    bytes: int = 0
    unsized: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    wrong_sizes: int = 0


def _list(
    run: Run, repo: Repo, blobs: Blobs, folder: str | None, *, as_json: bool
) -> str:
    """Print all, and return a sentence about them."""
    totals = _Totals()
    if folder is None:
        items = (_plain(run, repo, b, as_json=as_json) for b in _counted(blobs, totals))
        run.console.items(items, as_json=as_json)
        return _plain_text(blobs, totals)
    with list_bar(run) as bar:
        check = blobs.check(folder, bar)
    with check:
        found = _checked(run, check, totals)
        items = (_of_check(run, repo, each, as_json=as_json) for each in found)
        run.console.items(items, as_json=as_json)
        run.exit_code = _exit_code(run.exit_code, totals)
        if check.unreadable and not run.exit_code:
            run.exit_code = 1
        run.parting += _unreadable(check)
    return _checked_text(totals)


# One blob


def _counted(blobs: Blobs, totals: _Totals) -> Iterator[Blob]:
    for blob in blobs:
        totals.blobs += 1
        totals.bytes += blob.size or 0
        totals.unsized += blob.size is None
        yield blob


def _plain(run: Run, repo: Repo, blob: Blob, *, as_json: bool) -> Iterator[str]:
    """Yield the line or the object of a blob, in pieces."""
    if as_json:
        yield from with_paths(repo, _facts(blob), blob.numbers)
        return
    kind, size = _or_dash(run, blob.type), _or_dash(run, blob.size)
    yield f"{blob.cid}\t{kind}\t{size}\t{blob.form}"
    for number in blob.numbers:
        yield f"\t{one_field(run, repo.record(number).key)}"


def _facts(blob: Blob) -> dict[str, Any]:
    return {
        "cid": str(blob.cid),
        "type": blob.type,
        "size": blob.size,
        "form": blob.form,
        "consistent": blob.is_consistent,
    }


def _nothing(each: CheckedBlob) -> dict[str, Any]:
    """Return the same facts of a file that no record refers to."""
    names = ("type", "size", "form", "consistent")
    return {"cid": str(each.cid), **dict.fromkeys(names)}


def _or_dash(run: Run, value: str | int | None) -> str:
    return "-" if value in {None, ""} else one_field(run, str(value))


# What was checked


def _checked(run: Run, check: BlobCheck, totals: _Totals) -> Iterator[CheckedBlob]:
    for each in check:
        totals.blobs += each.blob is not None
        totals.statuses[each.status] += 1
        totals.wrong_sizes += not each.is_size_right
        if not run.quiet or each.status in _CODES:
            yield each


def _of_check(
    run: Run, repo: Repo, each: CheckedBlob, *, as_json: bool
) -> Iterator[str]:
    """Yield the line or the object of what was checked, in pieces."""
    blob = each.blob
    if as_json:
        files, damaged = list(each.files), list(each.damaged)
        facts = {
            "status": each.status,
            **(_nothing(each) if blob is None else _facts(blob)),
            "files": files,
            "damaged": damaged,
            "file_size": each.size if files or damaged else None,
        }
        yield from with_paths(repo, facts, () if blob is None else blob.numbers)
        return
    kind = None if blob is None else blob.type
    file = next(iter(each.files or each.damaged), None)
    path = "-" if blob is None else one_field(run, repo.record(blob.numbers[0]).key)
    told = (_or_dash(run, value) for value in (kind, each.size, file))
    yield "\t".join((each.status, str(each.cid), *told, path))


def _exit_code(code: int, totals: _Totals) -> int:
    """Return the most severe of the tree's exit code and those of the blobs."""
    codes = {code, *(_CODES.get(status, 0) for status in totals.statuses)}
    return next(each for each in _GRAVEST if each in codes)


# Sentences


def _plain_text(blobs: Blobs, totals: _Totals) -> str:
    text = f"{count_text(totals.blobs, 'blob')}, {size_text(totals.bytes)}"
    text += f", in {count_text(blobs.references, 'reference')}"
    if blobs.legacy:
        text += f", {blobs.legacy:,} of the older form"
    if totals.unsized:
        of = count_text(totals.unsized, "blob")
        text += f"; the size of {of} is not told"
    return text


def _checked_text(totals: _Totals) -> str:
    counted = totals.statuses
    parts = [f"{counted[status]:,} {status}" for status in ("there", *_CODES)]
    text = f"{count_text(totals.blobs, 'blob')}: {', '.join(parts)}"
    if unused := counted["unused"]:
        are = agreed(unused, "is", "are")
        text += f"; {count_text(unused, 'file')} {are} of no record"
    if wrong := totals.wrong_sizes:
        have = agreed(wrong, "has", "have")
        text += f"; {count_text(wrong, 'blob')} {have} another size than a record tells"
    return text


def _faults(repo: Repo, blobs: Blobs) -> list[str]:
    """Return sentences about malformed references, and records that cannot be read."""
    texts = []
    if blobs.faults:
        names = [
            f"{repo.record(fault.number).path}: {fault.why}"
            for fault in blobs.faults_first[:_NAMED]
        ]
        are = agreed(blobs.faults, "is", "are")
        count = count_text(blobs.faults, "reference")
        named = _named(names, blobs.faults)
        texts.append(f"{count} {are} malformed: {named}")
    if blobs.unread:
        count = count_text(blobs.unread, "record")
        texts.append(f"{count} could not be looked into: there may be more blobs")
    return texts


def _unreadable(check: BlobCheck) -> list[str]:
    if not check.unreadable:
        return []
    some = check.unreadable_first[:_NAMED]
    named = _named([f"{each.name}: {each.reason}" for each in some], check.unreadable)
    return [f"{count_text(check.unreadable, 'file')} could not be read: {named}"]


def _named(names: list[str], count: int) -> str:
    more = count - len(names)
    return "; ".join(names) + (f"; and {more:,} more" if more else "")
