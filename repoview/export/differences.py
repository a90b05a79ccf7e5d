"""What differs between two repositories as JSON: an object a record."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from repoview.core.diff.fields import changed_fields
from repoview.core.errors import BlockMissing
from repoview.core.formats.key import path_of
from repoview.core.load.result import Progress
from repoview.export.destination import written_beside
from repoview.export.writing import refuse_source
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from repoview.core.diff.fields import FieldChange
    from repoview.core.diff.items import UnknownRange
    from repoview.core.repo.repo import Repo
    from repoview.core.trees.record_change import RecordChange


def fields_of(old: Repo, new: Repo, change: RecordChange) -> list[FieldChange] | None:
    """Return what differs in a record; None where a block is not there."""
    with suppress(BlockMissing):
        return list(changed_fields(old, new, change))
    return None


def change_object(change: RecordChange) -> dict[str, Any]:
    """Return what JSON says of a record that differs."""
    told: dict[str, Any] = {
        "op": change.action,
        "path": change.path,
        "old": None if change.before is None else str(change.before),
        "new": None if change.after is None else str(change.after),
    }
    if change.path.encode(errors="surrogatepass") != change.key:
        told["key_hex"] = change.key.hex()
    return told


def with_fields(old: Repo, new: Repo, change: RecordChange) -> dict[str, Any]:
    """Return the same with what differs in the record."""
    fields = fields_of(old, new, change)
    told = None if fields is None else [_field_object(each) for each in fields]
    return {**change_object(change), "fields": told}


def _field_object(each: FieldChange) -> dict[str, Any]:
    told: dict[str, Any] = {"field": each.path}
    if each.action != "create":
        told["old"] = each.before
    if each.action != "delete":
        told["new"] = each.after
    return told


def unknown_object(item: UnknownRange) -> dict[str, Any]:
    """Return what JSON says of a range of which nothing can be told."""
    return {
        "after": path_of(item.lo) if item.lo else None,
        "before": None if item.hi is None else path_of(item.hi),
        "cid": str(item.cid),
        "side": "a" if item.side == "old" else "b",
        "fault": item.fault or "is not there",
    }


def write_changes(
    sides: tuple[Repo, Repo],
    changes: Sequence[RecordChange],
    path: Path,
    report: Callable[[Progress], None],
    *,
    force: bool,
) -> int:
    """Write changes to a file, one JSON object a line; return how many.

    Args:
        sides: The repository before, and the one after.
        changes: Of their diff.
        path: The file; never one of the sources.
        report: Called with progress, in changes; what it raises ends it.
        force: Whether a file that is there may be replaced.

    Raises:
        DestinationTaken: There is a file, and it may not be replaced.
        DestinationError: It is a source, or cannot be written.
        SourceError: A source was changed.
    """
    for side in sides:
        refuse_source(side.name, path)
    with written_beside(path, force=force) as file:
        for number, change in enumerate(changes):
            if not number & 255:
                report(Progress("export", number, len(changes), number))
            line = json_text(with_fields(*sides, change), None)
            file.write(f"{line}\n".encode())
    return len(changes)
