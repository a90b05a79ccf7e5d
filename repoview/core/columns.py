"""Columns of packed numbers that went to disk, and are read from there.

They stand in for an `array`, or for a `bytearray`, and answer as these do:
places, slices, appending, and writing to one place. What was appended last
stays in memory, and so do a few pages that were read last.
"""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from array import array
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar, overload

from repoview.core.block_index import no_room

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = 32 * 1024
"""Bytes of a page, and of what waits in memory to be written."""

PAGES: Final = 4
"""Pages of a column that are kept."""

_HAS_PREAD: Final = hasattr(os, "pread")


class _File:
    """An unnamed file, gone when nobody holds it any more."""

    def __init__(self, folder: str) -> None:
        try:
            with tempfile.TemporaryFile(buffering=0, dir=folder) as file:
                self._number = os.dup(file.fileno())
        except OSError as error:
            raise no_room(_reason(error)) from error
        weakref.finalize(self, os.close, self._number)
        self.size = 0
        self._lock = threading.Lock()

    def append(self, data: bytes) -> None:
        """Write at the end."""
        self.put(data, self.size)
        self.size += len(data)

    def put(self, data: bytes, offset: int) -> None:
        """Write somewhere."""
        rest = memoryview(data)
        try:
            while rest:
                written = self._write_some(rest, offset)
                offset += written
                rest = rest[written:]
        except OSError as error:
            raise no_room(_reason(error)) from error

    def read(self, offset: int, length: int) -> bytes:
        """Return what was written there, all of it."""
        parts = []
        try:
            while length > 0:
                part = self._read_some(offset, length)
                if not part:
                    raise no_room("what was written there is gone")
                parts.append(part)
                offset += len(part)
                length -= len(part)
        except OSError as error:
            raise no_room(_reason(error)) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _write_some(self, data: memoryview, offset: int) -> int:
        if _HAS_PREAD:
            return os.pwrite(self._number, data, offset)
        with self._lock:
            os.lseek(self._number, offset, os.SEEK_SET)
            return os.write(self._number, data)

    def _read_some(self, offset: int, length: int) -> bytes:
        if _HAS_PREAD:
            return os.pread(self._number, length, offset)
        with self._lock:
            os.lseek(self._number, offset, os.SEEK_SET)
            return os.read(self._number, length)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


Held = TypeVar("Held", "array[int]", bytearray)
Given = TypeVar("Given", "array[int]", bytes)


class _Column(Generic[Held, Given]):
    """What numbers and bytes have in common.

    Any thread may read; one appends and writes.
    """

    _item: int
    """Bytes of an item."""

    def __init__(self, held: Held, folder: str) -> None:
        self._file = _File(folder)
        self._tail: Held = held
        self._stored = 0
        """Items in the file."""
        self._pages: OrderedDict[int, Given] = OrderedDict()
        self._lock = threading.Lock()
        self._store()

    def _of(self, data: bytes) -> Given:
        raise NotImplementedError

    def _emptied(self) -> Held:
        raise NotImplementedError

    def __len__(self) -> int:
        return self._stored + len(self._tail)

    @property
    def bytes_used(self) -> int:
        """Bytes in memory."""
        return self._item * len(self._tail) + PAGE * len(self._pages)

    @property
    def disk_used(self) -> int:
        """Bytes on disk."""
        return self._item * self._stored

    def _store(self) -> None:
        """Write what is in memory."""
        with self._lock:
            stored = self._stored
            self._file.append(bytes(memoryview(self._tail).cast("B")))
            # The page where the new items begin was not whole.
            self._pages.pop(stored * self._item // PAGE, None)
            self._stored = stored + len(self._tail)
            self._tail = self._emptied()

    def _store_if_full(self) -> None:
        if len(self._tail) * self._item >= PAGE:
            self._store()

    def _page(self, number: int) -> Given:
        page = self._pages.get(number)
        if page is None:
            start = number * PAGE
            size = min(PAGE, self._stored * self._item - start)
            page = self._of(self._file.read(start, size))
            self._pages[number] = page
            if len(self._pages) > PAGES:
                self._pages.popitem(last=False)
        return page

    @overload
    def __getitem__(self, place: int, /) -> int: ...
    @overload
    def __getitem__(self, place: slice, /) -> Given: ...
    def __getitem__(self, place: int | slice, /) -> int | Given:
        if isinstance(place, slice):
            return self._slice(place)
        at = place + len(self) if place < 0 else place
        with self._lock:
            if at >= self._stored:
                return self._tail[at - self._stored]
            if at < 0:
                raise IndexError("there is no such item")
            page, rest = divmod(at * self._item, PAGE)
            found: int = self._page(page)[rest // self._item]
            return found

    def _slice(self, place: slice) -> Given:
        start, stop, step = place.indices(len(self))
        if step != 1:
            raise ValueError("a column is sliced item by item")
        stop = max(start, stop)
        with self._lock:
            stored = self._stored
            first, last = min(start, stored), min(stop, stored)
            data = self._file.read(first * self._item, (last - first) * self._item)
            rest = self._tail[max(start - stored, 0) : max(stop - stored, 0)]
            return self._of(data + bytes(memoryview(rest).cast("B")))

    def __setitem__(self, place: int, value: int) -> None:
        with self._lock:
            if place >= self._stored:
                self._tail[place - self._stored] = value
                return
            self._file.put(self._one(value), place * self._item)
            self._pages.pop(place * self._item // PAGE, None)

    def _one(self, value: int) -> bytes:
        raise NotImplementedError

    def index(self, value: int) -> int:
        """Return the first place of *value*.

        Raises:
            ValueError: It is nowhere.
        """
        step = PAGE // self._item
        for start in range(0, len(self), step):
            with suppress(ValueError):
                return start + self[start : start + step].index(value)
        raise ValueError(f"{value} is not in the column")

    def __iter__(self) -> Iterator[int]:
        step = PAGE // self._item
        for start in range(0, len(self), step):
            yield from self[start : start + step]


class DiskNumbers(_Column["array[int]", "array[int]"]):
    """Stands in for an ``array`` of numbers.

    Args:
        held: The numbers so far; taken over.
        folder: Where the file goes.

    Raises:
        SourceError: The disk takes no more; of every method that writes.
    """

    def __init__(self, held: array[int], folder: str) -> None:
        self._code, self._item = held.typecode, held.itemsize
        super().__init__(held, folder)

    def _of(self, data: bytes) -> array[int]:
        return array(self._code, data)

    def _emptied(self) -> array[int]:
        return array(self._code)

    def _one(self, value: int) -> bytes:
        return array(self._code, [value]).tobytes()

    def extend(self, numbers: array[int]) -> None:
        """Append numbers."""
        self._tail.extend(numbers)
        self._store_if_full()


class DiskBytes(_Column[bytearray, bytes]):
    """Stands in for a ``bytearray``; see `DiskNumbers`."""

    _item = 1

    def _of(self, data: bytes) -> bytes:
        return data

    def _emptied(self) -> bytearray:
        return bytearray()

    def _one(self, value: int) -> bytes:
        return bytes((value,))

    def extend(self, data: bytes) -> None:
        """Append bytes."""
        self._tail += data
        self._store_if_full()


Numbers: TypeAlias = "array[int] | DiskNumbers"
"""Packed numbers, wherever they are."""

Bytes: TypeAlias = "bytearray | DiskBytes"
"""Packed bytes, wherever they are."""


@overload
def spilled(column: Numbers, folder: str) -> DiskNumbers: ...
@overload
def spilled(column: Bytes, folder: str) -> DiskBytes: ...
def spilled(column: Numbers | Bytes, folder: str) -> DiskNumbers | DiskBytes:
    """Return a column that is on disk, with what is in this one."""
    if isinstance(column, array):
        return DiskNumbers(column, folder)
    return DiskBytes(column, folder) if isinstance(column, bytearray) else column


def held_bytes(*columns: Numbers | Bytes) -> int:
    """Return the bytes that columns take in memory."""
    total = 0
    for column in columns:
        if isinstance(column, array):
            total += column.itemsize * len(column)
        elif isinstance(column, bytearray):
            total += len(column)
        else:
            total += column.bytes_used
    return total


def disk_bytes(*columns: Numbers | Bytes) -> int:
    """Return the bytes that columns take on disk."""
    return sum(
        column.disk_used
        for column in columns
        if not isinstance(column, (array, bytearray))
    )
