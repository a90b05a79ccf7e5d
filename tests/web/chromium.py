"""A headless Chromium, driven by its own protocol: what a page loads and shows."""

from __future__ import annotations

import asyncio
import shutil
from base64 import b64decode
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, WSMsgType

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from aiohttp import ClientWebSocketResponse

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Tab:
    """One page.

    Args:
        socket: Its messages.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.requested: list[str] = []
        """The addresses that it asked for."""
        self.problems: list[str] = []
        """What its console says, and what it was refused."""
        self._socket = socket
        self._number = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type != WSMsgType.TEXT:
                continue
            said = message.json()
            if "id" in said:
                self._waiting.pop(said["id"]).set_result(said.get("result", {}))
            elif said["method"] == "Network.requestWillBeSent":
                self.requested.append(said["params"]["request"]["url"])
            elif said["method"] == "Network.webSocketCreated":
                self.requested.append(said["params"]["url"])
            elif said["method"] == "Log.entryAdded":
                self.problems.append(said["params"]["entry"]["text"])

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the answer to a command."""
        self._number += 1
        answer = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = answer
        await self._socket.send_json(
            {"id": self._number, "method": method, "params": parameters}
        )
        result: dict[str, Any] = await asyncio.wait_for(answer, 30)
        return result

    async def value(self, script: str) -> Any:
        """Return the value of an expression of its page."""
        answer = await self.ask("Runtime.evaluate", expression=script)
        return answer["result"].get("value")

    async def press(self, key: str, text: str = "") -> None:
        """Press a key."""
        await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def picture(self, path: Path) -> None:
        """Write what it shows to a file."""
        answer = await self.ask("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, b64decode(answer["data"]))


@asynccontextmanager
async def tab(folder: Path, size: tuple[int, int] = (1000, 640)) -> AsyncIterator[Tab]:
    """Start a browser with an empty page, and end it.

    Args:
        folder: For its profile.
        size: Of its window, in pixels.
    """
    assert CHROMIUM is not None
    width, height = size
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        f"--window-size={width},{height}",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port = await _port(folder / "DevToolsActivePort")
        async with ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [each for each in await answer.json() if each["type"] == "page"]
            where = pages[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(where, max_msg_size=0) as socket:
                opened = Tab(socket)
                for domain in ("Page", "Network", "Runtime", "Log"):
                    await opened.ask(f"{domain}.enable")
                yield opened
    finally:
        browser.terminate()
        await browser.wait()


async def _port(path: Path) -> int:
    """Return the port, which the browser writes to a file once it answers."""

    async def is_there() -> bool:
        return await asyncio.to_thread(
            lambda: path.exists() and path.stat().st_size > 0
        )

    await until(is_there)
    text = await asyncio.to_thread(path.read_text)
    return int(text.splitlines()[0])


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds that nothing tells of."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 (see above)
            await asyncio.sleep(0.02)
