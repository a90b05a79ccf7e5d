"""One block on the way from a commit down to a record, a node or a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.formats.record import Record
    from repoview.core.repo.tree import NodeView


@frozen
class Step:
    """One block on the way."""

    role: str
    """commit, node, record; or what a link led to instead of a node."""

    cid: Cid
    link: str
    """The field of the block above that links to it; "" for the first."""

    offset: int | None
    size: int | None
    hashes: bool
    """Whether its bytes are there and hash to its CID."""

    key: bytes | None = None
    """The key of the entry that has the link; for a link to a sub-tree, that
    before it; None for the leftmost sub-tree, and where there is no entry."""

    node: NodeView | None = None
    entries: int | None = None
    """Entries in a node."""

    record: Record | None = None
