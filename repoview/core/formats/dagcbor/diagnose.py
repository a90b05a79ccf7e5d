"""Read a block of DAG-CBOR whatever is wrong with it, and say what is wrong.

Here is how items nest: in arrays, and as the keys and values of maps. `items`
reads a single one, `rules` has what it may be.
A fault has the offset of the head, key or content it is about, and reading
goes on behind it wherever the structure is still known; what was read until
then is the value.

No recursion: open arrays and maps are on a stack. Time is linear in the bytes,
and so is memory, up to `limits.MAX_VALUES` items; those behind them are judged
but not kept, unless they are the `$type` of a map.

Source: RFC 8949 §3; DAG-CBOR §Strictness.
"""

from __future__ import annotations

from io import BytesIO

from repoview.core import limits
from repoview.core.formats.dagcbor.blob_rules import TELLING, Field, blob_faults
from repoview.core.formats.dagcbor.heads import ARRAY, INDEFINITE, MAP, TAG, TEXT
from repoview.core.formats.dagcbor.items import (
    NAMES,
    Head,
    ItemReader,
    StoppedError,
)
from repoview.core.formats.dagcbor.rules import (
    Fault,
    Faults,
    Value,
    count_faults,
    diagnostic,
    key_faults,
    order_faults,
    shown,
)
from repoview.core.formats.dagcbor.spans import Span, hexed, step_into
from repoview.core.frozen import frozen
from repoview.core.wording import count_text


@frozen
class Decoded:
    """What could be read of a block, and what is wrong with it."""

    value: Value
    """The first item, as far as it could be read."""

    faults: list[Fault]
    """By offset; at most 100, but at least one of each code there is."""

    blob_faults: list[Fault]
    """Those of its references to blobs, which only a record has; likewise."""

    end: int
    """Bytes of the first item, or where its reading stopped."""

    spans: list[Span]
    """The whole block, byte by byte, if that was asked for; else empty."""

    is_whole: bool = True
    """Whether the value can be written as JSON without loss: nothing was left
    out, and all of it has a form in JSON."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it as the block of a record."""
        return not self.faults and not self.blob_faults


def diagnose(data: bytes, *, annotate: bool = False) -> Decoded:
    """Read *data*, one item of DAG-CBOR, with all that is wrong with it.

    Never raises. How long a block may be is not judged here (REC006, BLK006).

    Args:
        data: The block.
        annotate: Whether to say what every byte is.
    """
    return _Reader(data, annotate=annotate).run()


class _Frame:
    """An array or map that is being read."""

    __slots__ = (
        "count",
        "fields",
        "head",
        "is_key",
        "key",
        "left",
        "odd",
        "path",
        "previous",
        "value",
    )

    def __init__(self, head: Head, path: str, *, is_key: bool) -> None:
        self.head = head
        self.path = path
        self.is_key = is_key
        """Whether it stands where a key should."""

        self.value: list[Value] | dict[str, Value] = [] if head.major == ARRAY else {}
        self.left = -1 if head.low == INDEFINITE else head.argument
        """Items or pairs still to begin; negative: until a break."""

        self.count = 0
        """Those that have begun."""

        self.key: str | None = None
        """In a map, the key whose value comes next."""

        self.previous: bytes | None = None
        """In a map, the content of the text key before."""

        self.odd: set[str] = set()
        """In a map, the names that are not what their keys say."""

        self.fields: dict[str, Field] = {}
        """In a map, the fields that tell of a blob, and some of the others."""

    @property
    def wants_key(self) -> bool:
        return self.key is None and self.head.major == MAP

    def take(self) -> None:
        """Count an item or a pair that begins."""
        self.left -= 1
        self.count += 1

    def note(self, field: Field) -> None:
        """Keep the field whose key was read last, if it may tell of a blob."""
        is_one = self.key in TELLING or len(self.fields) <= len(TELLING)
        if self.key is not None and is_one:
            self.fields.setdefault(self.key, field)


class _Reader(ItemReader):
    """Reads one block."""

    def __init__(self, data: bytes, *, annotate: bool) -> None:
        super().__init__(data, annotate=annotate)
        self._stack: list[_Frame] = []
        self._value: Value = None
        self._values = 0
        self._begin = 0
        """Where the value begins that is being read, with its tags."""
        self._blob_faults = Faults()
        self._is_deep = False

    def run(self) -> Decoded:
        """Read everything."""
        try:
            self._read_item()
        except StoppedError:
            pass
        else:
            self._read_tail()
        spans = [] if self._spans is None else self._spans.kept
        of_blobs = self._blob_faults.sorted()
        # A link that is no blob's is told once, by the more telling code.
        told = {fault.offset for fault in of_blobs if fault.code == "BLB002"}
        faults = [
            fault
            for fault in self._faults.sorted()
            if fault.code != "REC009" or fault.offset not in told
        ]
        return Decoded(
            self._value, faults, of_blobs, self._position, spans, self._is_whole
        )

    def _read_tail(self) -> None:
        """Report what stands behind the first item."""
        if left := self._size - self._position:
            self._is_whole = False
            text = f"{count_text(left, 'byte')} behind the CBOR item"
            found = hexed(self._data[self._position : self._position + 20])
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
                self._close()
            if not self._stack:
                return

    def _read_value(self) -> None:
        """Read a scalar, or the head of an array or map."""
        self._begin, self._link_told_at = self._position, None
        is_link = False
        while (head := self._read_head()).major == TAG:
            is_link = self._is_link(head)
        if head.major in {ARRAY, MAP}:
            self._open(head)
        elif is_link:
            self._place(head.start, self._read_link(head))
        else:
            self._place(head.start, self._read_scalar(head))

    def _read_key(self, frame: _Frame) -> None:
        """Read a map key that is text, as it should be."""
        head = self._read_head()
        if head.low != INDEFINITE:
            at, key = self._piece(head, "key")
            name = self._text_of(key, at, "key")
        else:
            out = BytesIO()
            for at, piece in self._pieces(head, "key"):
                self._text_of(piece, at, "key")
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

    def _open(self, head: Head) -> None:
        """Begin an array or a map."""
        name, noun = NAMES[head.major], "pair" if head.major == MAP else "item"
        if head.low == INDEFINITE:
            words = f"{name}, {noun}s up to a break"
        else:
            least = head.argument << (head.major == MAP)
            words = f"{name} of {count_text(head.argument, noun)}"
            if least > self._size - self._position:
                self._stop_short(head, noun)
            self._add(count_faults(head.argument, name, head.start))
        if not self._check_nesting(head):
            self._leave_out(head)
            return
        self._mark(self._position, name, words)
        is_key = bool(self._stack) and self._stack[-1].wants_key
        frame = _Frame(head, self._path(), is_key=is_key)
        if not is_key:
            self._attach(frame.value)
        self._stack.append(frame)
        self._depth += 1

    def _check_nesting(self, head: Head) -> bool:
        """Judge how deep an array or map stands in others; tell whether to read it."""
        nesting, name = self._depth + 1, NAMES[head.major]
        found = str(nesting)
        if nesting > limits.MAX_NESTING:
            text = f"the {name} is nested {nesting} deep: it is left out"
            most = f"at most {limits.MAX_NESTING}"
            self._faults.add(Fault("CBR017", head.start, text, most, found))
            return False
        if nesting > limits.DEEP_NESTING and not self._is_deep:
            self._is_deep = True
            text = f"the {name} is nested {nesting} deep"
            most = f"at most {limits.DEEP_NESTING}"
            self._faults.add(Fault("REC010", head.start, text, most, found))
        return True

    def _leave_out(self, head: Head) -> None:
        """Skip an array or map, and go on behind it."""
        self._is_whole = False
        self._pass_over(head)
        frame = self._stack[-1]
        if frame.wants_key:
            self._place_key(frame, head.start, [])
        elif isinstance(frame.value, list):
            frame.take()
        else:
            frame.note(self._field(None))
            frame.key = None

    def _is_over(self, frame: _Frame) -> bool:
        """Tell whether all of an array or map is read; takes its break."""
        if frame.key is not None:
            return False
        if frame.left >= 0:
            return frame.left == 0
        if not self._take_break():
            return False
        self._mark(self._position, "simple", "break: its end", path=frame.path)
        name = NAMES[frame.head.major]
        self._add(count_faults(frame.count, name, frame.head.start))
        return True

    def _close(self) -> None:
        """Leave an array or map; its holder has it already, but for a key."""
        frame = self._stack.pop()
        self._depth -= 1
        if frame.is_key:
            self._place_key(self._stack[-1], frame.head.start, frame.value)
        for fault in blob_faults(frame.fields, frame.head.start):
            self._blob_faults.add(fault)

    def _place(self, start: int, value: Value) -> None:
        """Put a scalar into its array or map."""
        if self._stack and self._stack[-1].wants_key:
            self._place_key(self._stack[-1], start, value)
        else:
            self._attach(value)

    def _place_key(self, frame: _Frame, start: int, value: Value) -> None:
        """Take what is no text as a key."""
        name = diagnostic(value)
        # Under a tag that is not 42 text may stand: the tag was reported.
        if not isinstance(value, str):
            self._is_whole = False
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
            frame.note(self._field(value))
            key, frame.key = frame.key, None
            if key in frame.value:
                self._is_whole = False
            elif key is not None and (is_kept or key == "$type"):
                # What a record is, is told however much stands before it.
                frame.value[key] = value
        self._is_whole = self._is_whole and is_kept

    def _field(self, value: Value) -> Field:
        return Field(self._begin, value, self._link_told_at)

    def _path(self) -> str:
        if self._spans is None or self._spans.is_full or not self._stack:
            return ""
        frame = self._stack[-1]
        if frame.head.major == ARRAY:
            return step_into(frame.path, frame.count)
        return frame.path if frame.key is None else step_into(frame.path, frame.key)

    def _path_of_key(self, key: str) -> str:
        return step_into(self._stack[-1].path, key)

    def _what_lacks(self) -> str:
        if not self._stack:
            return "the content of a tag"
        frame = self._stack[-1]
        if frame.head.major == ARRAY:
            return f"item {frame.count + 1:,} of an array"
        if frame.key is None:
            return f"pair {frame.count + 1:,} of a map"
        return f"the value of the key {shown(frame.key)}"
