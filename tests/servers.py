"""A server on this machine that gives bytes, and breaks off when it is told to."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Server:
    """What a server does, and what it was asked."""

    body: bytes = b""
    breaks: list[int] = field(default_factory=list)
    """Bytes after which connections break, one after the other."""

    statuses: list[int] = field(default_factory=list)
    """Answers in front of the right one."""

    refusal: bytes = b""
    """The body of such an answer."""

    headers: dict[str, str] = field(default_factory=dict)
    """And what it says besides."""

    ranges: bool = True
    """Whether it can begin in the middle."""

    tags: list[str] = field(default_factory=lambda: ['"one"'])
    """The ETag of each answer; the last one stays."""

    location: str = ""
    """Where it redirects to."""

    length: bool = True
    """Whether it says how many bytes there are."""

    stalls: bool = False
    """Whether it stops in the middle, and waits."""

    asked: list[str] = field(default_factory=list)
    """The ranges that were asked for."""

    agents: list[str] = field(default_factory=list)
    """Who asked."""

    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(**options: object) -> Iterator[Server]:
    """Run a server while the block does."""
    server = Server(**options)  # type: ignore[arg-type]  # its own fields

    class Handler(_Handler):
        facts = server

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_address[1]}/repo.car"
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
    facts: Server

    def do_GET(self) -> None:
        facts = self.facts
        asked = self.headers.get("Range", "")
        facts.asked.append(asked)
        facts.agents.append(self.headers["User-Agent"])
        if facts.location:
            self._end(302, Location=facts.location)
            return
        if facts.statuses:
            self._end(facts.statuses.pop(0), facts.refusal, **facts.headers)
            return
        tag = facts.tags.pop(0) if len(facts.tags) > 1 else facts.tags[0]
        start = 0
        same = self.headers.get("If-Range") in {None, tag}
        if asked and facts.ranges and same:
            start = int(asked.removeprefix("bytes=").partition("-")[0])
        body = facts.body[start:]
        self.send_response(206 if start else 200)
        if facts.ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", tag)
        if start:
            whole = len(facts.body)
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        if facts.length:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with suppress(ConnectionError):
            if facts.stalls:
                self.wfile.write(body[:1_000])
                self.wfile.flush()
                facts.released.wait(30)
            elif facts.breaks:
                self.wfile.write(body[: facts.breaks.pop(0)])
            else:
                self.wfile.write(body)

    def _end(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
