"""Serve until a signal ends it: then every page ends, and the server after them."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from repoview.signals import ENDING, code_of
from repoview.web.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


async def serve(
    command: Sequence[str],
    environment: Mapping[str, str],
    port: int,
    tell: Callable[[str], None],
) -> int:
    """Serve a command, and return the exit code of the signal that ended it.

    Args:
        command: The program and its arguments, as for each page.
        environment: Its environment variables.
        port: Where to listen; 0 for any that is free.
        tell: Called with the address, once it answers there.

    Raises:
        OSError: The port cannot be used.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def end(number: int) -> None:
        if not ended.done():
            ended.set_result(number)

    server = Server(command, environment)
    tell(await server.start(port))
    heard = [
        number
        for number in (signal.SIGINT, *ENDING)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    for number in heard:
        loop.add_signal_handler(number, end, number)
    try:
        return code_of(await ended)
    finally:
        await server.stop()
        for number in heard:
            loop.remove_signal_handler(number)
