"""What the caller wants of a run, as frozen values.

The command line makes them of its options; views read them and nothing else:
no environment, no arguments.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from repoview.core.frozen import frozen
from repoview.core.opening.options import OpenOptions

if TYPE_CHECKING:
    from pathlib import Path


@frozen
class Settings:
    """How to open a source, and what the explorer shows of it."""

    options: OpenOptions = field(default_factory=OpenOptions)
    """How to open it; the explorer answers for itself what a limit does."""

    config: Path | None = None
    """The file with the reader's own settings of the explorer; None for none."""

    state: Path | None = None
    """The folder where the explorer remembers; None to remember nothing."""

    is_passing: bool = False
    """Whether the sources are gone afterwards: then they are not among those that
    were opened lately."""

    pager: str = ""
    """The command that shows a text by the page, ``$PAGER``; empty for none."""

    editor: str = ""
    """The command that the reader edits with, ``$EDITOR``; empty for none."""

    color: bool = True
    """Whether screens have colors."""
