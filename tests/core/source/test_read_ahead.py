"""Facts about bytes that a thread reads ahead."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import Cancelled, LimitExceeded, SourceError
from repoview.core.source import read_ahead
from repoview.core.source.cancel import Cancel, Waiting
from repoview.core.source.opener import open_source
from repoview.core.source.read_ahead import SpoolFiller
from repoview.core.source.spool import Spool
from repoview.core.source.stream import StreamSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WITHOUT_KERNEL = True

ALL = 1 << 60

posix = pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX has")


def threads() -> set[threading.Thread]:
    """Return those that take something in."""
    return {each for each in threading.enumerate() if "inflow" in each.name}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a thread from the first piece on; and none is left behind."""
    monkeypatch.setattr(read_ahead, "_ALONE", 0)
    monkeypatch.setattr(read_ahead, "_AHEAD", 10)
    before = threads()
    yield
    assert threads() <= before


def source_of(pieces: Iterable[bytes], folder: Path | None = None) -> StreamSource:
    """Return a source that has a thread."""
    spool = Spool(None if folder is None else lambda: str(folder))
    return StreamSource("stream", iter(pieces), spool, waiting=Waiting(None))


@given(st.lists(st.binary(max_size=40), max_size=12), st.data())
def test_it_reads_like_what_it_is_given(
    pieces: list[bytes], data: st.DataObject
) -> None:
    """Wherever it is read, in any order, however it is cut."""
    whole = b"".join(pieces)
    with source_of(pieces) as source:
        for _ in range(5):
            offset = data.draw(st.integers(0, 120))
            length = data.draw(st.integers(0, 120))
            assert source.read_at(offset, length) == whole[offset : offset + length]
        source.reach(ALL)
        assert (source.ended, source.size) == (True, len(whole))


def test_it_goes_to_disk_meanwhile(tmp_path: Path) -> None:
    """The bytes are the same before and after."""
    pieces = [os.urandom(100_000) for _ in range(40)]
    whole = b"".join(pieces)
    with source_of(pieces, tmp_path) as source:
        for start in range(0, len(whole), 70_000):
            assert source.read_at(start, 70_000) == whole[start : start + 70_000]
            assert source.read_at(0, 9) == whole[:9]
        assert source.disk_used == len(whole)


def test_no_more_is_taken_than_a_little_ahead() -> None:
    """A slow reader does not fill the disk."""
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 4
            yield bytes(4)

    with source_of(pieces()) as source:
        source.read_at(0, 1_000)
    assert 1_000 < taken <= 1_001 + 10 + 4


def test_what_goes_wrong_is_raised_where_it_is_waited_for() -> None:
    """Once what came before was read."""

    def pieces() -> Iterator[bytes]:
        yield bytes(100)
        raise Cancelled("that will do")

    with source_of(pieces()) as source:
        assert source.read_at(0, 50) == bytes(50)
        for _ in range(2):
            with pytest.raises(Cancelled, match="that will do"):
                source.reach(ALL)


def test_what_breaks_gives_what_came() -> None:
    """And says why it is all."""

    def pieces() -> Iterator[bytes]:
        yield bytes(100)
        raise SourceError("the server went away")

    with source_of(pieces()) as source:
        assert source.read_at(0, ALL) == bytes(100)
        assert source.fault == "the server went away"


def test_a_disk_that_takes_no_more_is_told(tmp_path: Path) -> None:
    """By the next read."""
    (tmp_path / "file").touch()
    pieces = [bytes(100_000)] * 40
    with (
        source_of(pieces, tmp_path / "file") as source,
        pytest.raises(SourceError, match="cannot keep"),
    ):
        source.reach(ALL)


@posix
def test_closing_ends_the_waiting_for_a_pipe() -> None:
    """Though it has no writer any more."""
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as pipe, os.fdopen(theirs, "wb"):
        os.write(theirs, bytes(100))
        with open_source(pipe) as source:
            assert source.read_at(0, 50) == bytes(50)
            os.write(theirs, bytes(100))
            assert source.read_at(0, 150) == bytes(150)
            assert len(threads()) == 1


@posix
def test_asking_ends_the_waiting_for_a_pipe() -> None:
    """Also when the thread waits for bytes, and another for the thread."""
    ours, theirs = os.pipe()
    cancel = Cancel()
    outcome: list[BaseException] = []
    with os.fdopen(ours, "rb") as pipe, os.fdopen(theirs, "wb"):
        os.write(theirs, bytes(100))
        with open_source(pipe, cancel=cancel) as source:

            def wait() -> None:
                try:
                    source.reach(ALL)
                except Cancelled as error:
                    outcome.append(error)

            waiting = threading.Thread(target=wait)
            waiting.start()
            cancel.ask()
            waiting.join()
    assert len(outcome) == 1
    cancel.close()


@posix
def test_who_waits_for_the_thread_can_be_woken_and_told_to_leave() -> None:
    """What it was woken for is done by itself, and finds what came."""
    ours, theirs = os.pipe()
    cancel = Cancel()
    looked: list[tuple[threading.Thread, bytes]] = []
    came = threading.Event()
    with os.fdopen(ours, "rb") as pipe, os.fdopen(theirs, "wb"):
        os.write(theirs, bytes(100))
        with open_source(pipe, cancel=cancel) as source:
            assert source.read_at(0, 50) == bytes(50)

            def look() -> None:
                looked.append((threading.current_thread(), source.read_at(0, 200)))
                came.set()

            def wait() -> None:
                with pytest.raises(LimitExceeded):
                    source.reach(ALL)

            cancel.on_wake = look
            waiting = threading.Thread(target=wait)
            waiting.start()
            cancel.wake()
            assert came.wait(60)
            cancel.leave()
            waiting.join()
            assert looked == [(waiting, bytes(100))]
            assert (source.ended, source.size) == (True, 100)
    cancel.close()


def test_a_source_that_nobody_holds_has_no_thread() -> None:
    """Not closed, only forgotten."""
    source = source_of([bytes(8)] * 1_000)
    source.read_at(0, 100)
    assert threads()
    del source
    gc.collect()
    assert not threads()


def test_what_a_source_kept_goes_with_it(tmp_path: Path) -> None:
    """At once, though its thread knew it."""
    gc.disable()
    try:
        source = source_of([bytes(600_000)] * 9, tmp_path)
        source.reach(ALL)
        kept = weakref.ref(source._spool)  # noqa: SLF001 (it has no public name)
        del source
        assert kept() is None
    finally:
        gc.enable()


def test_a_machine_without_another_thread_does_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then the reading thread reads the pieces."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    taking = SpoolFiller(iter([bytes(8)] * 3), Spool(None), Waiting(None))
    assert [taking.reach(ALL) for _ in range(4)] == [True, True, True, False]
    taking.close()
