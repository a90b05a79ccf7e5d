"""Folders of many repositories, made in little time: ``make(folder, count, records)``.

A few repositories are generated, of somewhat different sizes; each file is one of them
with a commit of another account, signed anew. So every file is sound, of its own hash
and account, and no two neighbors have the same records.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import Cid
from repoview.core.formats.car import encode_header, encode_section, sections
from repoview.core.formats.car_header import read_header
from repoview.core.formats.commit import decode_commit
from repoview.sample import write_sample
from repoview.sample.signing import signed_commit

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIFFERENT: Final = 20
"""Repositories that are generated."""

_LETTERS: Final = "234567abcdefghijklmnopqrstuvwxyz"


class _Base(NamedTuple):
    top: Cid
    rest: bytes
    """All sections behind the commit."""


def make(folder: Path, count: int, records: int) -> int:
    """Write so many repositories, of about so many records; return their bytes.

    What is there already, of the same size and number, is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bases: list[_Base] = []
    size = 0
    for number in range(count):
        path = folder / f"{number // 1_000:04}" / f"{number:07}.car"
        if not path.exists():
            bases = bases or list(_bases(records))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(_with_account(bases[number % len(bases)], number))
        size += path.stat().st_size
    return size


def _bases(records: int) -> Iterator[_Base]:
    for number in range(_DIFFERENT):
        data = bytearray()
        write_sample(data.extend, records + number * max(records // 200, 1))
        header, _ = read_header(bytes(data), offset=0, available=len(data))
        assert header is not None  # noqa: S101 (it was just written)
        parts = list(sections(bytes(data[header.end :]), offset=header.end))
        commit = bytes(data[parts[0].data_offset : parts[0].end])
        told = decode_commit(commit, Cid.for_block(commit), parts[0].offset)
        assert told is not None  # noqa: S101 (the same)
        assert told.data is not None  # noqa: S101 (the same)
        yield _Base(told.data, bytes(data[parts[0].end :]))


def _with_account(base: _Base, number: int) -> bytes:
    """Return a base as the repository of an account."""
    letters = [_LETTERS[number >> shift & 31] for shift in range(0, 120, 5)]
    commit = signed_commit(base.top, did="did:plc:" + "".join(reversed(letters)))
    root = Cid.for_block(commit)
    return encode_header([root]) + encode_section(root, commit) + base.rest


def main() -> None:
    """Make a folder: ``python -m benchmarks.fleet_files FOLDER COUNT RECORDS``."""
    folder, count, records = sys.argv[1:]
    size = make(Path(folder), int(count), int(records))
    print(f"{count} files, {size:,} bytes, in {folder}")


if __name__ == "__main__":
    main()
