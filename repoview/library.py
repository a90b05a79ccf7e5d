"""Open repositories, synchronously or not: the functions of the library.

The asynchronous ones do the same work in a thread of their own, on asyncio or
trio, and stop it when they are cancelled.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, TypeVar, Unpack

from repoview.core import limits
from repoview.core.closing import Closing
from repoview.core.errors import Cancelled, CarError
from repoview.core.findings.findings import Scope, Severity
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.opening.options import OpenOptions, takes_keywords
from repoview.core.repo.begin import begin
from repoview.core.repo.repo import Repo, finish
from repoview.core.source.cancel import Cancel

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterable,
        Awaitable,
        Callable,
        Generator,
        Iterator,
    )
    from typing import Any

    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenKeywords
    from repoview.core.salvage.salvage import Salvage
    from repoview.core.source.opener import Target

AnyTarget: TypeAlias = "Target | AsyncIterable[bytes]"
"""What can be opened without waiting: also what is read with ``async for``, or with
``await stream.receive()``."""

T = TypeVar("T")


@takes_keywords
def open(  # noqa: A001 (the library's word)
    target: Target,
    *,
    name: str | None = None,
    on_limit: Literal["raise", "leave"] = "raise",
    report: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    **options: Unpack[OpenKeywords],
) -> Repo:
    """Open and verify a repository; raise where there is none.

    Args:
        target: A path, an ``http(s)://`` address, bytes, a file open for
            reading, or an iterable of bytes; compressed or not.
        name: Its name in errors, if not that of the target.
        on_limit: What to do at the memory limit where the disk may not be
            used: "raise" `MemoryLimitReached`, or "leave" the rest unread
            (finding LIM001).
        report: Called with progress, at least every MiB; what it raises ends it.
        cancel: Ends it too, from any thread, and while it waits for bytes.
        options: The keywords below, which all openers share.
        checks: What to check, and how strictly.
        mem_limit: Bytes of memory that indexes and streams may take.
        spill: Whether, and in what folder, the disk takes the rest.
        disk_limit: Bytes of disk for that; what is over is left unread (LIM001).
        max_seconds: Seconds that reading and checking may take; what is not done
            by then is left (LIM001). It ends a wait for bytes too, but not that
            of an iterator or a file object. None for no limit.
        threads: How many hash and check; None for one a processor, up to four.
        cache: Whether, and in what folder, the results for a large file are
            cached, so that it opens at once the next time. Results from the
            cache were verified when they were written, and are not again.
        process: A function from the bytes of a block to bytes, which become
            ``record.processed``. It is called once for every block that can be
            a record, in no order. What it raises ends the opening. Of a source
            that is read once, only these results are kept, not the bytes. With
            it a source is read whatever the cache knows; what is found is kept
            there, but for the results.

    Raises:
        MemoryLimitReached: It takes more memory than it may; `resume` goes on.
        CarError: Nothing of it could be read as a CAR.
        SourceError: The bytes cannot be read.
        Cancelled: It was requested.
    """
    wanted = OpenOptions.of(on_limit=on_limit, **options)
    opening = begin(target, wanted, cancel, name=name)
    return finish(opening, report, keeps=True, then=_insist)


def _insist(repo: Repo) -> Repo:
    """Return *repo*, if there is one to speak of."""
    for found in repo.report.findings:
        if found.severity is Severity.FATAL and found.scope is Scope.CONTAINER:
            repo.close()
            raise CarError(found.message, offset=found.offset or 0)
    return repo


@takes_keywords
def salvage(
    target: Target,
    *,
    name: str | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    cancel: Cancel | None = None,
    **options: Unpack[OpenKeywords],
) -> Salvage:
    """Find every block of a broken file that is whole, and tell what is lost.

    A block is whole if its bytes hash to the CID in front of them, wherever they
    stand, and whatever is left of header, framing, commit and tree. The target is
    only read; `Salvage` writes what was found, if it is asked to.

    Args:
        target: As for `open`; any bytes.
        name: Its name in errors, if not that of the target.
        report: Called with progress; what it raises ends it.
        cancel: Ends it too, from any thread, and while it waits for bytes.
        options: As for `open`. No cache is used, and no function is run.

    Raises:
        LimitExceeded: There is more to sort than memory and disk may take.
        SourceError: The bytes cannot be read.
        Cancelled: It was requested.
    """
    # Late: few files are broken.
    from repoview.core.salvage.salvage import salvage as begin_salvage  # noqa: PLC0415

    wanted = OpenOptions.of(on_limit="leave", **options)
    return begin_salvage(target, wanted, report, cancel, name=name)


@takes_keywords
def open_async(
    target: AnyTarget,
    *,
    name: str | None = None,
    on_limit: Literal["raise", "leave"] = "raise",
    report: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    **options: Unpack[OpenKeywords],
) -> AsyncOpening:
    """Do what `open` does in a thread, while other tasks run.

    Await it, or use it with ``async with``, which closes the repository at its
    end; nothing is done before. Cancelling ends it within a MiB, or at once
    while it waits for bytes, and leaves nothing behind. What the repository is
    asked then is answered by short reads of the file, as after `open`.

    Args:
        target: Also a stream of bytes that is read with ``async for``, such as
            the body of a response, or with ``await stream.receive()``.
        name: Its name in errors.
        on_limit: What a limit of memory does.
        report: Called with progress, in that thread.
        cancel: Ends it too; it is not asked when the task is cancelled.
        options: See `open`. What is to process blocks is called in that thread.

    Raises:
        MemoryLimitReached: `resume` may be called in any thread.
        CarError: Nothing of it could be read as a CAR.
        SourceError: The bytes cannot be read.
        Cancelled: *cancel* was asked to stop it.
    """
    work = partial(
        open, pulled(target), name=name, on_limit=on_limit, report=report, **options
    )
    return AsyncOpening._make(work, cancel)


class AsyncOpening:
    """A repository that will be opened: once, by ``await`` or ``async with``.

    Made by `open_async`.
    """

    if TYPE_CHECKING:
        _work: Callable[..., Repo]
        _cancel: Cancel | None
        _repo: Repo | None

    def __init__(self) -> None:
        raise TypeError("repoview.open_async() makes an AsyncOpening")

    @classmethod
    def _make(cls, work: Callable[..., Repo], cancel: Cancel | None) -> Self:
        self = cls.__new__(cls)
        self._work, self._cancel, self._repo = work, cancel, None
        return self

    def __await__(self) -> Generator[Any, Any, Repo]:
        """Open it; the caller closes it."""
        return self._open().__await__()

    async def _open(self) -> Repo:
        cancel = TaskCancel(self._cancel)
        try:
            return await in_thread(partial(self._work, cancel=cancel), cancel)
        finally:
            cancel.close()

    async def __aenter__(self) -> Repo:
        self._repo = await self
        return self._repo

    async def __aexit__(self, *_: object) -> None:
        if self._repo is not None:
            self._repo.close()


class TaskCancel(Cancel):
    """The cancellation of one task: by the caller's `Cancel`, or with the task.

    Args:
        other: The caller's. Its requests are passed on to this task; those of
            this task are not passed back, as it may be used for more tasks.
    """

    def __init__(self, other: Cancel | None) -> None:
        super().__init__()
        self._other = other
        if other is not None:
            other.subscribe(self._follow)
            self._follow()

    def _follow(self) -> None:
        if self._other is not None and self._other.asked:
            self.ask()
        if self._other is not None and self._other.left:
            self.leave()

    def close(self) -> None:
        """Unsubscribe from the caller's, and close; closing twice is fine."""
        other, self._other = self._other, None
        if other is not None:
            other.unsubscribe(self._follow)
        super().close()


async def in_thread(work: Callable[[], T], cancel: Cancel) -> T:
    """Return what *work* does, done in a thread; ask *cancel* when cancelled."""
    import anyio.lowlevel  # noqa: PLC0415 (the command line does without it)
    from anyio import to_thread  # noqa: PLC0415

    done: list[object] = []
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_ask_when_cancelled, cancel, done)
            outcome = await to_thread.run_sync(_caught, work)
            done.append(outcome)
            tasks.cancel_scope.cancel()
        await anyio.lowlevel.checkpoint_if_cancelled()
    except BaseException:
        # Cancelled just as the work was done: the result is not returned.
        for lost in done:
            _close(lost)
        raise
    if not isinstance(outcome, _Raised):
        return outcome
    if isinstance(outcome.error, Cancelled):
        # If the task was cancelled, raise anyio's own exception.
        await anyio.lowlevel.checkpoint()
    # An error goes out as it is, not in a group.
    raise outcome.error


async def _ask_when_cancelled(cancel: Cancel, done: list[object]) -> None:
    import anyio  # noqa: PLC0415

    try:
        await anyio.sleep_forever()
    finally:
        if not done:
            cancel.ask()


class _Raised:
    """An error, on its way out of a thread."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _close(lost: object) -> None:
    """Close what a thread returned or raised, if it is something open."""
    if isinstance(lost, _Raised):
        lost = lost.error
    if isinstance(lost, (Closing, MemoryLimitReached)):
        lost.close()


def _caught(work: Callable[[], T]) -> T | _Raised:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 (it is raised again)
        return _Raised(error)


def pulled(target: AnyTarget) -> Target:
    """Return what a thread can read: of an asynchronous stream, its pieces."""
    if hasattr(target, "__aiter__"):
        return _pieces_of(target.__aiter__().__anext__, StopAsyncIteration)
    if hasattr(target, "receive"):
        import anyio  # noqa: PLC0415

        return _pieces_of(target.receive, anyio.EndOfStream)
    return target


_AT_ONCE = 256 * limits.KiB


def _pieces_of(
    receive: Callable[[], Awaitable[bytes]], end: type[Exception]
) -> Iterator[bytes]:
    """Yield, in a thread, what an asynchronous stream gives.

    To ask it takes a hundred microseconds, so small pieces are gathered.
    """
    from anyio import from_thread  # noqa: PLC0415

    async def gather() -> tuple[bytes, bool]:
        pieces, size = [], 0
        try:
            while size < _AT_ONCE:
                piece = await receive()
                pieces.append(piece)
                size += len(piece)
        except end:
            return b"".join(pieces), True
        return b"".join(pieces), False

    ended = False
    while not ended:
        gathered, ended = from_thread.run(gather)
        if gathered:
            yield gathered
