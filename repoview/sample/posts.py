"""The posts of the sample: texts, threads, pictures, cards and quotes."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import Cid
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.sample.account import Account, Dice, did_of, strong_ref, time_text
from repoview.sample.activity import percent_about_the_sky
from repoview.sample.phrases import (
    ABOUT_THE_SKY,
    ALT_TEXTS,
    CARDS,
    LANGUAGES,
    POSTS,
    REPLIES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.strict import Value

POST: Final = "app.bsky.feed.post"
_FACETS: Final = re.compile(
    r"#(?P<tag>\w+)|@(?P<handle>[a-z0-9.]+[a-z0-9])|(?P<link>example\.org/[a-z/-]+)"
)
_REMEMBERED: Final = 60
"""Recent own posts that may be answered or quoted."""

_THREAD: Final = 3 * 24 * 3600 * 1000
"""Milliseconds by which the root of a foreign thread is older than the parent."""

_NOTABLE: Final = 50
"""Posts with pictures that other records refer to."""


class _Own(NamedTuple):
    """A post of this account that other records can refer to."""

    uri: str
    cid: Cid
    root: dict[str, Value] | None
    """The root of the thread, if that is another post."""

    def ref(self) -> dict[str, Value]:
        return strong_ref(self.uri, str(self.cid))


def first_post(account: Account) -> bytes:
    """Return the first post, which the profile pins."""
    text = "Hello from the allotment! Gardens, bread, birds, and the sky. 🌱 #hello"
    record: dict[str, Value] = {
        "$type": POST,
        "text": text,
        "langs": ["en"],
        "facets": [*facets(text)],
        "createdAt": account.created_at(POST, 0),
    }
    return dagcbor.encode(record)


def posts(account: Account) -> Iterator[tuple[str, bytes]]:
    """Yield record key and bytes of each post, in order of time."""
    dice = Dice(POST)
    own: deque[_Own] = deque(maxlen=_REMEMBERED)
    for number in range(account.counts[POST]):
        root: dict[str, Value] | None = None
        if number == 0:
            data, pictured = first_post(account), False
        else:
            record = _post(account, number, dice, own)
            reply = record.get("reply")
            if isinstance(reply, dict) and isinstance(reply["root"], dict):
                root = reply["root"]
            data, pictured = dagcbor.encode(record), "embed" in record
        rkey = account.rkey(POST, number)
        yield rkey, data
        mine = _Own(account.uri(POST, rkey), Cid.for_block(data), root)
        own.append(mine)
        if pictured and len(account.notable) < _NOTABLE:
            account.notable.append(mine.ref())


def _post(
    account: Account, number: int, dice: Dice, own: deque[_Own]
) -> dict[str, Value]:
    """Return one post: a root or a reply."""
    moment = account.moment(POST, number)
    kind = dice.below(100)
    language = dice.pick(LANGUAGES)
    reply: dict[str, Value] | None = None
    if kind < 18:
        target = own[-1] if dice.chance(0.5) else dice.pick(own)
        parent = target.ref()
        reply = {"root": target.root or parent, "parent": parent}
    elif kind < 40:
        parent = dice.foreign_post(moment)
        root = parent if dice.chance(0.6) else dice.foreign_post(moment - _THREAD)
        reply = {"root": root, "parent": parent}
    if reply is not None and language not in REPLIES:
        language = "en"
    texts = POSTS if reply is None else REPLIES
    skyward = dice.below(100) < percent_about_the_sky(moment)
    if skyward and reply is None and language in ABOUT_THE_SKY:
        texts = ABOUT_THE_SKY
    text = dice.fill(dice.pick(texts[language]))
    record: dict[str, Value] = {
        "$type": POST,
        "text": text,
        "langs": [language],
        "createdAt": time_text(moment),
    }
    if found := [*facets(text)]:
        record["facets"] = found
    if reply is not None:
        record["reply"] = reply
    if dice.chance(0.33 if reply is None else 0.1):
        record["embed"] = _embed(moment, dice, own)
    if dice.chance(0.01):
        values: list[Value] = [{"val": "graphic-media"}]
        record["labels"] = {
            "$type": "com.atproto.label.defs#selfLabels",
            "values": values,
        }
    return record


def facets(text: str) -> Iterator[Value]:
    """Yield the facets of a text: tags, mentions and links, by UTF-8 offsets."""
    for match in _FACETS.finditer(text):
        feature: dict[str, Value]
        if tag := match["tag"]:
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
        elif handle := match["handle"]:
            did = did_of(handle)
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
        else:
            uri = f"https://{match['link']}"
            feature = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
        start = len(text[: match.start()].encode())
        end = start + len(match[0].encode())
        yield {
            "$type": "app.bsky.richtext.facet",
            "index": {"byteStart": start, "byteEnd": end},
            "features": [feature],
        }


def _embed(moment: int, dice: Dice, own: deque[_Own]) -> dict[str, Value]:
    """Return the embed of a post: mostly pictures."""
    kind = dice.below(100)
    if kind < 50:
        return _images(dice)
    if kind < 68:
        return _card(dice)
    if kind < 90:
        quoted = dice.foreign_post(moment) if kind < 80 else dice.pick(own).ref()
        return {"$type": "app.bsky.embed.record", "record": quoted}
    if kind < 96:
        return {
            "$type": "app.bsky.embed.recordWithMedia",
            "record": {
                "$type": "app.bsky.embed.record",
                "record": dice.foreign_post(moment),
            },
            "media": _images(dice),
        }
    return {
        "$type": "app.bsky.embed.video",
        "video": dice.blob("video/mp4", 40_000_000),
        "alt": dice.fill("Wind in the {plants}, with sound"),
        "aspectRatio": {"width": 1920, "height": 1080},
    }


def _images(dice: Dice) -> dict[str, Value]:
    images: list[Value] = []
    for _ in range(dice.pick((1, 1, 1, 2, 2, 3, 4))):
        width, height = dice.pick(((2000, 1500), (1500, 2000), (1080, 1080)))
        images.append(
            {
                "alt": dice.fill(dice.pick(ALT_TEXTS)),
                "image": dice.blob("image/jpeg", 976_560),
                "aspectRatio": {"width": width, "height": height},
            }
        )
    return {"$type": "app.bsky.embed.images", "images": images}


def _card(dice: Dice) -> dict[str, Value]:
    page, title, description = dice.pick(CARDS)
    external: dict[str, Value] = {
        "uri": f"https://example.org/{page}",
        "title": title,
        "description": description,
    }
    if dice.chance(0.7):
        external["thumb"] = dice.blob("image/jpeg", 500_000)
    return {"$type": "app.bsky.embed.external", "external": external}
