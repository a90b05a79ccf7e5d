"""Facts about the server of `--web`, with real sockets and real programs."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError

from repoview.cli.serving import page_command, page_environment
from repoview.web.server import Server
from tests.emulator import Emulator
from tests.web.chromium import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientWebSocketResponse

SIZE = (80, 24)


@asynccontextmanager
async def serving(*words: str) -> AsyncIterator[tuple[Server, str, ClientSession]]:
    """Serve a command, and give the address of its page and a client."""
    server = Server(page_command(words), page_environment())
    address = await server.start()
    try:
        async with ClientSession() as client:
            yield server, address, client
    finally:
        await server.stop()


def origin_of(address: str) -> str:
    """Return what a page at an address says that it is from."""
    return "/".join(address.split("/")[:3])


def opened(client: ClientSession, address: str, **how: Any) -> Any:
    """Open the socket of a page, as the page does."""
    headers = {"Origin": origin_of(address)} | how.pop("headers", {})
    where = f"{address}ws?width={SIZE[0]}&height={SIZE[1]}"
    return client.ws_connect(where, headers=headers, **how)


async def no_programs(server: Server) -> None:
    """Wait until all programs have ended."""

    async def is_over() -> bool:
        return not server.programs

    await until(is_over)


class Terminal:
    """What a page shows.

    Args:
        socket: Of the page.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._emulator = Emulator(*SIZE)

    async def until(self, text: str) -> None:
        """Wait until it shows a text."""
        async with asyncio.timeout(60):
            while text not in self._emulator.text:
                message = await self._socket.receive()
                assert message.type == WSMsgType.BINARY, message
                self._emulator.feed(message.data)

    async def type(self, keys: str) -> None:
        """Type keys."""
        await self._socket.send_json(["stdin", keys])


async def test_the_page_loads_nothing_from_elsewhere() -> None:
    """Neither a file nor a font; and it may not, by its headers."""
    async with serving("learn", "--no-cache") as (_, address, client):
        async with client.get(address) as answer:
            page, headers = await answer.text(), answer.headers
        assert answer.status == 200
        assert set(re.findall(r"\w+://[^\"'/]+", page)) == {
            origin_of(address).replace("http", "ws")
        }
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert headers["Cache-Control"] == "no-store"
        named = re.findall(r'(?:href|src)="([^":]+)"|url\("([^"]+)"\)', page)
        files = [one or other for one, other in named if "." in (one or other)[2:]]
        assert len(files) == 4
        for name in files:
            async with client.get(f"{address}{name}") as answer:
                assert answer.status == 200, name
                assert len(await answer.read()) > 100


async def test_who_does_not_know_the_secret_gets_nothing() -> None:
    """Nor who asks for another file of the machine."""
    async with serving("learn") as (server, address, client):
        base = origin_of(address)
        for path in ("/", "/ws", "/static/js/textual.js", f"/{'x' * 32}/"):
            async with client.get(f"{base}{path}") as answer:
                assert answer.status == 404, path
        for name in (
            "static/",
            "static/%2e%2e/server.py",
            "static/images/background.png",
        ):
            async with client.get(f"{address}{name}") as answer:
                assert answer.status == 404, name
        assert not server.programs


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "example.com"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "http://example.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
async def test_other_hosts_and_sites_are_refused(
    headers: dict[str, str], status: int
) -> None:
    """For the page and for its socket, though they know the secret."""
    async with serving("learn") as (server, address, client):
        async with client.get(address, headers=headers) as answer:
            assert answer.status == status
        with pytest.raises(WSServerHandshakeError) as refused:
            await opened(client, address, headers=headers)
        assert refused.value.status == status
        assert not server.programs


async def test_a_socket_needs_an_origin() -> None:
    """Which every browser sends."""
    async with serving("learn") as (_, address, client):
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect(f"{address}ws")
        assert refused.value.status == 403


async def test_a_page_is_drawn_and_ends_its_program_when_it_is_closed() -> None:
    """What makes no sense does nothing."""
    async with serving("learn", "--no-cache") as (server, address, client):
        async with opened(client, address) as socket:
            terminal = Terminal(socket)
            await terminal.until("Lessons")
            for nonsense in (
                "",
                "[]",
                "{}",
                "7",
                '["stdin"]',
                '["resize", {"width": []}]',
                "[" * 10_000,
            ):
                await socket.send_str(nonsense)
            await socket.send_bytes(b"stdin")
            await terminal.type("B")
            await terminal.until("Enter opens one")
            (program,) = server.programs
        await no_programs(server)
        assert program.process.returncode is not None


async def test_a_program_leads_from_app_to_app_and_closes_its_page() -> None:
    """The broken file in the explorer, and back; the page is told of the end."""
    words = ("learn", "--no-cache", "--break", "MST014-key-over-its-range")
    async with serving(*words) as (server, address, client):
        async with opened(client, address) as socket:
            terminal = Terminal(socket)
            await terminal.until("the broken file")
            await terminal.type("\r")
            await terminal.until("All records")
            await terminal.type("q")
            await terminal.until("the broken file")
            await terminal.type("\x11")
            async with asyncio.timeout(30):
                while not (await socket.receive()).type & WSMsgType.CLOSE:
                    pass
            assert socket.closed or socket.close_code is not None
        await no_programs(server)


async def test_every_page_has_a_program_of_its_own_and_all_end_with_the_server() -> (
    None
):
    """Whatever they were doing."""
    async with serving("learn", "--no-cache") as (server, address, client):
        first, second = [await opened(client, address) for _ in range(2)]
        await Terminal(first).until("Lessons")
        await Terminal(second).until("Lessons")
        programs = list(server.programs)
        assert len({each.process.pid for each in programs}) == 2
    assert all(each.process.returncode is not None for each in programs)
