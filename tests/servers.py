"""A local HTTP server that can break connections, and fail in other ways."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


@dataclass
class Server:
    """The configuration of a server, and a log of its requests."""

    body: bytes = b""
    breaks: list[int] = field(default_factory=list)
    """For each connection, the bytes after which it breaks."""

    statuses: list[int] = field(default_factory=list)
    """Status codes of responses before the successful one."""

    refusal: bytes = b""
    """The body of such a response."""

    headers: dict[str, str] = field(default_factory=dict)
    """The headers of such a response."""

    ranges: bool = True
    """Whether it supports range requests."""

    tags: list[str] = field(default_factory=lambda: ['"one"'])
    """The ETag of each response; the last one is repeated."""

    location: str = ""
    """Where it redirects to."""

    length: bool = True
    """Whether it sends a content length."""

    stalls: bool = False
    """Whether it stops in the middle, and waits."""

    asked: list[str] = field(default_factory=list)
    """The ranges that were asked for."""

    agents: list[str] = field(default_factory=list)
    """The user agents of the requests."""

    tls: ssl.SSLContext | None = None
    """What it encrypts with."""

    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(**options: object) -> Iterator[Server]:
    """Run a server during a `with` block."""
    server = Server(**options)  # type: ignore[arg-type]  # its own fields

    class Handler(_Handler):
        state = server

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        scheme = "http"
        if server.tls is not None:
            scheme = "https"
            http.socket = server.tls.wrap_socket(http.socket, server_side=True)
        server.url = f"{scheme}://127.0.0.1:{http.server_address[1]}/repo.car"
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            http.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def do_GET(self) -> None:
        state = self.state
        asked = self.headers.get("Range", "")
        state.asked.append(asked)
        state.agents.append(self.headers["User-Agent"])
        if state.location:
            self._end(302, Location=state.location)
            return
        if state.statuses:
            self._end(state.statuses.pop(0), state.refusal, **state.headers)
            return
        tag = state.tags.pop(0) if len(state.tags) > 1 else state.tags[0]
        start = 0
        same = self.headers.get("If-Range") in {None, tag}
        if asked and state.ranges and same:
            start = int(asked.removeprefix("bytes=").partition("-")[0])
        body = state.body[start:]
        self.send_response(206 if start else 200)
        if state.ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", tag)
        if start:
            whole = len(state.body)
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        if state.length:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with suppress(ConnectionError):
            if state.stalls:
                self.wfile.write(body[:1_000])
                self.wfile.flush()
                state.released.wait(30)
            elif state.breaks:
                self.wfile.write(body[: state.breaks.pop(0)])
            else:
                self.wfile.write(body)

    def _end(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""
