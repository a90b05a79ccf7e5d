"""The records of a repository by number, path or range, and its collections.

All of it, or as much as is known while it is still being read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final, Self, overload

from repoview.core.cid import Cid
from repoview.core.errors import NotFound
from repoview.core.formats.key_range import KeyRange
from repoview.core.formats.record import Record

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.index.path_search import PathSearch
    from repoview.core.index.records import Collection, RecordIndex
    from repoview.core.load.result import Progress
    from repoview.core.repo.block_reader import Block, BlockReader
    from repoview.core.source.source import Source

_KEYS_AT_ONCE: Final = 4_096


class Records:
    """Records by number, in key order from 0."""

    def _set_up(self, source: Source, index: RecordIndex, paths: PathSearch) -> None:
        """Begin, in place of ``__init__``: callers never construct it.

        Args:
            source: Where their bytes are.
            index: Their keys and blocks.
            paths: To be searched, the same.
        """
        self._source = source
        self._index = index
        self._paths = paths

    @property
    def _holdings(self) -> BlockReader:
        """What is known of blocks and records."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """What the source is called."""
        return self._source.name

    @property
    def collections(self) -> Sequence[Collection]:
        """The collections, in key order."""
        return self._index.collections()

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self._index)

    def __iter__(self) -> Iterator[Record]:
        """Go through all records, in key order."""
        return iter(self.records())

    def __contains__(self, item: object) -> bool:
        """Tell whether there is a record at a repo path, or this very record."""
        return item in self.records()

    def record(self, number: int) -> Record:
        """Return a record by number.

        Raises:
            NotFound: The number is not below ``len(self)``.
            TypeError: It is no number; `get` takes repo paths.
        """
        if not isinstance(number, int):
            raise TypeError(
                f"a record's number is an int, not {type(number).__name__}: "
                "get() takes a repo path"
            )
        if not 0 <= number < len(self):
            raise NotFound(f"there is no record {number:,}: there are {len(self):,}")
        return Record._make(self._holdings, number, self._index.key(number))

    def find(self, path: str | bytes) -> int | None:
        """Return the number of the record at a repo path, None for none.

        Raises:
            TypeError: It is neither text nor bytes.
        """
        key = path if isinstance(path, bytes) else _key_of(path)
        return None if key is None else self._index.find(key)

    def get(self, path: str | bytes) -> Record | None:
        """Return the record at a repo path, None for none; raises as `find` does."""
        number = self.find(path)
        return None if number is None else self.record(number)

    def numbers(
        self,
        collection: str | None = None,
        prefix: str | None = None,
        *,
        start: str | None = None,
        stop: str | None = None,
    ) -> Sequence[int]:
        """Return the numbers of the records in a collection, prefix or range.

        Args:
            collection: Its NSID in full; None for all.
            prefix: What the repo path begins with; None for all.
            start: The smallest repo path there may be.
            stop: What all repo paths are smaller than.
        """
        of = KeyRange.of(None if collection is None else f"{collection}/")
        return self._index.within(KeyRange.of(prefix, start, stop).within(of))

    def records(
        self,
        collection: str | None = None,
        prefix: str | None = None,
        *,
        start: str | None = None,
        stop: str | None = None,
        data: bool = False,
    ) -> RecordList:
        """Return the records of a collection, or in a range, in key order.

        They are made lazily, each time the result is iterated.

        Args:
            collection: See `numbers`, as for the rest.
            prefix: What the repo path begins with.
            start: The smallest repo path there may be.
            stop: What all repo paths are smaller than.
            data: Let records carry their bytes, which are read by the batch then.
                Values are in any case, where they are asked for in turn.
        """
        numbers = self.numbers(collection, prefix, start=start, stop=stop)
        return self.records_at(numbers, data=data)

    def records_at(self, numbers: Sequence[int], *, data: bool = False) -> RecordList:
        """Return the records with these numbers.

        Args:
            numbers: Any sequence; a `range` is much faster.
            data: See `records`; it has an effect only for a `range`.
        """
        return RecordList._make(self, numbers, data=data)

    def _made(self, numbers: Sequence[int], *, data: bool) -> Iterator[Record]:
        """Make the records with these numbers, some thousand at a time."""
        if not isinstance(numbers, range) or numbers.step != 1:
            return map(self.record, numbers)
        parts = (
            self._holdings.records(
                first, min(first + _KEYS_AT_ONCE, numbers.stop), data=data
            )
            for first in range(numbers.start, numbers.stop, _KEYS_AT_ONCE)
        )
        return chain.from_iterable(parts)

    def keys(self) -> Iterator[tuple[str, Cid]]:
        """Return the repo path and the CID of every record, in key order.

        No record is read. The fastest way to know what a repository holds, or
        to compare two.

        Raises:
            SourceError: The source was changed.
        """
        parts = (
            self._holdings.keys(start, min(start + _KEYS_AT_ONCE, len(self)))
            for start in range(0, len(self), _KEYS_AT_ONCE)
        )
        # Faster than to yield them: the interpreter has no part in it.
        return chain.from_iterable(parts)

    def search(
        self, needle: str, start: int = 0, stop: int | None = None
    ) -> array[int]:
        """Return the numbers of the records whose path contains *needle*."""
        return self._paths.search(needle, start, stop)

    def select(
        self,
        selection: str,
        *,
        among: Sequence[int] | None = None,
        report: Callable[[Progress], None] | None = None,
    ) -> RecordList:
        """Return the records that a selection has, in key order.

        They are found lazily, as one goes through the result; where the index
        alone tells which they are, no record is read.

        Args:
            selection: Such as ``"collection:app.bsky.* time:2024 -text:dawn"``; an
                empty one has all records.
            among: Numbers that ascend, of the records to look at; None for all.
            report: Called with progress, in records; what it raises ends the
                search, which begins anew when the result is asked again.

        Raises:
            SelectionError: The text is no selection.
            SourceError: The source was changed.
        """
        # Late: most ask for none.
        from repoview.core.selection.held import Held  # noqa: PLC0415 (see above)
        from repoview.core.selection.parsing import parse  # noqa: PLC0415
        from repoview.core.selection.selected import selected  # noqa: PLC0415

        wanted, of = parse(selection), self._holdings
        held = Held(
            self._index,
            of.blocks,
            self._paths,
            of.findings,
            self._is_scattered,
            lambda number: self.record(number).decoded,
            of.size_of,
        )
        return self.records_at(selected(wanted, held, among, report))

    @property
    def _is_scattered(self) -> bool:
        """Whether the file has its blocks in another order than the records."""
        return False

    def block(self, cid: Cid | str, *, damaged: bool = False) -> Block:
        """Return the block of *cid*, its bytes hashed again.

        Args:
            cid: Any CID, or its text.
            damaged: Whether to return bytes that do not hash to it as well.

        Raises:
            BlockMissing: It is not there, or does not hash to *cid*.
            CidError: The text is no CID.
            SourceError: The source was changed.
            TypeError: It is neither a CID nor text.
        """
        if isinstance(cid, str):
            cid = Cid.parse(cid)
        if not isinstance(cid, Cid):
            raise TypeError(f"a Cid or its text is wanted, not {type(cid).__name__}")
        return self._holdings.block(cid, damaged=damaged)


class RecordList(Sequence[Record]):
    """A sequence of records of one repository, made on access.

    Made by `Repo.records` and `Repo.records_at`.
    """

    if TYPE_CHECKING:
        _of: Records
        _numbers: Sequence[int]
        _data: bool

    def __init__(self) -> None:
        raise TypeError("Repo.records() and Repo.records_at() make a RecordList")

    @classmethod
    def _make(cls, of: Records, numbers: Sequence[int], *, data: bool = False) -> Self:
        """Make one.

        Args:
            of: All records of the repository.
            numbers: Of those that are in it.
            data: Whether records carry their bytes when one goes through them.
        """
        self = cls.__new__(cls)
        self._of, self._numbers, self._data = of, numbers, data
        return self

    @property
    def numbers(self) -> Sequence[int]:
        """Their numbers in the repository, in the order of this list."""
        return self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Record]:
        """Make them one by one, or with their bytes some thousand at a time.

        Raises:
            NotFound: The repository has no record of that number.
        """
        return self._of._made(self._numbers, data=self._data)  # noqa: SLF001 (a part of it)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> RecordList: ...
    def __getitem__(self, place: int | slice) -> Record | RecordList:
        if isinstance(place, slice):
            return self._make(self._of, self._numbers[place], data=self._data)
        return self._of.record(self._numbers[place])

    def __contains__(self, item: object) -> bool:
        """Tell whether a record is in it: by its repo path, or itself."""
        key = item.key if isinstance(item, Record) else item
        if not isinstance(key, str | bytes):
            return False
        number = self._of.find(key)
        if number is None or number not in self._numbers:
            return False
        return not isinstance(item, Record) or self._of.record(number) == item

    def __repr__(self) -> str:
        few = ", ".join(record.path for record in self[:3])
        more = ", …" if len(self) > 3 else ""
        return f"<RecordList of {len(self):,}: {few}{more}>"


def source_of(records: Records) -> Source:
    """Return where the bytes of records are; for views."""
    return records._source  # noqa: SLF001 (users need not see it)


def numbers_of(of: Records, wanted: Iterable[Record | str | bytes]) -> Sequence[int]:
    """Return the numbers of some records, in the order in which they are given.

    Each once.

    Args:
        of: All records of the repository.
        wanted: Records of it, or repo paths.

    Raises:
        NotFound: One of them is not in the repository.
        TypeError: One of them is neither, or they are a single path.
    """
    if isinstance(wanted, str | bytes):
        raise TypeError(
            f"records are wanted, not a single {type(wanted).__name__}: "
            "records() gives those of a collection, [path] is one"
        )
    if isinstance(wanted, RecordList) and wanted._of is of:  # noqa: SLF001 (a part of it)
        numbers = wanted.numbers
        return numbers if isinstance(numbers, range) else list(dict.fromkeys(numbers))
    return list(dict.fromkeys(_number_of(of, each) for each in wanted))


def _number_of(of: Records, wanted: Record | str | bytes) -> int:
    if not isinstance(wanted, Record):
        number = of.find(wanted)
        if number is None:
            raise NotFound(f"there is no record {wanted!a}")
        return number
    number = of.find(wanted.key)
    if number is None or of.record(number) != wanted:
        raise NotFound(f"{wanted.path!a} is a record of another repository")
    return number


def _key_of(path: str) -> bytes | None:
    if not isinstance(path, str):
        raise TypeError(
            f"a repo path is text, or bytes as in the tree, not {type(path).__name__}"
        )
    try:
        return path.encode()
    except UnicodeEncodeError:
        # No key can be a lone surrogate; it is UTF-8 or bytes.
        return None
