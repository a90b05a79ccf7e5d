"""A page: a title, and sections below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.present.styled import Section


class Page(NamedTuple):
    """An answer to "what am I seeing?", ready to be shown."""

    title: str
    """What it is about: "a record"."""

    sections: Sequence[Section]
