"""Collections, made of ranges of adjacent records, with counts and bytes.

A range costs 16 bytes. In an index whose keys ascend, each collection is one
range; only the keys without a collection may be in several.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, overload

from repoview.core.formats.key import collection_of, path_of
from repoview.core.frozen import frozen
from repoview.core.storage.column_set import Packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from repoview.core.kernel.seam import CollectionRange
    from repoview.core.storage.column_set import Column
    from repoview.core.storage.columns import Numbers

_ASTRAY_BYTES: Final = 100
"""Memory of a range, roughly, where several make a collection."""

LISTED: Final = 1_000
"""Most collections that are made at once; a hostile file has millions."""

KeyOf: TypeAlias = Callable[[int], bytes]
"""Returns the key of a record, by number."""


@frozen
class Collection:
    """The records of one collection."""

    name: str
    """Empty for records whose key has no collection."""

    count: int
    bytes: int
    """Of the record blocks, counted for each key."""

    ranges: tuple[range, ...]
    """Numbers of its records; one range, unless keys are out of order."""

    @property
    def start(self) -> int:
        """Number of its first record."""
        return self.ranges[0].start

    @property
    def stop(self) -> int:
        """Number behind its last record."""
        return self.ranges[-1].stop


class CollectionRanges(Packed):
    """The ranges of an index, by number, in the order of the records."""

    COLUMNS = ("starts", "sizes")

    def __init__(self) -> None:
        self.starts: Numbers = array("Q")
        """Number of the first record of each."""
        self.sizes: Numbers = array("Q")
        """Bytes of the record blocks of each."""
        self._last: bytes | None = None
        """The collection of the last."""
        self._name_bytes = 0
        self._nameless: int | None = 0
        """How many have no collection, where that is known."""

    def __len__(self) -> int:
        return len(self.starts)

    def extend(self, ranges: Iterable[CollectionRange]) -> None:
        """Append ranges; the first may extend the last one.

        Raises:
            SourceError: Writing to disk failed.
        """
        for start, collection, size in ranges:
            if collection == self._last:
                self.sizes[-1] += size
                continue
            if not collection and self._nameless is not None:
                self._nameless += 1
            self._last = collection
            self._name_bytes += len(collection)
            self.starts.append(start)
            self.sizes.append(size)

    def lay(self, columns: Mapping[str, Column]) -> None:
        """Replace the columns."""
        if len(columns["starts"]) != len(self):
            self._nameless = None
        super().lay(columns)

    def bytes_made(self, *, in_order: bool) -> int:
        """Return the bytes that collections of several ranges take, roughly.

        Args:
            in_order: Whether the keys of the index ascend.
        """
        if in_order:
            return _ASTRAY_BYTES * (self._nameless or 0)
        return _ASTRAY_BYTES * len(self.starts) + self._name_bytes

    def count(self, key: KeyOf, *, in_order: bool) -> int:
        """Return how many collections there are.

        Args:
            key: Returns a key of the index.
            in_order: Whether its keys ascend.
        """
        if in_order:
            if self._nameless is None:
                self._nameless = sum(1 for _ in self.nameless(key))
            return len(self.starts) - max(self._nameless - 1, 0)
        return len({collection_of(key(start)) for start in self.starts})

    def collections(
        self, key: KeyOf, records: int, *, in_order: bool
    ) -> Sequence[Collection]:
        """Return the collections, in the order of their first records.

        If there are many and their keys ascend, each is made on access.

        Args:
            key: Returns a key of the index.
            records: How many it has.
            in_order: Whether its keys ascend.
        """
        if in_order and len(self) > LISTED:
            return _Ascending(self, key, records)
        parts: dict[bytes, tuple[list[range], int]] = {}
        for each, size in self._all(records):
            name = collection_of(key(each.start))
            ranges, total = parts.get(name, ([], 0))
            ranges.append(each)
            parts[name] = ranges, total + size
        return [_collection(name, *part) for name, part in parts.items()]

    def nameless(self, key: KeyOf) -> Iterator[int]:
        """Yield the numbers of the ranges without a collection, ascending."""
        for number, start in enumerate(self.starts):
            if not collection_of(key(start)):
                yield number

    def one(self, number: int, records: int) -> tuple[range, int]:
        """Return the records of a range, and the bytes of their blocks."""
        is_last = number == len(self) - 1
        stop = records if is_last else self.starts[number + 1]
        return range(self.starts[number], stop), self.sizes[number]

    def _all(self, records: int) -> Iterator[tuple[range, int]]:
        start = None
        size = 0
        for following, bytes_ in zip(self.starts, self.sizes, strict=True):
            if start is not None:
                yield range(start, following), size
            start, size = following, bytes_
        if start is not None:
            yield range(start, records), size


class _Ascending(Sequence[Collection]):
    """Collections of keys that ascend, each made on access."""

    def __init__(self, ranges: CollectionRanges, key: KeyOf, records: int) -> None:
        self._ranges = ranges
        self._key = key
        self._records = records
        # All of these are one collection, listed where the first one is.
        self._nameless = array("Q", ranges.nameless(key))

    def __len__(self) -> int:
        return len(self._ranges) - max(len(self._nameless) - 1, 0)

    @overload
    def __getitem__(self, place: int, /) -> Collection: ...
    @overload
    def __getitem__(self, place: slice, /) -> list[Collection]: ...
    def __getitem__(self, place: int | slice, /) -> Collection | list[Collection]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError("there are not so many collections")
        skipped = range(1, len(self._nameless))
        first = at + bisect_right(skipped, at, key=lambda n: self._nameless[n] - n + 1)
        numbers: Iterable[int] = (first,)
        if self._nameless and first == self._nameless[0]:
            numbers = self._nameless
        parts = [self._ranges.one(number, self._records) for number in numbers]
        ranges = [part for part, _ in parts]
        name = collection_of(self._key(ranges[0].start))
        return _collection(name, ranges, sum(size for _, size in parts))


def _collection(name: bytes, ranges: list[range], size: int) -> Collection:
    return Collection(path_of(name), sum(map(len, ranges)), size, tuple(ranges))
