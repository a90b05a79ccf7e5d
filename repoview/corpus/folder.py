"""The corpus as a folder: its files, what they are as JSON, and a page about them.

Always the same bytes, whatever the machine. The manifest comes last, so a
folder that has one is whole; a run that ends early removes what it wrote.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from repoview.corpus.manifest import file_of, manifest, published, twins, vectors
from repoview.corpus.readme import README

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from repoview.corpus.manifest import Told

MANIFEST: Final = "manifest.json"


def corpus_files(told_of: Callable[[str], Told]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file of the corpus; the manifest is the last.

    Args:
        told_of: Returns what the catalogue has of a code.
    """
    for case in published():
        yield file_of(case), case.build().data
    for data, path in twins().items():
        yield path, data
    yield "README.md", README.encode()
    yield "vectors.json", _json(vectors())
    yield MANIFEST, _json(manifest(told_of))


def write_corpus(folder: Path, told_of: Callable[[str], Told]) -> int:
    """Write the corpus into *folder*, and return its size in bytes.

    Args:
        folder: Is made, if it is not there; its parent is there.
        told_of: Returns what the catalogue has of a code.

    Raises:
        FileExistsError: There is something in the folder, or it is none.
        OSError: It cannot be written to.
    """
    made: list[Path] = []
    try:
        _make(folder, made)
        _refuse_full(folder)
        return sum(
            _write(folder / path, data, made) for path, data in corpus_files(told_of)
        )
    except BaseException:
        # Also of a signal: a half corpus is of no use to anybody.
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _refuse_full(folder: Path) -> None:
    if any(folder.iterdir()):
        raise FileExistsError(folder)


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder unless it is there."""
    if not folder.is_dir():
        folder.mkdir()
        made.append(folder)


def _write(path: Path, data: bytes, made: list[Path]) -> int:
    """Write a new file, and return its size."""
    _make(path.parent, made)
    with path.open("xb") as file:
        made.append(path)
        return file.write(data)


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"
