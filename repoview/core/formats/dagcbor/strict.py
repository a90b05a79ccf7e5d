"""DAG-CBOR, the encoding of all blocks: strict reading, and writing.

Two decoders accept the same blocks. `sound_type` says yes or no, as fast as
Python can; every block of a repository goes through it. `diagnose` reads any
bytes, says what is wrong, and is the one to learn the format from: `items` reads
single items, `diagnose` how they nest, `rules` what each may be. A block is
*sound* when `diagnose` has no fault to report, of any severity, and it is not
over the size that the network carries.

Faults have the CBR, REC and BLB codes of the catalogue. There is no CBR022,
"does not encode to the same bytes again": the rules leave one form for each
value, so a block without another fault always does.

Source: DAG-CBOR §Strictness; DRISL; atproto data model.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.errors import DagCborError
from repoview.core.formats.dagcbor.blob_rules import is_right
from repoview.core.formats.dagcbor.diagnose import Decoded, diagnose
from repoview.core.formats.dagcbor.heads import TEXT
from repoview.core.formats.dagcbor.rules import MAX_SAFE, WARNINGS, Fault, Value
from repoview.core.formats.dagcbor.spans import Span

if TYPE_CHECKING:
    from cbor2 import CBORTag

__all__ = [
    "Decoded",
    "Fault",
    "Span",
    "Value",
    "annotate",
    "decode",
    "decode_sound",
    "diagnose",
    "encode",
    "sound_type",
]

_LINKS: Final = frozenset(
    bytes.fromhex("d82a582500") + prefix for prefix in (PLAIN_PREFIX, RAW_PREFIX)
)
_LEAST: Final = (24, 1 << 8, 1 << 16, 1 << 32)
_TYPE: Final = b"\x65$type"
_BLOB: Final = b"\x64blob"
_LEGACY: Final = b"\xa2\x63cid"
_MEDIA_TYPE: Final = b"\x68mimeType"
_CONTROL: Final = bytes((*range(9), 11, 12, *range(14, 32), 127))
_WIDE_CONTROL: Final = re.compile(
    rb"\xc2[\x80-\x9f]|\xe2(?:\x80[\xad\xae]|\x81[\xa6-\xa9])"
)
"""C1 and the bidi overrides and isolates, in UTF-8."""


def sound_type(data: bytes) -> str | None:
    """Return the `$type` of a sound block, "" if it has none; None if unsound.

    None whenever `diagnose` would report anything, and for a block of over
    1,000,000 bytes, which others judge (REC006, BLK006). The `$type` is that
    of the first item, if this is a map and its `$type` is text.

    The hot path of loading. It keeps only the texts, joined with line feeds, and
    checks them together at the end: a line feed is allowed in text, and keeps
    two halves of a character in adjacent texts from being taken for one.
    """
    size = len(data)
    if not 0 < size <= limits.MAX_RECORD:
        return None
    texts: list[bytes] = []
    add = texts.append
    # For each open item: how many items or pairs are to come; in a map, the key
    # before with its head, else None; where it begins. Compared as bytes, keys
    # with heads come shortest first; the sentinel "`" is the empty key, smaller
    # than any other.
    stack: list[tuple[int, bytes | None, int]] = []
    left, previous = 1, None
    position = type_at = begin = 0
    try:
        while True:
            if not left:
                if not stack:
                    break
                left, previous, begin = stack.pop()
                continue
            left -= 1
            head = data[position]
            if previous is not None:
                # A key, and behind it the value.
                if 0x60 <= head < 0x78:
                    end = position + head - 0x5F
                    key = data[position:end]
                    if key <= previous:
                        return None
                    add(key)
                    if data[position + 1] == 0x24:
                        if key != _TYPE:
                            return None
                        if len(stack) == 1:
                            type_at = end
                        if data[end : end + 5] == _BLOB and not is_right(data, begin):
                            return None
                    elif key == _MEDIA_TYPE and _is_legacy(data, begin, end):
                        return None
                else:
                    start, end = _long_key(data, position)
                    if not start:
                        return None
                    key = data[position:end]
                    if key <= previous or data[start] == 0x24:
                        return None
                    add(data[start:end])
                previous = key
                position = end
                head = data[position]
            # The most frequent items first.
            if 0x60 <= head < 0x78:
                # Short text, head and all: as a character the head is clean.
                end = position + head - 0x5F
                add(data[position:end])
                position = end
            elif head == 0x78:
                # Text of up to 255 bytes.
                count = data[position + 1]
                if count < 24:
                    return None
                end = position + count + 2
                add(data[position + 2 : end])
                position = end
            elif head < 0x18:
                # A small number.
                position += 1
            elif head == 0xD8:
                # A link.
                if data[position : position + 9] not in _LINKS:
                    return None
                position += 41
            elif 0xF4 <= head <= 0xF6:
                # False, true or null.
                position += 1
            elif head >= 0xC0:
                # Other tags, floats, and what has no meaning.
                return None
            elif head >= 0x80:
                # An array or a map: what is around it waits.
                start = position
                count, position = _argument(data, position)
                if not 0 <= count <= limits.MAX_ITEMS:
                    return None
                if len(stack) >= limits.DEEP_NESTING:
                    return None
                stack.append((left, previous, begin))
                left, begin = count, start
                previous = b"\x60" if head >= 0xA0 else None
            else:
                # Bytes, longer text, or another integer.
                count, position = _argument(data, position)
                if count < 0:
                    return None
                if head >= 0x40:
                    if head >= 0x60:
                        add(data[position : position + count])
                    position += count
                elif count > MAX_SAFE - (head >> 5):
                    return None
    except IndexError:
        # The block ended where a head should begin.
        return None
    if position != size or not _is_clean(b"\n".join(texts)):
        return None
    return _text_at(data, type_at) if type_at else ""


def _long_key(data: bytes, position: int) -> tuple[int, int]:
    """Return where the text of a key of 24 bytes or more begins and ends.

    0, 0 when it is no text, too long, or its head is not in its shortest form.
    """
    count, start = _argument(data, position)
    if data[position] >> 5 != TEXT or not 0 <= count <= limits.MAX_MAP_KEY:
        return 0, 0
    return start, start + count


def _is_legacy(data: bytes, begin: int, end: int) -> bool:
    """Tell whether a sound map is a blob reference of the older form.

    Args:
        data: The block.
        begin: Where the map begins.
        end: Behind its key `mimeType`.
    """
    if not data.startswith(_LEGACY, begin):
        return False
    return data[begin + len(_LEGACY)] >> 5 == data[end] >> 5 == TEXT


def _argument(data: bytes, position: int) -> tuple[int, int]:
    """Return the argument of the head at *position* and where it ends.

    -1 when it is not in its shortest form, or none at all.
    """
    # With `read_head`, `sound_type` takes a tenth longer.
    low = data[position] & 31
    if low < 24:
        return low, position + 1
    if low > 27:
        return -1, position
    end = position + 1 + (1 << low - 24)
    argument = int.from_bytes(data[position + 1 : end], "big")
    return (argument, end) if argument >= _LEAST[low - 24] else (-1, position)


def _is_clean(text: bytes) -> bool:
    """Tell whether *text* is UTF-8 without control and bidi characters."""
    if len(text.translate(None, _CONTROL)) != len(text):
        return False
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return _WIDE_CONTROL.search(text) is None


def _text_at(data: bytes, position: int) -> str:
    """Return the text at *position* of a sound block; "" if it is none."""
    if data[position] >> 5 != 3:
        return ""
    count, start = _argument(data, position)
    return data[start : start + count].decode()


def annotate(data: bytes) -> list[Span]:
    """Say what each byte of *data* is: spans without gap or overlap, in order.

    Broken data too: what cannot be read is a span of its own.
    """
    return diagnose(data, annotate=True).spans


def decode(data: bytes) -> Value:
    """Return the value of a block that breaks no rule.

    Warnings (such as an integer beyond 2**53) are ignored.

    Raises:
        DagCborError: The block breaks a rule; the offset is that of the first.
    """
    decoded = diagnose(data)
    for fault in decoded.faults:
        if fault.code not in WARNINGS:
            raise DagCborError(fault.message, offset=fault.offset)
    return decoded.value


def decode_sound(data: bytes) -> Value:
    """Return the value of a block that was found sound; ten times as fast."""
    import cbor2  # noqa: PLC0415 (loading and verifying do without it)

    value: Value = cbor2.loads(data, tag_hook=_link_of)
    return value


def _link_of(tag: CBORTag, _: object) -> Cid:
    return Cid(tag.value[1:])


def encode(value: Value) -> bytes:
    """Return the one DAG-CBOR form of *value*.

    Floats and integers of 64 bits are written, although atproto data has none:
    so what was read from a faulty block can be written again.

    Raises:
        TypeError: It holds what is no `Value`, or a map key that is not text.
        ValueError: It holds NaN or an infinity, an integer over 64 bits, text
            with lone surrogates, or is nested over 128 deep.
    """
    import cbor2  # noqa: PLC0415 (loading and verifying do without it)

    return cbor2.dumps(_prepared(value, cbor2.CBORTag))


def _prepared(value: Value, tag: type[CBORTag]) -> object:
    """Return a copy with maps in canonical order and links as tags.

    cbor2's own canonical order would come with shortened floats.
    """
    top: list[Any] = [value]
    todo: list[tuple[Any, Any, int]] = [(top, 0, 1)]
    while todo:
        holder, place, nesting = todo.pop()
        item = holder[place]
        if isinstance(item, dict):
            item = {key: item[key] for key in sorted(item, key=_order)}
            todo.extend((item, key, nesting + 1) for key in item)
        elif isinstance(item, list):
            item = item.copy()
            todo.extend((item, number, nesting + 1) for number in range(len(item)))
        elif isinstance(item, Cid):
            item = tag(42, b"\0" + item.raw)
        else:
            _check_scalar(item)
        holder[place] = item
        if nesting > limits.MAX_NESTING and isinstance(item, dict | list):
            raise ValueError(f"a value is nested over {limits.MAX_NESTING} deep")
    return top[0]


def _check_scalar(item: object) -> None:
    """Refuse what has no form in DAG-CBOR."""
    if isinstance(item, int) and not -(2**64) <= item < 2**64:
        raise ValueError("an integer of more than 64 bits cannot be encoded")
    if isinstance(item, float) and (
        not math.isfinite(item) or (item == 0 and math.copysign(1, item) < 0)
    ):
        raise ValueError(f"the float {item!r} cannot be encoded")
    if item is not None and not isinstance(item, bool | int | float | str | bytes):
        raise TypeError(f"a {type(item).__name__} cannot be encoded")


def _order(key: object) -> tuple[int, bytes]:
    """Return the sort key of a map key: its length, then its bytes."""
    if not isinstance(key, str):
        raise TypeError(f"a map key is a {type(key).__name__}, not text")
    raw = key.encode()
    return len(raw), raw
