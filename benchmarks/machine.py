"""Say when, and on what, something is measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import ours

if TYPE_CHECKING:
    from benchmarks.ours import About


def facts(about: About, runs: int) -> str:
    """Return when and on what it is measured, in one line."""
    return " · ".join(
        (
            f"{datetime.now(UTC):%Y-%m-%d}",
            f"{_processor()}, {os.cpu_count()} cores",
            f"{platform.system()} {platform.machine()}",
            about.python,
            f"{ours.OURS} {about.version} with its kernel {about.kernel!r}",
            f"most runs of each: {runs}",
        )
    )


def _processor() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n")
    except OSError:
        return platform.processor() or "an unknown processor"
    names = [
        line.partition(":")[2].strip()
        for line in lines
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()
