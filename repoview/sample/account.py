"""The account of the sample: its identity, its friends, and its timeline.

All random choices are seeded, so that two runs give the same bytes. The time of
the n-th record of a collection is computed without making those before it.
"""

from __future__ import annotations

from base64 import b32encode
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from repoview.core.cid import PLAIN_PREFIX, RAW, Cid, cid_text
from repoview.core.formats import syntax
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.sample.activity import DAY, DAYS, START
from repoview.sample.phrases import DOMAINS, NAMES, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from repoview.core.formats.dagcbor.strict import Value
    from repoview.sample.activity import Activity

_T = TypeVar("_T")

DID: Final = "did:plc:repoviewsamplegarden2345"
HANDLE: Final = "mara.example.com"

_CLOCK_ID: Final = 11
_FRIENDS: Final = 300
"""Accounts that are liked, quoted and answered, with a skewed distribution."""


class Person(NamedTuple):
    """Another account."""

    did: str
    handle: str


def person(number: int) -> Person:
    """Return one of any number of made-up accounts."""
    digest = sha256(b"person %d" % number).digest()
    did = "did:plc:" + b32encode(digest[:15]).decode().lower()
    name = NAMES[number % len(NAMES)]
    again = number // len(NAMES)
    domain = DOMAINS[again % len(DOMAINS)]
    return Person(did, f"{name}{again or ''}.{domain}")


_friends: Final = [person(number) for number in range(_FRIENDS)]
_did_of: Final = {friend.handle: friend.did for friend in _friends}


def did_of(handle: str) -> str:
    """Return the DID of a friend."""
    return _did_of[handle]


class Dice:
    """A seeded random generator of one collection, independent of the others.

    Uses `Random.random` only, the one method whose sequence is the same in every
    version of Python.
    """

    def __init__(self, seed: str) -> None:
        self._random = Random(seed).random  # noqa: S311 (no secret is drawn)
        self._words = _Words(self)

    def below(self, limit: int) -> int:
        """Return a number from 0 to *limit*, exclusive."""
        return int(self._random() * limit)

    def chance(self, share: float) -> bool:
        """Return True with the probability *share*."""
        return self._random() < share

    def pick(self, items: Sequence[_T]) -> _T:
        """Return one of *items*."""
        return items[int(self._random() * len(items))]

    def friend(self) -> Person:
        """Return a friend, by a skewed distribution: mostly one of a few."""
        return _friends[int(self._random() * self._random() * _FRIENDS)]

    def fill(self, template: str) -> str:
        """Return *template* with random words in place of its names."""
        text = template.format_map(self._words)
        # A word may contain a name, too.
        return text.format_map(self._words) if "{" in text else text

    def foreign_cid(self) -> str:
        """Return a random CID, as text, of a record in another repository."""
        seed = b"%d" % self.below(1 << 50)
        return cid_text(PLAIN_PREFIX + sha256(seed).digest())

    def foreign_post(self, moment: int) -> dict[str, Value]:
        """Return a reference to a friend's post from the three days before."""
        made = _microseconds(moment - 1 - self.below(3 * DAY))
        rkey = syntax.make_tid(made, self.below(32))
        uri = f"at://{self.friend().did}/app.bsky.feed.post/{rkey}"
        return strong_ref(uri, self.foreign_cid())

    def blob(self, mime_type: str, most: int) -> dict[str, Value]:
        """Return a reference to a blob of at most *most* bytes."""
        size = most // 20 + self.below(most - most // 20)
        return {
            "$type": "blob",
            "ref": Cid.for_block(b"blob %d" % self.below(1 << 50), RAW),
            "mimeType": mime_type,
            "size": size,
        }


class _Words(dict[str, str]):
    """A mapping that returns another random word at each access to a name."""

    def __init__(self, dice: Dice) -> None:
        super().__init__()
        self._dice = dice

    def __missing__(self, name: str) -> str:
        if name == "n":
            return str(2 + self._dice.below(30))
        if name == "friend":
            return self._dice.friend().handle
        return self._dice.pick(WORDS[name])


def strong_ref(uri: str, cid: str) -> dict[str, Value]:
    """Return a strong reference: AT URI and CID."""
    return {"uri": uri, "cid": cid}


def _microseconds(milliseconds: int) -> int:
    """Return the microseconds since 1970 of a time after the start."""
    return (int(START.timestamp()) * 1000 + milliseconds) * 1000


REV: Final = syntax.make_tid(_microseconds(DAYS * DAY), _CLOCK_ID)
"""Of the commit: just after the last record."""


class Account:
    """The account, and the plan of its repository.

    Args:
        counts: Number of records by collection.
        activities: Distribution of their times by collection.
    """

    def __init__(
        self, counts: Mapping[str, int], activities: Mapping[str, Activity]
    ) -> None:
        self.counts = counts
        self._activities = activities
        self.notable: list[dict[str, Value]] = []
        """References to some of its posts with pictures, added as these are made."""

    def uri(self, collection: str, rkey: str) -> str:
        """Return the AT URI of one of its records."""
        return f"at://{DID}/{collection}/{rkey}"

    def rkey(self, collection: str, number: int) -> str:
        """Return the record key of the *number*-th record: the TID of its time."""
        moment = self.moment(collection, number)
        return syntax.make_tid(_microseconds(moment), _CLOCK_ID)

    def created_at(self, collection: str, number: int) -> str:
        """Return the time of the *number*-th record, in the format of records."""
        return time_text(self.moment(collection, number))

    def record(self, collection: str, number: int, /, **fields: Value) -> bytes:
        """Return the *number*-th record of a collection, with its time."""
        made: Value = self.created_at(collection, number)
        return dagcbor.encode({"$type": collection, **fields, "createdAt": made})

    def moment(self, collection: str, number: int) -> int:
        """Return when the *number*-th record was made, ascending with *number*.

        In milliseconds after the start, as everywhere here.
        """
        activity = self._activities[collection]
        count = max(1, self.counts[collection])
        return activity.moment(number, count, len(collection))


def time_text(milliseconds: int) -> str:
    """Return a time after the start in the format of records."""
    when = START + timedelta(milliseconds=milliseconds)
    return when.isoformat(timespec="milliseconds")[:-6] + "Z"
