"""What earlier runs wrote: which files need not be read again, and what is left over.

The parts of `repos/` say it all. A part of another folder whose chunk has none there
is of a run that was killed, and is removed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from repoview.core.storage.atomic_file import lock
from repoview.fleet.layout import FINDINGS, RECORDS, REPOS, chunk_of
from repoview.fleet.store import CannotWrite, Store, write_json, writing
from repoview.fleet.verdict import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.fleet.columns import Column
    from repoview.fleet.sources import File

SETTINGS: Final = "_fleet.json"
_LOCK: Final = "_lock"
_FORMAT: Final = 1


class Earlier:
    """The files of earlier runs, about 200 bytes each.

    Args:
        store: Where the data set is.
    """

    def __init__(self, store: Store) -> None:
        self._codes: dict[bytes, int] = {}
        """By the hash of source, size and stamp: the exit code of each."""

        self._by_size: dict[int, set[str]] = defaultdict(set)
        """By the bytes of a file, the hashes of those that have as many."""

        self.rows = 0
        """How many rows of files there are, those that could not be read among them."""

        found = store.dataset(REPOS)
        names = ["source", "file_bytes", "stamp", "sha256", "exit_code"]
        for batch in () if found is None else found.to_batches(columns=names):
            self.rows += batch.num_rows
            for row in batch.to_pylist():
                if row["sha256"] is not None:
                    self._by_size[row["file_bytes"]].add(row["sha256"])
                    key = _key(row["source"], row["file_bytes"], row["stamp"])
                    self._codes[key] = row["exit_code"]

    def code_of(self, file: File) -> int | None:
        """Return the exit code of a file that is there, of the same size and version.

        None for one that is not; without a version none is: its hash tells.
        """
        return self._codes.get(_key(*file)) if file.stamp else None

    def alike(self, files: Sequence[File]) -> frozenset[str]:
        """Return the hashes of earlier files that may be those of some."""
        sizes = {file.size for file in files} & self._by_size.keys()
        return frozenset().union(*(self._by_size[size] for size in sizes))


def _key(source: str, size: int, stamp: str) -> bytes:
    told = f"{plain(source)}\0{size}\0{stamp}".encode()
    return blake2b(told, digest_size=16).digest()


def remove_left_over(store: Store) -> None:
    """Remove parts of chunks that were not written to the end.

    Raises:
        CannotWrite: One cannot be removed.
    """
    with writing(store.root):
        store.clear_staging()
        whole = {chunk_of(name) for name in store.names(REPOS)}
        for folder in (RECORDS, FINDINGS):
            for name in store.names(folder):
                chunk = chunk_of(name)
                if chunk is not None and chunk not in whole:
                    store.remove(name)


def settle(store: Store, columns: Sequence[Column]) -> None:
    """Write what the data set is, or hold it to what it was.

    Raises:
        CannotWrite: It is another; or it cannot be written.
    """
    wanted = [str(column) for column in columns]
    data = store.read(SETTINGS)
    if data is None:
        if any(not name.endswith(_LOCK) for name in store.names("")):
            raise CannotWrite(
                f"{store.root} is not empty, and no data set of repoview: name another"
            )
        with writing(store.root):
            write_json(store, SETTINGS, {"format": _FORMAT, "columns": wanted})
        return
    told = _settings(data, store.root)
    if told["columns"] != wanted:
        has = " ".join(told["columns"]) or "none"
        raise CannotWrite(
            f"{store.root} was written with other columns ({has}): choose the same, "
            "or name another"
        )


def _settings(data: bytes, root: str) -> dict[str, Any]:
    try:
        told = json.loads(data)
        known = told["format"] == _FORMAT and isinstance(told["columns"], list)
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise CannotWrite(f"{root} is no data set that this version can write to")
    return dict(told)


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Let no other run on this machine write to a folder meanwhile.

    Raises:
        CannotWrite: Another does.
    """
    if not Path(store.root).is_dir():
        # An object store has no locks.
        yield
        return
    with writing(store.root):
        file = (Path(store.root) / _LOCK).open("wb")
    with file:
        try:
            lock(file.fileno(), wait=False)
        except BlockingIOError:
            raise CannotWrite(f"another run writes to {store.root}") from None
        except OSError:
            # Some file systems have no locks.
            pass
        yield
