"""What happened at one key between two trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from repoview.core.formats.key import path_of

if TYPE_CHECKING:
    from repoview.core.cid import Cid


class RecordChange(NamedTuple):
    """A key whose record is another one, or there in one of two trees only."""

    key: bytes
    before: Cid | None
    """The record that stood there; None for none."""

    after: Cid | None
    """The record that stands there now; None for none."""

    @property
    def path(self) -> str:
        """The key as text."""
        return path_of(self.key)

    @property
    def action(self) -> Literal["create", "update", "delete"]:
        """What happened, in the words of the event stream."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"
