"""What is proved of a path, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.repo.proof import Answer
from repoview.present.text import safe

if TYPE_CHECKING:
    from repoview.core.repo.proof import Proof


def proof_text(proof: Proof) -> str:
    """Return whether a path is in the repository, and why, without a full stop."""
    path = safe(proof.path, 400)
    match proof.answer:
        case Answer.PRESENT:
            return f"{path} is in the repository: {proof.why}"
        case Answer.ABSENT:
            return f"{path} is not in the repository: {proof.why}"
        case Answer.UNKNOWN:
            return f"whether {path} is in the repository cannot be told: {proof.why}"
