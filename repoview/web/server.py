"""A server on the loopback: one page, and a process for each that is open.

The address has a secret, so that other users of the machine cannot guess it. Host
and Origin are compared with the server's own, so that no page of another site
reaches it, by whatever name that leads here.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from repoview.web.page import FOCUS, headers_for, page_of
from repoview.web.program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOOPBACK: Final = "127.0.0.1"
MOST_PAGES: Final = 64
"""Pages that are open at a time; each is a process of some 80 MB."""

LARGEST_MESSAGE: Final = 1 << 20
"""Bytes that a page sends at once, such as a text that is pasted."""

_FILES: Final = frozenset(
    {
        "css/xterm.css",
        "fonts/RobotoMono-VariableFont_wght.ttf",
        "js/textual.js",
    }
)
"""Those of textual-serve that the page needs."""


class Server:
    """Serves one command.

    Args:
        command: The program and its arguments, as for each page.
        environment: Its environment variables.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.programs: dict[Program, web.WebSocketResponse] = {}
        """Those of the pages that are open, and where they draw."""
        self._command = command
        self._environment = environment
        self._folder = f"/{secrets.token_urlsafe(24)}/"
        self._hosts: frozenset[str] = frozenset()
        self._runner: web.AppRunner | None = None
        self._pages = 0
        self._is_stopping = False

    async def start(self, port: int = 0) -> str:
        """Begin to answer, and return the address of the page.

        Args:
            port: Where; 0 for any that is free.

        Raises:
            OSError: The port is taken.
        """
        app = web.Application(client_max_size=0)
        app.router.add_get("/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        port = self._runner.addresses[0][1]
        self._hosts = frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost"))
        return f"http://{LOOPBACK}:{port}{self._folder}"

    async def stop(self) -> None:
        """End all processes, and answer no more."""
        self._is_stopping = True
        await asyncio.gather(*(each.end() for each in [*self.programs]))
        await asyncio.gather(*(each.close() for each in [*self.programs.values()]))
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get("Host", "").lower()
        if host not in self._hosts:
            return web.Response(status=421, text="This host is not served here.\n")
        name = request.path.removeprefix(self._folder)
        asked = request.path[: len(self._folder)].encode(errors="replace")
        if not hmac.compare_digest(asked, self._folder.encode()):
            return web.Response(status=404, text="There is no such page.\n")
        origin = request.headers.get("Origin")
        if origin not in {f"http://{host}", None} or (name == "ws" and origin is None):
            return web.Response(status=403, text="Another site may not ask.\n")
        if name == "ws":
            return await self._serve_page(request)
        return self._file(name, headers_for(host), page_of(host, self._folder))

    def _file(
        self, name: str, headers: dict[str, str], page: str
    ) -> web.StreamResponse:
        if name == "":
            return web.Response(text=page, content_type="text/html", headers=headers)
        if name == "focus.js":
            return web.Response(
                text=FOCUS, content_type="text/javascript", headers=headers
            )
        kept = name.removeprefix("static/")
        if kept == name or kept not in _FILES:
            return web.Response(status=404, text="There is no such file.\n")
        return web.FileResponse(_static() / kept, headers=headers)

    async def _serve_page(self, request: web.Request) -> web.StreamResponse:
        """Run a process for a page, until either of them ends."""
        if self._pages >= MOST_PAGES:
            return web.Response(status=503, text="Too many pages are open.\n")
        self._pages += 1
        try:
            return await self._run_page(request)
        finally:
            self._pages -= 1

    async def _run_page(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=LARGEST_MESSAGE)
        await socket.prepare(request)
        size = (
            _number(request.query.get("width"), 80),
            _number(request.query.get("height"), 24),
        )
        program = await Program.start(self._command, self._environment, size)
        self.programs[program] = socket
        program.draw(socket.send_bytes, socket.close)
        try:
            if self._is_stopping:
                # It was starting when the others were ended.
                await socket.close()
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await _heed(message.data, program, socket)
        finally:
            await program.end()
            self.programs.pop(program, None)
        return socket


async def _heed(text: str, program: Program, socket: web.WebSocketResponse) -> None:
    """Do what a page says; what makes no sense is left aside."""
    try:
        what, *rest = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return
    value: Any = rest[0] if rest else None
    if what == "stdin" and isinstance(value, str):
        await program.type(value)
    elif what == "resize" and isinstance(value, dict):
        await program.resize(
            _number(value.get("width"), 80), _number(value.get("height"), 24)
        )
    elif what == "ping" and isinstance(value, str | int | float):
        await socket.send_json(["pong", value])


def _number(value: object, otherwise: int) -> int:
    """Return a number of cells, or another where it is none."""
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isdecimal() and len(value) < 6:
        return int(value)
    return otherwise


def _static() -> Path:
    """Return the folder of the files of textual-serve, which is not imported."""
    spec = find_spec("textual_serve")
    assert spec is not None  # noqa: S101 (the caller has looked)
    assert spec.origin is not None  # noqa: S101 (it is a package with a file)
    return Path(spec.origin).parent / "static"
