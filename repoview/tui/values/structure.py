"""A block as foldable lines, decoded lazily.

Lines are decoded when an array or map is opened, and dropped when it is folded,
so the cost goes by what is open. An array or map of more than `PAGE` items opens
to ranges of `PAGE` items, each of which can be opened. A line has the byte where
it begins, so that JSON and bytes can be scrolled together.

Opening takes bounded time. What takes more than some milliseconds is left to
`work`, which goes on in slices; meanwhile a line says so.

It holds a block's bytes and does not use the engine afterwards. The text of a
line is made by `structure_text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from repoview.core.formats.dagcbor.lazy import (
    Budget,
    Part,
    Parts,
    Place,
    SpentError,
    key_text,
    part_at,
)
from repoview.core.formats.dagcbor.spans import step_into

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE: Final = 1_000
"""Items of an array or map that are opened at once."""

AUTO_ITEMS: Final = 100
AUTO_LEVELS: Final = 12
AUTO_LINES: Final = 600
"""Limits of what is open at first: items of an array or map, its level, and
lines in all."""

ALL_LINES: Final = 5_000
"""Lines up to which everything is opened by one key."""

SLICE: Final = 60_000
"""The work of one slice, in units of a `Budget`: about ten milliseconds."""


@dataclass(slots=True, eq=False)
class Line:
    """One line; which of the fields it uses depends on what it is."""

    what: Literal["part", "range", "close", "note"]
    """An item; a range of items of a long array or map; the closing bracket of
    one that is open; or a note, such as that more is being read."""

    depth: int
    part: Part
    """The item; of the others, the array or map it is about."""

    holder: Line | None = None
    """The line that it is nested in."""

    key: Part | None = None
    number: int = 0
    """Its index in its array or map, or that of the first item of a range."""

    count: int = 0
    """Items of a range."""

    start: int = -1
    """The byte where it begins; -1 for none, or if not known yet."""

    is_last: bool = True
    is_open: bool = False
    says: str = ""

    @property
    def can_open(self) -> bool:
        """Whether there is anything to unfold."""
        return self.what == "range" or (
            self.what == "part" and self.part.is_box and self.part.amount != 0
        )


@dataclass(slots=True, eq=False)
class _Job:
    """The decoding of the items of one line."""

    line: Line
    note: Line
    """The placeholder that the items replace."""

    reading: Parts
    first: int
    stop: int
    """Index behind the last item wanted; -1 for all."""


@dataclass(slots=True, eq=False)
class Structure:
    """The lines of one block.

    Args:
        data: The block: DAG-CBOR, sound or not.
        remarks: What its values are, in words.
    """

    data: bytes
    remarks: Mapping[int, str] = field(default_factory=dict)
    """What values are, by the byte where they begin; safe to show."""

    lines: list[Line] = field(default_factory=list)
    _jobs: list[_Job] = field(default_factory=list)
    _places: dict[int, list[Place]] = field(default_factory=dict)
    """For each long array or map, by its first byte: where its ranges begin."""

    def __post_init__(self) -> None:
        root = part_at(self.data, 0)
        self.lines = [Line("part", 0, root, start=0)]
        self._open_first(AUTO_LINES, AUTO_ITEMS, AUTO_LEVELS)

    @property
    def is_reading(self) -> bool:
        """Whether `work` has anything to do."""
        return bool(self._jobs)

    def unfold(self, at: int) -> None:
        """Open the line at an index of `lines`, if it can be and is not."""
        line = self.lines[at]
        if line.can_open and not line.is_open:
            self._unfold(at, Budget(SLICE))

    def fold(self, at: int) -> None:
        """Close the line at an index of `lines`."""
        line = self.lines[at]
        if not line.is_open:
            return
        stop = at + 1
        while stop < len(self.lines) and self.lines[stop].depth > line.depth:
            stop += 1
        if line.what == "part":
            stop += 1  # its closing bracket
        gone = set(map(id, self.lines[at + 1 : stop]))
        self._jobs = [job for job in self._jobs if id(job.note) not in gone]
        del self.lines[at + 1 : stop]
        line.is_open = False

    def unfold_all(self) -> bool:
        """Open everything, up to `ALL_LINES`; return whether that was all."""
        return self._open_first(ALL_LINES, None, None)

    def fold_all(self) -> None:
        """Close everything but the outermost."""
        self.fold(0)
        self.unfold(0)

    def work(self, most: int = SLICE) -> bool:
        """Decode a slice of what is pending; return whether `lines` changed."""
        budget, was = Budget(most), len(self.lines)
        before = self._jobs.copy()
        while self._jobs and budget.left > 0:
            self._run(self._jobs[0], budget)
        return len(self.lines) != was or self._jobs != before

    def remark(self, line: Line) -> str:
        """Return what the value of a line is; "" where nothing is known of it."""
        return self.remarks.get(line.part.start, "") if line.what == "part" else ""

    # Indexes of lines

    def line_of(self, offset: int) -> int:
        """Return the index of the innermost open line that contains a byte."""
        found = 0
        for at, line in enumerate(self.lines):
            if line.start > offset:
                break
            if line.start >= 0:
                found = at
        return found

    def reveal(self, offset: int) -> int:
        """Open what contains a byte, and return the index of its line."""
        for _ in range(AUTO_LEVELS):
            at = self.line_of(offset)
            line = self.lines[at]
            if not line.can_open or line.is_open or offset < line.part.body:
                break
            self.unfold(at)
        return self.line_of(offset)

    def holder_of(self, at: int) -> int:
        """Return the index of the line that the one at *at* is nested in."""
        line = self.lines[at]
        holder = line.holder
        while at > 0 and self.lines[at] is not holder:
            at -= 1
        return at

    def path_of(self, line: Line) -> str:
        """Return the path of an item: ``embed.images[0].alt``; "" for the top."""
        steps: list[str | int] = []
        at: Line | None = line.holder if line.what in {"close", "note"} else line
        while at is not None and at.holder is not None:
            if at.what == "part":
                key = at.key
                steps.append(at.number if key is None else key_text(self.data, key))
            at = at.holder
        path = ""
        for step in reversed(steps):
            path = step_into(path, step)
        return path

    def ranges(self) -> Iterator[tuple[int, int, Line]]:
        """Yield first byte, end and line of what is open; they tile the block."""
        known = [line for line in self.lines if line.start >= 0]
        # Where a range begins may be unknown: the line before has its bytes.
        ends = [line.start for line in known[1:]] + [len(self.data)]
        for line, end in zip(known, ends, strict=True):
            if end > line.start:
                yield line.start, end, line

    # Opening

    def _open_first(self, most: int, items: int | None, levels: int | None) -> bool:
        """Open one line after another; return whether all were opened."""
        budget, at, all_open = Budget(SLICE), 0, True
        while at < len(self.lines):
            line = self.lines[at]
            at += 1
            if not line.can_open or line.is_open:
                continue
            if (
                len(self.lines) + min(line.part.amount, PAGE) > most
                or (items is not None and line.part.amount > items)
                or (levels is not None and line.depth >= levels)
                or budget.left <= 0
            ):
                # The outermost is always open, however long it is.
                all_open = False
                if at > 1 or items is None:
                    continue
            self._unfold(at - 1, budget)
        return all_open

    def _unfold(self, at: int, budget: Budget) -> None:
        line = self.lines[at]
        line.is_open = True
        box = line.part
        close = Line("close", line.depth, box, line, is_last=line.is_last)
        if line.what == "part" and box.amount > PAGE:
            firsts = range(0, box.amount, PAGE)
            self.lines[at + 1 : at + 1] = [
                Line(
                    "range",
                    line.depth + 1,
                    box,
                    line,
                    number=first,
                    count=min(PAGE, box.amount - first),
                    start=-1 if first else box.body,
                )
                for first in firsts
            ] + [close]
            self._places.setdefault(box.start, [Place(0, box.body)])
            return
        note = Line("note", line.depth + 1, box, line, says="reading …")
        self.lines[at + 1 : at + 1] = [note, close] if line.what == "part" else [note]
        stop = line.number + line.count if line.what == "range" else box.amount
        first = line.number if line.what == "range" else 0
        job = _Job(line, note, self._reading(box, first), first, stop)
        self._jobs.append(job)
        self._run(job, budget)

    def _reading(self, box: Part, first: int) -> Parts:
        """Return a reading from the last known position before an item."""
        places = self._places.get(box.start)
        if places is None:
            return Parts(self.data, box)
        return Parts(self.data, box, places[min(first // PAGE, len(places) - 1)])

    def _run(self, job: _Job, budget: Budget) -> None:
        """Go on with a job until it is done or the budget is spent."""
        made: list[Line] = []
        try:
            self._pass_to(job, budget)
            while job.stop < 0 or job.reading.place.number < job.stop:
                item = job.reading.take(budget)
                if item is None:
                    break
                start = item.part.start if item.key is None else item.key.start
                made.append(
                    Line(
                        "part",
                        job.line.depth + 1,
                        item.part,
                        job.line,
                        key=item.key,
                        number=item.number,
                        start=start,
                        is_last=item.number == job.line.part.amount - 1,
                    )
                )
        except SpentError:
            is_done = False
        else:
            is_done = True
            self._jobs.remove(job)
        self._place(job, made, is_done=is_done)
        self._note_starts(job.line.part)

    def _pass_to(self, job: _Job, budget: Budget) -> None:
        """Skip to the first item of a job; note where ranges begin on the way."""
        places, reading = self._places.get(job.line.part.start), job.reading
        while places is not None:
            wanted = min(len(places) * PAGE, job.first)
            reading.skip(budget, wanted)
            if reading.place.number < wanted:
                return
            if wanted == len(places) * PAGE:
                places.append(reading.place)
            if wanted == job.first:
                return

    def _note_starts(self, box: Part) -> None:
        """Set where the lines of ranges begin, as far as that is known."""
        places = self._places.get(box.start, [])
        for line in self.lines:
            place = line.number // PAGE
            if line.what == "range" and line.part is box and place < len(places):
                line.start = places[place].offset

    def _place(self, job: _Job, made: list[Line], *, is_done: bool) -> None:
        """Insert lines at their job's placeholder."""
        at = next(n for n, line in enumerate(self.lines) if line is job.note)
        reading, box = job.reading, job.line.part
        if not is_done:
            self.lines[at:at] = made
            return
        here: list[Line] = []
        read = reading.place.number
        is_short = job.stop < 0 or read < job.stop
        is_told = made and made[-1].part.kind == "fault"
        if reading.fault and is_short and not is_told:
            noun = "pairs" if box.kind == "map" else "items"
            of = "" if box.amount < 0 else f" of {box.amount:,}"
            says = f"{read:,}{of} {noun} can be told apart: {reading.fault}"
            note = Line("note", job.line.depth + 1, box, job.line, says=says)
            note.is_last = False
            here = [note]
        if is_short:
            last = made[-1] if made else self.lines[at - 1]
            last.is_last = True
        self.lines[at : at + 1] = made + here
