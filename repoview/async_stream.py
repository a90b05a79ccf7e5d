"""Streams of records for asyncio and trio: one by one, in batches, to a channel.

Reading and checking are done in a thread, a batch at a time, while others go
on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic, Literal, Self, TypeVar, Unpack

from repoview.core.opening.options import takes_keywords
from repoview.library import TaskCancel, in_thread, pulled
from repoview.streaming import Stream, stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from types import TracebackType

    from anyio.abc import ObjectSendStream

    from repoview.core.formats.commit import Commit
    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenKeywords
    from repoview.core.source.cancel import Cancel
    from repoview.core.verify.report import Report
    from repoview.library import AnyTarget
    from repoview.streaming import Item, KeyItem

T = TypeVar("T")


class _Batches(Generic[T]):
    """Yields lists, until one is empty."""

    def __init__(self, take: Callable[[], Awaitable[list[T]]]) -> None:
        self._take = take

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[T]:
        batch = await self._take()
        if not batch:
            raise StopAsyncIteration
        return batch


class _Items(Generic[T]):
    """Yields the items of these lists; other tasks run between two lists."""

    def __init__(self, take: Callable[[], Awaitable[list[T]]]) -> None:
        self._take = take
        self._waiting: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        for item in self._waiting:
            return item
        batch = await self._take()
        if not batch:
            raise StopAsyncIteration
        self._waiting = iter(batch)
        return next(self._waiting)


class AsyncStream:
    """The records of one source, once through, while other tasks run.

    If it is left before the end, close it: ``async with``, or `aclose`.
    Cancelling the task that waits for it ends it, within a MiB or at once
    while it waits for bytes, and leaves nothing behind. Records are read
    lazily, so use them before the stream is closed. Made by `stream_async`.
    """

    if TYPE_CHECKING:
        _begin: Callable[[], Stream]
        _cancel: Cancel
        _stream: Stream | None
        _items: _Items[Item]

    def __init__(self) -> None:
        raise TypeError("repoview.stream_async() makes an AsyncStream")

    @classmethod
    def _make(cls, begin: Callable[[], Stream], cancel: Cancel) -> Self:
        """Make one.

        Args:
            begin: Opens the source, in a thread.
            cancel: What it is ended by.
        """
        self = cls.__new__(cls)
        self._begin, self._cancel, self._stream = begin, cancel, None
        self._items = _Items(self.batch)
        return self

    async def _begun(self) -> Stream:
        if self._stream is None:
            self._stream = await in_thread(self._begin, self._cancel)
        return self._stream

    async def commit(self) -> Commit | None:
        """Return the signed commit, None without one; before the first record."""
        begun = await self._begun()
        return await in_thread(lambda: begun.commit, self._cancel)

    @property
    def report(self) -> Report | None:
        """What was found; there once all of the source was read."""
        return None if self._stream is None else self._stream.report

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items

    async def batch(self) -> list[Item]:
        """Return what `Stream.batch` does, and raise as it does."""
        begun = await self._begun()
        return await in_thread(begun.batch, self._cancel)

    def batches(self) -> AsyncIterator[list[Item]]:
        """Yield items in lists of some thousand, which is fastest."""
        return _Batches(self.batch)

    async def key_batch(self) -> list[KeyItem]:
        """Return what `Stream.key_batch` does, and raise as it does."""
        begun = await self._begun()
        return await in_thread(begun.key_batch, self._cancel)

    def keys(self) -> AsyncIterator[KeyItem]:
        """Yield what `Stream.keys` does."""
        return _Items(self.key_batch)

    async def seek(self, path: str) -> None:
        """Go on with the first record whose path is not smaller than *path*."""
        begun = await self._begun()
        await in_thread(partial(begun.seek, path), self._cancel)
        self._items = _Items(self.batch)

    async def send_to(self, channel: ObjectSendStream[list[Item]]) -> None:
        """Send all batches into *channel*, and close it at the end.

        Waits while the channel is full. When the receiving end is closed, or
        this is cancelled, it ends without an error, and closes the stream.
        Otherwise the stream stays open, for the records that were sent.

        Args:
            channel: Such as one end of ``anyio.create_memory_object_stream``.
        """
        import anyio  # noqa: PLC0415 (the command line does without it)

        async with channel:
            try:
                async for batch in self.batches():
                    try:
                        await channel.send(batch)
                    except anyio.BrokenResourceError:
                        await self.aclose()
                        return
            except BaseException:
                await self.aclose()
                raise

    async def aclose(self) -> None:
        """Let go of everything; closing twice is fine."""
        if self._stream is not None:
            self._stream.close()
        self._cancel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


@takes_keywords
def stream_async(
    target: AnyTarget,
    *,
    prefix: str | None = None,
    start: str | None = None,
    stop: str | None = None,
    data: bool = False,
    strict: bool = False,
    name: str | None = None,
    on_limit: Literal["raise", "leave"] = "raise",
    report: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    **options: Unpack[OpenKeywords],
) -> AsyncStream:
    """Do what `stream` does, while other tasks run; opened when asked for something.

    Args:
        target: As for `open_async`; the rest as for `stream`.
        prefix: What the paths of the wanted records begin with.
        start: The smallest path that is wanted.
        stop: What all wanted paths are smaller than.
        data: Let records carry their bytes, which is faster, and lasts.
        strict: Raise `BlockMissing` where something is missing.
        name: Its name in errors.
        on_limit: What a limit of memory does.
        report: Called with progress, in the thread that reads.
        cancel: Ends it too; it is not asked when the task is cancelled.
        options: See `open`. What is to process blocks is called in that thread.
    """
    ours = TaskCancel(cancel)
    begin = partial(
        stream,
        pulled(target),
        prefix=prefix,
        start=start,
        stop=stop,
        data=data,
        strict=strict,
        name=name,
        on_limit=on_limit,
        report=report,
        cancel=ours,
        **options,
    )
    return AsyncStream._make(begin, ours)
