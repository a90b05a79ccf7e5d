"""What is told of a rule beside the catalogue: causes, other readers, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repoview.core.findings.explained.readers import Readers


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a fault comes about, who else finds it, and what a writer can do."""

    cause: str
    """Which mistake of a writer, or on the way, makes it."""

    fix: str
    """What those do who write the software that made it, or that reads it."""

    readers: Readers | None = None
    """What other readers do; None where none were compared."""
