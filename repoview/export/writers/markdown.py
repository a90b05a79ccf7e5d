"""Records as Markdown, to be read: a heading a collection, posts as posts.

A post is its text, with its links, what it answers, and its pictures by their
descriptions. Any other record is a list of its fields. All text is escaped, so
that nothing a record says becomes a heading, an image or HTML; only links to
http and https addresses are links, and no picture is loaded.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from repoview.export.formats import Written
from repoview.export.style import PLAIN, Style
from repoview.export.texts import record_texts
from repoview.present import safe, size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo
    from repoview.export.texts import RecordText

_POST: Final = "app.bsky.feed.post"
_MARKS: Final = re.compile(r"[\\`*_\[\]<>|~&]")
_LINE_START: Final = re.compile(r"(\s*)([#+\-=]|\d+(?=[.)]))")
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\\]+")
_DEEPEST: Final = 6
"""Objects in objects that are lists in lists; those below are JSON."""

_SHORT: Final = 100
"""Characters of a field's name that is remembered."""

_TOLD: Final = frozenset(
    ("$type", "createdAt", "text", "facets", "reply", "embed", "langs")
)
"""Fields of a post that are told in another way."""


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write records as Markdown; see `formats.Writer`."""
    written = Written()
    records = record_texts(repo, numbers, report, written, style)
    lead = ""
    for name, some in groupby(records, _collection):
        write(f"{lead}# {plain(name) or '(no collection)'}\n".encode())
        lead = "\n"
        for record in some:
            text = "\n".join(_record_lines(record))
            write(f"\n{text}\n".encode(errors="backslashreplace"))
    return written


def _collection(record: RecordText) -> str:
    return record.names[0]


def _record_lines(record: RecordText) -> Iterator[str]:
    value = json.loads(record.text)
    fields = value if isinstance(value, dict) else {"value": value}
    rkey = record.names[1]
    date = _date(fields.get("createdAt"))
    yield f"## {f'{date} · ' if date else ''}{plain(rkey)}"
    yield ""
    if _collection(record) == _POST and isinstance(fields.get("text"), str):
        yield from _post_lines(fields)
    else:
        told = {"$type", "createdAt"} if date else {"$type"}
        yield from _list_lines({k: fields[k] for k in fields if k not in told})


def _date(value: Any) -> str:  # noqa: ANN401 (JSON)
    found = _DATE.match(value) if isinstance(value, str) else None
    return f"{found[1]} {found[2]}" if found else ""


# Posts


def _post_lines(post: dict[str, Any]) -> Iterator[str]:
    text = _linked(post["text"], post.get("facets"))
    yield from _broken(text)
    notes = [*_notes(post)]
    more = {key: post[key] for key in post if key not in _TOLD}
    if notes or more:
        yield ""
        yield from (f"- {note}" for note in notes)
        yield from _list_lines(more)


def _notes(post: dict[str, Any]) -> Iterator[str]:
    """Yield what there is about a post besides its text."""
    answered = _at(post, "reply", "parent", "uri")
    if isinstance(answered, str):
        yield f"answers {plain(answered)}"
    embed = post.get("embed")
    parts = [*_embedded(embed), *_embedded(_at(embed, "media"))]
    yield from parts
    quoted = _at(embed, "record", "uri") or _at(embed, "record", "record", "uri")
    if isinstance(quoted, str):
        yield f"quotes {plain(quoted)}"
    elif embed is not None and not parts:
        yield f"embeds {_code(embed)}"


def _embedded(embed: Any) -> Iterator[str]:  # noqa: ANN401 (JSON)
    images = _at(embed, "images")
    for image in images if isinstance(images, list) else []:
        yield f"picture: {plain(str(_at(image, 'alt') or '')) or '(not described)'}"
    if _at(embed, "video") is not None:
        yield f"video: {plain(str(_at(embed, 'alt') or '')) or '(not described)'}"
    address = _at(embed, "external", "uri")
    if isinstance(address, str):
        title = str(_at(embed, "external", "title") or address)
        yield f"link: {_link(plain(title), address)}"


def _at(value: Any, *keys: str) -> Any:  # noqa: ANN401 (JSON)
    """Return what stands in objects within objects, None for nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _linked(text: str, facets: Any) -> str:  # noqa: ANN401 (JSON)
    """Return the text of a post, escaped, with the links that its facets say."""
    data, at, parts = text.encode(errors="surrogatepass"), 0, []
    for start, end, address in sorted(_links(facets)):
        if at <= start < end <= len(data):
            parts.append(_escaped(data[at:start].decode(errors="replace")))
            label = _escaped(data[start:end].decode(errors="replace"))
            parts.append(_link(label.replace("\n", " "), address))
            at = end
    return "".join((*parts, _escaped(data[at:].decode(errors="replace"))))


def _links(facets: Any) -> Iterator[tuple[int, int, str]]:  # noqa: ANN401 (JSON)
    for facet in facets if isinstance(facets, list) else []:
        start, end = _at(facet, "index", "byteStart"), _at(facet, "index", "byteEnd")
        features = _at(facet, "features")
        if type(start) is int and type(end) is int and isinstance(features, list):
            for feature in features:
                address = _at(feature, "uri")
                if isinstance(address, str):
                    yield start, end, address


def _link(label: str, address: str) -> str:
    if _ADDRESS.fullmatch(address) and safe(address) == address:
        return f"[{label}](<{address}>)"
    return f"{label} ({plain(address)})"


# Any record


def _list_lines(fields: dict[str, Any]) -> Iterator[str]:
    """Yield the fields of an object as a list, those of objects in it below."""
    todo = [("", name, value) for name, value in reversed(fields.items())]
    while todo:
        indent, name, value = todo.pop()
        label = f"{indent}- **{_name(name)}**:" if name else f"{indent}-"
        deeper = indent + "  "
        value = _simple(value)
        if not isinstance(value, dict | list) or not value:
            lines = _broken(_scalar(value), f"{deeper}")
            yield f"{label} {next(lines).lstrip()}"
            yield from lines
        elif len(indent) == 2 * _DEEPEST:
            yield f"{label} {_code(value)}"
        else:
            yield label
            pairs = (
                value.items() if isinstance(value, dict) else (("", v) for v in value)
            )
            todo += [(deeper, *pair) for pair in reversed([*pairs])]


def _name(name: str) -> str:
    # The names of fields are few; long ones are not worth the memory.
    return _short_name(name) if len(name) <= _SHORT else plain(name)


@lru_cache(maxsize=1_000)
def _short_name(name: str) -> str:
    return plain(name)


def _simple(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return what is told of a link or a blob; anything else as it is."""
    if not isinstance(value, dict):
        return value
    link = value.get("$link")
    if len(value) == 1 and isinstance(link, str):
        return link
    cid = _at(value, "ref", "$link")
    if value.get("$type") == "blob" and isinstance(cid, str):
        size = value.get("size")
        told = size_text(size) if type(size) is int and size >= 0 else "size unknown"
        return f"{value.get('mimeType')}, {told}, {cid}"
    return value


def _scalar(value: Any) -> str:  # noqa: ANN401 (JSON)
    if isinstance(value, str):
        return _escaped(value) if value else '""'
    return json.dumps(value)


def _code(value: Any) -> str:  # noqa: ANN401 (JSON)
    text = safe(json.dumps(value, ensure_ascii=False))
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}"


# Text


def plain(text: str) -> str:
    """Return text on one line, escaped."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Return text in which nothing has a meaning in Markdown or HTML."""
    if "\n" in text:
        return "\n".join(map(_escaped, text.split("\n")))
    return _MARKS.sub(_marked, safe(text))


def _marked(found: re.Match[str]) -> str:
    return "\\" + found[0]


def _broken(text: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of escaped text, which end where they end."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        # An empty line ends a paragraph; in front of one nothing breaks.
        is_last = number + 1 == len(lines) or not lines[number + 1].strip()
        begun = _LINE_START.sub(_guard, line, count=1).strip()
        end = "" if is_last or not begun else "\\"
        yield f"{indent}{begun}{end}" if begun else ""


def _guard(found: re.Match[str]) -> str:
    if found.start():
        return found[0]
    mark = found[2]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
