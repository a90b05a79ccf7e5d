"""Find frames of the event stream in a source: the first, or any by its number.

A saved stream is one frame behind another, with nothing in between and no lengths;
so each is read to its end before the next is known to begin. One is read at a
time, and no more of it than `limits.MAX_FRAME`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.errors import NotFound
from repoview.core.findings.findings import finding
from repoview.core.formats.frames.end import frame_end
from repoview.core.formats.frames.head import FRAME_HEAD, begins_frame
from repoview.core.formats.frames.reader import read_frame
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.formats.frames.frame import Frame
    from repoview.core.formats.frames.head import Which

Read: TypeAlias = "Callable[[int, int], bytes]"
"""Returns as many bytes from an offset, fewer where the source ends."""

_FIRST: Final = 64 * limits.KiB
"""Bytes in which most frames end."""


def frame_at(read: Read, number: int, offset: int) -> Frame:
    """Return the frame that begins at an offset, and look at what follows it."""
    size = _FIRST
    while True:
        data = read(offset, size)
        end = frame_end(data)
        if end is not None or len(data) < size or size == limits.MAX_FRAME:
            break
        size = min(4 * size, limits.MAX_FRAME)
    is_over = end is None and len(data) == limits.MAX_FRAME
    frame = read_frame(data[:end], number=number, offset=offset, is_over=is_over)
    if not frame.is_whole or not (behind := read(frame.end, FRAME_HEAD)):
        return frame
    if begins_frame(behind):
        return replace(frame, has_next=True)
    text = "what stands behind the frame is none itself, and left unread"
    found = finding("FRM008", text, offset=frame.end)
    return replace(frame, findings=(*frame.findings, found))


def find_frame(read: Read, which: Which | None, name: str) -> Frame:
    """Return the frame that is wanted.

    Args:
        read: Reads the source; a frame begins at the offset of *which*.
        which: The one that is wanted; None for the first, where it is a finding
            that others follow (FRM017).
        name: What the source is called, for messages.

    Raises:
        NotFound: The source has fewer frames.
    """
    if which is None:
        frame = frame_at(read, 1, 0)
        text = "another frame follows; this one is the first"
        found = finding("FRM017", text, offset=frame.end)
        more = (found,) if frame.has_next else ()
        return replace(frame, findings=(*frame.findings, *more))
    number, offset = which.known, which.offset
    wanted = number if which.number is None else which.number
    frame = frame_at(read, number, offset)
    while frame.number < wanted and frame.has_next:
        frame = frame_at(read, frame.number + 1, frame.end)
    if frame.number != wanted:
        has = count_text(frame.number, "frame")
        raise NotFound(f"{name} has no frame {wanted:,}: it has {has}")
    return frame
