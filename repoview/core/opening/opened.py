"""The result of an opening: what is known once a source was read, or was cached."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from repoview.core.index.statistics import shape_of
from repoview.core.verify.report import Outcome

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.commit import Commit
    from repoview.core.index.records import NodeTable, RecordIndex
    from repoview.core.index.statistics import Shape
    from repoview.core.load.result import Loaded
    from repoview.core.opening.results import Processed
    from repoview.core.verify.report import Report


@dataclass(frozen=True)
class Opened:
    """The result of an opening."""

    loaded: Loaded
    report: Report
    records: RecordIndex
    nodes: NodeTable
    counted: Shape | None = None
    """Its shape, if that was counted before."""

    processed: Processed | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    """What was counted since, as JSON by name; the cache keeps it with the rest."""

    apart: Outcome = field(default_factory=Outcome)
    """The outcome without the signature, which can be judged again."""

    @property
    def blocks(self) -> Blocks:
        """All blocks by CID."""
        return self.loaded.blocks

    @property
    def commit(self) -> Commit | None:
        """The commit; None when there is none that can be read."""
        return self.report.commit

    @cached_property
    def shape(self) -> Shape:
        """Sizes and histograms; counted when first asked for."""
        if self.counted is not None:
            return self.counted
        return shape_of(self.nodes, self.records, self.blocks.index)
