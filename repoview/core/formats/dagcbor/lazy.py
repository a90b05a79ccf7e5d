"""Look into a block of DAG-CBOR without decoding all of it.

`part_at` returns the item at a byte: a number, the bounds of a text, or the
head of an array or map. `Parts` iterates over the items in one, and skips what
is nested in them. So a view can show the first thousand of a million items, or
the last.

Work is paid for from a `Budget`; when it is spent, the same call resumes with
another. Nothing is judged here, which `diagnose` does: what can be read is
returned, and behind it comes a part of the kind "fault".

Source: RFC 8949 §3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

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
from repoview.core.formats.dagcbor.rules import diagnostic, read_link
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from repoview.core.formats.dagcbor.rules import Value

_TAGS: Final = 16
"""Most tags in front of one item; valid data has one."""

_HEAD: Final = 10
_ITEM: Final = 30
"""What a head of any kind costs, and an item that is given out."""

_FLOATS: Final = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
_SIMPLE: Final = {20: False, 21: True}


class Part(NamedTuple):
    """One item of a block, by position."""

    kind: str
    """map, array, text, bytes, int, float, simple, link or fault."""

    start: int
    """Its first byte, that of a tag if it has one."""

    body: int
    """The first byte behind its head."""

    end: int
    """The byte behind it; for an array or map, that behind its head."""

    amount: int
    """Pairs, items, or bytes of content; -1 where only a break ends them."""

    value: Value
    """Of a number, simple value or link; of a fault, why; None of others, whose
    content is to be had from `text_of` and `bytes_of`."""

    @property
    def is_box(self) -> bool:
        """Whether it is an array or map."""
        return self.kind in {"map", "array"}


class Budget:
    """How much may be read before control returns to the screen.

    The unit is the time to skip a small number, about 0.1 microseconds.
    """

    def __init__(self, left: int) -> None:
        self.left = left


class SpentError(Exception):
    """The budget is spent; the same call resumes with another."""


class Item(NamedTuple):
    """One item of an array, or one pair of a map."""

    number: int
    """Its index, from 0."""

    key: Part | None
    """In a map, the key."""

    part: Part


def part_at(data: bytes, start: int) -> Part:
    """Return the item that begins at byte *start*; a fault where none does."""
    at, is_link = start, False
    for _ in range(_TAGS):
        head = _head_at(data, at)
        if isinstance(head, str):
            return _fault(data, start, head)
        major, argument, _, end = head
        if major != TAG:
            return _part(data, start, head, is_link=is_link)
        is_link = argument == LINK_TAG
        at = end
    return _fault(data, start, f"over {_TAGS} tags stand in front of one item")


def text_of(data: bytes, part: Part, most: int | None = None) -> str:
    r"""Return the content of a text; bytes that are not UTF-8 as ``\xNN``.

    Args:
        data: The block.
        part: A text in it.
        most: Bytes to take, up to the end of a character; None for all.
    """
    content = bytes_of(data, part, most)
    if most is not None and len(content) == most:
        # At most three bytes of a character that was cut.
        for back in range(1, min(4, most + 1)):
            if content[-back] & 0xC0 != 0x80:
                width = (content[-back] >= 0xC0) + (content[-back] >= 0xE0)
                width += content[-back] >= 0xF0
                if width >= back:
                    content = content[:-back]
                break
    return content.decode(errors="backslashreplace")


def bytes_of(data: bytes, part: Part, most: int | None = None) -> bytes:
    """Return the content of bytes or text, *most* bytes of it."""
    if part.amount >= 0:
        end = part.end if most is None else min(part.end, part.body + most)
        return data[part.body : end]
    pieces, at, length = [], part.body, 0
    while at < part.end - 1 and (most is None or length < most):
        head = _head_at(data, at)
        if isinstance(head, str):
            break
        _, argument, _, body = head
        at = body + argument
        pieces.append(data[body:at])
        length += argument
    return b"".join(pieces)[:most]


def bytes_begun(data: bytes, start: int) -> int | None:
    """Return where the content of a byte string begins that *data* ends inside of.

    None where no such byte string begins at *start*, or its head is cut off too.
    """
    head = _head_at(data, start)
    if isinstance(head, str) or head[0] != BYTES or head[2] > WITH_ARGUMENT:
        return None
    return head[3]


def key_text(data: bytes, key: Part) -> str:
    """Return the text of a key; in CBOR diagnostic notation if it is no text."""
    if key.kind == "text":
        return text_of(data, key)
    return diagnostic(bytes_of(data, key) if key.kind == "bytes" else key.value)


@dataclass(slots=True)
class Place:
    """Where a reading stands: it can be gone on from more than once."""

    number: int
    """Of the item that comes next."""

    offset: int
    """Where it begins, once all of `open` is passed over."""

    open: tuple[int, ...] = ()
    """A stack: items still to skip at each level; -1 up to a break."""

    is_skip: bool = False
    """Whether the first of `open` are items of the array or map itself."""


class Parts:
    """The items of an array or map, front to back.

    Args:
        data: The block.
        box: An array or map in it.
        place: Where to go on; None for the beginning.
    """

    def __init__(self, data: bytes, box: Part, place: Place | None = None) -> None:
        self.fault = ""
        """Why no more can be read, if so."""
        self._data, self._box = data, box
        place = place or Place(0, box.body)
        self._number, self._offset = place.number, place.offset
        self._open, self._is_skip = list(place.open), place.is_skip

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self._number, self._offset, tuple(self._open), self._is_skip)

    @property
    def offset(self) -> int:
        """The byte up to which it has read."""
        return self._offset

    def take(self, budget: Budget) -> Item | None:
        """Return the next item; None behind the last, or where `fault` says why.

        Raises:
            SpentError: The budget is spent.
        """
        self._finish(budget)
        if self.fault or self._is_over():
            return None
        _pay(budget)
        key, at = None, self._offset
        if self._box.kind == "map":
            key = part_at(self._data, at)
            if key.is_box:
                key = _fault(self._data, at, "a map key is an array or a map")
            if key.kind == "fault":
                return self._take(key, None)
            at = key.end
        return self._take(part_at(self._data, at), key)

    def skip(self, budget: Budget, number: int) -> None:
        """Skip items until the next is that of *number*, or there is none.

        Raises:
            SpentError: The budget is spent.
        """
        self._finish(budget)
        if self._box.amount < 0:
            while self._number < number and self.take(budget) is not None:
                pass
        elif not self.fault and (ahead := min(number, self._box.amount)) > self._number:
            self._open = [ahead - self._number << (self._box.kind == "map")]
            self._number, self._is_skip = ahead, True
        self._finish(budget)

    def _is_over(self) -> bool:
        if self._box.amount >= 0:
            return self._number >= self._box.amount
        return self._data[self._offset : self._offset + 1] == b"\xff"

    def _take(self, part: Part, key: Part | None) -> Item:
        item = Item(self._number, key, part)
        self._number += 1
        self._offset = part.end
        if part.kind == "fault":
            self.fault = str(part.value)
        elif part.is_box:
            self._open = [part.amount << (part.kind == "map" and part.amount > 0)]
            self._is_skip = False
        return item

    def _finish(self, budget: Budget) -> None:
        """Skip the item returned last, with all that is in it."""
        data, size = self._data, len(self._data)
        stack, at, left = self._open, self._offset, budget.left
        try:
            while stack and not self.fault:
                if stack[-1] == 0:
                    stack.pop()
                    continue
                if left <= 0:
                    raise SpentError
                left -= 1
                first = data[at] if at < size else BREAK
                if first < 0x18 or 0x20 <= first < 0x38:
                    at += 1
                    stack[-1] -= stack[-1] > 0
                elif 0x60 <= first < 0x78 and at + first - 0x5F <= size:
                    at += first - 0x5F
                    stack[-1] -= stack[-1] > 0
                elif first == BREAK and stack[-1] < 0 and at < size:
                    at += 1
                    stack.pop()
                else:
                    at = self._pass(at)
                    left -= _HEAD
        finally:
            self._offset, budget.left = at, left

    def _pass(self, at: int) -> int:
        """Pass over a head of any kind, and the content of a scalar."""
        part = part_at(self._data, at)
        if part.kind == "fault":
            self.fault = str(part.value)
            # Of what was to be passed over, only that far was.
            is_map = self._box.kind == "map"
            if self._is_skip:
                self._number -= self._open[0] + is_map >> is_map
            return at
        self._open[-1] -= self._open[-1] > 0
        if part.is_box:
            self._open.append(part.amount << (part.kind == "map" and part.amount > 0))
        return part.end


_Head: TypeAlias = tuple[int, int, int, int]
"""Kind, argument, low five bits and end; see `read_head`."""


def _head_at(data: bytes, at: int) -> _Head | str:
    """Return the head at a byte, or why there is none."""
    if at >= len(data):
        return "the block ends where an item should begin"
    major, _, low, end = head = read_head(data, at)
    if low <= WITH_ARGUMENT:
        return head if end <= len(data) else "the block ends inside a head"
    if low == INDEFINITE and BYTES <= major <= MAP:
        return head
    if data[at] == BREAK:
        return "a break stands where an item should begin"
    return f"a head {data[at]:02x} has no meaning"


def _part(data: bytes, start: int, head: _Head, *, is_link: bool) -> Part:
    """Return what a head that is no tag begins."""
    major, argument, low, body = head
    if major in {BYTES, TEXT}:
        return _content(data, start, head, is_link=is_link)
    if major in {ARRAY, MAP}:
        count = -1 if low == INDEFINITE else argument
        least = argument << (major == MAP)
        if least > len(data) - body:
            left = count_text(len(data) - body, "byte")
            items = count_text(argument, "item")
            return _fault(data, start, f"it says {items}, with {left} left")
        kind = "map" if major == MAP else "array"
        return Part(kind, start, body, body, count, None)
    if major == OTHER:
        if low in _FLOATS:
            form, length = _FLOATS[low]
            (number,) = struct.unpack_from(form, data, body - length)
            return Part("float", start, body, body, 0, number)
        return Part("simple", start, body, body, 0, _SIMPLE.get(low))
    value = -1 - argument if major == NINT else argument
    return Part("int", start, body, body, 0, value)


def _content(data: bytes, start: int, head: _Head, *, is_link: bool) -> Part:
    """Return text, bytes or a link."""
    major, count, low, body = head
    kind = "text" if major == TEXT else "bytes"
    end = body + count
    if low == INDEFINITE:
        end, count = _end_of_pieces(data, major, body), -1
    if not 0 <= end <= len(data):
        left = count_text(len(data) - body, "byte")
        return _fault(data, start, f"a {kind} goes on behind the {left} left")
    part = Part(kind, start, body, end, count, None)
    if is_link and kind == "bytes":
        value, _ = read_link(bytes_of(data, part, 200), body)
        if isinstance(value, Cid):
            return part._replace(kind="link", value=value)
    return part


def _end_of_pieces(data: bytes, major: int, at: int) -> int:
    """Return where text or bytes in pieces end, -1 where they do not."""
    while data[at : at + 1] != b"\xff":
        head = _head_at(data, at)
        if isinstance(head, str):
            return -1
        kind, argument, low, body = head
        if kind != major or low == INDEFINITE:
            return -1
        at = body + argument
    return at + 1


def _fault(data: bytes, start: int, why: str) -> Part:
    return Part("fault", start, start, len(data), 0, why)


def _pay(budget: Budget) -> None:
    if budget.left <= 0:
        raise SpentError
    budget.left -= _ITEM
