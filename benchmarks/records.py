"""Make the records of the inputs: a mix as accounts have it, in key order.

The encodings are written out here, not taken from the program that is
measured, and each is a template: maps in canonical order with holes for what
varies. Everything is drawn from seeds, so that the same count of records gives
the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from hashlib import sha512
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[["Moment", "Dice"], bytes]

DID: Final = "did:plc:benchmarksofrepoview2345"
CLOCK_ID: Final = 9
_BEGIN: Final = int(datetime(2023, 5, 1, tzinfo=UTC).timestamp()) * 1_000_000
_END: Final = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp()) * 1_000_000
"""All records are made between these, in microseconds since 1970."""

LIKE: Final = "app.bsky.feed.like"
POST: Final = "app.bsky.feed.post"
REPOST: Final = "app.bsky.feed.repost"
FOLLOW: Final = "app.bsky.graph.follow"

_SHARES: Final = {
    "app.bsky.actor.profile": 0,
    LIKE: 0.594,
    POST: 0.18,
    REPOST: 0.1,
    "app.bsky.graph.block": 0.004,
    FOLLOW: 0.12,
    "app.bsky.graph.list": 0.0002,
    "app.bsky.graph.listitem": 0.0018,
}
"""Collection, in key order → its share of the records, but one profile."""

_DIGITS: Final = "234567abcdefghijklmnopqrstuvwxyz"
_THREE: Final = [a + b + c for a in _DIGITS for b in _DIGITS for c in _DIGITS]
_BASE32: Final = bytes(b"abcdefghijklmnopqrstuvwxyz234567"[n & 31] for n in range(256))
_WORDS: Final = (  # noqa: SIM905 (a word a line would be a page)
    "the of and a to in is it you that he was for on are with as I his they be at "
    "one have this from or had by hot but some what there we can out other were all "
    "your when up use word how said an each she which do their time if will way "
    "about many then them would write like so these her long make thing see him two "
    "has look more day could go come did my sound no most number who over know water "
    "than call first people may down side been now find any new work part take get "
    "place made live where after back little only round man year came show every "
    "good me give our under name very through just form much great think say help "
    "low line before turn cause same mean differ move right boy old too does tell"
).split()


class Moment(NamedTuple):
    """When a record is made."""

    number: int
    """Of the record in its collection, from 0."""

    microseconds: int
    """Since 1970; ascends with *number*."""

    @property
    def rkey(self) -> str:
        """The TID of this moment."""
        return tid(self.microseconds)

    @property
    def time(self) -> bytes:
        """This moment as records have it, encoded: 24 bytes of text."""
        when = datetime.fromtimestamp(self.microseconds // 1000 / 1000, UTC)
        text = when.isoformat(timespec="milliseconds")[:23]
        return b"\x69createdAt\x78\x18" + text.encode() + b"Z"


class Dice:
    """Draws for one collection, so that no collection changes another."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed).random  # noqa: S311 (no secret is drawn)
        self._letters = f"{seed} %d"
        self._drawn = 0

    def below(self, limit: int) -> int:
        """Return a number from 0 to *limit*, exclusive."""
        return int(self.random() * limit)

    def letters(self) -> bytes:
        """Return 64 letters of base 32."""
        self._drawn += 1
        digest = sha512((self._letters % self._drawn).encode()).digest()
        return digest.translate(_BASE32)

    def did(self) -> bytes:
        """Return the DID of an account that has not come up before."""
        return b"did:plc:" + self.letters()[:24]

    def cid(self) -> bytes:
        """Return the CID, as text of 59 bytes, of a record that is in no file."""
        letters = self.letters()
        # What 36 bytes are in base 32 has a first and a last letter of few.
        first, last = b"abcdefgh"[letters[0] & 7], b"aeimquy4"[letters[1] & 7]
        return b"bafyrei%c%b%c" % (first, letters[2:52], last)

    def post_before(self, moment: Moment) -> bytes:
        """Return a reference to another's post, made up to three days before."""
        friend = _FRIENDS[int(self.random() * self.random() * len(_FRIENDS))]
        made = moment.microseconds - 1 - self.below(3 * 86_400_000_000)
        uri = b"at://%b/app.bsky.feed.post/%b" % (friend, tid(made).encode())
        return b"\xa2\x63cid\x78\x3b%b\x63uri\x78%c%b" % (self.cid(), len(uri), uri)


def tid(microseconds: int) -> str:
    """Return the TID of a time in microseconds since 1970."""
    number = microseconds << 10 | CLOCK_ID
    return (
        _DIGITS[number >> 60]
        + _THREE[number >> 45 & 0x7FFF]
        + _THREE[number >> 30 & 0x7FFF]
        + _THREE[number >> 15 & 0x7FFF]
        + _THREE[number & 0x7FFF]
    )


REV: Final = tid(_END)
"""Of the commit: just after the last record."""

_FRIENDS: Final = tuple(map(Dice.did, [Dice("friends")] * 4_000))
"""Accounts that are liked and answered, some far more than others."""


def records(count: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield *count* keys and records, the keys ascending."""
    for collection, number in counts(count).items():
        make = _MAKERS.get(collection)
        if make is None:
            yield from _profile(number)
            continue
        dice = Dice(collection)
        prefix = f"{collection}/"
        for moment in _moments(number):
            yield (prefix + moment.rkey).encode(), make(moment, dice)


def counts(count: int) -> dict[str, int]:
    """Return how many records each collection has, of *count* in all."""
    number_of = {name: int(share * count) for name, share in _SHARES.items()}
    rest = count - sum(number_of.values())
    if rest:
        number_of["app.bsky.actor.profile"] = 1
        number_of[LIKE] += rest - 1
    return number_of


def _moments(count: int) -> Iterator[Moment]:
    step = (_END - _BEGIN) // max(count, 1)
    for number in range(count):
        # A stir within its share of the time, so that no two steps are equal.
        stir = number * 2_654_435_761 % step
        yield Moment(number, _BEGIN + number * step + stir)


def _text(text: bytes) -> bytes:
    size = len(text)
    if size < 24:
        return b"%c%b" % (0x60 | size, text)
    return (
        b"\x78%c%b" % (size, text)
        if size < 256
        else b"\x79%b%b"
        % (
            size.to_bytes(2, "big"),
            text,
        )
    )


def _profile(count: int) -> Iterator[tuple[bytes, bytes]]:
    created = Moment(0, _BEGIN).time
    for _ in range(count):
        yield (
            b"app.bsky.actor.profile/self",
            b"\xa4\x65$type"
            + _text(b"app.bsky.actor.profile")
            + created
            # Names of one length stand by their letters.
            + b"\x6bdescription"
            + _text(b"Measured, and found to be the same again.")
            + b"\x6bdisplayName"
            + _text(b"The account of the benchmarks"),
        )


def _of_others(name: str, moment: Moment, dice: Dice) -> bytes:
    """Return a like or a repost."""
    fields = [b"\xa3"]
    if dice.random() < 0.06:
        # Seen because another had reposted it.
        fields = [b"\xa4\x63via", dice.post_before(moment)]
    fields += b"\x65$type", _text(name.encode())
    fields += b"\x67subject", dice.post_before(moment), moment.time
    return b"".join(fields)


def _of_account(name: str, moment: Moment, dice: Dice) -> bytes:
    """Return a follow or a block."""
    return b"".join(
        (
            b"\xa3\x65$type",
            _text(name.encode()),
            b"\x67subject\x78\x20",
            dice.did(),
            moment.time,
        )
    )


def _post(moment: Moment, dice: Dice) -> bytes:
    fields = [b"\x64text", _text(_words(dice)), b"\x65$type", _text(POST.encode())]
    if picture := dice.random() < 0.2:
        fields += b"\x65embed", _picture(dice)
    fields.append(b"\x65langs\x81\x62en")
    if reply := dice.random() < 0.5:
        parent = dice.post_before(moment)
        root = parent if dice.random() < 0.5 else dice.post_before(moment)
        fields += b"\x65reply\xa2\x64root", root, b"\x66parent", parent
    head = b"%c" % (0xA4 + picture + reply)
    return b"".join((head, *fields, moment.time))


def _words(dice: Dice) -> bytes:
    random = dice.random
    # Most are short, some go to the end of what is allowed.
    count = 1 + int(random() * random() * 64)
    return " ".join(
        [_WORDS[int(random() * len(_WORDS))] for _ in range(count)]
    ).encode()


def _picture(dice: Dice) -> bytes:
    digest = sha512(dice.letters()).digest()[:32]
    size = 20_000 + dice.below(40_000)
    return b"".join(
        (
            b"\xa2\x65$type",
            _text(b"app.bsky.embed.images"),
            b"\x66images\x81\xa3",
            b"\x63alt",
            _text(_words(dice)),
            b"\x65image\xa4\x63ref\xd8\x2a\x58\x25\x00\x01\x55\x12\x20",
            digest,
            b"\x64size\x19",
            size.to_bytes(2, "big"),
            b"\x65$type\x64blob\x68mimeType\x6aimage/jpeg",
            b"\x6baspectRatio\xa2\x65width\x19\x07\xd0\x66height\x19\x05\xdc",
        )
    )


def _list(moment: Moment, dice: Dice) -> bytes:
    return b"".join(
        (
            b"\xa5\x64name",
            _text(b"List %d" % moment.number),
            b"\x65$type",
            _text(b"app.bsky.graph.list"),
            b"\x67purpose",
            _text(b"app.bsky.graph.defs#curatelist"),
            moment.time,
            b"\x6bdescription",
            _text(_words(dice)),
        )
    )


def _list_item(moment: Moment, dice: Dice) -> bytes:
    uri = f"at://{DID}/app.bsky.graph.list/{tid(_BEGIN)}".encode()
    return b"".join(
        (
            b"\xa4\x64list",
            _text(uri),
            b"\x65$type",
            _text(b"app.bsky.graph.listitem"),
            b"\x67subject\x78\x20",
            dice.did(),
            moment.time,
        )
    )


_MAKERS: Final[dict[str, Make]] = {
    LIKE: partial(_of_others, LIKE),
    POST: _post,
    REPOST: partial(_of_others, REPOST),
    "app.bsky.graph.block": partial(_of_account, "app.bsky.graph.block"),
    FOLLOW: partial(_of_account, FOLLOW),
    "app.bsky.graph.list": _list,
    "app.bsky.graph.listitem": _list_item,
}
"""All but the profile, which has a key of its own kind."""
