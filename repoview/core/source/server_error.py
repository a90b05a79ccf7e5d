"""What a server says in place of a repository: the error object of XRPC.

Servers of atproto answer a request that they refuse with JSON,
``{"error": "RepoNotFound", "message": "Could not find repo for DID: …"}``,
and tools save it under the name of the CAR that was asked for.

Source: atproto XRPC specification, "Error Responses".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 16 * limits.KiB
"""Bytes of a body that are read: an error is short."""

_NAME: Final = 80
_MESSAGE: Final = 200
"""Characters that are kept: a server is not trusted to be brief."""

_HINTS: Final = {
    "RepoNotFound": "it has no such repository: ask the account's own server",
    "RepoDeactivated": "the account's owner has deactivated it",
    "RepoTakendown": "the account was taken down",
    "RepoSuspended": "the account is suspended",
    "RateLimitExceeded": "it was asked too often",
}
"""What the names in atproto's lexicons mean."""


@frozen
class ServerError:
    """The error object of a server; its texts are not safe to print."""

    error: str
    """A short name, as "RepoNotFound"."""

    message: str = ""
    """A sentence; "" for none."""

    @property
    def text(self) -> str:
        """The server's message, and what it means."""
        said = f"{self.error}: {self.message}" if self.message else self.error
        hint = _HINTS.get(self.error)
        return f"{said} ({hint})" if hint else said


def read_server_error(data: bytes) -> ServerError | None:
    """Return the error object in a body, None if it is not one.

    Args:
        data: The body; one of more than `MOST_BYTES` is not an error object.
    """
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return None
    try:
        value = json.loads(data[: MOST_BYTES + 1].decode("utf-8-sig"))
    # Deep enough nesting is a RecursionError.
    except (ValueError, RecursionError):
        return None
    error, message = value.get("error"), value.get("message")
    if not isinstance(error, str) or not error.strip():
        return None
    message = message if isinstance(message, str) else ""
    return ServerError(
        _clipped(error.strip(), _NAME), _clipped(message.strip().rstrip("."), _MESSAGE)
    )


def reset_time(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the time at which a rate limit ends, if the server declares it.

    Args:
        headers: Of the answer: ``ratelimit-reset`` (seconds since 1970, or from
            now on) or ``Retry-After`` (seconds from now on, or a date). Names
            are looked up in lower case.
        now: The time, in UTC.
    """
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (slow, and seldom needed)

    for name in ("ratelimit-reset", "retry-after"):
        text = headers.get(name, "").strip()
        if text.isdecimal() and len(text) < 11:
            seconds = int(text)
            if seconds >= _EPOCH_SECONDS:
                return datetime.fromtimestamp(seconds, UTC)
            return now + timedelta(seconds=seconds)
        try:
            return parsedate_to_datetime(text).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


_EPOCH_SECONDS: Final = 1_000_000_000
"""From here on a number is a time, not a delay, which would be 31 years."""


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
