"""List files: those of folders, patterns, lists, and places in object stores.

Lazily, so that the first can be read while the rest is listed. What is held are the
names of a folder, and of the folders on the way down to it.
"""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.errors import SourceError, reason_of
from repoview.fleet.hashed import fsspec, is_url
from repoview.listing import ENDINGS, is_folder, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LISTS: Final = (".txt", ".list")
_STANDARD_INPUT: Final = "-"
_VERSIONS: Final = ("ETag", "etag", "mtime", "LastModified", "updated", "created")
"""What stores call the version of a file; the first that there is."""


class File(NamedTuple):
    """A file to read."""

    source: str
    size: int = 0
    """Bytes, as far as the store says."""

    stamp: str = ""
    """What the store says of its version; empty if nothing."""


class NotListed(NamedTuple):
    """A source that gave no file, and why."""

    source: str
    why: str


def files_of(sources: Iterable[str]) -> Iterator[File | NotListed]:
    """Yield the files of sources, in the order of these and of names.

    Args:
        sources: Each a folder, with all CARs in it and below; a pattern, with ``**``
            for folders of any depth; a list, a file that ends in ``.txt`` or ``.list``
            with a source a line, or ``-`` for standard input; a URL of a file, a
            folder or a pattern in any file system that fsspec has; or a CAR.
    """
    for source in sources:
        if is_url(source):
            yield from _in_store(source)
        elif source == _STANDARD_INPUT or _is_list(source):
            yield from _of_list(source)
        elif glob.has_magic(source) and not Path(source).exists():
            yield from _of_pattern(source)
        else:
            yield from _named(source)


def _is_list(source: str) -> bool:
    return source.lower().endswith(_LISTS) and not is_folder(source)


def _named(source: str) -> Iterator[File | NotListed]:
    """Yield a file, or the CARs of a folder."""
    for each in listed([source]):
        if isinstance(each, str):
            yield _local(each)
        else:
            yield NotListed(each.name, each.why)


def _local(path: str) -> File:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        # Whoever opens it says why.
        return File(path)
    return File(path, status.st_size, str(status.st_mtime_ns))


def _of_pattern(pattern: str) -> Iterator[File | NotListed]:
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (as it was said)
    if not found:
        yield NotListed(pattern, f"nothing is called like {pattern}")
    for path in found:
        yield from _named(path)


def _of_list(source: str) -> Iterator[File | NotListed]:
    """Yield the files of a list; empty lines are passed over."""
    is_input = source == _STANDARD_INPUT
    try:
        with Path("/dev/stdin" if is_input else source).open(encoding="utf-8") as lines:
            for line in lines:
                if name := line.rstrip("\r\n"):
                    # A list in a list might lead back to itself.
                    yield from _in_store(name) if is_url(name) else _named(name)
    except (OSError, UnicodeDecodeError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "it is no text"
        yield NotListed(source, f"cannot read the list {source}: {reason}")


def _in_store(url: str) -> Iterator[File | NotListed]:
    try:
        system, path = fsspec().core.url_to_fs(url)
        found = False
        for name, facts in _below(system, path):
            found = True
            yield _stored(system, name, facts)
        if not found:
            yield NotListed(url, f"there is no CAR at {url}")
    except SourceError as error:
        yield NotListed(url, str(error))
    except Exception as error:  # noqa: BLE001 (each store has errors of its own)
        yield NotListed(url, f"cannot list {url}: {_told(error)}")


def _below(system: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 (fsspec has no types)
    """Yield the files at a place of a store, by name, and what is known of each."""
    if glob.has_magic(path):
        yield from sorted(system.glob(path, detail=True).items())
        return
    if system.isfile(path):
        yield path, system.info(path)
        return
    for folder, _, names in system.walk(path, detail=True):
        for name, facts in sorted(names.items()):
            if name.lower().endswith(ENDINGS):
                yield f"{folder.rstrip('/')}/{name}", facts


def _stored(system: Any, name: str, facts: dict[str, Any]) -> File:  # noqa: ANN401 (fsspec has no types)
    version = next((facts[key] for key in _VERSIONS if facts.get(key)), "")
    return File(system.unstrip_protocol(name), facts.get("size") or 0, str(version))


def _told(error: Exception) -> str:
    """Return what an error of a store says, on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
