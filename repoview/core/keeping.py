"""Whether, and where, what is learned of a source is kept for the next time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core import limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cached import Cached
    from repoview.core.room import Room
    from repoview.core.source import Source
    from repoview.core.spool import Folder
    from repoview.core.verify import Checks

LEAST_BYTES: Final = 1 * limits.MiB
"""Sources that are smaller are read sooner than the cache is."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the cache is."""

    folder: Folder
    """Names the folder."""

    say: Callable[[str], None] = lambda _: None
    """Told what a user may want to know, in sentences."""

    def of(self, source: Source, checks: Checks | None, room: Room) -> Cached | None:
        """Return what is known of a source, None for one that is not kept.

        Args:
            source: As it was opened.
            checks: What to check of it.
            room: What it may take of memory and disk.
        """
        if source.path is None or source.size < LEAST_BYTES:
            return None
        # Late: small repositories start without a database.
        from repoview.core.cached import Cached  # noqa: PLC0415
        from repoview.core.verify import Checks as Default  # noqa: PLC0415

        return Cached(source, checks or Default(), room, self.folder, self.say)
