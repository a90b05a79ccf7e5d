"""The sample's Bluesky records other than posts.

Profile, follows, blocks, likes, reposts, lists, feeds and gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import Cid
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.sample.account import (
    Account,
    Dice,
    person,
    strong_ref,
    time_text,
)
from repoview.sample.phrases import LISTS
from repoview.sample.posts import POST, first_post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.strict import Value

    Records = Iterator[tuple[str, bytes]]

PROFILE: Final = "app.bsky.actor.profile"
GENERATOR: Final = "app.bsky.feed.generator"
LIKE: Final = "app.bsky.feed.like"
POSTGATE: Final = "app.bsky.feed.postgate"
REPOST: Final = "app.bsky.feed.repost"
THREADGATE: Final = "app.bsky.feed.threadgate"
BLOCK: Final = "app.bsky.graph.block"
FOLLOW: Final = "app.bsky.graph.follow"
LIST: Final = "app.bsky.graph.list"
LIST_ITEM: Final = "app.bsky.graph.listitem"
STARTER_PACK: Final = "app.bsky.graph.starterpack"
CHAT: Final = "chat.bsky.actor.declaration"

_FEEDS: Final = (
    ("benches", "Benches with a view", "Sit down. Look. That is all it does."),
    ("swifts", "Swift alarm", "The first and last swifts of the year, town by town."),
)


def profile(account: Account) -> Records:
    """Yield the profile."""
    dice = Dice(PROFILE)
    fields: dict[str, Value] = {
        "displayName": "Mara of the Allotment 🌻",
        "description": "Gardens, bread, birds and the sky. Brot und Sterne. 庭とパン。"
        "\n\nA made-up account: whoever is named here does not exist.",
        "avatar": dice.blob("image/jpeg", 400_000),
        "banner": dice.blob("image/png", 900_000),
    }
    if account.counts[POST]:
        uri = account.uri(POST, account.rkey(POST, 0))
        pinned = Cid.for_block(first_post(account))
        fields["pinnedPost"] = strong_ref(uri, str(pinned))
    # The account was created before all its records.
    record: Value = {"$type": PROFILE, **fields, "createdAt": time_text(0)}
    yield "self", dagcbor.encode(record)


def generators(account: Account) -> Records:
    """Yield feed generators of the account."""
    dice = Dice(GENERATOR)
    for number in range(account.counts[GENERATOR]):
        rkey, title, description = _FEEDS[number]
        yield (
            rkey,
            account.record(
                GENERATOR,
                number,
                did="did:web:feeds.example.org",
                displayName=title,
                description=description,
                avatar=dice.blob("image/png", 60_000),
                acceptsInteractions=number == 0,
            ),
        )


def likes(account: Account) -> Records:
    """Yield likes of friends' posts, some via a repost."""
    return _of_others(account, LIKE)


def reposts(account: Account) -> Records:
    """Yield reposts of friends' posts."""
    return _of_others(account, REPOST)


def _of_others(account: Account, name: str) -> Records:
    dice = Dice(name)
    for number in range(account.counts[name]):
        subject = dice.foreign_post(account.moment(name, number))
        fields: dict[str, Value] = {"subject": subject}
        if dice.chance(0.06):
            # Seen through a friend's repost.
            shared = f"at://{dice.friend().did}/{REPOST}/"
            rkey = account.rkey(name, max(0, number - 1))
            fields["via"] = strong_ref(shared + rkey, dice.foreign_cid())
        rkey = account.rkey(name, number)
        yield rkey, account.record(name, number, **fields)


def _gated(account: Account, name: str) -> Iterator[int]:
    """Yield the numbers of the posts that have a gate."""
    count = account.counts[name]
    for number in range(count):
        yield number * account.counts[POST] // count


def _gate(
    account: Account, name: str, number: int, /, **fields: Value
) -> tuple[str, bytes]:
    """Return the gate of the *number*-th post, with the same time."""
    rkey = account.rkey(POST, number)
    record: Value = {
        "$type": name,
        "post": account.uri(POST, rkey),
        **fields,
        "createdAt": account.created_at(POST, number),
    }
    return rkey, dagcbor.encode(record)


def postgates(account: Account) -> Records:
    """Yield postgates: rules about who may quote a post."""
    rules: list[Value] = [{"$type": f"{POSTGATE}#disableRule"}]
    for number in _gated(account, POSTGATE):
        yield _gate(
            account, POSTGATE, number, embeddingRules=rules, detachedEmbeddingUris=[]
        )


def threadgates(account: Account) -> Records:
    """Yield threadgates: rules about who may reply to a post."""
    dice = Dice(THREADGATE)
    friends = account.uri(LIST, account.rkey(LIST, 0))
    for number in _gated(account, THREADGATE):
        allow: list[Value] = [{"$type": f"{THREADGATE}#mentionRule"}]
        if dice.chance(0.5):
            allow.append({"$type": f"{THREADGATE}#followingRule"})
        if dice.chance(0.3):
            allow.append({"$type": f"{THREADGATE}#listRule", "list": friends})
        yield _gate(account, THREADGATE, number, allow=allow, hiddenReplies=[])


def blocks(account: Account) -> Records:
    """Yield blocked accounts, none of which is a friend."""
    return _people(account, BLOCK, 1_000_000_000)


def follows(account: Account) -> Records:
    """Yield follows, friends first."""
    return _people(account, FOLLOW, 0)


def _people(account: Account, name: str, first: int) -> Records:
    for number in range(account.counts[name]):
        subject = person(first + number).did
        yield (
            account.rkey(name, number),
            account.record(name, number, subject=subject),
        )


def lists(account: Account) -> Records:
    """Yield lists of accounts."""
    for number in range(account.counts[LIST]):
        title, description, purpose = LISTS[number]
        yield (
            account.rkey(LIST, number),
            account.record(
                LIST,
                number,
                name=title,
                description=description,
                purpose=f"app.bsky.graph.defs#{purpose}",
            ),
        )


def list_items(account: Account) -> Records:
    """Yield the members of the lists."""
    of_lists = account.counts[LIST]
    for number in range(account.counts[LIST_ITEM]):
        uri = account.uri(LIST, account.rkey(LIST, number % of_lists))
        subject = person(number // of_lists).did
        data = account.record(LIST_ITEM, number, subject=subject, list=uri)
        yield account.rkey(LIST_ITEM, number), data


def starter_packs(account: Account) -> Records:
    """Yield a starter pack of a list and the feeds."""
    feeds: list[Value] = [
        {"uri": account.uri(GENERATOR, rkey)} for rkey, _, _ in _FEEDS
    ]
    text = "Twelve people who will talk to you about slugs, and mean well."
    for number in range(account.counts[STARTER_PACK]):
        yield (
            account.rkey(STARTER_PACK, number),
            account.record(
                STARTER_PACK,
                number,
                name="Start here: gardens",
                description=text,
                list=account.uri(LIST, account.rkey(LIST, 0)),
                feeds=feeds,
            ),
        )


def chat(account: Account) -> Records:
    """Yield the declaration of who may send chat messages."""
    del account
    yield "self", dagcbor.encode({"$type": CHAT, "allowIncoming": "following"})
