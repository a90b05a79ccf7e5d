"""What a file holds, in numbers: what `info` and `verify -v` tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from repoview.core.inventory.sizes import FileSizes
from repoview.core.inventory.unlinked import Amount, UnlinkedKind
from repoview.core.inventory.walk_order import WalkOrder

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file holds, in numbers."""

    sizes: FileSizes
    unlinked: Mapping[UnlinkedKind, Amount] | None
    """Blocks that nothing links to, by kind; None where a limit ended the walk, so
    that nobody knows."""

    shared_records: int
    """Record blocks that several keys link to."""

    two_roles: int
    """Blocks that are both a node and a record."""

    walk_order: WalkOrder | None
    """None without a tree."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `info --json` prints as ``inventory``."""
        unlinked = self.unlinked
        return {
            "bytes": self.sizes.to_json(),
            "unlinked": None
            if unlinked is None
            else {kind.value: unlinked[kind]._asdict() for kind in UnlinkedKind},
            "shared_records": self.shared_records,
            "two_roles": self.two_roles,
            "walk_order": None
            if self.walk_order is None
            else self.walk_order.to_json(),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Summary:
        """Return the summary that `to_json` told of.

        Raises:
            KeyError, TypeError, ValueError: It did not.
        """
        unlinked, order = told["unlinked"], told["walk_order"]
        return cls(
            FileSizes(**told["bytes"]),
            None
            if unlinked is None
            else {kind: Amount(**unlinked[kind.value]) for kind in UnlinkedKind},
            told["shared_records"],
            told["two_roles"],
            None if order is None else WalkOrder.from_json(order),
        )
