"""Any step as a JSON object."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from repoview.core.cid import Cid
from repoview.core.formats.key import path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.present.steps.telling import AnyStep


def step_object(step: AnyStep) -> dict[str, Any]:
    """Return a step as a JSON object: its kind, and its fields by their names."""
    found = _plain(step)
    assert isinstance(found, dict)  # noqa: S101 (a step is no bare value)
    return {"step": type(step).__name__, **found}


def _plain(value: object) -> object:
    if isinstance(value, Cid):
        return str(value)
    if isinstance(value, bytes):
        return path_of(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        names: Sequence[str] = [each.name for each in fields(value)]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        named = getattr(value, "_fields", None)
        if named is not None:
            return {name: _plain(each) for name, each in zip(named, value, strict=True)}
        return [_plain(each) for each in value]
    return value
