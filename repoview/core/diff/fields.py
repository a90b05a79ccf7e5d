"""What differs between two records, field by field.

Maps are compared by name and lists by place, down to what is neither. A map or
list that only one of them has is one change, with all that is in it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from repoview.core.cid import DAG_CBOR
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.spans import step_into

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.repo.repo import Repo
    from repoview.core.trees.record_change import RecordChange


class FieldChange(NamedTuple):
    """A field of a record that is another one, or there in one of two only."""

    path: str
    """Where it is, as in ``embed.images[0].alt``; "" for the record itself."""

    action: Literal["create", "update", "delete"]
    """What happened to it, in the words for records."""

    before: Any
    """What it was, as `Record.value` has it; None where it was not there."""

    after: Any
    """What it is now; None where it is not there any more."""


def changed_fields(old: Repo, new: Repo, change: RecordChange) -> Iterator[FieldChange]:
    """Yield what differs in the record of a change; of a new one, every field.

    Args:
        old: The repository before.
        new: The one after.
        change: One of the items of their diff.

    Raises:
        BlockMissing: A record is not there, or damaged.
        SourceError: A source was changed.
    """
    before: Value = {} if change.before is None else _value_of(old, change.before)
    after: Value = {} if change.after is None else _value_of(new, change.after)
    yield from field_changes(before, after)


def _value_of(repo: Repo, cid: Cid) -> Value:
    """Return a block as far as it can be decoded, as `Record.decoded` does."""
    data = repo.block(cid).data
    return dagcbor.diagnose(data).value if cid.codec == DAG_CBOR else data


def field_changes(before: object, after: object) -> Iterator[FieldChange]:
    """Yield what differs between two values.

    Of each map or list, what only one of them has comes first, then what differs in
    those that both have, in the order of the first. Values of different types
    differ, so 1 is not 1.0, and not true.

    Args:
        before: A value of the data model, as `Record.value` is.
        after: Another one.
    """
    todo: list[tuple[str, object, object]] = [("", before, after)]
    while todo:
        path, old, new = todo.pop()
        changes: list[FieldChange] = []
        inner: list[tuple[str, object, object]] = []
        if isinstance(old, dict) and isinstance(new, dict):
            _sort_out(path, old, new, inner, changes)
        elif isinstance(old, list) and isinstance(new, list):
            places = dict(enumerate(old)), dict(enumerate(new))
            _sort_out(path, *places, inner, changes)
        elif not _is_same(old, new):
            yield FieldChange(path, "update", old, new)
        yield from changes
        todo += reversed(inner)


def _sort_out(
    path: str,
    old: dict[Any, Any],
    new: dict[Any, Any],
    inner: list[tuple[str, object, object]],
    changes: list[FieldChange],
) -> None:
    """Add what both have to *inner*, and what one of them has to *changes*."""
    for at, value in old.items():
        if at in new:
            inner.append((step_into(path, at), value, new[at]))
        else:
            where = step_into(path, at)
            changes.append(FieldChange(where, "delete", value, None))
    for at, value in new.items():
        if at not in old:
            where = step_into(path, at)
            changes.append(FieldChange(where, "create", None, value))


def _is_same(old: object, new: object) -> bool:
    if type(old) is not type(new):
        return False
    if isinstance(old, float) and isinstance(new, float):
        are_nan = math.isnan(old) and math.isnan(new)
        return are_nan or (
            old == new and math.copysign(1, old) == math.copysign(1, new)
        )
    return old == new
