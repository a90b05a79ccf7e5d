"""One line that says what a record is about.

For records of Bluesky, the field that people would name: the text of a post,
who is followed, what is liked. For all others, their first texts. If the record
refers to another one of the same repository, and the caller can look it up, the
line sums up that one too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core.cid import Cid
from repoview.core.formats.syntax import read_at_uri
from repoview.core.wording import count_text
from repoview.present.text import LINE_LIMIT, safe, size_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.formats.dagcbor.strict import Value

SUMMARY_LIMIT: Final = 200

LookUp: TypeAlias = "Callable[[str], Value]"
"""Returns the record at an AT URI; None where it is not in this repository."""

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
"""Fields that best sum up a record of any type, the best first."""

_UNTOLD: Final = frozenset({"$type", "createdAt", "updatedAt"})
"""Fields that are shown elsewhere already."""

_FIELDS: Final = 10
"""Most fields shown of a record of no known type."""

_NOUNS: Final = {
    "app.bsky.feed.generator": "feed",
    "app.bsky.graph.starterpack": "starter pack",
    "app.bsky.labeler.service": "labeler",
}
"""What records of a collection are called, where not by its last segment."""


def summary(
    value: Value, limit: int = SUMMARY_LIMIT, look_up: LookUp | None = None
) -> str:
    """Return one safe line that says what a record is about.

    Args:
        value: The record, as far as it could be decoded.
        limit: Characters kept.
        look_up: Finds the records that it speaks of.
    """
    if not isinstance(value, dict):
        return safe(_plain(value), limit)
    kind = value.get("$type")
    tell = _TELLERS.get(kind) if isinstance(kind, str) else None
    # A record may claim any `$type` and have none of its fields.
    line = (tell(value, look_up or _nowhere) if tell else "") or _anything(value)
    return safe(line, limit)


def _nowhere(_uri: str) -> Value:
    return None


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
    """Return the value at a path of field names, None for none."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _anything(value: dict[str, Value]) -> str:
    for name in _TITLES:
        if text := _text(value.get(name)):
            return text
    fields = [item for item in value.items() if item[0] not in _UNTOLD][:_FIELDS]
    # Texts first: they say most.
    fields.sort(key=lambda item: not isinstance(item[1], str))
    told = (f"{_one_line(name)}: {_plain(field)}" for name, field in fields)
    return ", ".join(told) or "an empty record"


def _record_at(value: Value, look_up: LookUp) -> str:
    """Return what an AT URI leads to, and what that is about if it is here."""
    uri = _text(value)
    parts = read_at_uri(uri)
    if parts is None or not parts.rkey:
        return uri
    noun = _NOUNS.get(parts.collection) or parts.collection.rpartition(".")[2]
    found = look_up(uri)
    if found is None:
        return f"{noun} {parts.rkey} of {parts.authority}"
    return f"{noun} {parts.rkey}: {summary(found)}"


def _post(value: dict[str, Value], look_up: LookUp) -> str:
    arrow = "↳ " if _at(value, "reply") is not None else ""
    text = _text(value.get("text"))
    embed = _embed(value.get("embed"), look_up)
    return arrow + " ".join(part for part in (text, embed) if part)


def _embed(embed: Value, look_up: LookUp) -> str:
    """Return what a post shows beside its text, in brackets."""
    kind = _text(_at(embed, "$type"))
    match kind.removeprefix("app.bsky.embed."):
        case "images":
            return _images(_at(embed, "images"))
        case "video":
            alt = _text(_at(embed, "alt"))
            return f"[video: {alt}]" if alt else "[video]"
        case "external":
            return f"[{_text(_at(embed, 'external', 'uri'))}]"
        case "record":
            return f"[quotes {_record_at(_at(embed, 'record', 'uri'), look_up)}]"
        case "recordWithMedia":
            quoted = _record_at(_at(embed, "record", "record", "uri"), look_up)
            return f"{_embed(_at(embed, 'media'), look_up)} [quotes {quoted}]"
        case _:
            return ""


def _images(images: Value) -> str:
    listed = images if isinstance(images, list) else [None]
    what = "image" if len(listed) == 1 else count_text(len(listed), "image")
    alt = next(filter(None, (_text(_at(each, "alt")) for each in listed)), "")
    return f"[{what}: {alt}]" if alt else f"[{what}]"


def _list_item(value: dict[str, Value], look_up: LookUp) -> str:
    where = _record_at(value.get("list"), look_up)
    return f"{_text(value.get('subject'))} in {where}"


def _gate(value: dict[str, Value], look_up: LookUp) -> str:
    allow = value.get("allow")
    who = "everyone"
    if isinstance(allow, list):
        kinds = [_text(_at(rule, "$type")).rpartition("#")[2] for rule in allow[:10]]
        who = ", ".join(kind.removesuffix("Rule") for kind in kinds) or "nobody"
    return f"answers by {who} to {_record_at(value.get('post'), look_up)}"


_Teller: TypeAlias = "Callable[[dict[str, Value], LookUp], str]"


def _field(*names: str, before: str = "") -> _Teller:
    """Return a teller of the one field that matters."""

    def tell(value: dict[str, Value], _look_up: LookUp) -> str:
        text = _text(_at(value, *names))
        return before + text if text else ""

    return tell


def _link(*names: str, before: str) -> _Teller:
    """Return a teller of the record that the one field that matters leads to."""

    def tell(value: dict[str, Value], look_up: LookUp) -> str:
        text = _record_at(_at(value, *names), look_up)
        return before + text if text else ""

    return tell


def _titled(*names: str) -> _Teller:
    """Return a teller of a title, and what stands below it."""

    def tell(value: dict[str, Value], _look_up: LookUp) -> str:
        parts = (_text(value.get(name)) for name in names)
        return " — ".join(part for part in parts if part)

    return tell


_TELLERS: Final[dict[str, _Teller]] = {
    "app.bsky.actor.profile": _titled("displayName", "description"),
    "app.bsky.actor.status": _field("status"),
    "app.bsky.feed.generator": _titled("displayName", "description"),
    "app.bsky.feed.like": _link("subject", "uri", before="♥ "),
    "app.bsky.feed.post": _post,
    "app.bsky.feed.postgate": _link("post", before="quotes of "),
    "app.bsky.feed.repost": _link("subject", "uri", before="↻ "),
    "app.bsky.feed.threadgate": _gate,
    "app.bsky.graph.block": _field("subject", before="⊘ "),
    "app.bsky.graph.follow": _field("subject", before="→ "),
    "app.bsky.graph.list": _titled("name", "description"),
    "app.bsky.graph.listblock": _link("subject", before="⊘ "),
    "app.bsky.graph.listitem": _list_item,
    "app.bsky.graph.starterpack": _titled("name", "description"),
    "app.bsky.graph.verification": _titled("displayName", "handle"),
    "chat.bsky.actor.declaration": _field("allowIncoming", before="messages from "),
}
"""`$type` → what to tell of such a record; "" when it lacks the field."""
