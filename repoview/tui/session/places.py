"""Answers for "go to": the place that a text means, and completions of it.

The text may be a path or the beginning of one, a record key, an AT URI, a link
to bsky.app, a CID, a record's number, or an offset in the file. If it leads
nowhere, the answer is a sentence that says why.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import Cid
from repoview.core.errors import CidError
from repoview.core.formats import syntax
from repoview.core.repo.inside import inside
from repoview.present import count_text, safe, tid_date
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.repo.repo import Collection, Location, Repo

_VIEWS: Final = {"record": "browse", "node": "tree", "block": "blocks"}

_FEW: Final = 50
"""Collections up to which a record key is looked up in each while typing."""

_NUMBER: Final = re.compile(r"#?([0-9][0-9,_]{0,15})")
_OFFSET: Final = re.compile(r"@\s*(0x[0-9a-fA-F]{1,16}|[0-9][0-9,_]{0,20})")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]{1,16}")
_LINK: Final = re.compile(
    r"https?://(?:[a-z]+\.)?bsky\.app/profile/([^/?#]+)(?:/([a-z-]+)/([^/?#]+))?.*"
)
_PARTS_OF_LINKS: Final = {
    "post": "app.bsky.feed.post",
    "feed": "app.bsky.feed.generator",
    "lists": "app.bsky.graph.list",
}


class Lead(NamedTuple):
    """What a text leads to."""

    place: Place | None
    says: str
    """Why there is no such place; or a remark about the one there is."""


class Suggestion(NamedTuple):
    """A completion, ready to be shown."""

    text: str
    """The text that leads there."""

    facts: str
    place: Place


def place_of(location: Location) -> Place:
    """Return the place of a location that the engine found."""
    return Place(_VIEWS[location.what], location.what, location.number)


def _record(number: int) -> Place:
    return Place("browse", "record", number)


def _no(sentence: str) -> Lead:
    return Lead(None, sentence)


class PlaceAnswers:
    """Answers about the places of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        commit = repo.commit
        self._did = "" if commit is None else commit.did or ""

    def find(self, text: str) -> Place | None:
        """Return the place that a text leads to, None for none."""
        return self.lead(text).place

    def lead(self, text: str) -> Lead:
        """Return the place that a text leads to, or why it leads nowhere."""
        text = text.strip()
        if not text:
            return _no("a path, record key, at:// URI, CID, #number or @byte")
        if _OFFSET.fullmatch(text) or _HEX.fullmatch(text):
            return self._offset(text.lstrip("@ ").replace(",", "").replace("_", ""))
        if text.startswith("#") and _NUMBER.fullmatch(text):
            return self._number(text)
        if text.startswith("did:"):
            text = f"at://{text}"
        if link := _LINK.fullmatch(text):
            text = _uri_of(*link.groups())
        if uri := syntax.read_at_uri(text):
            return self._uri(uri)
        return self._path(text) or self._odd(text)

    def _number(self, text: str) -> Lead:
        number = int(re.sub("[#,_]", "", text))
        count = len(self._repo)
        if number < count:
            return Lead(_record(number), "")
        if not count:
            return _no("there are no records here")
        return _no(f"there is no record #{number:,}: they go from #0 to #{count - 1:,}")

    def _offset(self, text: str) -> Lead:
        offset = int(text, 0 if text.startswith("0x") else 10)
        size = inside(self._repo).source.size
        if offset >= size:
            return _no(
                f"the file has {count_text(size, 'byte')}: there is no byte {offset:,}"
            )
        if inside(self._repo).blocks.index.row_at(offset) >= 0:
            return Lead(Place("blocks", "block", offset), "")
        return _no(f"no block begins at byte {offset:,}")

    def _uri(self, uri: syntax.AtUri) -> Lead:
        who, ours = safe(uri.authority, 80), safe(self._did, 80)
        if uri.authority.startswith("did:") and self._did not in {"", uri.authority}:
            return _no(f"that is in the repository of {who}; this one is of {ours}")
        if not uri.collection:
            return Lead(Place("overview"), "")
        found = self._path(uri.path)
        if found is not None:
            return found
        return _no(f"there is no record {safe(uri.path, 120)} in this repository")

    def _path(self, path: str) -> Lead | None:
        """Return what a path or its beginning leads to; None for nothing."""
        number = self._repo.find(path)
        if number is not None:
            return Lead(_record(number), "")
        for place, collection in enumerate(self._some_collections()):
            if collection.name == path.rstrip("/"):
                return Lead(Place("browse", "collection", place), "")
        number = next(self._by_rkey(path, exact=True), None)
        if number is not None:
            return Lead(_record(number), "")
        if _NUMBER.fullmatch(path):
            return self._number(path)
        number = next(self._beginning(path), None)
        return None if number is None else Lead(_record(number), "the first of these")

    def _odd(self, text: str) -> Lead:
        """Return what a CID leads to; else what kind of text is not known."""
        try:
            cid = Cid.parse(text)
        except CidError as error:
            if (syntax.is_cid(text) and len(text) > 40) or text.startswith("Qm"):
                return _no(f"that is no CID: {error.fact}")
            return _no(f"nothing here is called {safe(text, 60)}, or begins like it")
        location = self._repo.locate_cid(cid)
        if location is not None:
            return Lead(place_of(location), "")
        if not cid.is_blessed:
            return _no("no block has that CID: those of records begin with bafyrei")
        return _no("no block of this file has that CID, and nothing links to it")

    # Suggestions

    def suggestions(self, text: str, most: int = 8) -> list[Suggestion]:
        """Return places whose names begin with *text*, or contain it."""
        text = text.strip()
        if uri := syntax.read_at_uri(text):
            text = uri.path
        found: dict[Place, Suggestion] = {}
        for place, number in self._candidates(text):
            if place not in found:
                found[place] = self._suggestion(place, number)
            if len(found) == most:
                break
        return list(found.values())

    def _candidates(self, text: str) -> Iterator[tuple[Place, int]]:
        """Yield places with the number of their collection or record."""
        if _OFFSET.fullmatch(text) or _HEX.fullmatch(text):
            return
        if text.startswith("#") and _NUMBER.fullmatch(text):
            number = int(re.sub("[#,_]", "", text))
            yield from ((_record(n), n) for n in range(len(self._repo))[number:][:1])
            return
        collections = self._some_collections()
        by_name = [place for place, c in enumerate(collections) if text in c.name]
        by_name.sort(key=lambda place: not collections[place].name.startswith(text))
        for place in by_name:
            yield Place("browse", "collection", place), place
        if text:
            for number in self._beginning(text):
                yield _record(number), number
            for number in self._by_rkey(text, exact=False):
                yield _record(number), number
            for number in self._by_short_path(text):
                yield _record(number), number

    def _suggestion(self, place: Place, number: int) -> Suggestion:
        if place.what == "collection":
            collection = self._repo.collections[number]
            name = safe(collection.name, 120)
            return Suggestion(name, count_text(collection.count, "record"), place)
        record = self._repo.record(number)
        date = tid_date(record.rkey) or ""
        return Suggestion(safe(record.path, 200), date, place)

    def _some_collections(self) -> list[Collection]:
        """Return all collections; only the first if there are too many."""
        return list(self._repo.collections[:1_000])

    def _beginning(self, text: str) -> Iterator[int]:
        """Yield the records whose path begins with *text*."""
        if not inside(self._repo).index.in_order:
            return
        yield from self._repo.numbers(prefix=text)

    def _by_rkey(self, text: str, *, exact: bool) -> Iterator[int]:
        """Yield the records of any collection by key, or by its beginning."""
        if "/" in text or not inside(self._repo).index.in_order:
            return
        for collection in self._some_collections()[:_FEW]:
            path = f"{collection.name}/{text}"
            if exact:
                number = self._repo.find(path)
                if number is not None:
                    yield number
            else:
                yield from self._beginning(path)

    def _by_short_path(self, text: str) -> Iterator[int]:
        """Yield records by the last part of their collection: ``post/3l``."""
        name, slash, rkey = text.partition("/")
        if not slash:
            return
        for collection in self._some_collections():
            if collection.name.endswith(f".{name}"):
                yield from self._beginning(f"{collection.name}/{rkey}")


def _uri_of(who: str, part: str | None, rkey: str | None) -> str:
    """Return the AT URI of a link to bsky.app."""
    if part is None or rkey is None:
        return f"at://{who}/app.bsky.actor.profile/self"
    return f"at://{who}/{_PARTS_OF_LINKS.get(part, part)}/{rkey}"
