"""The small grammars of atproto: DID, NSID, record key, TID, CID.

Every check looks at the length first and then matches the whole text, so that
no input makes it slow. Source: the atproto specifications of these names.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from repoview.core import limits

_DID: Final = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")
_PLC: Final = re.compile(r"did:plc:[a-z2-7]{24}")
_NSID: Final = re.compile(
    r"[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
    r"\.[a-zA-Z][a-zA-Z0-9]{0,62}"
)
_RKEY: Final = re.compile(r"[A-Za-z0-9._:~-]+")
_TID_DIGITS: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TID_TO_DIGITS: Final = str.maketrans(_TID_DIGITS, "0123456789abcdefghijklmnopqrstuv")
"""From the digits of a TID to those that `int` takes."""

_TID: Final = re.compile(r"[234567abcdefghij][234567a-z]{12}")
_CID: Final = re.compile(r"[a-zA-Z0-9+=]{8,256}")
_MAX_CID: Final = 256
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400_000_000
"""Microseconds of a day."""


def is_did(text: str) -> bool:
    """Tell whether *text* is a DID of any method."""
    return len(text) <= limits.MAX_DID and _DID.fullmatch(text) is not None


def is_atproto_did_method(did: str) -> bool:
    """Tell whether a DID is of a kind that atproto uses: plc or web."""
    if did.startswith("did:plc:"):
        return _PLC.fullmatch(did) is not None
    return did.startswith("did:web:")


def is_nsid(text: str) -> bool:
    """Tell whether *text* is an NSID, in whatever case its domain is.

    The domain may be over the 253 characters that the specification gives it:
    its own examples of right NSIDs are.
    """
    return len(text) <= limits.MAX_NSID and _NSID.fullmatch(text) is not None


def has_lower_authority(nsid: str) -> bool:
    """Tell whether the domain part of an NSID is in lower case, as it must be."""
    authority = nsid.rpartition(".")[0]
    return authority == authority.lower()


def is_rkey(text: str) -> bool:
    """Tell whether *text* may be a record key."""
    if len(text) > limits.MAX_RKEY or text in {".", ".."}:
        return False
    return _RKEY.fullmatch(text) is not None


def is_cid(text: str) -> bool:
    """Tell whether *text* is shaped like a CID of version 1, in any multibase.

    `cid.Cid.parse` tells whether it is one.
    """
    if len(text) > _MAX_CID or text.startswith("Qm"):
        return False
    return _CID.fullmatch(text) is not None


class AtUri(NamedTuple):
    """The parts of an AT URI; what is not there is empty."""

    authority: str
    """A DID or a handle."""

    collection: str
    rkey: str

    @property
    def path(self) -> str:
        """The repo path, as far as it goes."""
        return "/".join(filter(None, (self.collection, self.rkey)))


def read_at_uri(text: str) -> AtUri | None:
    """Return the parts of what looks like an AT URI, None for anything else.

    Whether they are right is not judged. Query and fragment are left out.
    Source: atproto AT URI scheme, "Structure".
    """
    if not text.startswith("at://"):
        return None
    rest = re.split("[?#]", text.removeprefix("at://"), maxsplit=1)[0]
    authority, collection, rkey = [*rest.rstrip("/").split("/", 2), "", ""][:3]
    return AtUri(authority, collection, rkey) if authority else None


def is_tid(text: str) -> bool:
    """Tell whether *text* is a TID: 13 characters that say a time."""
    return len(text) == 13 and _TID.fullmatch(text) is not None


def tid_time(tid: str) -> datetime:
    """Return the time of a TID, which `is_tid`, in UTC."""
    return _EPOCH + timedelta(microseconds=tid_number(tid) >> 10)


def tid_seconds(tid: str) -> float:
    """Return the time of a TID, which `is_tid`, in seconds since 1970."""
    return (tid_number(tid) >> 10) / 1_000_000


def tid_day(tid: str) -> int:
    """Return the day of a TID, which `is_tid`: days since 1970, in UTC."""
    return (tid_number(tid) >> 10) // _DAY


def tid_clock_id(tid: str) -> int:
    """Return the clock of a TID, which `is_tid`: 0 to 1023."""
    return tid_number(tid) & 0x3FF


def make_tid(microseconds: int, clock_id: int = 0) -> str:
    """Return the TID of a time in microseconds since 1970."""
    number = (microseconds << 10 | clock_id) & (1 << 63) - 1
    return "".join(_TID_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def tid_number(tid: str) -> int:
    """Return the 64 bits of a TID, which `is_tid`: microseconds, then the clock."""
    return int(tid.translate(_TID_TO_DIGITS), 32)
