"""How to open a source: one frozen value, validated once.

The library makes it of keyword arguments, the command line of its options, the
explorer of its settings.
"""

from __future__ import annotations

import time
from inspect import signature
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    Self,
    TypeAlias,
    TypedDict,
    TypeVar,
    get_args,
)

from repoview.core import limits
from repoview.core.formats.frames.head import Which
from repoview.core.frozen import frozen
from repoview.core.opening.cache_policy import cache_policy_of
from repoview.core.opening.room import USUAL_ROOM, Room
from repoview.core.source.deadline import Deadline
from repoview.core.verify.verify import Checks

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from repoview.core.opening.cache_policy import CachePolicy

F = TypeVar("F", bound="Callable[..., Any]")

OnLimit: TypeAlias = Literal["raise", "leave"]
"""What happens when the memory limit is reached and the disk may not be used:
raise `MemoryLimitReached`, which can be resumed, or leave the rest of the source
unread, with finding LIM001. The limits of disk and time always do the latter."""

_ON_LIMIT: Final = get_args(OnLimit)


# Made once: nothing changes it, and small repositories are opened by the thousand.
_ALL_CHECKS: Final = Checks()


@frozen
class OpenOptions:
    """How to open a source.

    Raises:
        ValueError: *threads* is below one, *max_seconds* below none, or *on_limit* is
            none of its words.
    """

    checks: Checks = _ALL_CHECKS
    """What to check, and how strictly."""

    room: Room = USUAL_ROOM
    """What it may take of memory and disk, and in what folder."""

    threads: int | None = None
    """Threads that hash and check blocks; None lets the kernel choose."""

    cache: CachePolicy | None = None
    """Where the cache is; None to use none."""

    process: Callable[[bytes], bytes] | None = None
    """Run on every block that can be a record; the cache has none of its results,
    so with it every source is read."""

    eager: bool = False
    """Whether records are wanted as soon as they are known, and not only when
    there are many."""

    on_limit: OnLimit = "raise"

    frame: Which | None = None
    """Which frame to open, of a source that has several."""

    resync: bool = False
    """Whether to look for blocks in the bytes that no whole section covers."""

    max_seconds: float | None = None
    """Seconds that reading and walking may take, from the beginning; what is not
    done by then is left unread (LIM001). None for no limit."""

    clock: Callable[[], float] = time.monotonic
    """Monotonic seconds."""

    def __post_init__(self) -> None:
        """Clamp the threads to the most there may be."""
        threads = self.threads
        if threads is not None:
            if threads < 1:
                raise ValueError(
                    f"{threads:,} threads can do nothing: ask for 1 or more"
                )
            object.__setattr__(self, "threads", min(threads, limits.MOST_THREADS))
        # Not a number is neither.
        if self.max_seconds is not None and not self.max_seconds >= 0:
            raise ValueError(
                f"a limit of {self.max_seconds:,g} seconds is none: give 0 or more"
            )
        number = None if self.frame is None else self.frame.number
        if number is not None and number < 1:
            raise ValueError("frames are counted from 1")
        if self.on_limit not in _ON_LIMIT:
            raise ValueError(
                f"{self.on_limit!a} is no answer to a limit: say one of "
                f"{', '.join(_ON_LIMIT)}"
            )

    def deadline(self) -> Deadline | None:
        """Return the end of the time that there is from now on; None for no limit."""
        if self.max_seconds is None:
            return None
        return Deadline(self.max_seconds, self.clock)

    @classmethod
    def of(
        cls,
        *,
        checks: Checks | None = None,
        mem_limit: int = limits.MEMORY,
        spill: bool | str | os.PathLike[str] = False,
        disk_limit: int = limits.DISK,
        threads: int | None = None,
        cache: bool | str | os.PathLike[str] = False,
        process: Callable[[bytes], bytes] | None = None,
        on_limit: OnLimit = "raise",
        eager: bool = False,
        frame: int | None = None,
        max_seconds: float | None = None,
    ) -> Self:
        """Return the options that keyword arguments of the library ask for.

        Raises:
            ValueError: One of them says what cannot be.
        """
        return cls(
            checks or _ALL_CHECKS,
            Room.of(mem_limit, spill, disk_limit),
            threads,
            cache_policy_of(cache),
            process,
            eager,
            on_limit,
            None if frame is None else Which(frame),
            max_seconds=max_seconds,
        )


class OpenKeywords(TypedDict, total=False):
    """Keyword arguments of every function that opens a source; see `open`."""

    checks: Checks | None
    mem_limit: int
    spill: bool | str | os.PathLike[str]
    disk_limit: int
    threads: int | None
    cache: bool | str | os.PathLike[str]
    process: Callable[[bytes], bytes] | None
    frame: int | None
    max_seconds: float | None


def takes_keywords(opener: F) -> F:
    """Have `help` and completion show each name of `OpenKeywords`.

    Args:
        opener: Takes them as ``**options``, and makes `OpenOptions` of them.
    """
    own, named = signature(opener), signature(OpenOptions.of).parameters
    parameters = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
    parameters += [named[name] for name in OpenKeywords.__annotations__]
    shown = own.replace(parameters=parameters)
    opener.__signature__ = shown  # type: ignore[attr-defined]  # all functions have room
    return opener
