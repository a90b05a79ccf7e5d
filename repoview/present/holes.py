"""What a link of a tree led to, where that is no node: in words."""

from __future__ import annotations

from typing import Final

from repoview.core.kernel.seam import NodeKind

HOLES: Final = {
    NodeKind.MISSING: "missing node",
    NodeKind.DAMAGED: "damaged node",
    NodeKind.SHARED: "node linked to a second time",
    NodeKind.NOT_A_NODE: "not a node",
    NodeKind.TOO_DEEP: "too deep to be read",
}
