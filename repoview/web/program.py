"""The process behind one page: started with it, ended with it.

It writes packets: a letter (D for what is drawn, M and P for other messages), a
length of four bytes, and the payload. Each app of a process begins with a line of
its own. What is typed goes the same way back.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import (
        AsyncIterator,
        Awaitable,
        Callable,
        Mapping,
        Sequence,
    )

BEGIN: Final = b"__GANGLION__\n"
"""The line in front of the packets of an app."""

LARGEST: Final = 16 << 20
"""Bytes of a packet; a screen takes some 100 kB."""

MOST_CELLS: Final = 1_000
"""Columns and rows of a page."""

_PATIENCE: Final = 3.0
"""Seconds to end in, before the next, harder way."""


class Program:
    """A process that draws a page.

    Args:
        process: It, with pipes for input and output.
        size: Columns and rows of the page.
    """

    def __init__(self, process: Process, size: tuple[int, int]) -> None:
        self.process = process
        self._size = size
        self._drawing: asyncio.Task[None] | None = None
        self._ending = asyncio.Lock()

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int],
    ) -> Program:
        """Start a process.

        Args:
            command: The program and its arguments; no shell reads them.
            environment: Its environment variables, but for the size.
            size: Columns and rows of the page.

        Raises:
            OSError: It cannot be started.
        """
        width, height = size = clamped(*size)
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            # Ctrl-C on the server's terminal is the server's.
            start_new_session=True,
            env={**environment, "COLUMNS": str(width), "ROWS": str(height)},
        )
        return cls(process, size)

    def draw(
        self,
        draws: Callable[[bytes], Awaitable[None]],
        over: Callable[[], Awaitable[object]],
    ) -> None:
        """Begin to hand over what it draws.

        Args:
            draws: Called with each piece.
            over: Called when it has ended by itself.
        """

        async def drawing() -> None:
            with suppress(ConnectionError):
                async for piece in self._drawn():
                    await draws(piece)
                await over()

        self._drawing = asyncio.create_task(drawing())

    async def _drawn(self) -> AsyncIterator[bytes]:
        """Yield what it draws, until it has ended or writes no packets."""
        read = self.process.stdout
        assert read is not None  # noqa: S101 (it is a pipe)
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                kind = await read.readexactly(1)
                if kind == BEGIN[:1]:
                    await read.readuntil()
                    # It was started with the size that the page had at first.
                    await self.resize(*self._size)
                    continue
                size = int.from_bytes(await read.readexactly(4))
                if kind not in b"DMP" or size > LARGEST:
                    return
                payload = await read.readexactly(size)
                if kind == b"D":
                    yield payload

    async def type(self, text: str) -> None:
        """Type a text, which may be keys of any kind."""
        await self._write(b"D", text.encode(errors="replace"))

    async def resize(self, width: int, height: int) -> None:
        """Tell it the size of the page."""
        self._size = width, height = clamped(width, height)
        await self._tell({"type": "resize", "width": width, "height": height})

    async def end(self) -> None:
        """End it: as a key does; if it does not, by signals."""
        async with self._ending:
            if self._drawing is not None:
                self._drawing.cancel()
                await asyncio.wait([self._drawing])
            await self._tell({"type": "quit"})
            for number in (None, signal.SIGTERM, signal.SIGKILL):
                if number is not None:
                    self._send(number)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._gone(), _PATIENCE)
                    return

    async def _gone(self) -> None:
        """Wait until it is gone; what it still draws is dropped."""
        if self.process.stdout is not None:
            while await self.process.stdout.read(LARGEST):
                pass
        await self.process.wait()

    def _send(self, number: int) -> None:
        """Send a signal to it and to what it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    async def _tell(self, message: dict[str, Any]) -> None:
        await self._write(b"M", json.dumps(message).encode())

    async def _write(self, kind: bytes, payload: bytes) -> None:
        write = self.process.stdin
        assert write is not None  # noqa: S101 (it is a pipe)
        with suppress(ConnectionResetError, BrokenPipeError):
            write.write(kind + len(payload).to_bytes(4) + payload)
            await write.drain()


def clamped(width: int, height: int) -> tuple[int, int]:
    """Return a size that a page can have."""
    return max(1, min(width, MOST_CELLS)), max(1, min(height, MOST_CELLS))
