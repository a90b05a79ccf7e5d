"""The one way to open: a target and options give an `Opening`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.formats.frames.head import FRAME_HEAD, begins_frame
from repoview.core.opening.cache_policy import is_kept
from repoview.core.opening.opening import Opening
from repoview.core.source.opener import open_source

if TYPE_CHECKING:
    from repoview.core.opening.options import OpenOptions
    from repoview.core.repo.cached import Cached
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.opener import Target
    from repoview.core.source.source import Source


def begin(
    target: Target,
    options: OpenOptions,
    cancel: Cancel | None = None,
    *,
    name: str | None = None,
) -> Opening:
    """Open *target* and look it up in the cache; what is not there is read in steps.

    Args:
        target: What can be opened.
        options: What is wanted.
        cancel: Ends it, also while it waits for bytes.
        name: What to call it in messages; by default what it is opened by.

    Raises:
        SourceError: The bytes cannot be read.
    """
    # From here on: connecting to a server takes time, too.
    deadline = options.deadline()
    source = open_source(
        target,
        name=name,
        folder=options.room.folder,
        cancel=cancel,
        deadline=deadline,
    )
    return Opening(source, options, cancel, _cached(source, options), deadline)


def _cached(source: Source, options: OpenOptions) -> Cached | None:
    """Return the cache entry of a source; None for one that is not kept."""
    policy = options.cache
    if policy is None or not is_kept(source):
        return None
    if begins_frame(source.read_at(0, FRAME_HEAD)):
        # Many events have one file, which is read sooner than told apart.
        return None
    # Late: small repositories start without a database.
    from repoview.core.repo.cached import Cached  # noqa: PLC0415

    return Cached(source, options.checks, options.room, policy.folder, policy.say)
