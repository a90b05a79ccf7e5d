"""Loads a source to its end, for tests that do not need the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core import limits
from repoview.core.blocks.blocks import Blocks
from repoview.core.kernel import kernel
from repoview.core.load.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from repoview.core.findings.findings import Findings
    from repoview.core.formats.car_header import Header
    from repoview.core.load.result import Loaded, Progress
    from repoview.core.source.source import Source


def steps_of(
    source: Source,
    findings: Findings,
    follow: Callable[[Blocks, Header], None] | None = None,
    *,
    finds_next: bool = True,
) -> Generator[Progress, None, Loaded]:
    """Return the steps of a loading that has not begun."""
    blocks = Blocks(kernel.BlockIndex(size=source.size), source)
    return load(
        blocks, findings, limits.READ_CHUNK, follow=follow, finds_next=finds_next
    )


def load_all(
    source: Source,
    findings: Findings,
    follow: Callable[[Blocks, Header], None] | None = None,
    told: list[Progress] | None = None,
    *,
    finds_next: bool = True,
) -> Loaded:
    """Return the result of loading *source*; its steps are appended to *told*."""
    steps = steps_of(source, findings, follow, finds_next=finds_next)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            loaded: Loaded = end.value
            return loaded
        if told is not None:
            told.append(step)
