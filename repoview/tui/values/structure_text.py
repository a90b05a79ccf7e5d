"""The text of a line of a structure, with its styles and links.

JSON as in `present.json_text`, except that a link or bytes take one line, and
that a remark may follow. All text is safe to show.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.formats.dagcbor.lazy import (
    Budget,
    Part,
    Parts,
    SpentError,
    bytes_of,
    key_text,
    text_of,
)
from repoview.present import count_text, json_text, safe, size_text

if TYPE_CHECKING:
    from repoview.tui.values.structure import Line

LIMIT: Final = 400
"""Characters of a text that is shown cut."""

WHOLE: Final = 2_000_000
"""Characters of a text that is shown whole."""

_CAREFUL: Final = 5_000
"""Characters up to which a text is made safe as a whole; a longer one is made so
row by row, when it is drawn."""

_KEY: Final = 200
_LEVELS: Final = 12
"""Levels that are indented; deeper ones have their number in front."""

_AROUND: Final = 40
"""Columns that signs, quotes, a name like $bytes and a remark take at most."""

_OTHERS: Final = {"link": 75, "fault": 4_000}

_CID: Final = re.compile(r"b[a-z2-7]{58}|Qm[1-9A-HJ-NP-Za-km-z]{44}")
_DID: Final = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}")
_AT: Final = re.compile(r"at://[^\s\"\\]{1,8000}")
_WEB: Final = re.compile(r"https?://[^\s\"\\<>]{1,2000}")


class Span(NamedTuple):
    """A range of a line with a style."""

    start: int
    end: int
    style: str
    """key, text, number, word, link, dim or bad."""


class Link(NamedTuple):
    """A link that the user can follow."""

    start: int
    end: int
    """The range of the line that it takes."""

    kind: str
    """at, cid, did or web."""

    target: str
    about: str = ""
    """What else is known: that it is a blob."""


class LineText(NamedTuple):
    """The text of one line."""

    text: str
    spans: list[Span]
    links: list[Link]
    hang: int
    """The hanging indent, in columns."""

    is_raw: bool
    """Whether it is long, and `safe` is still to be applied to each row."""


def line_text(
    data: bytes, line: Line, *, whole: bool = False, remark: str = ""
) -> LineText:
    """Return the text of a line of the structure of *data*.

    Args:
        data: The block.
        line: One of its lines.
        whole: Whether long text is shown whole.
        remark: What stands at its end; safe to show.
    """
    writer = _Writer(data, WHOLE if whole else LIMIT)
    writer.write(line)
    if remark:
        writer.remark(remark)
    return writer.done()


def most_columns(data: bytes, line: Line) -> int:
    """Return an upper bound of the columns that the line of a scalar takes.

    Far faster than making its text, which may never be drawn.
    """
    part = line.part
    columns = 2 * min(line.depth, _LEVELS + 4) + _AROUND
    if line.key is not None:
        columns += _most_of(data, line.key)
    if part.kind in {"text", "bytes"}:
        return columns + _most_of(data, part)
    return columns + _OTHERS.get(part.kind, 24)


def _most_of(data: bytes, part: Part) -> int:
    length = part.end - part.body
    if length > LIMIT:
        return WHOLE
    content = data[part.body : part.end].decode("latin-1")
    # An escaped quote takes two columns, an escaped character up to six.
    return length * (2 if content.isascii() and content.isprintable() else 6)


class Blob(NamedTuple):
    """The MIME type and size in a map that references a blob."""

    mime: str
    size: int | None


def blob_of(data: bytes, part: Part) -> Blob | None:
    """Return the blob that a map references, None if it references none."""
    if part.kind != "map" or not 2 <= part.amount <= 8:
        return None
    fields: dict[str, Part] = {}
    reading = Parts(data, part)
    try:
        while (item := reading.take(Budget(1_000))) is not None:
            if item.key is not None and item.key.amount <= 16:
                fields[key_text(data, item.key)] = item.part
    except SpentError:
        return None
    kind, mime = fields.get("$type"), fields.get("mimeType")
    is_blob = kind is not None and kind.kind == "text" and kind.amount == 4
    is_blob = is_blob and kind is not None and text_of(data, kind) == "blob"
    if mime is None or mime.kind != "text":
        return Blob("", None) if is_blob else None
    size = fields.get("size")
    number = size.value if size is not None and size.kind == "int" else None
    has_link = any(f.kind == "link" for f in fields.values()) or "cid" in fields
    if not is_blob and not has_link:
        return None
    assert number is None or isinstance(number, int)  # noqa: S101 (its kind says so)
    return Blob(safe(text_of(data, mime, 400), 80), number)


class _Writer:
    """The builder of one line."""

    def __init__(self, data: bytes, limit: int) -> None:
        self._data, self._limit = data, limit
        self._text = ""
        self._spans: list[Span] = []
        self._links: list[Link] = []
        self._hang = 0
        self._is_raw = False

    def done(self) -> LineText:
        return LineText(self._text, self._spans, self._links, self._hang, self._is_raw)

    def write(self, line: Line) -> None:
        """Write a line."""
        sign = " "
        if line.can_open:
            sign = "▾" if line.is_open else "▸"
        self._add(sign + " ", "dim")
        if line.depth > _LEVELS:
            self._add("  " * _LEVELS, "")
            self._add(f"({line.depth}) ", "dim")
        else:
            self._add("  " * line.depth, "")
        self._hang = len(self._text) + 2
        if line.key is not None:
            name = key_text(self._data, line.key)
            self._add(_quoted(name, _KEY), "key")
            self._add(": ", "")
        getattr(self, f"_{line.what}")(line)

    def _add(self, text: str, style: str) -> None:
        start = len(self._text)
        self._text += text
        if style:
            self._spans.append(Span(start, len(self._text), style))

    def remark(self, text: str, style: str = "dim") -> None:
        """Write a remark behind the line."""
        self._add(f"  {text}", style)

    def _note(self, line: Line) -> None:
        self._add(
            f"… {safe(line.says, 300)}", "bad" if "told apart" in line.says else "dim"
        )

    def _range(self, line: Line) -> None:
        last = line.number + line.count - 1
        noun = "pairs" if line.part.kind == "map" else "items"
        self._add(f"[{line.number:,} … {last:,}]", "number")
        if not line.number:
            self.remark(f"{noun}, counted from 0")

    def _close(self, line: Line) -> None:
        self._add("}" if line.part.kind == "map" else "]", "")
        self._comma(line)

    def _comma(self, line: Line) -> None:
        if not line.is_last:
            self._add(",", "")

    def _part(self, line: Line) -> None:
        part = line.part
        if part.is_box:
            self._box(line)
            return
        if part.kind == "fault":
            self._add(f"not readable: {safe(str(part.value), 200)}", "bad")
            return
        remark = ""
        if part.kind == "text":
            remark = self._write_text(part)
        elif part.kind == "bytes":
            remark = self._write_bytes(part)
        elif part.kind == "link":
            self._write_link(line)
        else:
            style = "number" if part.kind in {"int", "float"} else "word"
            self._add(json_text(part.value, None), style)
        self._comma(line)
        if remark:
            self.remark(remark)

    def _box(self, line: Line) -> None:
        part, is_map = line.part, line.part.kind == "map"
        opening, closing = "{}" if is_map else "[]"
        blob = blob_of(self._data, part)
        if line.is_open:
            self._add(opening, "")
        elif part.amount == 0:
            self._add(opening + closing, "")
            self._comma(line)
        else:
            self._add(f"{opening}…{closing}", "")
            self._comma(line)
            if blob is None:
                noun = "key" if is_map else "item"
                if part.amount < 0:
                    self.remark(f"{noun}s up to a break")
                else:
                    self.remark(count_text(part.amount, noun))
        if blob is not None:
            self.remark(_blob_words(blob))

    def _write_text(self, part: Part) -> str:
        """Write a text and its links; return a remark about what is cut."""
        text = text_of(self._data, part, 4 * self._limit + 4)
        is_cut = len(text) > self._limit or len(text.encode(errors="replace")) < (
            part.amount - 3
        )
        shown = text[: self._limit]
        start = len(self._text)
        quoted = json_text(shown, None)
        if is_cut:
            quoted = f'{quoted[:-1]}…"'
        self._is_raw = len(quoted) > _CAREFUL
        if not self._is_raw:
            quoted = safe(quoted, None)
        self._add(quoted, "text")
        if len(shown) <= LIMIT or not is_cut:
            self._find_links(shown, quoted[: LIMIT * 8], start)
        if not is_cut:
            return ""
        if self._limit == LIMIT:
            return f"{size_text(part.amount)} in all; w shows it whole"
        return f"{size_text(part.amount)} in all; o opens it whole"

    def _find_links(self, text: str, quoted: str, start: int) -> None:
        """Add the links in a text."""
        end = start + len(quoted)
        inside = (start + 1, end - 1)
        if _AT.fullmatch(text):
            self._link(*inside, "at", text)
        elif _CID.fullmatch(text):
            self._link(*inside, "cid", text)
        elif _DID.fullmatch(text):
            self._link(*inside, "did", text)
        else:
            for kind, form in (("web", _WEB), ("at", _AT)):
                for found in form.finditer(quoted):
                    target = found[0].rstrip(".,;:!?)…'")
                    at = start + found.start()
                    self._link(at, at + len(target), kind, target)

    def _link(
        self, start: int, end: int, kind: str, target: str, about: str = ""
    ) -> None:
        self._links.append(Link(start, end, kind, target, about))
        self._spans.append(Span(start, end, "link"))

    def _write_bytes(self, part: Part) -> str:
        most = self._limit * 3 // 4
        content = bytes_of(self._data, part, most)
        text = b64encode(content).decode().rstrip("=")
        is_cut = part.end - part.body > most
        self._add('{"$bytes": ', "")
        self._add(f'"{text}{"…" if is_cut else ""}"', "text")
        self._add("}", "")
        size = part.amount if part.amount >= 0 else len(content)
        return f"bytes, {size_text(size)}"

    def _write_link(self, line: Line) -> None:
        self._add('{"$link": ', "")
        text = str(line.part.value)
        self._add(f'"{text}"', "text")
        end = len(self._text)
        holder = line.holder
        blob = None if holder is None else blob_of(self._data, holder.part)
        about = "" if blob is None else _blob_words(blob)
        self._link(end - len(text) - 1, end - 1, "cid", text, about)
        self._add("}", "")


def _blob_words(blob: Blob) -> str:
    words = [blob.mime or "of a kind not told"]
    if blob.size is not None:
        words.append(size_text(max(0, blob.size)))
    return f"blob: {', '.join(words)}"


def _quoted(text: str, most: int) -> str:
    shown = json_text(text[:most], None)
    if len(text) > most:
        shown = f'{shown[:-1]}…"'
    return safe(shown, None)
