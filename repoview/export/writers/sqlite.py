"""Records as an SQLite database: a table of all, a view a collection, search.

``records`` has every record as JSON, with collection, record key, CID and date;
``repo`` says whose they are. A view named for a collection has its fields as
columns (those at the top: an object or array is JSON). ``search`` is a full-text
index (FTS5) over ``texts``, the words that people wrote::

    SELECT rkey, text FROM "app.bsky.feed.post" ORDER BY createdAt;
    SELECT path, text FROM search JOIN records ON number = search.rowid
    WHERE search MATCH 'tree';

The database is written without a journal, for it appears when it is whole.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sqlite3
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from repoview.core.load.result import Progress
from repoview.export import jsonl
from repoview.export.forecast import sampled_bytes
from repoview.export.formats import Written
from repoview.export.texts import record_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from repoview.core.repo.repo import Repo
    from repoview.export.destination import Meter
    from repoview.export.style import Style
    from repoview.export.texts import RecordText

MOST_VIEWS: Final = 1_000
MOST_COLUMNS: Final = 500
"""Collections that have a view, and columns of one: honest ones have fewer."""

_PAGE: Final = 4_096
_CACHE: Final = -16 * 1024
"""KiB of pages in memory, as SQLite takes it."""

_STEPS: Final = 50_000
"""Steps of SQLite's machine between two reports of progress."""

_NSID: Final = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){2,}")
_FIELD: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]{0,99}")

_TABLES: Final = """
CREATE TABLE repo (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE records (
  number INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  rkey TEXT NOT NULL,
  path TEXT NOT NULL,
  uri TEXT NOT NULL,
  cid TEXT NOT NULL,
  json TEXT NOT NULL
);
"""
_WRITTEN: Final = ("text", "title", "displayName", "name", "description", "content")
"""Fields with what people wrote."""

_TEXT: Final = " || char(10) || ".join(
    f"CASE json_type(json, '$.{name}') WHEN 'text' "
    f"THEN json_extract(json, '$.{name}') ELSE '' END"
    for name in _WRITTEN
)
_LIKELY: Final = " OR ".join(f'instr(json, \'"{name}":"\')' for name in _WRITTEN)
"""Most records have none of these fields: that is seen without parsing them."""

_LATER: Final = f"""
CREATE UNIQUE INDEX records_by_path ON records (path, number);
CREATE INDEX records_by_collection
  ON records (collection, json_extract(json, '$.createdAt'));
CREATE INDEX records_by_cid ON records (cid);
CREATE VIEW texts AS
  SELECT number, trim({_TEXT}, char(10)) AS text FROM records;
CREATE VIRTUAL TABLE search
  USING fts5(text, content='texts', content_rowid='number');
INSERT INTO search (rowid, text)
  SELECT number, trim({_TEXT}, char(10)) AS text FROM records
  WHERE ({_LIKELY}) AND text <> '';
"""  # noqa: S608 (of names above)
_KEYS: Final = """
SELECT DISTINCT collection, key FROM records NOT INDEXED, json_each(records.json)
WHERE typeof(key) = 'text'
"""
"""Fields by collection, as they are met first: an array has numbers for keys."""


def write_path(
    repo: Repo,
    numbers: Sequence[int],
    path: Path,
    report: Callable[[Progress], None],
    style: Style,
    meter: Meter,
) -> Written:
    """Write records as a database.

    Args:
        repo: Where they are.
        numbers: Of the records, each once.
        path: An empty file.
        report: Called with progress; what it raises ends the writing.
        style: How values are written.
        meter: Says how large the file may be.

    Raises:
        DestinationError: It would be larger.
        OSError: It cannot be written.
    """
    written = Written()
    # The file is locked already, in another way; and no one else knows it.
    name = f"file:{quote(str(path.absolute()))}?mode=rw&nolock=1"
    watch = _Watch(report, len(numbers))
    base = sqlite3.connect(name, uri=True, isolation_level=None)
    try:
        _prepare(base, meter)
        _fill(base, repo, record_texts(repo, numbers, report, written, style))
        base.set_progress_handler(watch, _STEPS)
        for statement in _LATER.split(";"):
            base.execute(statement)
        _add_views(base)
        base.execute("COMMIT")
    except sqlite3.Error as error:
        watch.raise_again()
        raise _of_system(error, base, meter) from error
    finally:
        base.close()
    meter.add(path.stat().st_size)
    return written


class _Watch:
    """Reports progress while SQLite works, and keeps what that raises.

    An exception cannot pass through SQLite.
    """

    def __init__(self, report: Callable[[Progress], None], records: int) -> None:
        self._report = report
        self._records = records
        self._raised: BaseException | None = None

    def __call__(self) -> bool:
        try:
            done = self._records
            self._report(Progress("index", done, done, done))
        except BaseException as error:  # noqa: BLE001 (see `raise_again`)
            self._raised = error
        return self._raised is not None

    def raise_again(self) -> None:
        """Raise what the report raised, if it did."""
        if self._raised is not None:
            raise self._raised


def _prepare(base: sqlite3.Connection, meter: Meter) -> None:
    base.executescript(
        f"PRAGMA page_size={_PAGE}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        f"PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size={_CACHE};"
        "PRAGMA temp_store=FILE; PRAGMA encoding='UTF-8';"
    )
    if meter.most is not None:
        base.execute(f"PRAGMA max_page_count={_most_pages(meter.most)}")
    base.execute("BEGIN")
    for statement in _TABLES.split(";"):
        base.execute(statement)


def _fill(base: sqlite3.Connection, repo: Repo, records: Iterator[RecordText]) -> None:
    commit = repo.commit
    facts = {"source": repo.name, "made by": "repoview"}
    if commit is not None:
        facts |= {"did": commit.did or "", "rev": commit.rev or ""}
        facts |= {"commit": str(commit.cid), "data": str(commit.data or "")}
    base.executemany("INSERT INTO repo VALUES (?, ?)", facts.items())
    rows = (_row(number, record) for number, record in enumerate(records))
    base.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _row(number: int, record: RecordText) -> tuple[Any, ...]:
    return number, *record.names, record.path, record.uri, record.cid, record.text


def _add_views(base: sqlite3.Connection) -> None:
    """Add a view for each collection, with its fields in the order they come."""
    fields: dict[str, list[str]] = {}
    for collection, key in base.execute(_KEYS):
        if not _NSID.fullmatch(collection):
            continue
        if collection not in fields and len(fields) == MOST_VIEWS:
            break
        names = fields.setdefault(collection, [])
        if len(names) < MOST_COLUMNS and _FIELD.fullmatch(key):
            names.append(key)
    taken: set[str] = set()
    for collection, keys in fields.items():
        name, number = collection, 1
        while name.lower() in taken:
            # SQLite does not tell capital letters from small ones.
            number += 1
            name = f"{collection} ({number})"
        taken.add(name.lower())
        base.execute(_view(name, collection, keys))


def _view(name: str, collection: str, keys: list[str]) -> str:
    """Return the statement that makes a view; all names in it are plain."""
    taken = {"rkey", "uri", "cid"}
    columns = []
    for key in keys:
        column, number = key, 1
        while column.lower() in taken:
            number += 1
            column = f"{key} ({number})"
        taken.add(column.lower())
        columns.append(f', json_extract(json, \'$."{key}"\') AS "{column}"')
    told = f"rkey, uri, cid{''.join(columns)}"
    # Names are none but `_NSID` and `_FIELD`: no parameter may stand in a view.
    where = f"FROM records WHERE collection = '{collection}'"
    return f'CREATE VIEW "{name}" AS SELECT {told} {where}'


def _of_system(
    error: sqlite3.Error, base: sqlite3.Connection, meter: Meter
) -> Exception:
    """Return what an error of SQLite means."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code != sqlite3.SQLITE_FULL:
        return OSError(errno.EIO, f"its database cannot be written ({error})")
    if meter.most is not None:
        base.set_progress_handler(None, 0)
        (pages,) = base.execute("PRAGMA page_count").fetchone()
        if pages >= _most_pages(meter.most):
            return meter.error()
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _most_pages(size: int) -> int:
    return max(1, size // _PAGE)


def estimate(repo: Repo, numbers: Sequence[int]) -> int:
    """Return about how many bytes the database takes."""
    return 16 * _PAGE + 2 * sampled_bytes(repo, numbers, jsonl.write)


def preview(repo: Repo, numbers: Sequence[int], most: int) -> list[str]:
    """Return lines that describe what is in the database."""
    names = dict.fromkeys(
        record.collection for record in repo.records_at(numbers[:_SHOWN])
    )
    lines = [
        f"records  {len(numbers):,}, as JSON, by path, CID, collection and date",
        "search   full-text index of what people wrote",
        *(f"view     {json.dumps(name, ensure_ascii=False)}" for name in names),
    ]
    return lines[:most]


_SHOWN: Final = 1_000
"""Records whose collections are told beforehand."""
