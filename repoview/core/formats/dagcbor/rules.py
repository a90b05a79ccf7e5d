"""The rules of DAG-CBOR about single items: numbers, text, keys and links.

Each function gets one item that was read, and yields a fault for each rule
that it breaks. `items` and `diagnose` do the reading.

Source: DAG-CBOR §Strictness; DRISL; atproto data model, and its guide to data
validation.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias, Union

from repoview.core import limits
from repoview.core.cid import Cid, codec_name
from repoview.core.errors import CidError
from repoview.core.formats.dagcbor.spans import hexed
from repoview.core.frozen import frozen
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = Union[  # noqa: UP007 (`|` cannot join names that come later)
    bool, int, float, str, bytes, Cid, list["Value"], dict[str, "Value"], None
]
"""What an item of atproto data can be."""

MAX_SAFE: Final = 2**53 - 1
"""The greatest integer that is exact in JavaScript."""

WARNINGS: Final = frozenset(
    {"CBR016", "CBR019", "CBR020", "REC007", "REC008", "REC009", "REC010"}
)
"""Faults that do not make a block wrong; all others are errors."""

_MAX_INT: Final = 2**63 - 1
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\u2066-\u2069]"
)
"""C0 but TAB, LF and CR; DEL; C1; the bidi overrides and isolates. Not the
joiners, the direction marks and the embeddings with their end (U+202C), which
ordinary text has."""

_SHOWN: Final = 40


@frozen
class Fault:
    """One broken rule of the encoding."""

    code: str
    offset: int
    """Of the head, key or content it is about, from the block's first byte."""

    message: str
    expected: str | None = None
    found: str | None = None


class Faults:
    """The faults of one block: bounded, but no code is ever lost.

    Were the hundred all warnings, an error behind them must still be known.
    """

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self._codes: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        """Add one fault, unless there are a hundred and its code is among them."""
        if len(self.kept) >= limits.FAULTS_A_BLOCK:
            if self._codes[fault.code]:
                return
            self._make_room()
        self._codes[fault.code] += 1
        self.kept.append(fault)

    def _make_room(self) -> None:
        """Drop the last fault of the code that has most."""
        ((often, _),) = self._codes.most_common(1)
        places = (n for n, fault in enumerate(self.kept) if fault.code == often)
        del self.kept[max(places)]
        self._codes[often] -= 1

    def sorted(self) -> list[Fault]:
        """Return what was kept, by offset."""
        return sorted(self.kept, key=lambda fault: fault.offset)


def shown(text: str) -> str:
    """Return the beginning of *text*, quoted and in ASCII, for a message."""
    return ascii(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def shortest_head(major: int, argument: int) -> bytes:
    """Return the only head that an item of this kind may have."""
    if argument < 24:
        return bytes((major << 5 | argument,))
    low = 24 + sum(argument >= 1 << bits for bits in (8, 16, 32))
    return bytes((major << 5 | low,)) + argument.to_bytes(1 << low - 24, "big")


def diagnostic(value: Value) -> str:
    """Return a value in CBOR's diagnostic notation, long parts left out."""
    if isinstance(value, bytes):
        tail = "..." if len(value) > _SHOWN // 2 else ""
        return f"h'{value[: _SHOWN // 2].hex()}{tail}'"
    if isinstance(value, Cid):
        return f"42(h'00{value.raw.hex()}')"
    if isinstance(value, list):
        return "[...]" if value else "[]"
    if isinstance(value, dict):
        return "{...}" if value else "{}"
    names: dict[Value, str] = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return names[value]
    return str(value)


def int_faults(number: int, offset: int) -> Iterator[Fault]:
    """Yield what is wrong with an integer: 64 bits and a sign, 53 advised."""
    if not -_MAX_INT - 1 <= number <= _MAX_INT:
        text = f"the integer {number} does not fit 64 bits with a sign"
        bounds = "-2**63 to 2**63-1"
        yield Fault("CBR015", offset, text, bounds, str(number))
    elif abs(number) > MAX_SAFE:
        text = f"the integer {number} is beyond 2**53: JavaScript would round it"
        bounds = f"-{MAX_SAFE} to {MAX_SAFE}"
        yield Fault("CBR016", offset, text, bounds, str(number))


def float_faults(number: float, bits: int, offset: int) -> Iterator[Fault]:
    """Yield what is wrong with a float, which atproto data never has."""
    if bits != 64:
        text = f"the float {number!r} has {bits} bits: 64 are the only form"
        yield Fault("CBR012", offset, text, "64 bits", f"{bits} bits")
    elif not math.isfinite(number):
        text = f"the float is {number!r}, which is no number"
        yield Fault("CBR012", offset, text, "a finite number", repr(number))
    elif number == 0 and math.copysign(1, number) < 0:
        yield Fault("CBR012", offset, "the float is -0.0", "0", "-0.0")
    else:
        text = f"the number {number!r} is a float: atproto data has integers only"
        yield Fault("CBR011", offset, text, "an integer", repr(number))


def simple_faults(number: int, offset: int) -> Iterator[Fault]:
    """Yield that a simple value is none of false, true and null."""
    name = "undefined" if number == 23 else f"simple value {number}"
    text = f"{name} is not allowed: only false, true and null are"
    yield Fault("CBR013", offset, text, "false, true or null", name)


def tag_faults(number: int, offset: int) -> Iterator[Fault]:
    """Yield that a tag is not 42."""
    text = f"tag {number} is not allowed: only 42, which marks a link, is"
    yield Fault("CBR009", offset, text, "tag 42", f"tag {number}")


def text_faults(raw: bytes, offset: int, what: str) -> Iterator[Fault]:
    """Yield what is wrong with the content of a text or of a key.

    Args:
        raw: Its bytes.
        offset: Of the first of them.
        what: "text" or "key", for the message.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        bad = raw[error.start : error.end]
        fact = f"the {what} is not UTF-8 from its byte {error.start:,} on"
        yield Fault("CBR014", offset + error.start, fact, "UTF-8", hexed(bad))
        text = raw.decode(errors="surrogateescape")
    if control := _CONTROL.search(text):
        before = text[: control.start()].encode(errors="surrogateescape")
        yield _control_fault(control[0], offset + len(before), what)


def _control_fault(character: str, offset: int, what: str) -> Fault:
    name = f"U+{ord(character):04X}"
    sort = "bidi" if ord(character) > 0x9F else "control"
    text = f"the {what} holds the {sort} character {name}"
    return Fault("REC007", offset, text, "text without such characters", name)


def key_faults(key: str, size: int, offset: int) -> Iterator[Fault]:
    """Yield what is wrong with a map key of *size* bytes, its order apart."""
    if not size:
        yield Fault("CBR020", offset, "a map key is empty", "a name", "''")
    if size > limits.MAX_MAP_KEY:
        text = f"a map key has {size:,} bytes"
        most = f"at most {limits.MAX_MAP_KEY:,}"
        yield Fault("CBR019", offset, text, most, f"{size:,}")
    if key.startswith("$") and key != "$type":
        text = f"the map key {shown(key)} is reserved: in JSON it could mislead"
        yield Fault("REC008", offset, text, "no key with $ but $type", shown(key))


def order_faults(
    key: bytes, previous: bytes, offset: int, *, is_known: bool
) -> Iterator[Fault]:
    """Yield that a key does not come behind the one before it.

    Args:
        key: Its content.
        previous: That of the key before it.
        offset: Of its head.
        is_known: Whether the map has this key already.
    """
    if not is_known and (len(key), key) > (len(previous), previous):
        return
    name, before = (shown(k.decode(errors="backslashreplace")) for k in (key, previous))
    if is_known or key == previous:
        text = f"the map key {name} is there twice: the first is used"
        yield Fault("CBR007", offset, text, "each key once", name)
        return
    why = "shorter keys come first" if len(key) < len(previous) else "bytes decide"
    text = f"the map key {name} stands behind {before}: {why}"
    yield Fault("CBR008", offset, text, f"{name} before {before}", name)


def count_faults(number: int, what: str, offset: int) -> Iterator[Fault]:
    """Yield that an array or map has more items or pairs than is reasonable."""
    if number > limits.MAX_ITEMS:
        text = f"the {what} has {number:,} {'pairs' if what == 'map' else 'items'}"
        most = f"at most {limits.MAX_ITEMS:,}"
        yield Fault("CBR019", offset, text, most, f"{number:,}")


def read_link(content: bytes, offset: int) -> tuple[Cid | bytes, Fault | None]:
    """Return the CID that stands in a link, or its bytes and why it is none.

    Args:
        content: The bytes under tag 42: 00, and a CID.
        offset: Of the first of them, or of their head if there are none.
    """
    if content[:1] != b"\0":
        text = "the link is empty" if not content else "the link does not begin with 00"
        found = hexed(content) or "no bytes"
        return content, Fault("CBR010", offset, text, "00 and a CID", found)
    try:
        cid = Cid.from_bytes(content[1:])
    except CidError as error:
        text = f"the link holds no CID: {error.fact}"
        return content, Fault("CBR010", offset, text, "00 and a CID", hexed(content))
    if cid.is_blessed:
        return cid, None
    text = "the link is not of the form that atproto has: "
    text += why_odd(cid)
    form = "CIDv1, dag-cbor or raw, sha-256"
    return cid, Fault("REC009", offset, text, form, hexed(cid.raw))


def why_odd(cid: Cid) -> str:
    """Say what keeps a CID from being one of atproto's."""
    if cid.version == 0:
        return "it is a CIDv0"
    if cid.codec not in {0x71, 0x55}:
        return f"it is {codec_name(cid.codec)}, not dag-cbor or raw"
    if cid.hash_code != 0x12:
        return f"its hash function is {cid.hash_code:#x}, not sha-256"
    return f"its digest has {count_text(len(cid.digest), 'byte')}, not 32"
