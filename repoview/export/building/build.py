"""Build a repository of records, and write it: for users of the library."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from repoview.core import limits
from repoview.core.formats import syntax
from repoview.core.opening.room import Room
from repoview.export.building.entries import entries
from repoview.export.building.entry import Entry, NotARecord
from repoview.export.building.repository import (
    BuiltRepository,
    NoAccount,
    OtherValue,
)
from repoview.export.destination import refuse, written_beside
from repoview.export.formats import Written
from repoview.export.records import hinting_at_library, into_file
from repoview.export.writing import refuse_source, written_into

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.cid import Cid
    from repoview.core.load.result import Progress
    from repoview.export.records import BinaryFile


class Built(NamedTuple):
    """What was built."""

    did: str
    rev: str
    commit: Cid
    data: Cid
    """The top node: the same records have the same, whoever builds them."""

    records: int
    bytes: int
    """Of the file."""


def build(
    source: str | os.PathLike[str] | Iterable[tuple[str, Any]],
    destination: str | os.PathLike[str] | BinaryFile,
    *,
    did: str | None = None,
    rev: str | None = None,
    edited: bool = False,
    overwrite: bool = False,
    mem_limit: int = limits.MEMORY,
    spill: bool | str | os.PathLike[str] = False,
    disk_limit: int = limits.DISK,
    report: Callable[[Progress], None] | None = None,
) -> Built:
    """Build a repository of records, and write it as a CAR in walk order.

    Nobody has signed it: its commit has no signature (COM003). The order of the
    records does not matter. A path is written atomically.

    Args:
        source: What `write` wrote: the path of a file of JSON, perhaps compressed,
            of a folder of JSON files, or of a zip file of one. Or pairs of a repo
            path and a value, as `Record.path` and `Record.value` are.
        destination: A path, or a file open for writing bytes, which stays open.
        did: The account; None for the one that JSON lines name.
        rev: The revision, a TID; None for one of this moment.
        edited: Whether values count that are not those of the CIDs beside them.
        overwrite: Whether a file may be replaced.
        mem_limit: Bytes of memory that records and nodes may take.
        spill: Whether the rest may go to disk, and where: as for `open`.
        disk_limit: Bytes that it may take there.
        report: Called with progress; what it raises ends it, and leaves nothing.

    Raises:
        NotARecord: Something in the source stands for no record, or for one that is
            there already. The sentence says where.
        DestinationTaken: There is a file, and it is not to be replaced.
        DestinationError: It cannot be written, or is the source.
        LimitExceeded: There is more than memory and disk may take.
        SourceError: The source cannot be read.
        ValueError: *did* is no DID, *rev* no TID, or no account is known.
    """
    _insist_on_words(did, rev)
    room, note = Room.of(mem_limit, spill, disk_limit), report or (lambda _: None)
    with hinting_at_library(), _hinting():
        _refuse(source, destination, force=overwrite)
        with BuiltRepository(
            _entries(source), did, rev or tid_now(), room, note, is_edited=edited
        ) as built:
            return write_built(built, destination, force=overwrite)


def _insist_on_words(did: str | None, rev: str | None) -> None:
    if did is not None and not syntax.is_did(did):
        raise ValueError(f"{did!r} is no DID")
    if rev is not None and not syntax.is_tid(rev):
        raise ValueError(f"{rev!r} is no TID")


def _entries(
    source: str | os.PathLike[str] | Iterable[tuple[str, Any]],
) -> Iterator[Entry]:
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        # That is standard input on the command line alone.
        return entries("./-" if name == "-" else name)
    return (_of_pair(path, value) for path, value in source)


def _of_pair(path: str, value: Any) -> Entry:  # noqa: ANN401 (as `Record.value` is)
    try:
        key = path.encode()
    except UnicodeEncodeError:
        raise NotARecord(f"no record can have the path {path!a}") from None
    return Entry(key, value, None, None, f"record {path}", 0, is_json=False)


def _refuse(source: object, destination: object, *, force: bool) -> None:
    """Refuse a destination before anything is read."""
    if isinstance(destination, str | os.PathLike):
        if isinstance(source, str | os.PathLike):
            refuse_source(os.fspath(source), Path(destination))
        refuse(Path(destination), force=force)


@contextmanager
def _hinting() -> Iterator[None]:
    """Let an error say what helps users of the library."""
    try:
        yield
    except NoAccount as error:
        raise ValueError(f"{error}: say did=") from None
    except OtherValue as error:
        raise OtherValue(f"{error}: edited=True takes the value") from None


def tid_now() -> str:
    """Return a revision of this moment."""
    return syntax.make_tid(time.time_ns() // 1_000)


def write_built(
    built: BuiltRepository,
    destination: str | os.PathLike[str] | BinaryFile,
    *,
    force: bool,
) -> Built:
    """Write a repository that was built; raises as `build` does.

    Args:
        built: The repository.
        destination: A path, or a file open for writing bytes.
        force: Whether a file may be replaced.
    """

    def writer(write: Callable[[bytes], object]) -> Written:
        built.write(write)
        return Written(records=built.records)

    if isinstance(destination, str | os.PathLike):
        path = Path(destination)
        with written_beside(path, force=force) as file:
            size = written_into(file.write, writer, path.name).size
    else:
        size = into_file(writer, destination).size
    commit, data = built.commit[0], built.data
    return Built(built.account, built.rev, commit, data, built.records, size)
