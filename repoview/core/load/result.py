"""The result of a pass over a source, and its progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.car_header import Header
    from repoview.core.formats.frames.frame import Frame


@frozen
class Progress:
    """How far an operation is."""

    stage: str
    """Which one: "load", "walk"."""

    done: int
    total: int
    """In bytes while loading; 0 when it is not known."""

    blocks: int
    """Blocks met so far."""


class Resynced(NamedTuple):
    """What a search for blocks came to, where framing was lost."""

    blocks: int
    """Found by it."""

    times: int
    """How often sections could be read again behind bytes that could not."""

    lost_bytes: int
    """Of what was searched, bytes that are in no section whose block hashes."""

    is_bounded: bool
    """Whether it could not try everything that it would."""


@frozen
class Loaded:
    """The result of a pass over a source."""

    blocks: Blocks
    header: Header | None
    """None when it cannot be read; nothing behind it was, then."""

    start: int
    """Where the CARv1 begins: 0, or the data of a CARv2 or frame."""

    end: int
    """Where it ends, according to the file."""

    first_section: int | None
    """Where the first section begins that is not too short for a block."""

    sections: int
    """Sections met, without those of zero length."""

    cut: bool
    """Whether it ends inside something, or in bytes that are no sections."""

    limited: bool
    """Whether reading ended because a limit was reached."""

    ended_by: str | None = None
    """The code of what ended the reading before the source ends, whatever that
    weighs: a section that is cut off (CAR023), another CAR (CAR033). None where
    it ends as it should."""

    frame: Frame | None = None
    """The frame of the event stream that it stands in."""

    skipped: int = 0
    """Bytes that were skipped where the framing was lost, and found again."""

    last_before: int = -1
    """Offset of the last section with a block in front of the first of them; -1 for
    none."""

    resynced: Resynced | None = None
    """What a search for more blocks came to; None where none was made."""

    @property
    def is_event(self) -> bool:
        """Whether it is an event that is of no repository and has no CAR."""
        frame = self.frame
        return frame is not None and not frame.is_of_repo and self.header is None
