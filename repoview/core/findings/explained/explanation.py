"""What is told of a rule beside the catalogue: reasons, causes, readers, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repoview.core.findings.explained.readers import Readers


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule exists, how it is broken, who finds that, what a writer can do."""

    why: str
    """What would go wrong for people or software without the rule."""

    cause: str
    """Which mistake of a writer, or on the way, makes it."""

    fix: str
    """What those do who write the software that made it, or that reads it."""

    readers: Readers | None = None
    """What other readers do; None where none were compared."""
