"""Read a block of DAG-CBOR whatever is wrong with it, and say what is wrong.

Here is how items are made: a head says their kind and length, and they stand
in one another. `dagcbor_rules` says what each may be. A fault has the offset
of the head, key or content it is about, and reading goes on behind it wherever
the structure is still known; what was read until then is the value.

No recursion: open arrays and maps wait on a list. Time is linear in the bytes,
and so is memory, up to `limits.MAX_VALUES` items; what comes behind them is
judged but not kept.

Source: RFC 8949 §3; DAG-CBOR §Strictness.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.dagcbor_rules import (
    MAX_SAFE,
    Fault,
    Faults,
    Value,
    count_faults,
    diagnostic,
    float_faults,
    int_faults,
    key_faults,
    order_faults,
    read_link,
    shortest_head,
    shown,
    simple_faults,
    tag_faults,
    text_faults,
)
from repoview.core.dagcbor_spans import (
    Span,
    Spans,
    counted,
    hexed,
    link_words,
    quoted,
    step_into,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UINT, NINT, BYTES, TEXT, ARRAY, MAP, TAG, OTHER = range(8)
LINK_TAG: Final = 42
BREAK: Final = 0xFF

_LEAST: Final = (24, 1 << 8, 1 << 16, 1 << 32)
"""What an argument in 1, 2, 4 or 8 bytes is at least, in its shortest form."""

_INDEFINITE: Final = 31
_NAMES: Final = (
    "integer",
    "integer",
    "byte string",
    "text",
    "array",
    "map",
    "tag",
    "simple value",
)
_FLOATS: Final = {25: (">e", 16), 26: (">f", 32), 27: (">d", 64)}
_SIMPLE: Final[dict[int, Value]] = {20: False, 21: True, 22: None}
_WORDS: Final[dict[Value, str]] = {False: "false", True: "true", None: "null"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What could be read of a block, and what is wrong with it."""

    value: Value
    """The first item, as far as it could be read."""

    faults: list[Fault]
    """By offset; at most 100, but at least one of each code there is."""

    end: int
    """Bytes of the first item, or where its reading stopped."""

    spans: list[Span]
    """The whole block, byte by byte, if that was asked for; else empty."""


def diagnose(data: bytes, *, annotate: bool = False) -> Decoded:
    """Read *data*, one item of DAG-CBOR, with all that is wrong with it.

    Never raises. How long a block may be is not judged here (REC006, BLK006).

    Args:
        data: The block.
        annotate: Whether to say what every byte is.
    """
    return _Reader(data, annotate=annotate).run()


class _StoppedError(Exception):
    """Behind this byte the structure of the block is not known."""


class _Head(NamedTuple):
    """The first bytes of an item."""

    start: int
    major: int
    argument: int
    """A number, length or count; for `OTHER`, the bits of its content."""

    low: int
    """How the argument is written: the low five bits of the first byte."""


class _Frame:
    """An array or map that is being read."""

    __slots__ = (
        "count",
        "head",
        "is_key",
        "key",
        "left",
        "odd",
        "path",
        "previous",
        "value",
    )

    def __init__(self, head: _Head, path: str, *, is_key: bool) -> None:
        self.head = head
        self.path = path
        self.is_key = is_key
        """Whether it stands where a key should."""

        self.value: list[Value] | dict[str, Value] = [] if head.major == ARRAY else {}
        self.left = -1 if head.low == _INDEFINITE else head.argument
        """Items or pairs still to begin; negative: until a break."""

        self.count = 0
        """Those that have begun."""

        self.key: str | None = None
        """In a map, the key whose value comes next."""

        self.previous: bytes | None = None
        """In a map, the content of the text key before."""

        self.odd: set[str] = set()
        """In a map, the names that are not what their keys say."""

    @property
    def wants_key(self) -> bool:
        return self.key is None and self.head.major == MAP

    def take(self) -> None:
        """Count an item or a pair that begins."""
        self.left -= 1
        self.count += 1


class _Reader:
    """Reads one block."""

    def __init__(self, data: bytes, *, annotate: bool) -> None:
        self._data = data
        self._size = len(data)
        self._position = 0
        self._stack: list[_Frame] = []
        self._value: Value = None
        self._values = 0
        self._is_deep = False
        self._faults = Faults()
        self._spans = Spans(len(data)) if annotate else None

    def run(self) -> Decoded:
        """Read everything."""
        try:
            self._read_item()
        except _StoppedError:
            pass
        else:
            self._read_tail()
        spans = [] if self._spans is None else self._spans.kept
        return Decoded(self._value, self._faults.sorted(), self._position, spans)

    def _read_tail(self) -> None:
        """Report what stands behind the first item."""
        if left := self._size - self._position:
            text = f"{counted(left, 'byte')} behind the CBOR item"
            found = hexed(self._data[self._position :][:20])
            self._faults.add(Fault("CBR002", self._position, text, "no more", found))
            self._mark(self._size, "tail", text)

    def _read_item(self) -> None:
        """Read the first item, with all that stands in it."""
        while True:
            frame = self._stack[-1] if self._stack else None
            if frame is not None and frame.wants_key and self._next_major() == TEXT:
                self._read_key(frame)
            else:
                self._read_value()
            while self._stack and self._is_over(self._stack[-1]):
                self._close(self._stack.pop())
            if not self._stack:
                return

    def _read_value(self) -> None:
        """Read a scalar, or the head of an array or map."""
        is_link = False
        while (head := self._read_head()).major == TAG:
            is_link = self._is_link(head)
        if head.major in {ARRAY, MAP}:
            self._open(head)
        elif is_link:
            self._place(head.start, self._read_link(head))
        else:
            self._place(head.start, self._read_scalar(head))

    def _read_scalar(self, head: _Head) -> Value:
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

    def _read_other(self, head: _Head) -> Value:
        """Read a float or a simple value."""
        if head.low in _FLOATS:
            form, bits = _FLOATS[head.low]
            number: float
            (number,) = struct.unpack_from(form, self._data, head.start + 1)
            self._add(float_faults(number, bits, head.start))
            self._mark(self._position, "float", f"float {number!r}, {bits} bits")
            return number
        if head.low in _SIMPLE:
            value = _SIMPLE[head.low]
            self._mark(self._position, "simple", _WORDS[value])
            return value
        self._add(simple_faults(head.argument, head.start))
        self._mark(
            self._position, "simple", f"simple value {head.argument}, not allowed"
        )
        return None

    def _is_link(self, head: _Head) -> bool:
        """Judge a tag; tell whether a link follows."""
        number = head.argument
        if number != LINK_TAG:
            self._add(tag_faults(number, head.start))
            self._mark(self._position, "tag", f"tag {number}, not allowed")
            return False
        self._mark(self._position, "tag", "tag 42: a link follows")
        major = self._next_major()
        if major in {BYTES, None}:
            return True
        text = f"the link is tag 42 on another item ({_NAMES[major]}) than bytes"
        fault = Fault("CBR010", self._position, text, "00 and a CID", _NAMES[major])
        self._faults.add(fault)
        return False

    def _read_link(self, head: _Head) -> Value:
        """Read the bytes that stand under tag 42."""
        at = self._position
        content = self._read_bytes(head, "link")
        value, fault = read_link(content, at if content else head.start)
        if fault is not None:
            self._faults.add(fault)
        if not isinstance(value, Cid):
            self._mark(self._position, "fault", "no CID")
        else:
            if head.low != _INDEFINITE:
                words = f"{counted(len(content), 'byte')}: 00, a CID"
                self._mark(at + 1, "link", words)
            self._mark(self._position, "link", link_words(value))
        return value

    def _read_bytes(self, head: _Head, kind: str) -> bytes:
        out = BytesIO()
        for _, piece in self._pieces(head, kind):
            out.write(piece)
        return out.getvalue()

    def _read_text(self, head: _Head) -> str:
        out = StringIO()
        for at, piece in self._pieces(head, "text"):
            self._add(text_faults(piece, at, "text"))
            out.write(piece.decode(errors="backslashreplace"))
        return out.getvalue()

    def _read_key(self, frame: _Frame) -> None:
        """Read a map key that is text, as it should be."""
        head = self._read_head()
        out = BytesIO()
        for at, piece in self._pieces(head, "key"):
            self._add(text_faults(piece, at, "key"))
            out.write(piece)
        key = out.getvalue()
        name = key.decode(errors="backslashreplace")
        self._add(key_faults(name, len(key), head.start))
        is_odd = name.encode() != key
        if frame.previous is not None:
            is_known = name in frame.value and not is_odd and name not in frame.odd
            faults = order_faults(key, frame.previous, head.start, is_known=is_known)
            self._add(faults)
        frame.previous = key
        self._set_key(frame, name, is_odd=is_odd)

    def _set_key(self, frame: _Frame, name: str, *, is_odd: bool) -> None:
        frame.key = name
        frame.take()
        if is_odd:
            frame.odd.add(name)

    def _pieces(self, head: _Head, kind: str) -> Iterator[tuple[int, bytes]]:
        """Yield the content of bytes, text or a key: one piece, as it should be.

        Or several, each with its own head, up to a break. With each comes the
        offset of its first byte.
        """
        if head.low != _INDEFINITE:
            yield self._piece(head, kind)
            return
        if kind != "link":
            words = f"{_NAMES[head.major]} in pieces, up to a break"
            self._mark(self._position, kind, words)
        while not self._take_break():
            first = self._data[self._position : self._position + 1]
            if first and (first[0] >> 5 != head.major or first[0] & 31 == _INDEFINITE):
                name = _NAMES[head.major]
                text = f"a piece of the {name} is no {name} with a length of its own"
                found = hexed(first)
                self._stop(Fault("CBR005", self._position, text, name, found))
            yield self._piece(self._read_head(), kind)
        if kind != "link":
            self._mark(self._position, "simple", "break: its end")

    def _piece(self, head: _Head, kind: str) -> tuple[int, bytes]:
        at, length = self._position, head.argument
        if length > self._size - at:
            self._stop_short(head, "byte")
        self._position = end = at + length
        piece = self._data[at:end]
        if self._spans is not None and kind != "link":
            self._mark_piece(kind, at, piece)
        return at, piece

    def _mark_piece(self, kind: str, at: int, piece: bytes) -> None:
        """Say what the head and the content of bytes, text or a key are."""
        text = piece[:200].decode(errors="backslashreplace")
        if kind == "key":
            self._mark(self._position, kind, f"key {quoted(text)}", step=text)
            return
        name = "byte string" if kind == "bytes" else kind
        self._mark(at, kind, f"{name}, {counted(len(piece), 'byte')}")
        words = hexed(piece) if kind == "bytes" else quoted(text)
        self._mark(self._position, kind, words)

    def _open(self, head: _Head) -> None:
        """Begin an array or a map."""
        name, noun = _NAMES[head.major], "pair" if head.major == MAP else "item"
        if head.low == _INDEFINITE:
            words = f"{name}, {noun}s up to a break"
        else:
            least = head.argument << (head.major == MAP)
            words = f"{name} of {counted(head.argument, noun)}"
            if least > self._size - self._position:
                self._stop_short(head, noun)
            self._add(count_faults(head.argument, name, head.start))
        nesting = len(self._stack) + 1
        if nesting > limits.MAX_NESTING:
            text = f"the {name} is nested {nesting} deep: no more is read"
            most = f"at most {limits.MAX_NESTING}"
            self._stop(Fault("CBR017", head.start, text, most, str(nesting)))
        if nesting > limits.DEEP_NESTING and not self._is_deep:
            self._is_deep = True
            text = f"the {name} is nested {nesting} deep"
            most = f"at most {limits.DEEP_NESTING}"
            self._faults.add(Fault("REC010", head.start, text, most, str(nesting)))
        self._mark(self._position, name, words)
        is_key = bool(self._stack) and self._stack[-1].wants_key
        frame = _Frame(head, self._path(), is_key=is_key)
        if not is_key:
            self._attach(frame.value)
        self._stack.append(frame)

    def _is_over(self, frame: _Frame) -> bool:
        """Tell whether all of an array or map is read; takes its break."""
        if frame.key is not None:
            return False
        if frame.left >= 0:
            return frame.left == 0
        if not self._take_break():
            return False
        self._mark(self._position, "simple", "break: its end", path=frame.path)
        name = _NAMES[frame.head.major]
        self._add(count_faults(frame.count, name, frame.head.start))
        return True

    def _close(self, frame: _Frame) -> None:
        """Leave an array or map; its holder has it already, but for a key."""
        if frame.is_key:
            self._place_key(self._stack[-1], frame.head.start, frame.value)

    def _place(self, start: int, value: Value) -> None:
        """Put a scalar where it belongs."""
        if self._stack and self._stack[-1].wants_key:
            self._place_key(self._stack[-1], start, value)
        else:
            self._attach(value)

    def _place_key(self, frame: _Frame, start: int, value: Value) -> None:
        """Take what is no text as a key."""
        name = diagnostic(value)
        # Under a tag that is not 42 text may stand: the tag was reported.
        if not isinstance(value, str):
            text = f"a map key is {name}, not text"
            self._faults.add(Fault("CBR006", start, text, "text", name))
        self._set_key(frame, name, is_odd=True)

    def _attach(self, value: Value) -> None:
        """Put a value into the array or map that is being read."""
        if not self._stack:
            self._value = value
            return
        frame = self._stack[-1]
        self._values += 1
        is_kept = self._values <= limits.MAX_VALUES
        if isinstance(frame.value, list):
            frame.take()
            if is_kept:
                frame.value.append(value)
        else:
            key, frame.key = frame.key, None
            if is_kept and key is not None:
                frame.value.setdefault(key, value)

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

    def _read_head(self) -> _Head:
        """Read the head of the next item, whatever it is."""
        start = self._position
        if start == self._size:
            self._stop_at_end()
        first = self._data[start]
        major, low = first >> 5, first & 31
        if low < 24:
            self._position = start + 1
            return _Head(start, major, low, low)
        if low > 27:
            return self._read_odd_head(start, major, low)
        end = start + 1 + (1 << low - 24)
        if end > self._size:
            have = self._size - start
            text = f"the block ends inside a head: {have} of {end - start} bytes"
            found = hexed(self._data[start:])
            fault = Fault("CBR001", start, text, counted(end - start, "byte"), found)
            self._stop(fault)
        argument = int.from_bytes(self._data[start + 1 : end], "big")
        self._position = end
        if major != OTHER and argument < _LEAST[low - 24]:
            self._add_long_head(start, major, argument)
        return _Head(start, major, argument, low)

    def _read_odd_head(self, start: int, major: int, low: int) -> _Head:
        """Read a head without a length, or stop at one that is none."""
        first = self._data[start : start + 1]
        if low != _INDEFINITE or not BYTES <= major <= MAP:
            text = f"a head {hexed(first)} has no meaning: it is reserved"
            if first[0] == BREAK:
                text = "a break stands where an item should begin"
            self._stop(Fault("CBR005", start, text, "an item", hexed(first)))
        text = f"the {_NAMES[major]} has no length: it goes on up to a break"
        self._faults.add(Fault("CBR004", start, text, "a length", hexed(first)))
        self._position = start + 1
        return _Head(start, major, 0, low)

    def _add_long_head(self, start: int, major: int, argument: int) -> None:
        found = self._data[start : self._position]
        shortest = shortest_head(major, argument)
        name = f"{_NAMES[major]} {-1 - argument if major == NINT else argument}"
        if major in {BYTES, TEXT, ARRAY, MAP}:
            name = f"length {argument} of the {_NAMES[major]}"
        text = f"the {name} takes {len(found)} bytes: {len(shortest)} would do"
        self._faults.add(Fault("CBR003", start, text, hexed(shortest), hexed(found)))

    def _stop_at_end(self) -> NoReturn:
        """Stop because the block ends between items."""
        if not self._size:
            self._stop(Fault("CBR021", 0, "the block is empty", "one item", "0 bytes"))
        where = self._what_lacks(self._stack[-1]) if self._stack else "a tag's content"
        text = f"the block ends where {where} should begin"
        self._stop(Fault("CBR001", self._position, text, "an item", "the end"))

    def _what_lacks(self, frame: _Frame) -> str:
        if frame.head.major == ARRAY:
            return f"item {frame.count + 1:,} of an array"
        if frame.key is None:
            return f"pair {frame.count + 1:,} of a map"
        return f"the value of the key {shown(frame.key)}"

    def _stop_short(self, head: _Head, noun: str) -> NoReturn:
        """Stop because a length says more than there is."""
        amount = counted(head.argument, noun)
        left = counted(self._size - self._position, "byte")
        text = f"the {_NAMES[head.major]} says {amount}, but the block has {left} more"
        self._stop(Fault("CBR018", head.start, text, amount, left))

    def _stop(self, fault: Fault) -> NoReturn:
        """Report what makes all that follows unreadable."""
        self._faults.add(fault)
        self._position = fault.offset
        self._mark(self._size, "fault", f"not readable: {fault.message}")
        raise _StoppedError

    def _add(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._faults.add(fault)

    def _mark(
        self,
        end: int,
        kind: str,
        meaning: str,
        *,
        path: str | None = None,
        step: str | None = None,
    ) -> None:
        """Say what the bytes up to *end* are; *step* is a key just read."""
        if self._spans is None or self._spans.is_full:
            return
        if step is not None:
            path = step_into(self._stack[-1].path, step)
        elif path is None:
            path = self._path()
        self._spans.add(end, kind, meaning, depth=len(self._stack), path=path)

    def _path(self) -> str:
        """Return the path of the item that is being read, if it is asked for."""
        if self._spans is None or self._spans.is_full or not self._stack:
            return ""
        frame = self._stack[-1]
        if frame.head.major == ARRAY:
            return step_into(frame.path, frame.count)
        return frame.path if frame.key is None else step_into(frame.path, frame.key)
