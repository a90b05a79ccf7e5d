"""Selections by definition: every record, every term, nothing shared with the engine.

What a term means is written here a second time, from the page about it; only
values are decoded by the engine, and JMESPath is that of its package.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jmespath
from jmespath.exceptions import JMESPathError

from repoview.core.cid import DAG_CBOR
from repoview.core.errors import RepoviewError
from repoview.core.formats.dagcbor.text_spans import texts
from repoview.core.formats.syntax import is_tid, tid_time
from repoview.core.selection.terms import And, Not, Or, Selection, Value

if TYPE_CHECKING:
    from repoview.core.formats.record import Record
    from repoview.core.repo.repo import Repo

FORMS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d", 16: "%Y-%m-%dT%H:%M"}


def numbers(repo: Repo, selection: Selection) -> list[int]:
    """Return the numbers of all records that a selection has."""
    return [n for n in range(len(repo)) if has(repo.record(n), selection)]


def has(record: Record, selection: Selection) -> bool:
    """Tell whether a selection has a record."""
    match selection:
        case And(of):
            return all(has(record, each) for each in of)
        case Or(of):
            return any(has(record, each) for each in of)
        case Not(of):
            return not has(record, of)
        case _:
            return bool(JUDGES[selection.field](record, selection.value))


def decoded(record: Record) -> Any:
    """Return the value of a record, None where it cannot be had."""
    try:
        return record.decoded
    except RepoviewError:
        return None


def is_like(name: str, pattern: str) -> bool:
    """Tell whether a pattern with ``*`` and ``?`` stands for a name."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(is_like(name[at:], pattern[1:]) for at in range(len(name) + 1))
    if not name or pattern[0] not in {"?", name[0]}:
        return False
    return is_like(name[1:], pattern[1:])


def in_time(when: datetime | None, value: Value) -> bool:
    """Tell whether a time is one that is asked for."""
    if when is None:
        return False
    if value.kind == "..":
        begins = not value.first or when >= beginning(value.first)
        return begins and (not value.last or when < end(value.last))
    start, stop = beginning(value.first), end(value.first)
    return {
        "is": start <= when < stop,
        ">": when >= stop,
        ">=": when >= start,
        "<": when < start,
        "<=": when < stop,
    }[value.kind]


def beginning(text: str) -> datetime:
    """Return the first instant of a date."""
    return datetime.strptime(text, FORMS[len(text)]).replace(tzinfo=UTC)


def end(text: str) -> datetime:
    """Return the first instant behind a date."""
    start = beginning(text)
    if len(text) == 4:
        return start.replace(year=start.year + 1)
    if len(text) == 7:
        return (start + timedelta(days=31)).replace(day=1)
    return start + (timedelta(days=1) if len(text) == 10 else timedelta(minutes=1))


def in_size(record: Record, value: Value) -> bool:
    """Tell whether a block has so many bytes."""
    size = record.size
    if size is None:
        return False
    if value.kind == "..":
        return (not value.first or size >= int(value.first)) and (
            not value.last or size <= int(value.last)
        )
    wanted = int(value.first)
    return {
        "is": size == wanted,
        ">": size > wanted,
        ">=": size >= wanted,
        "<": size < wanted,
        "<=": size <= wanted,
    }[value.kind]


def in_keys(record: Record, value: Value) -> bool:
    """Tell whether a key is one that is asked for."""
    key, first, last = record.key, value.first.encode(), value.last.encode()
    if value.kind == "..":
        return key >= first and (not last or key <= last)
    return {
        "is": key == first,
        ">": key > first,
        ">=": key >= first,
        "<": key < first,
        "<=": key <= first,
    }[value.kind]


def key_time(record: Record) -> datetime | None:
    """Return the time of a record key that is a TID."""
    is_then = bool(record.collection) and is_tid(record.rkey)
    return tid_time(record.rkey) if is_then else None


def creation(record: Record) -> datetime | None:
    """Return when a record says that it was created."""
    value = decoded(record)
    said = value.get("createdAt") if isinstance(value, dict) else None
    try:
        when = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    if when is None or len(str(said)) > 64:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def says(record: Record, value: Value) -> bool:
    """Tell whether one of its texts contains another; ASCII only.

    What is linked to as other than plain DAG-CBOR has none.
    """
    if not record.cid.is_blessed or record.cid.codec != DAG_CBOR:
        return False
    try:
        data = record.data
    except RepoviewError:
        return False
    flags = re.IGNORECASE | re.ASCII if value.first == value.first.lower() else 0
    sought = re.compile(re.escape(value.first), flags)
    told = (data[start:end].decode(errors="replace") for start, end in texts(data))
    return any(map(sought.search, told))


def is_found(record: Record, value: Value) -> bool:
    """Tell whether there is such a finding about a record."""
    return any(
        value.first in {"any", each.severity.value} or each.code.startswith(value.first)
        for each in record.findings
    )


def meets(record: Record, value: Value) -> bool:
    """Tell whether JMESPath takes its JSON for true."""
    try:
        found = jmespath.search(value.first, record.json())
    except (RepoviewError, JMESPathError, TypeError):
        return False
    return type(found) is int or found not in (None, False, "", [], {})


JUDGES = {
    "collection": lambda record, value: is_like(record.collection, value.first),
    "prefix": lambda record, value: record.key.startswith(value.first.encode()),
    "key": in_keys,
    "path": lambda record, value: value.first.encode() in record.key,
    "time": lambda record, value: in_time(key_time(record), value),
    "created": lambda record, value: in_time(creation(record), value),
    "size": in_size,
    "finding": is_found,
    "text": says,
    "where": meets,
}
