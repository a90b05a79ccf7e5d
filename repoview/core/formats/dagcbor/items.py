"""How one item of DAG-CBOR is made: a head (see `heads`), and what follows it.

Each is read here with all that is wrong with it; `diagnose` reads how items
nest.

Source: RFC 8949 §3.
"""

from __future__ import annotations

import math
import re
import struct
from abc import ABC, abstractmethod
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from repoview.core.cid import Cid
from repoview.core.formats.dagcbor.heads import (
    ARRAY,
    BREAK,
    BYTES,
    INDEFINITE,
    LINK_TAG,
    MAP,
    NINT,
    OTHER,
    TAG,
    TEXT,
    WITH_ARGUMENT,
    read_head,
)
from repoview.core.formats.dagcbor.rules import (
    MAX_SAFE,
    Fault,
    Faults,
    Value,
    float_faults,
    int_faults,
    read_link,
    shortest_head,
    simple_faults,
    tag_faults,
    text_faults,
)
from repoview.core.formats.dagcbor.spans import Spans, hexed, link_words, quoted
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAMES: Final = (
    "integer",
    "integer",
    "byte string",
    "text",
    "array",
    "map",
    "tag",
    "simple value",
)
"""What the kinds of items are called."""

_LEAST: Final = (24, 1 << 8, 1 << 16, 1 << 32)
"""What an argument in 1, 2, 4 or 8 bytes is at least, in its shortest form."""

_PLAIN: Final = re.compile(rb"[\t\n\r -~]*")
"""Texts with which nothing can be wrong: most of them."""

_LOOKED_AT: Final = 200
"""Bytes of a text from which its first characters are shown."""

_FLOATS: Final = {25: (">e", 16), 26: (">f", 32), 27: (">d", 64)}
_SIMPLE: Final[dict[int, Value]] = {20: False, 21: True, 22: None}
_WORDS: Final[dict[Value, str]] = {False: "false", True: "true", None: "null"}


class StoppedError(Exception):
    """Decoding cannot go on: the structure behind this byte is not known."""


class Head(NamedTuple):
    """The first bytes of an item."""

    start: int
    major: int
    """The kind."""

    argument: int
    """A number, length or count; for `OTHER`, the bits of its content."""

    low: int
    """How the argument is written: the low five bits of the first byte."""


def _items_of(head: Head) -> int:
    """Return the items in an array or map, -1 where a break ends them."""
    if head.low == INDEFINITE:
        return -1
    return head.argument << (head.major == MAP)


class ItemReader(ABC):
    """Reads items of one block, one behind the other.

    A subclass knows how they nest: it keeps `_depth`, and has `_path` and
    `_what_lacks` for messages.
    """

    def __init__(self, data: bytes, *, annotate: bool) -> None:
        self._data = data
        self._size = len(data)
        self._position = 0
        self._depth = 0
        self._faults = Faults()
        self._spans = Spans(len(data)) if annotate else None
        self._is_whole = True
        """Whether all that was read so far can be written as JSON."""
        self._link_told_at: int | None = None
        """Where the last value was reported to be no link of atproto's; None for
        another value."""

    @abstractmethod
    def _path(self) -> str:
        """Return the path of the item that is being read."""

    @abstractmethod
    def _path_of_key(self, key: str) -> str:
        """Return the path of the pair of a key that was just read."""

    @abstractmethod
    def _what_lacks(self) -> str:
        """Say what should begin where the block ends."""

    def _read_head(self) -> Head:
        """Read the head of the next item, whatever it is."""
        start = self._position
        if start == self._size:
            self._stop_at_end()
        major, argument, low, end = read_head(self._data, start)
        if low < 24:
            self._position = end
            return Head(start, major, argument, low)
        if low > WITH_ARGUMENT:
            return self._read_odd_head(start, major, low)
        if end > self._size:
            have = self._size - start
            text = f"the block ends inside a head: {have} of {end - start} bytes"
            found = hexed(self._data[start:])
            fault = Fault("CBR001", start, text, count_text(end - start, "byte"), found)
            self._stop(fault)
        self._position = end
        if major != OTHER and argument < _LEAST[low - 24]:
            self._add_long_head(start, major, argument)
        return Head(start, major, argument, low)

    def _read_odd_head(self, start: int, major: int, low: int) -> Head:
        """Read a head without a length, or stop at one that is none."""
        first = self._data[start : start + 1]
        if low != INDEFINITE or not BYTES <= major <= MAP:
            text = f"a head {hexed(first)} has no meaning: it is reserved"
            if first[0] == BREAK:
                text = "a break stands where an item should begin"
            self._stop(Fault("CBR005", start, text, "an item", hexed(first)))
        text = f"the {NAMES[major]} has no length: it goes on up to a break"
        self._faults.add(Fault("CBR004", start, text, "a length", hexed(first)))
        self._position = start + 1
        return Head(start, major, 0, low)

    def _add_long_head(self, start: int, major: int, argument: int) -> None:
        found = self._data[start : self._position]
        shortest = shortest_head(major, argument)
        name = f"{NAMES[major]} {-1 - argument if major == NINT else argument}"
        if major in {BYTES, TEXT, ARRAY, MAP}:
            name = f"length {argument} of the {NAMES[major]}"
        text = f"the {name} takes {len(found)} bytes: {len(shortest)} would do"
        self._faults.add(Fault("CBR003", start, text, hexed(shortest), hexed(found)))

    def _next_major(self) -> int | None:
        """Return the kind of the item that comes next; None at the end."""
        if self._position == self._size:
            return None
        return self._data[self._position] >> 5

    def _take_break(self) -> bool:
        """Pass over a break, if one comes next."""
        is_next = self._data[self._position : self._position + 1] == b"\xff"
        self._position += is_next
        return is_next

    def _read_scalar(self, head: Head) -> Value:
        if head.major == TEXT:
            return self._read_text(head)
        if head.major == BYTES:
            return self._read_bytes(head, "bytes")
        if head.major == OTHER:
            return self._read_other(head)
        number = -1 - head.argument if head.major == NINT else head.argument
        if abs(number) > MAX_SAFE:
            self._add(int_faults(number, head.start))
        if self._spans is not None:
            self._mark(self._position, "int", f"integer {number}")
        return number

    def _read_other(self, head: Head) -> Value:
        """Read a float or a simple value."""
        if head.low in _FLOATS:
            form, bits = _FLOATS[head.low]
            number: float
            (number,) = struct.unpack_from(form, self._data, head.start + 1)
            self._add(float_faults(number, bits, head.start))
            self._is_whole = self._is_whole and math.isfinite(number)
            self._mark(self._position, "float", f"float {number!r}, {bits} bits")
            return number
        if head.low in _SIMPLE:
            value = _SIMPLE[head.low]
            self._mark(self._position, "simple", _WORDS[value])
            return value
        self._is_whole = False
        self._add(simple_faults(head.argument, head.start))
        self._mark(
            self._position, "simple", f"simple value {head.argument}, not allowed"
        )
        return None

    def _read_text(self, head: Head) -> str:
        if head.low != INDEFINITE:
            at, piece = self._piece(head, "text")
            return self._text_of(piece, at, "text")
        out = StringIO()
        for at, piece in self._pieces(head, "text"):
            out.write(self._text_of(piece, at, "text"))
        return out.getvalue()

    def _text_of(self, piece: bytes, at: int, what: str) -> str:
        """Return a text, or a piece of one, and report what is wrong with it."""
        if _PLAIN.fullmatch(piece) is None:
            self._add_text_faults(piece, at, what)
        return piece.decode(errors="backslashreplace")

    def _read_bytes(self, head: Head, kind: str) -> bytes:
        if head.low != INDEFINITE:
            return self._piece(head, kind)[1]
        out = BytesIO()
        for _, piece in self._pieces(head, kind):
            out.write(piece)
        return out.getvalue()

    def _pieces(self, head: Head, kind: str) -> Iterator[tuple[int, bytes]]:
        """Yield the content of bytes, text or a key: one piece, as it should be.

        Or several, each with its own head, up to a break. With each comes the
        offset of its first byte.
        """
        if head.low != INDEFINITE:
            yield self._piece(head, kind)
            return
        if kind != "link":
            words = f"{NAMES[head.major]} in pieces, up to a break"
            self._mark(self._position, kind, words)
        while not self._take_break():
            first = self._data[self._position : self._position + 1]
            if first and (first[0] >> 5 != head.major or first[0] & 31 == INDEFINITE):
                name = NAMES[head.major]
                text = f"a piece of the {name} is no {name} with a length of its own"
                found = hexed(first)
                self._stop(Fault("CBR005", self._position, text, name, found))
            yield self._piece(self._read_head(), kind)
        if kind != "link":
            self._mark(self._position, "simple", "break: its end")

    def _piece(self, head: Head, kind: str) -> tuple[int, bytes]:
        at, length = self._position, head.argument
        if length > self._size - at:
            self._stop_short(head, "byte")
        self._position = end = at + length
        piece = self._data[at:end]
        if self._spans is not None and not self._spans.is_full and kind != "link":
            self._mark_piece(kind, at, piece)
        return at, piece

    def _mark_piece(self, kind: str, at: int, piece: bytes) -> None:
        """Say what the head and the content of bytes, text or a key are."""
        text = piece[:_LOOKED_AT].decode(errors="backslashreplace")
        if kind == "key":
            path = self._path_of_key(text)
            self._mark(self._position, kind, f"key {quoted(text)}", path=path)
            return
        name = "byte string" if kind == "bytes" else kind
        self._mark(at, kind, f"{name}, {count_text(len(piece), 'byte')}")
        words = hexed(piece) if kind == "bytes" else quoted(text)
        self._mark(self._position, kind, words)

    def _is_link(self, head: Head) -> bool:
        """Judge a tag; tell whether a link follows."""
        number = head.argument
        if number != LINK_TAG:
            self._is_whole = False
            self._add(tag_faults(number, head.start))
            self._mark(self._position, "tag", f"tag {number}, not allowed")
            return False
        self._mark(self._position, "tag", "tag 42: a link follows")
        major = self._next_major()
        if major in {BYTES, None}:
            return True
        self._is_whole = False
        text = f"tag 42 marks a link, but no bytes follow: {NAMES[major]} does"
        fault = Fault("CBR010", self._position, text, "00 and a CID", NAMES[major])
        self._faults.add(fault)
        self._link_told_at = fault.offset
        return False

    def _read_link(self, head: Head) -> Value:
        """Read the bytes that stand under tag 42."""
        at = self._position
        content = self._read_bytes(head, "link")
        value, fault = read_link(content, at if content else head.start)
        if fault is not None:
            self._faults.add(fault)
            self._link_told_at = fault.offset
        if not isinstance(value, Cid):
            self._is_whole = False
            self._mark(self._position, "fault", "no CID")
        else:
            if head.low != INDEFINITE:
                words = f"{count_text(len(content), 'byte')}: 00, a CID"
                self._mark(at + 1, "link", words)
            self._mark(self._position, "link", link_words(value))
        return value

    def _stop_at_end(self) -> NoReturn:
        """Stop because the block ends between items."""
        if not self._size:
            self._stop(Fault("CBR021", 0, "the block is empty", "one item", "0 bytes"))
        text = f"the block ends where {self._what_lacks()} should begin"
        self._stop(Fault("CBR001", self._position, text, "an item", "the end"))

    def _stop_short(self, head: Head, noun: str) -> NoReturn:
        """Stop because a length says more than there is."""
        amount = count_text(head.argument, noun)
        left = count_text(self._size - self._position, "byte")
        text = f"the {NAMES[head.major]} says {amount}, but the block has {left} more"
        self._stop(Fault("CBR018", head.start, text, amount, left))

    def _stop(self, fault: Fault) -> NoReturn:
        """Report a fault behind which nothing can be read, and stop."""
        self._is_whole = False
        self._faults.add(fault)
        self._position = fault.offset
        self._mark(self._size, "fault", f"not readable: {fault.message}")
        raise StoppedError

    def _add_text_faults(self, piece: bytes, at: int, what: str) -> None:
        for fault in text_faults(piece, at, what):
            self._is_whole = self._is_whole and fault.code != "CBR014"
            self._faults.add(fault)

    def _pass_over(self, head: Head) -> None:
        """Skip an array or map with all that is in it."""
        spans, self._spans = self._spans, None
        # For each that is open, items to come, negative up to a break: a number
        # takes less memory than a frame, and there may be a million.
        left = [_items_of(head)]
        try:
            while left:
                if left[-1] == 0 or (left[-1] < 0 and self._take_break()):
                    left.pop()
                    continue
                while (item := self._read_head()).major == TAG:
                    pass
                left[-1] -= left[-1] > 0
                if item.major in {ARRAY, MAP}:
                    left.append(_items_of(item))
                elif item.major in {BYTES, TEXT}:
                    for _ in self._pieces(item, "link"):
                        pass
        finally:
            self._spans = spans
        self._mark(self._position, "fault", f"{NAMES[head.major]}, left out")

    def _add(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._faults.add(fault)

    def _mark(
        self, end: int, kind: str, meaning: str, *, path: str | None = None
    ) -> None:
        """Say what the bytes up to *end* are."""
        if self._spans is None or self._spans.is_full:
            return
        path = self._path() if path is None else path
        self._spans.add(end, kind, meaning, depth=self._depth, path=path)
