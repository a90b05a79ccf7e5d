"""Write records to a file, for users of the library."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from repoview.core.repo.records import numbers_of
from repoview.core.repo.repo import Repo
from repoview.export.destination import DestinationError, DestinationTaken
from repoview.export.formats import FORMATS, Format, Written, format_of
from repoview.export.unlinked import write_unlinked
from repoview.export.writing import write_file

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
    format: Literal["jsonl", "json", "car"] | None = None,  # noqa: A002 (as elsewhere)
    *,
    records: Iterable[Record | str | bytes] | None = None,
    unlinked: bool = False,
    overwrite: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> Written:
    """Write records of a repository: all of them, or those given.

    A path is written atomically: a temporary file, renamed at the end. What is
    missing in the source, or cannot be decoded, is left out and counted in the
    result.

    Args:
        repo: Where the records are.
        destination: A path, or a file that is open for writing bytes; it is
            written from its current position, and stays open.
        format: "jsonl" for ``{"uri", "path", "cid", "value"}`` a line, "json"
            for one array of these, "car" for a CAR: the whole repository, or a
            slice, which proves its records. None: by the suffix.
        records: Records or repo paths, such as ``repo.records("a.b.c")``; None
            for all. JSON has them in the order given, a CAR in its own.
        unlinked: Write the blocks that nothing links to instead of records, byte
            for byte; see `Inventory.unlinked`. A CAR of them has no root.
        overwrite: Whether a file that is there already is replaced.
        report: Called with progress; what it raises ends the writing.

    Raises:
        DestinationTaken: There is a file, and it is not to be replaced.
        DestinationError: The path is that of the source, or cannot be written.
        NotFound: A record or repo path is not one of this repository; or there
            is neither commit nor tree for a CAR.
        SourceError: The source was changed.
        ValueError: The format is none of these, or cannot be told; or records
            are named, and unlinked blocks are wanted.
    """
    if not isinstance(repo, Repo):
        raise TypeError(f"a Repo is wanted first, not {type(repo).__name__}")
    form = _form_of(format, destination)
    note = report or (lambda _: None)
    writer = _writing(repo, form, records, note, unlinked=unlinked)
    if not isinstance(destination, str | os.PathLike):
        return _into_file(writer, destination)
    return _into_path(repo, writer, Path(destination), overwrite=overwrite)


def _into_path(repo: Repo, writer: Writing, path: Path, *, overwrite: bool) -> Written:
    with hinting_at_library():
        return write_file(repo, writer, path, force=overwrite)


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


def _writing(
    repo: Repo,
    form: Format,
    records: Iterable[Record | str | bytes] | None,
    report: Callable[[Progress], None],
    *,
    unlinked: bool,
) -> Writing:
    """Return what writes what is wanted; raises as `write` does."""
    if not unlinked:
        numbers = range(len(repo)) if records is None else numbers_of(repo, records)
        return partial(_write_records, repo, numbers, form, report)
    if records is not None:
        raise ValueError("unlinked blocks are no records: name none of these")
    return partial(_write_unlinked, repo, form, report)


def _write_records(
    repo: Repo,
    numbers: Sequence[int],
    form: Format,
    report: Callable[[Progress], None],
    write: Callable[[bytes], object],
) -> Written:
    return form.writer(repo, numbers, write, report)


def _write_unlinked(
    repo: Repo,
    form: Format,
    report: Callable[[Progress], None],
    write: Callable[[bytes], object],
) -> Written:
    return write_unlinked(repo, form.name, write, report)


def _into_file(writer: Writing, file: BinaryFile) -> Written:
    if isinstance(file, io.TextIOBase):
        raise TypeError("the file is open for text: open it in mode 'wb'")
    if not hasattr(file, "write"):
        kind = type(file).__name__
        raise TypeError(f"a path or a file open for writing is wanted, not {kind}")
    if isinstance(file, io.RawIOBase):
        return _into_raw(writer, file)
    size = 0

    def write(data: bytes) -> None:
        nonlocal size
        file.write(data)
        size += len(data)

    written = writer(write)
    written.size = size
    return written


def _into_raw(writer: Writing, file: io.RawIOBase) -> Written:
    """Write to an unbuffered file, whose `write` may be partial."""
    buffered = io.BufferedWriter(file)
    try:
        return _into_file(writer, buffered)
    finally:
        buffered.detach()
