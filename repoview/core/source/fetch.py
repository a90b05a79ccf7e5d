"""Download an address, resuming where a connection broke.

A thread reads the body, a few pieces ahead, so that a reader can be canceled at
once. Only the given address is fetched, and redirects from the public network
into a private one are refused.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NoReturn

from repoview.core.errors import SourceError
from repoview.core.source.read_ahead import ReadAhead
from repoview.core.source.server_error import MOST_BYTES, read_server_error, reset_time
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from repoview.core.source.cancel import Cancel
    from repoview.core.source.deadline import Deadline

_AHEAD: Final = 16
"""Most pieces read ahead."""

_PARTING: Final = 0.02
"""Seconds that closing waits for the thread."""

_ATTEMPTS: Final = 5
"""Consecutive attempts without a byte before it is given up."""

_PAUSE: Final = 0.1
"""Seconds before the second attempt; exponential backoff from there."""

_LONGEST_PAUSE: Final = 20.0
_REDIRECTS: Final = 5
_TIMEOUT: Final = 30.0
_REFUSALS: Final = {
    401: "it asks for a password",
    403: "it is not allowed",
    404: "it is not there: check the address",
    410: "it is gone",
}
_UNKNOWN: Final = "it cannot be had"
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_TOO_OFTEN: Final = 429


def fetch(
    url: str, *, cancel: Cancel | None = None, deadline: Deadline | None = None
) -> Fetched:
    """Begin to fetch *url*.

    Args:
        url: An ``http://`` or ``https://`` address.
        cancel: Cancels the wait.
        deadline: Ends it.

    Returns:
        The bytes, as they come. Their iterator raises `SourceError` if they
        cannot be fetched, and `Cancelled` or `Left` if that was requested, or
        the time is over.
    """
    return Fetched(url, cancel, deadline)


class Fetched:
    """The body of a response, piece by piece; close it."""

    def __init__(
        self, url: str, cancel: Cancel | None, deadline: Deadline | None
    ) -> None:
        self._pieces: deque[bytes] = deque()
        self._transfer = _Transfer(url, self._put)
        self._ahead = ReadAhead(
            "repoview-fetch", self._transfer.run, self._has_room, cancel, deadline
        )
        self._ahead.begin()

    @property
    def total(self) -> int:
        """The size that the server declares; 0 for none."""
        return self._transfer.total

    @property
    def expected(self) -> int:
        """The same."""
        return self._transfer.total

    def __iter__(self) -> Fetched:
        return self

    def __next__(self) -> bytes:
        self._ahead.wait(lambda: bool(self._pieces))
        if self._pieces:
            piece = self._pieces.popleft()
            self._ahead.notify()
            return piece
        if self._ahead.failure is not None:
            raise self._ahead.failure
        raise StopIteration

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        self._transfer.break_off()
        # A thread without a connection is not joined: it ends by itself.
        self._ahead.close(_PARTING)

    def _put(self, piece: bytes) -> bool:
        self._pieces.append(piece)
        return self._ahead.go_on()

    def _has_room(self) -> bool:
        return len(self._pieces) < _AHEAD


class _Broken(Exception):
    """The connection broke, or the server is busy."""

    def __init__(self, reason: str, wait: float = 0) -> None:
        super().__init__(reason)
        self.wait = wait


class _Transfer:
    """The download of one address, over as many connections as needed.

    Args:
        url: The address.
        put: Takes the next piece; returns whether to go on.
    """

    def __init__(self, url: str, put: Callable[[bytes], bool]) -> None:
        import httpx  # noqa: PLC0415 (few need it, and it is large)

        self.total = 0
        self._url = url
        self._put = put
        self._stop = threading.Event()
        self._had = 0
        """Bytes that have come."""
        self._connection: socket.socket | None = None
        """The socket of the last connection."""
        self._tag: str | None = None
        """The validator by which a resumed download has the same bytes."""
        self._errors = httpx.TransportError
        self._client = httpx.Client(
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            timeout=_TIMEOUT,
            headers={"Accept-Encoding": "identity", "User-Agent": _agent()},
            event_hooks={"request": [self._judge_redirect]},
        )
        self._asked: httpx.URL | None = None
        """What was requested last on this connection, of which a redirect came."""
        self._invalid = (httpx.InvalidURL, httpx.UnsupportedProtocol)
        self._too_many = httpx.TooManyRedirects

    def break_off(self) -> None:
        """Stop, and close the connection, also during a read."""
        self._stop.set()
        if self._connection is not None:
            # Closing it would not wake a thread that reads from it.
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
        with suppress(Exception):
            self._client.close()

    def run(self) -> None:
        """Put all pieces.

        Raises:
            SourceError: They cannot be fetched.
        """
        attempt = 0
        while not self._stop.is_set():
            had = self._had
            try:
                self._connect()
            except _Broken as error:
                attempt = 1 if self._had > had else attempt + 1
                if attempt >= _ATTEMPTS:
                    raise self._sorry(str(error)) from None
                pause = max(error.wait, _PAUSE * 2**attempt)
                self._stop.wait(min(pause, _LONGEST_PAUSE))
            else:
                return

    def _note_connection(self, _: str, event: dict[str, Any]) -> None:
        """Note the socket of a new connection, and again with TLS."""
        get = getattr(event.get("return_value"), "get_extra_info", None)
        if get is None:
            return
        self._connection = get("socket")
        if self._stop.is_set():
            self.break_off()

    def _connect(self) -> None:
        headers = {}
        if self._had:
            if self._tag is None:
                raise self._sorry("the connection broke, and it cannot go on there")
            headers = {"Range": f"bytes={self._had}-", "If-Range": self._tag}
        self._asked = None
        try:
            with self._client.stream(
                "GET",
                self._url,
                headers=headers,
                extensions={"trace": self._note_connection},
            ) as response:
                self._judge(response)
                for piece in response.iter_raw():
                    self._had += len(piece)
                    if not self._put(piece):
                        return
        except self._invalid as error:
            raise self._sorry(str(error).lower()) from None
        except self._too_many:
            raise self._sorry(f"it redirects over {_REDIRECTS} times") from None
        except self._errors as error:
            raise _Broken(str(error).lower() or "the connection broke") from error
        except RuntimeError:
            # The client was closed during a read.
            if not self._stop.is_set():
                raise
        if self._had < self.total:
            raise _Broken("the connection broke")

    def _judge(self, response: httpx.Response) -> None:
        """Check that a response has the bytes that were requested."""
        status = response.status_code
        if status == 206 and self._had:
            if _start_of(response.headers.get("Content-Range", "")) != self._had:
                raise self._sorry("the server goes on at another place")
            return
        if status != 200:
            self._refused(response)
        if self._had:
            raise self._sorry("the connection broke, and the bytes are others now")
        length = response.headers.get("Content-Length", "")
        self.total = int(length) if length.isdecimal() and len(length) < 19 else 0
        self._tag = _tag_of(response)

    def _refused(self, response: httpx.Response) -> NoReturn:
        """Raise the error that a response without the bytes means."""
        status = response.status_code
        said = read_server_error(_beginning_of(response))
        reason = said.text if said else _REFUSALS.get(status, "")
        if status not in _BUSY:
            raise self._sorry(f"the server answers {status}: {reason or _UNKNOWN}")
        now = datetime.now(UTC)
        until = reset_time(response.headers, now)
        wait = 0.0 if until is None else max(0.0, (until - now).total_seconds())
        if until is not None:
            again = f"it answers again from {until:%Y-%m-%d %H:%M:%S} UTC on"
            reason = f"{reason}; {again}" if reason else again
        text = f"the server answers {status}" + (f": {reason}" if reason else "")
        if status == _TOO_OFTEN and wait > _LONGEST_PAUSE:
            # Requests before that time may extend the limit.
            raise self._sorry(text)
        raise _Broken(text, wait)

    def _judge_redirect(self, request: httpx.Request) -> None:
        """Check an address before it is requested, if a redirect led there."""
        source, self._asked = self._asked, request.url
        if source is None:
            return
        if source.scheme == "https" and request.url.scheme != "https":
            raise self._sorry("it redirects to an address that is not encrypted")
        if _is_private(request.url.host) and not _is_private(source.host):
            raise self._sorry("it redirects into a private network")

    def _sorry(self, reason: str) -> SourceError:
        came = f" after {count_text(self._had, 'byte')}" if self._had else ""
        return SourceError(f"cannot fetch {self._url}{came}: {reason}")


def _agent() -> str:
    return f"repoview/{sys.modules['repoview'].__version__}"


def _beginning_of(response: httpx.Response) -> bytes:
    """Return the first bytes of an error response, as far as they come."""
    import httpx  # noqa: PLC0415 (few need it, and it is large)

    body = b""
    with suppress(httpx.HTTPError):
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                break
    return body


def _tag_of(response: httpx.Response) -> str | None:
    """Return the strong validator of a response (ETag or date), None for none."""
    if response.headers.get("Accept-Ranges", "").lower() != "bytes":
        return None
    tag: str | None = response.headers.get("ETag")
    if tag is not None and not tag.startswith("W/"):
        return tag
    date: str | None = response.headers.get("Last-Modified")
    return date


def _start_of(content_range: str) -> int | None:
    """Return where a range begins: 5 of "bytes 5-9/10"."""
    unit, _, rest = content_range.partition(" ")
    start = rest.partition("-")[0]
    return int(start) if unit.lower() == "bytes" and start.isdecimal() else None


def _is_private(host: str) -> bool:
    """Return whether a host is on this machine or a private network, by its name."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not address.is_global
