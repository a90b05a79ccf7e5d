"""One file of the cache: a SQLite database of pieces and of their contents page.

All SQL of repoview is here. A file has two tables::

    pieces    number → at most 1 MiB of bytes
    contents  1      → what the pieces are (see `contents`)

It is written once, atomically, and read as immutable: without locks, without a
journal, and without a memory map, so that a file which is truncated while it is
open is an error and does not end the process (SIGBUS). Bytes from SQLite are
checked against their checksums; the settings here only keep a hostile file from
making SQLite do anything but read.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cache.errors import CacheDamaged

try:
    import sqlite3
except ImportError:
    # Some Pythons are built without it.
    sqlite3 = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HAS_SQLITE: Final = sqlite3 is not None

FORMAT: Final = 1
"""The format of tables and contents page; a file of another is not read."""

PIECE: Final = 1 * limits.MiB
"""Bytes of every piece but the last of a name."""

MAX_CONTENTS: Final = 16 * limits.MiB
"""Bytes of a contents page: 16 for each MiB, enough for a TiB."""

_APPLICATION: Final = 0x52505657
"""The application id of the database: "RPVW"."""

_PAGE: Final = 32 * limits.KiB
"""Bytes of a database page: SQLite stores a piece as a linked list of pages."""

_SCHEMA: Final = [
    (
        "table",
        "contents",
        "contents",
        "CREATE TABLE contents (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    ),
    (
        "table",
        "pieces",
        "pieces",
        "CREATE TABLE pieces (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    ),
]


class NewerFormat(Exception):
    """A file of another `FORMAT`."""


class CacheWriteError(Exception):
    """Writing failed; the text says why."""


@contextmanager
def _damage() -> Iterator[None]:
    """Convert the errors of SQLite about a file to `CacheDamaged`."""
    try:
        yield
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise CacheDamaged(f"a file of the cache is damaged: {error}") from error


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CacheWriteError(str(error)) from error


class ReadFile:
    """A file of the cache, open for reading; not thread-safe.

    Args:
        path: A regular file.

    Raises:
        CacheDamaged: It is not such a database, or has another schema.
        NewerFormat: It is of another version of repoview.
    """

    def __init__(self, path: Path) -> None:
        with _damage():
            self._db = sqlite3.connect(
                f"{path.as_uri()}?mode=ro&immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=8,
            )
        try:
            with _damage():
                self._check()
        except BaseException:
            self._db.close()
            raise

    def _check(self) -> None:
        """Reject a file of another schema, before anything in it is used.

        Not by `quick_check`, which would read every page of the file: what is
        read has a checksum, and a page that is not read does no harm.
        """
        db = self._db
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CONTENTS + limits.MiB)
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        db.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1)
        for setting in (
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "mmap_size = 0",
            "query_only = ON",
        ):
            db.execute(f"PRAGMA {setting}").close()
        if self._one("PRAGMA application_id") != _APPLICATION:
            raise CacheDamaged("a file of the cache is no such file")
        if self._one("PRAGMA user_version") != FORMAT:
            raise NewerFormat
        with closing(
            db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
        ) as rows:
            if sorted(rows.fetchmany(len(_SCHEMA) + 1), key=repr) != _SCHEMA:
                raise CacheDamaged("a file of the cache has tables of others")

    def _one(self, query: str, *values: int) -> object:
        with closing(self._db.execute(query, values)) as rows:
            row = rows.fetchone()
        return None if row is None else row[0]

    def contents(self) -> bytes:
        """Return the contents page, unchecked.

        Raises:
            CacheDamaged: It has none.
        """
        return self._blob("SELECT data FROM contents WHERE number = ?", 1)

    def piece(self, number: int) -> bytes:
        """Return a piece, unchecked.

        Raises:
            CacheDamaged: It is missing, or cannot be read.
        """
        return self._blob("SELECT data FROM pieces WHERE number = ?", number)

    def _blob(self, query: str, number: int) -> bytes:
        with _damage():
            data = self._one(query, number)
        if not isinstance(data, bytes):
            raise CacheDamaged(f"a file of the cache lacks its piece {number}")
        return data

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        self._db.close()


class WriteFile:
    """A file of the cache that is being written, by one thread.

    Nothing is synced to disk: damage by a power failure is detected by the
    checksums, and only means that the entry is built again.

    Args:
        path: An empty file.

    Raises:
        CacheWriteError: It cannot be written.
    """

    def __init__(self, path: Path) -> None:
        with _writing():
            # Without SQLite's locks: closing one of two descriptors releases the
            # POSIX locks of both, and no other process knows the name.
            self._db = sqlite3.connect(
                f"{path.as_uri()}?mode=rw&nolock=1", uri=True, isolation_level=None
            )
        try:
            with _writing():
                self._begin()
        except BaseException:
            self._db.close()
            raise

    def _begin(self) -> None:
        for statement in (
            f"PRAGMA page_size = {_PAGE}",
            "PRAGMA trusted_schema = OFF",
            "PRAGMA mmap_size = 0",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            f"PRAGMA application_id = {_APPLICATION}",
            f"PRAGMA user_version = {FORMAT}",
            *(sql for *_, sql in _SCHEMA),
            "BEGIN",
        ):
            self._db.execute(statement).close()

    def put_piece(self, number: int, data: bytes | bytearray | memoryview) -> None:
        """Add a piece.

        Raises:
            CacheWriteError: Writing failed, such as on a full disk.
        """
        with _writing():
            self._db.execute("INSERT INTO pieces VALUES (?, ?)", (number, data)).close()

    def finish(self, contents: bytes) -> None:
        """Add the contents page, and close the file.

        Raises:
            CacheWriteError: Writing failed, such as on a full disk.
        """
        with _writing():
            self._db.execute("INSERT INTO contents VALUES (1, ?)", (contents,)).close()
            self._db.execute("COMMIT").close()
            self._db.close()

    def close(self) -> None:
        """Close the file as it is; closing twice is fine."""
        self._db.close()
