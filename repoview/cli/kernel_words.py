"""Which kernel runs, in words; imported on first use."""

from __future__ import annotations

from typing import Final

from repoview.core.kernel import kernel
from repoview.present import safe

ABSENT: Final = (
    "there is no compiled kernel in this install: large files take some 30 times "
    "as long; install a wheel, or install again where Rust is"
)
"""What an install without Rust lacks, and what that costs."""


def kernel_words() -> str:
    """Return the name of the kernel that runs, and why it is not the fast one."""
    if kernel.REFUSED is not None:
        why = f"the compiled one is not used: {safe(kernel.REFUSED, 200)}"
        return f"{kernel.NAME}; {why}"
    return f"{kernel.NAME}; {ABSENT}" if kernel.ABSENT else kernel.NAME
