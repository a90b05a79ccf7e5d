"""Records as text: their JSON, and one line that says what they are about.

JSON is that of the atproto data model: a link is ``{"$link": …}``, bytes are
``{"$bytes": …}``. What a terminal would obey is written as JSON escapes, so
that the text is safe to print and still means the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from repoview.core.cid import Cid
from repoview.core.datamodel import to_json
from repoview.present.text import (
    HOSTILE,
    LINE_LIMIT,
    LINES_LIMIT,
    safe,
    safe_lines,
    size_text,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from repoview.core.dagcbor import Value

SUMMARY_LIMIT: Final = 200

_TITLES: Final = (
    "displayName",
    "name",
    "title",
    "text",
    "description",
    "value",
    "url",
    "uri",
    "status",
    "path",
    "id",
)
"""Fields that tell what a record of any kind is about, the best first."""

_UNTOLD: Final = frozenset({"$type", "createdAt", "updatedAt"})
"""Fields that tell a reader nothing new."""


def json_text(value: Any, indent: int | None = 2) -> str:  # noqa: ANN401 (JSON)
    """Return a record, or what was made JSON of one, as JSON text.

    Safe on a terminal: what it would obey is escaped as JSON allows.

    Args:
        value: A value of the data model, or of JSON.
        indent: Columns a level; None for one line.
    """
    compact = (",", ":") if indent is None else None
    text = json.dumps(
        to_json(value), ensure_ascii=False, indent=indent, separators=compact
    )
    if text.isascii():
        # Of ASCII, `dumps` leaves one such character as it is: DEL.
        return text.replace("\x7f", "\\u007f")
    return HOSTILE.sub(_escape, text)


def value_lines(
    value: Any,  # noqa: ANN401 (JSON)
    limit: int = LINE_LIMIT,
    most: int = LINES_LIMIT,
) -> list[str]:
    """Return a record's JSON as lines for a screen, long ones cut.

    Args:
        value: A value of the data model, or of JSON.
        limit: Characters kept of a line.
        most: Lines kept; one more says how many are left out.
    """
    return safe_lines(json_text(value), limit, most)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\n":
        # Between lines; inside a string it is escaped already.
        return character
    code = ord(character)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 | code >> 10:04x}\\u{0xDC00 | code & 0x3FF:04x}"
    return f"\\u{code:04x}"


def summary(value: Value, limit: int = SUMMARY_LIMIT) -> str:
    """Return one safe line that says what a record is about.

    Args:
        value: The record, as far as it could be decoded.
        limit: Characters kept.
    """
    if not isinstance(value, dict):
        return safe(_plain(value), limit)
    kind = value.get("$type")
    tell = _TELLERS.get(kind) if isinstance(kind, str) else None
    # A record may claim any `$type` and have none of its fields.
    line = (tell(value) if tell else "") or _anything(value)
    return safe(line, limit)


def _plain(value: Value) -> str:
    """Return a value that is not a map, on one line."""
    match value:
        case str():
            return _one_line(value)
        case bytes():
            return f"{size_text(len(value))} of bytes"
        case Cid():
            return str(value)
        case list():
            return f"a list of {len(value):,}"
        case dict():
            return f"a map of {len(value):,}"
        case _:
            return json.dumps(value)


def _one_line(text: str) -> str:
    return " ".join(text[:LINE_LIMIT].split())


def _text(value: Value) -> str:
    return _one_line(value) if isinstance(value, str) else ""


def _at(value: Value, *names: str) -> Value:
    """Return what stands at a path of field names, None for nothing."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _anything(value: dict[str, Value]) -> str:
    for name in _TITLES:
        if text := _text(value.get(name)):
            return text
    fields = (
        f"{_one_line(name)}: {_plain(field)}"
        for name, field in list(value.items())[:10]
        if name not in _UNTOLD
    )
    return ", ".join(fields) or "an empty record"


def _post(value: dict[str, Value]) -> str:
    arrow = "↳ " if _at(value, "reply") is not None else ""
    text = _text(value.get("text"))
    embed = _embed(value.get("embed"))
    return arrow + " ".join(part for part in (text, embed) if part)


def _embed(embed: Value) -> str:
    """Return what a post shows beside its text, in brackets."""
    kind = _text(_at(embed, "$type"))
    match kind.removeprefix("app.bsky.embed."):
        case "images":
            images = _at(embed, "images")
            count = len(images) if isinstance(images, list) else 1
            return "[image]" if count == 1 else f"[{count} images]"
        case "video":
            return "[video]"
        case "external":
            return f"[{_text(_at(embed, 'external', 'uri'))}]"
        case "record":
            return f"[quotes {_text(_at(embed, 'record', 'uri'))}]"
        case "recordWithMedia":
            quoted = _text(_at(embed, "record", "record", "uri"))
            return f"{_embed(_at(embed, 'media'))} [quotes {quoted}]"
        case _:
            return ""


def _profile(value: dict[str, Value]) -> str:
    parts = (_text(value.get("displayName")), _text(value.get("description")))
    return " — ".join(part for part in parts if part)


def _list_item(value: dict[str, Value]) -> str:
    return f"{_text(value.get('subject'))} in {_text(value.get('list'))}"


def _gate(value: dict[str, Value]) -> str:
    allow = value.get("allow")
    who = "everyone"
    if isinstance(allow, list):
        kinds = [_text(_at(rule, "$type")).rpartition("#")[2] for rule in allow[:10]]
        who = ", ".join(kind.removesuffix("Rule") for kind in kinds) or "nobody"
    return f"{_text(value.get('post'))} may be answered by {who}"


def _field(*names: str, before: str = "") -> Callable[[dict[str, Value]], str]:
    """Return a teller of the one field that matters."""

    def tell(value: dict[str, Value]) -> str:
        text = _text(_at(value, *names))
        return before + text if text else ""

    return tell


_TELLERS: Final[dict[str, Callable[[dict[str, Value]], str]]] = {
    "app.bsky.actor.profile": _profile,
    "app.bsky.actor.status": _field("status"),
    "app.bsky.feed.generator": _field("displayName"),
    "app.bsky.feed.like": _field("subject", "uri", before="→ "),
    "app.bsky.feed.post": _post,
    "app.bsky.feed.postgate": _field("post", before="→ "),
    "app.bsky.feed.repost": _field("subject", "uri", before="→ "),
    "app.bsky.feed.threadgate": _gate,
    "app.bsky.graph.block": _field("subject", before="→ "),
    "app.bsky.graph.follow": _field("subject", before="→ "),
    "app.bsky.graph.list": _field("name"),
    "app.bsky.graph.listblock": _field("subject", before="→ "),
    "app.bsky.graph.listitem": _list_item,
    "app.bsky.graph.starterpack": _field("name"),
    "app.bsky.graph.verification": _field("displayName"),
    "chat.bsky.actor.declaration": _field("allowIncoming", before="messages from "),
}
"""`$type` → what to tell of such a record; "" when it lacks the field."""
