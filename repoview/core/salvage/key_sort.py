"""Keys with rows, in order: an external merge sort of packed columns.

What comes first is collected in memory. When that is full, the kernel sorts it,
and it goes to a temporary file as a run; or stays in memory as one, packed, where
nothing may be put on disk. Eight runs of a level are merged into one of the next,
as in an LSM tree, so that few are read at once however many keys there are. Runs are
merged a piece of each at a time: whatever is not behind the end of any piece can be
sorted together. So nothing is done key by key.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.closing import Closing
from repoview.core.errors import LimitExceeded
from repoview.core.kernel import kernel
from repoview.core.marks import NO_ROW
from repoview.core.storage.sorted_bytes import NO_DISK, NO_MEMORY
from repoview.core.storage.spill_file import SpillFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from repoview.core.kernel.node_keys import KeyColumns
    from repoview.core.opening.room import Room

    _Columns: TypeAlias = tuple[bytes, array[int], array[int]]
    """Keys end to end, the bytes of each, and their rows."""

_SHARE: Final = 8
_MOST_MEMORY: Final = 64 * limits.MiB
"""Memory for a sort: one n-th of the limit, and at most so much."""

_COST: Final = 64
"""Bytes that a key takes while it is sorted, besides its own."""

_TIMES: Final = 3
"""How often its own bytes are there then."""

_NUMBER: Final = 4
"""Bytes of a size or row."""

_PIECE: Final = 64 * limits.KiB
_LEAST_PIECE: Final = 4 * limits.KiB
_PIECES: Final = 128
"""Bytes of keys that are read of a run at a time: of little memory, one n-th, since
a piece of each run is in memory."""

_FAN_IN: Final = 8
"""Runs of a level that become one of the next, so that less than so many a level are
read at once: of 100 million keys on three levels, 21 pieces of 128. Each takes six
times its keys while it is merged."""


def memory_for_sort(room: Room) -> int:
    """Return the bytes that a sort may take: all where there is no disk."""
    if room.folder is None:
        return room.memory // 2
    return min(room.memory // _SHARE, _MOST_MEMORY)


class KeyBatch:
    """Keys in ascending order, each with a row; of one key the greatest row first.

    Args:
        columns: Of the kernel.
    """

    def __init__(self, columns: KeyColumns) -> None:
        self._keys = columns.keys
        self._ends = array("Q", accumulate(columns.sizes, initial=0))
        self.rows = columns.rows
        """`NO_ROW` comes last among those of a key."""
        self.firsts = columns.firsts
        """1 where a key is another than the one before, also of the last batch."""

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, number: int) -> bytes:
        """Return the key of that number."""
        return self._keys[self._ends[number] : self._ends[number + 1]]

    def first_from(self, key: bytes, start: int) -> int:
        """Return the number of the first key not below *key*, *start* at least."""
        return bisect_left(range(len(self)), key, start, key=self.key)

    def first_behind(self, key: bytes, start: int) -> int:
        """Return the number of the first key above *key*, *start* at least."""
        return bisect_right(range(len(self)), key, start, key=self.key)

    def last_place(self) -> tuple[bytes, int]:
        """Return what the last key and row are sorted by."""
        return self._place(len(self) - 1)

    def _place(self, number: int) -> tuple[bytes, int]:
        return self.key(number), -(self.rows[number] + 1 & NO_ROW)

    def until(self, place: tuple[bytes, int]) -> int:
        """Return how many keys and rows are not behind a place."""
        return bisect_right(range(len(self)), place, key=self._place)

    def columns(self, start: int, stop: int) -> _Columns:
        """Return some of them as they were added."""
        ends = self._ends
        sizes = array("I", map(sub, ends[start + 1 : stop + 1], ends[start:stop]))
        return self._keys[ends[start] : ends[stop]], sizes, self.rows[start:stop]

    def pieces(self, size: int) -> Iterator[_Columns]:
        """Yield all of them, some at a time: about *size* bytes of keys."""
        start = 0
        while start < len(self):
            stop = bisect_right(self._ends, self._ends[start] + size) - 1
            yield self.columns(start, stop := max(stop, start + 1))
            start = stop


class KeySort(Closing):
    """Keys and rows: added in any order, read in ascending order, each pair once.

    Args:
        room: What may be taken of memory and disk.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._memory = min(room.memory // _SHARE, _MOST_MEMORY)
        self._piece = max(min(_PIECE, self._memory // _PIECES), _LEAST_PIECE)
        self._keys, self._sizes, self._rows = bytearray(), array("I"), array("I")
        self._sorted: KeyBatch | None = None
        """All that is in memory, if nothing was added since it was sorted."""
        self._levels: list[_Level] = []
        """Runs as they were written; then those merged of them, eight times as long."""

    def add(self, keys: bytes, sizes: array[int], rows: array[int]) -> None:
        """Add keys.

        Args:
            keys: End to end.
            sizes: Bytes of each.
            rows: One a key.

        Raises:
            LimitExceeded: There are more than memory and disk may take.
            SourceError: Writing to disk failed.
        """
        if self._sorted is not None:
            self._hold(self._sorted)
        self._keys += keys
        self._sizes.extend(sizes)
        self._rows.extend(rows)
        if _TIMES * len(self._keys) + _COST * len(self._sizes) > self._memory:
            self._write_run()

    def _hold(self, batch: KeyBatch) -> None:
        """Have what was sorted among what is to be."""
        keys, self._sizes, self._rows = batch.columns(0, len(batch))
        self._keys, self._sorted = bytearray(keys), None

    def _in_memory(self) -> KeyBatch:
        """Return what is in memory, sorted."""
        if self._sorted is None:
            keys, sizes, rows = bytes(self._keys), self._sizes, self._rows
            self._forget()
            self._sorted = KeyBatch(kernel.sort_keys(keys, sizes, rows))
        return self._sorted

    def _write_run(self) -> None:
        size = len(self._keys) + 2 * _NUMBER * len(self._sizes)
        if not self._has_room(size):
            is_on_disk = self._room.folder is not None
            raise LimitExceeded(NO_DISK if is_on_disk else NO_MEMORY)
        batch = self._in_memory()
        self._forget()
        self._level(0).write([batch])
        self._merge_levels()

    def _has_room(self, size: int) -> bool:
        """Return whether so many bytes may be stored besides all that are."""
        is_on_disk = self._room.folder is not None
        most = self._room.disk if is_on_disk else self._room.memory // 2
        return sum(level.size for level in self._levels) + size <= most

    def _level(self, number: int) -> _Level:
        if number == len(self._levels):
            self._levels.append(_Level(self._room.folder, self._piece))
        return self._levels[number]

    def _merge_levels(self) -> None:
        """Merge each level that is full into one run of the next.

        Where there is no room for the runs and what becomes of them, they stay.
        """
        for number, level in enumerate(self._levels):
            if len(level.runs) < _FAN_IN or not self._has_room(level.size):
                return
            self._level(number + 1).write(_merged(level.opened()))
            level.close()

    def _forget(self) -> None:
        """Let go of what is in memory."""
        self._keys, self._sizes, self._rows = bytearray(), array("I"), array("I")
        self._sorted = None

    def __iter__(self) -> Iterator[KeyBatch]:
        """Yield all of them, in batches; as often as one likes.

        Nothing may be added meanwhile.

        Raises:
            SourceError: Reading from disk failed.
        """
        before = None
        for batch in self._merged():
            if batch.key(0) == before:
                batch.firsts = b"\0" + batch.firsts[1:]
            before = batch.key(len(batch) - 1)
            yield batch

    def _merged(self) -> Iterator[KeyBatch]:
        held = self._in_memory()
        runs = [run for level in self._levels for run in level.opened()]
        if len(held):
            if not runs:
                yield held
                return
            runs.append(_Run(1, lambda _: held))
        yield from _merged(runs)

    def close(self) -> None:
        """Free memory and disk; closing twice is fine."""
        self._forget()
        for level in self._levels:
            level.close()
        self._levels.clear()


class _Level:
    """Sorted runs of about one size, in pieces: on disk, or packed in memory.

    Args:
        folder: Returns where the file is made; None to put nothing on disk.
        piece: Bytes of keys in a piece.
    """

    def __init__(self, folder: Callable[[], str] | None, piece: int) -> None:
        self._folder, self._piece = folder, piece
        self._file: SpillFile | None = None
        self._packed: list[bytes] = []
        """The pieces, where nothing may be put on disk."""
        self.size = 0
        """Bytes of all pieces."""
        self.runs: list[array[int]] = []
        """Of each run, for each piece: where it stands, its keys, their bytes."""

    def write(self, batches: Iterable[KeyBatch]) -> None:
        """Write another run.

        Args:
            batches: All that is in it, in order.

        Raises:
            SourceError: Writing to disk failed.
        """
        run = array("Q")
        for batch in batches:
            for keys, sizes, rows in batch.pieces(self._piece):
                data = b"".join((sizes.tobytes(), rows.tobytes(), keys))
                run.extend((self._store(data), len(sizes), len(keys)))
        self.runs.append(run)

    def _store(self, data: bytes) -> int:
        """Put a piece where it may be, and return where that is."""
        self.size += len(data)
        if self._folder is None:
            self._packed.append(data)
            return len(self._packed) - 1
        if self._file is None:
            self._file = SpillFile(self._folder())
        self._file.append(data)
        return self._file.size - len(data)

    def opened(self) -> list[_Run]:
        """Return the runs, each at its beginning."""
        return [_Run(len(run) // 3, self._reader(run)) for run in self.runs]

    def _reader(self, run: array[int]) -> Callable[[int], KeyBatch]:
        """Return what reads a piece of a run by its number."""

        def read(number: int) -> KeyBatch:
            place, count, size = run[3 * number : 3 * number + 3]
            if self._file is None:
                data = self._packed[place]
            else:
                data = self._file.read_at(place, 2 * _NUMBER * count + size)
            sizes, rows = array("I"), array("I")
            sizes.frombytes(data[: _NUMBER * count])
            rows.frombytes(data[_NUMBER * count : 2 * _NUMBER * count])
            keys = data[2 * _NUMBER * count :]
            return KeyBatch(kernel.sort_keys(keys, sizes, rows))

        return read

    def close(self) -> None:
        """Forget all runs; others can be written."""
        self.runs, self.size = [], 0
        self._packed.clear()
        if self._file is not None:
            self._file.close()
            self._file = None


class _Run:
    """A sorted run, of which a piece is in memory.

    Args:
        count: Pieces.
        read: Returns one by its number.
    """

    def __init__(self, count: int, read: Callable[[int], KeyBatch]) -> None:
        self._count, self._read = count, read
        self._number, self._at, self._piece = 0, 0, read(0)

    @property
    def has_more(self) -> bool:
        """Whether there is more than is in memory."""
        return self._number + 1 < self._count

    @property
    def last_place(self) -> tuple[bytes, int]:
        """The place of the last one in memory."""
        return self._piece.last_place()

    @property
    def is_done(self) -> bool:
        """Whether all was taken."""
        return not self.has_more and self._at == len(self._piece)

    def take(self, place: tuple[bytes, int] | None) -> _Columns:
        """Return what comes next and is not behind a place; all if that is None."""
        piece, start = self._piece, self._at
        self._at = len(piece) if place is None else max(piece.until(place), start)
        taken = piece.columns(start, self._at)
        if self._at == len(piece) and self.has_more:
            self._number, self._at = self._number + 1, 0
            self._piece = self._read(self._number)
        return taken


def _merged(runs: list[_Run]) -> Iterator[KeyBatch]:
    """Yield all that is in some runs, in order."""
    while runs:
        places = [run.last_place for run in runs if run.has_more]
        place = min(places, default=None)
        yield _joined([run.take(place) for run in runs])
        runs = [run for run in runs if not run.is_done]


def _joined(taken: Sequence[_Columns]) -> KeyBatch:
    """Return all in one batch."""
    sizes, rows = array("I"), array("I")
    for _, more_sizes, more_rows in taken:
        sizes.extend(more_sizes)
        rows.extend(more_rows)
    keys = b"".join([keys for keys, _, _ in taken])
    return KeyBatch(kernel.sort_keys(keys, sizes, rows))
