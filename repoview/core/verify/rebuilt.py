"""Build the tree again from its keys, and compare (MST024).

There is one tree for a set of keys. Every other rule of the tree that is broken
makes it differ too, and says more: this is the check that needs none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.errors import MstError
from repoview.core.findings.findings import Scope, Severity, finding
from repoview.core.formats.mst_build import TreeBuilder
from repoview.core.index.missing import MissingRecords
from repoview.core.marks import NO_ROW

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Findings
    from repoview.core.kernel.seam import Batch


class Rebuilt:
    """The tree that the keys of a walk give.

    Args:
        blocks: Those that are walked.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._builder: TreeBuilder | None = TreeBuilder()
        """None once keys were out of order."""

    def take(self, batch: Batch) -> None:
        """Add the keys of a batch of the walk.

        Keys out of order give no tree, and were reported.
        """
        if self._builder is not None:
            try:
                self._add(self._builder, batch)
            except MstError:
                self._builder = None

    def _add(self, builder: TreeBuilder, batch: Batch) -> None:
        missing = MissingRecords()
        missing.extend(batch.missing)
        absent = (cid for _, cid in missing.items())
        behind = batch.ends[-1] - len(batch.keys) if batch.ends else 0
        start = 0
        for row, end in zip(batch.rows, batch.ends, strict=True):
            key = batch.keys[start : end - behind]
            builder.add(key, next(absent) if row == NO_ROW else self._blocks.cid(row))
            start = end - behind

    def compare(self, top: Cid, holder: int, findings: Findings) -> None:
        """Report a tree that differs, unless another finding explains it.

        Args:
            top: The top node of the tree that was walked.
            holder: The section of the block that links to it.
            findings: What was found in the whole tree; gets this one.
        """
        if self._builder is None or findings.has(Severity.ERROR, Scope.TREE):
            return
        built = self._builder.finish()
        if built != top:
            text = f"the tree built from its keys is {built}, not {top}"
            wanted, found = str(top), str(built)
            findings.add(
                finding("MST024", text, offset=holder, expected=wanted, found=found)
            )
