"""What the fields of a block are, if it is a node or a commit."""

from __future__ import annotations

from repoview.present.anatomy.commits import commit_remarks
from repoview.present.anatomy.nodes import looks_like_node, node_remarks


def block_remarks(
    data: bytes, lo: bytes | None = None, hi: bytes | None = None
) -> dict[int, str]:
    """Return remarks by the byte where a value begins; none of other blocks.

    Args:
        data: The block.
        lo: Of a node, the key before all of its own and those below; None where
            there is none, or it is not known.
        hi: The key after them.
    """
    if looks_like_node(data):
        return node_remarks(data, lo, hi)
    return commit_remarks(data)
