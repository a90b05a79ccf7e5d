"""Write records to a file, for users of the library."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from repoview.core.repo.records import numbers_of
from repoview.core.repo.repo import Repo
from repoview.export.destination import DestinationError, DestinationTaken
from repoview.export.formats import FORMATS, Format, Kind, Written, format_of
from repoview.export.style import PLAIN, Style
from repoview.export.unlinked import write_unlinked
from repoview.export.writing import Target, export_to, write_file, written_into

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from repoview.core.formats.record import Record
    from repoview.core.load.result import Progress


Writing: TypeAlias = "Callable[[Callable[[bytes], object]], Written]"
"""Writes, with the function that it is given."""


class BinaryFile(Protocol):
    """A file that is open for writing bytes, or anything like it."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes, all of them."""


def write(
    repo: Repo,
    destination: str | os.PathLike[str] | BinaryFile,
    format: str | None = None,  # noqa: A002 (as elsewhere)
    *,
    records: Iterable[Record | str | bytes] | None = None,
    unlinked: bool = False,
    overwrite: bool = False,
    style: Style = PLAIN,
    max_bytes: int | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Written:
    """Write records of a repository: all of them, or those given.

    A path is written atomically. What is missing or cannot be decoded is left out,
    and counted in the result.

    Args:
        repo: Where the records are.
        destination: A path, or a file open for writing bytes, which stays open.
        format: "jsonl", "json", "csv", "md", "sqlite", "parquet", "folder", "zip"
            or "car". None: by the suffix, behind which ".gz" or ".zst" may stand; a
            path that ends with "/" is a folder.
        records: Records or repo paths; None for all. JSON has them in the order
            given, a CAR in its own.
        unlinked: Write the blocks that nothing links to instead of records, byte
            for byte; see `Inventory.unlinked`. A CAR of them has no root.
        overwrite: Whether a file may be replaced; a folder never is.
        style: How values are written.
        max_bytes: How many bytes may be written; None for any number.
        report: Called with progress; what it raises ends the writing.

    Raises:
        DestinationTaken: There is a file, and it is not to be replaced.
        DestinationError: It is the source, cannot be written, or would be larger.
        NotFound: A record is not of this repository; or a CAR would be empty.
        SourceError: The source was changed.
        ValueError: The format is none of these, cannot be told, or has no such
            blocks; or records are named, and unlinked blocks are wanted.
    """
    if not isinstance(repo, Repo):
        raise TypeError(f"a Repo is wanted first, not {type(repo).__name__}")
    form, note = _form_of(format, destination), report or (lambda _: None)
    if unlinked or not isinstance(destination, str | os.PathLike):
        writer = _writing(repo, form, style, records, note, unlinked=unlinked)
        return _write_bytes(repo, writer, destination, overwrite, max_bytes)
    numbers, text = _numbers(repo, records), os.fspath(destination)
    to = Target(form, Path(text), overwrite, style, max_bytes, text.endswith("/"))
    with hinting_at_library():
        return export_to(repo, numbers, to, note)


def _write_bytes(
    repo: Repo,
    writer: Writing,
    destination: str | os.PathLike[str] | BinaryFile,
    overwrite: bool,  # noqa: FBT001 (not for users)
    most: int | None,
) -> Written:
    if not isinstance(destination, str | os.PathLike):
        return into_file(writer, destination, most)
    path = Path(destination)
    with hinting_at_library():
        return write_file(repo, writer, path, force=overwrite, most=most)


@contextmanager
def hinting_at_library() -> Iterator[None]:
    """Let an error about the destination say what helps users of the library."""
    try:
        yield
    except DestinationError as error:
        # Its hint is for a command line.
        is_taken = isinstance(error, DestinationTaken)
        hint = "overwrite=True replaces it" if is_taken else ""
        raise type(error)(error.fact, hint) from error.__cause__


def _form_of(name: str | None, destination: object) -> Format:
    """Return the format that is wanted, by name or by the suffix of a path."""
    *most, last = map(repr, FORMATS)
    names = f"{', '.join(most)} or {last}"
    if name is not None:
        if name not in FORMATS:
            raise ValueError(f"{name!r} is no format: say {names}")
        return FORMATS[name]
    if not isinstance(destination, str | os.PathLike):
        raise ValueError(f"a file does not tell its format: say format={names}")  # noqa: TRY004 (it may be one)
    path = os.fspath(destination)
    found = format_of(path)
    if found is None:
        raise ValueError(f"the suffix of {path!r} names no format: say format={names}")
    return found


def _numbers(
    repo: Repo, records: Iterable[Record | str | bytes] | None
) -> Sequence[int]:
    return range(len(repo)) if records is None else numbers_of(repo, records)


def _writing(
    repo: Repo,
    form: Format,
    style: Style,
    records: Iterable[Record | str | bytes] | None,
    report: Callable[[Progress], None],
    *,
    unlinked: bool,
) -> Writing:
    """Return what writes what is wanted; raises as `write` does."""
    if not unlinked:
        if form.kind is not Kind.STREAM:
            raise ValueError(f"{form.name} is written to a path, not to an open file")
        numbers = _numbers(repo, records)
        return partial(_write_records, repo, numbers, form, style, report)
    if not form.has_unlinked:
        raise ValueError(f"{form.name} holds records alone, and no unlinked blocks")
    if records is not None:
        raise ValueError("unlinked blocks are no records: name none of these")
    return partial(_write_unlinked, repo, form, report)


def _write_records(
    repo: Repo,
    numbers: Sequence[int],
    form: Format,
    style: Style,
    report: Callable[[Progress], None],
    write: Callable[[bytes], object],
) -> Written:
    return form.writer(repo, numbers, write, report, style)


def _write_unlinked(
    repo: Repo,
    form: Format,
    report: Callable[[Progress], None],
    write: Callable[[bytes], object],
) -> Written:
    return write_unlinked(repo, form.name, write, report)


def into_file(writer: Writing, file: BinaryFile, most: int | None = None) -> Written:
    """Have something written to a file that is open for bytes, and stays so.

    Args:
        writer: Writes, with the function that it is given.
        file: Takes the bytes.
        most: How many there may be; None for any number.

    Raises:
        DestinationError: There are more.
        TypeError: It is no such file.
    """
    if isinstance(file, io.TextIOBase):
        raise TypeError("the file is open for text: open it in mode 'wb'")
    if not hasattr(file, "write"):
        kind = type(file).__name__
        raise TypeError(f"a path or a file open for writing is wanted, not {kind}")
    if isinstance(file, io.RawIOBase):
        return _into_raw(writer, file, most)
    return written_into(file.write, writer, most=most)


def _into_raw(writer: Writing, file: io.RawIOBase, most: int | None) -> Written:
    """Write to an unbuffered file, whose `write` may be partial."""
    buffered = io.BufferedWriter(file)
    try:
        return into_file(writer, buffered, most)
    finally:
        buffered.detach()
