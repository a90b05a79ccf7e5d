"""Where a data set is: a folder, or a place in an object store.

What is written comes under its name only when it is whole. In a folder it is renamed
from beside; an object store shows an object when all of it has come.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Protocol

from repoview.core.errors import RepoviewError, reason_of
from repoview.fleet.hashed import fsspec, is_url

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAGING: Final = "_writing-"
"""What the names of folders begin with in which files are written."""


class CannotWrite(RepoviewError):
    """The data set cannot be written, or what is there is none."""


class Store(Protocol):
    """A place for files, by names with ``/`` between their parts."""

    root: str

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names of all files in a folder and below; none if it is not."""

    def staging(self) -> Any:  # noqa: ANN401 (a context manager)
        """Give a local folder for files that are not whole, removed at the end."""

    def publish(self, staged: Path, name: str) -> None:
        """Move a whole file to its name, in place of one that is there."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def read(self, name: str) -> bytes | None:
        """Return a small file; None if it is not there."""

    def clear_staging(self) -> None:
        """Remove what killed processes left."""

    def dataset(self, folder: str) -> Any:  # noqa: ANN401 (a dataset of pyarrow)
        """Return the Parquet files of a folder as one table, lazily; None of none."""


def store_at(out: str) -> Store:
    """Return the store that a path or a URL names.

    Raises:
        SourceError: fsspec is not installed.
    """
    return _Objects(out) if is_url(out) else _Folder(out)


@contextmanager
def writing(root: str) -> Iterator[None]:
    """Let an error of a file system say that the data set cannot be written."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(f"cannot write {root}: {reason_of(error)}") from error


def write_json(store: Store, name: str, value: Any) -> None:  # noqa: ANN401 (JSON)
    """Write a small file."""
    with store.staging() as folder:
        staged = folder / "part"
        staged.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
        store.publish(staged, name)


class _Folder:
    """A folder of this machine, or that several mount."""

    def __init__(self, out: str) -> None:
        self.root = os.fspath(out)
        self._path = Path(out)

    def names(self, folder: str) -> Iterator[str]:
        for path, _, names in os.walk(self._path / folder):
            below = Path(path).relative_to(self._path).as_posix()
            yield from (f"{below}/{name}" for name in names)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        # In the same file system, so that what is whole can be renamed.
        self._path.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._path))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staged: Path, name: str) -> None:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(path)

    def remove(self, name: str) -> None:
        (self._path / name).unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._path / name).read_bytes()
        except FileNotFoundError:
            return None

    def clear_staging(self) -> None:
        for folder in self._path.glob(_STAGING + "*"):
            shutil.rmtree(folder, ignore_errors=True)

    def dataset(self, folder: str) -> Any:  # noqa: ANN401 (a dataset of pyarrow)
        files = sorted(n for n in self.names(folder) if n.endswith(".parquet"))
        return _dataset([str(self._path / name) for name in files], self.root, None)


class _Objects:
    """A place in a store that fsspec knows."""

    def __init__(self, out: str) -> None:
        self.root = out.rstrip("/")
        try:
            self._system, self._path = fsspec().core.url_to_fs(self.root)
        except (ImportError, ValueError) as error:
            raise CannotWrite(f"cannot write {out}: {error}") from error

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"

    def names(self, folder: str) -> Iterator[str]:
        self._system.invalidate_cache()
        for path in self._system.find(self._at(folder)):
            yield PurePosixPath(path).relative_to(self._path).as_posix()

    @contextmanager
    def staging(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)

    def publish(self, staged: Path, name: str) -> None:
        self._system.put_file(str(staged), self._at(name))
        staged.unlink()

    def remove(self, name: str) -> None:
        if self._system.exists(self._at(name)):
            self._system.rm_file(self._at(name))

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._system.cat_file(self._at(name)))
        except FileNotFoundError:
            return None

    def clear_staging(self) -> None:
        """Leave nothing: what is written is in temporary folders of each machine."""

    def dataset(self, folder: str) -> Any:  # noqa: ANN401 (a dataset of pyarrow)
        files = sorted(n for n in self.names(folder) if n.endswith(".parquet"))
        return _dataset([self._at(name) for name in files], self._path, self._system)


def _dataset(paths: list[str], root: str, system: Any) -> Any | None:  # noqa: ANN401 (pyarrow's)
    if not paths:
        return None
    dataset = import_module("pyarrow.dataset")
    return dataset.dataset(
        paths,
        format="parquet",
        filesystem=system,
        partitioning="hive",
        partition_base_dir=root,
    )
