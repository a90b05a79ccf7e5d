"""Facts about sources that are read once: pipes, streams, and packed files."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import threading
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.errors import Cancelled, RepoviewError, SourceError
from repoview.core.source import spool
from repoview.core.source.cancel import Cancel
from repoview.core.source.decompress import packing_of
from repoview.core.source.opener import open_source
from repoview.core.source.source import FileSource
from repoview.core.source.spool import Spool
from repoview.core.source.stream import StreamSource
from repoview.core.storage import positional_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WITHOUT_KERNEL = True

BYTES = bytes(range(256)) * 40
ALL = 1 << 60

posix = pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX has")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A place for a file."""
    return tmp_path / "repo.car"


# What is kept


@pytest.fixture
def spool_of() -> Iterator[Callable[[Path | None], Spool]]:
    """Make spools, with a folder or without one, and close them."""
    made: list[Spool] = []

    def make(folder: Path | None) -> Spool:
        made.append(Spool(None if folder is None else lambda: str(folder)))
        return made[-1]

    yield make
    for each in made:
        each.close()
        each.close()


@pytest.mark.parametrize("folder", [False, True])
def test_what_came_by_can_be_read_again(
    tmp_path: Path, folder: bool, spool_of: Callable[[Path | None], Spool]
) -> None:
    """In memory or on disk; and nothing is left behind."""
    kept = spool_of(tmp_path / "new" if folder else None)
    pieces = [os.urandom(400_000) for _ in range(5)]
    for piece in pieces:
        kept.append(piece)
    whole = b"".join(pieces)
    assert kept.size == len(whole)
    assert kept.read_at(390_000, 20_000) == whole[390_000:410_000]
    assert kept.read_at(1_999_990, 50) == whole[-10:]
    assert kept.read_at(3_000_000, 5) == b""
    assert kept.disk_used == (len(whole) if folder else 0)
    assert kept.memory_used == (0 if folder else len(whole))
    assert (kept.handle is not None) is folder
    if folder:
        assert list((tmp_path / "new").iterdir()) == []


def test_what_is_small_takes_no_file(
    tmp_path: Path, spool_of: Callable[[Path | None], Spool]
) -> None:
    """Up to `HELD` bytes."""
    kept = spool_of(tmp_path)
    kept.append(bytes(spool.HELD))
    assert kept.disk_used == 0
    assert kept.held() == bytes(spool.HELD)
    kept.append(b"x")
    assert kept.disk_used == spool.HELD + 1
    assert kept.held() is None


def test_what_is_in_memory_can_be_put_on_disk(
    tmp_path: Path, spool_of: Callable[[Path | None], Spool]
) -> None:
    """At any time."""
    kept = spool_of(None)
    kept.append(BYTES)
    kept.spill(lambda: str(tmp_path))
    kept.append(BYTES)
    assert kept.read_at(0, ALL) == BYTES + BYTES
    assert kept.memory_used == 0


def test_without_pread_the_same_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spool_of: Callable[[Path | None], Spool],
) -> None:
    """Also while bytes are appended."""
    monkeypatch.setattr(positional_file, "_HAS_PREAD", False)
    kept = spool_of(tmp_path)
    kept.spill(lambda: str(tmp_path))
    for start in range(0, len(BYTES), 1_000):
        kept.append(BYTES[start : start + 1_000])
        assert kept.read_at(0, ALL) == BYTES[: start + 1_000]


def test_a_folder_that_takes_nothing_is_named(
    tmp_path: Path, spool_of: Callable[[Path | None], Spool]
) -> None:
    """With the way out."""
    (tmp_path / "file").touch()
    kept = spool_of(tmp_path / "file")
    with pytest.raises(SourceError, match=r"cannot keep .*file.*--cache-dir"):
        kept.append(bytes(spool.HELD + 1))


BOUNDED = """
import resource, signal, sys
from repoview.core.errors import SourceError
from repoview.core.source.spool import HELD, Spool

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (HELD + 1_000, resource.RLIM_INFINITY))
kept = Spool(lambda: sys.argv[1])
kept.append(bytes(HELD + 500))
try:
    kept.append(b"x" * 1_000)
except SourceError as error:
    assert "file too large; make room" in str(error), error
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
kept.append(b"y" * 1_000)
print(kept.size - HELD, kept.read_at(HELD + 499, 2_000) == b"\\0" + b"y" * 1_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="bounds files as POSIX does")
def test_a_spool_goes_on_once_there_is_room(tmp_path: Path) -> None:
    """A disk took a part of what it was given, and that part counts for nothing."""
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "1500 True\n"


# Streams


@given(st.lists(st.binary(max_size=40), max_size=12), st.data())
def test_a_stream_reads_like_what_it_gives(
    pieces: list[bytes], data: st.DataObject
) -> None:
    """Wherever it is read, in any order, however it is cut."""
    whole = b"".join(pieces)
    assume(packing_of(whole) is None)
    with open_source(iter(pieces)) as source:
        for _ in range(5):
            offset = data.draw(st.integers(0, 120))
            length = data.draw(st.integers(0, 120))
            assert source.read_at(offset, length) == whole[offset : offset + length]
        source.reach(ALL)
        assert source.ended
        assert source.size == source.expected == len(whole)
        assert not source.changed()
    with pytest.raises(SourceError, match="was closed"):
        source.read_at(0, 1)


def test_no_more_is_taken_than_was_asked_for() -> None:
    """But for one byte, which tells whether there is more."""
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 100
            yield bytes(100)

    source = open_source(pieces())
    assert not source.ended
    source.read_at(0, 1_000)
    assert taken == 1_100
    assert not source.ended
    assert source.read_at(9_000, 1_000) == bytes(1_000)
    assert source.ended


def test_a_stream_that_breaks_gives_what_came() -> None:
    """And says why it is all."""

    def pieces() -> Iterator[bytes]:
        yield BYTES
        raise SourceError("the server went away")

    source = open_source(pieces())
    assert source.read_at(0, ALL) == BYTES
    assert source.ended
    assert source.fault == "the server went away"


def test_a_stream_that_never_begins_is_an_error() -> None:
    """There is nothing to look at."""

    def pieces() -> Iterator[bytes]:
        raise SourceError("the server is away")
        yield b""

    with pytest.raises(SourceError, match="the server is away"):
        open_source(pieces())


def test_any_object_that_reads_can_be_opened() -> None:
    """From where it stands."""
    file = io.BytesIO(b"before" + BYTES)
    file.seek(6)
    with open_source(file) as source:
        assert source.read_at(0, ALL) == BYTES
    assert not file.closed


def test_an_object_that_reads_text_is_refused() -> None:
    """In a sentence."""
    with pytest.raises(SourceError, match="open it in mode 'rb'"):
        open_source(io.StringIO("text"))  # type: ignore[arg-type]  # what is tested


def test_what_cannot_be_opened_at_all_is_a_fault_of_the_caller() -> None:
    """It is not a SourceError."""
    with pytest.raises(TypeError, match="int is nothing that can be opened"):
        open_source(3)  # type: ignore[arg-type]  # what is tested


def test_an_open_file_is_read_as_a_file(file: Path) -> None:
    """At any place, without keeping it; the caller closes its own."""
    file.write_bytes(BYTES)
    with file.open("rb") as mine:
        with open_source(mine) as source:
            assert isinstance(source, FileSource)
            assert source.name == str(file)
            assert source.read_at(5_000, 20) == BYTES[5_000:5_020]
        assert mine.read() == BYTES
        # Now it stands at its end.
        with open_source(mine) as source:
            assert source.read_at(0, 1) == b""


# Pipes


@posix
def test_a_pipe_is_read_as_it_comes() -> None:
    """By several who write, and to its end."""
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as pipe:
        os.write(theirs, BYTES)
        source = open_source(pipe, name="-")
        assert isinstance(source, StreamSource)
        assert source.name == "-"
        assert source.read_at(0, 100) == BYTES[:100]
        os.write(theirs, b"end")
        os.close(theirs)
        assert source.read_at(0, ALL) == BYTES + b"end"


@posix
def test_a_named_pipe_is_waited_for(file: Path) -> None:
    """Until it has a writer."""
    os.mkfifo(file)

    def write() -> None:
        with file.open("wb") as pipe:
            pipe.write(BYTES)

    writer = threading.Thread(target=write)
    writer.start()
    with open_source(file) as source:
        assert source.read_at(0, ALL) == BYTES
        assert source.ended
    writer.join()


@posix
def test_a_device_is_read_as_far_as_wanted() -> None:
    """One without an end among them."""
    with open_source("/dev/zero") as source:
        assert source.read_at(0, 50_000) == bytes(50_000)
        assert not source.ended


@posix
def test_whoever_waits_for_a_pipe_can_be_called_back() -> None:
    """From another thread, before it waits and while it does."""
    ours, theirs = os.pipe()
    cancel = Cancel()
    outcome: list[BaseException] = []
    with os.fdopen(ours, "rb") as pipe, os.fdopen(theirs, "wb"):

        def wait() -> None:
            try:
                open_source(pipe, cancel=cancel)
            except Cancelled as error:
                outcome.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        cancel.ask()
        waiting.join(30)
        assert len(outcome) == 1
        wait()
        assert len(outcome) == 2
    cancel.close()
    cancel.close()
    cancel.ask()
    assert cancel.asked


# Packings


def unpacked(target: Path | bytes) -> StreamSource:
    """Return a packed source, all of which was unpacked."""
    opened = open_source(target)
    assert isinstance(opened, StreamSource)
    opened.reach(ALL)
    return opened


def test_gzip_is_known_by_its_content(file: Path) -> None:
    """The suffix says nothing; offsets count the unpacked bytes."""
    file.write_bytes(gzip.compress(BYTES))
    with unpacked(file) as opened:
        assert opened.packed == "gzip"
        assert opened.name == str(file)
        assert opened.size == len(BYTES)


def test_members_behind_one_another_are_one(file: Path) -> None:
    """As gzip itself has it; zeros behind them are the padding of tapes."""
    half = len(BYTES) // 2
    parts = gzip.compress(BYTES[:half]), gzip.compress(b""), gzip.compress(BYTES[half:])
    file.write_bytes(b"".join(parts) + bytes(40_000))
    with unpacked(file) as opened:
        assert opened.read_at(0, opened.size) == BYTES
        assert opened.fault is None


def test_a_cut_packing_gives_what_could_be_read() -> None:
    """And says where it ends."""
    packed = gzip.compress(os.urandom(100_000))
    opened = unpacked(packed[: len(packed) // 2])
    assert 30_000 < opened.size < 60_000
    assert opened.fault == f"the gzip stream is cut off after {opened.size:,} bytes"


def test_a_packing_cut_in_its_checksum_gives_everything() -> None:
    """Only the proof that it is everything is missing."""
    opened = unpacked(gzip.compress(BYTES)[:-4])
    assert opened.read_at(0, opened.size) == BYTES
    assert opened.fault is not None


def test_a_damaged_packing_gives_what_stands_before_the_damage() -> None:
    """The bytes before it are kept to the last."""
    packed = bytearray(gzip.compress(BYTES))
    packed[-6] ^= 1
    opened = unpacked(bytes(packed))
    assert opened.read_at(0, opened.size) == BYTES
    assert opened.fault == f"the gzip stream is damaged after {len(BYTES):,} bytes"


def test_bytes_behind_the_packing_are_told() -> None:
    """What follows the last member and is no member."""
    opened = unpacked(gzip.compress(BYTES) + b"tail")
    assert opened.read_at(0, opened.size) == BYTES
    assert opened.fault == "bytes that are not gzip follow the CAR"


@given(st.integers(0, 400), st.integers(1, 255))
def test_any_damage_to_a_packing_is_bounded(place: int, change: int) -> None:
    """One byte changed anywhere gives bytes, or an error of ours."""
    packed = bytearray(gzip.compress(BYTES, mtime=0))
    packed[place % len(packed)] ^= change
    with suppress(RepoviewError):
        opened = open_source(bytes(packed))
        read = opened.read_at(0, ALL)
        assert opened.fault is not None or read in {BYTES, bytes(packed)}


def test_members_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty members cost time and give nothing."""
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
    opened = unpacked(gzip.compress(b"x") * 50)
    assert opened.read_at(0, 100) == b"x" * 10
    assert opened.fault == "the gzip stream has over 10 members"


def test_bare_deflate_is_not_taken_for_gzip() -> None:
    """Only gzip's own first bytes are."""
    packed = zlib.compress(BYTES)
    assert open_source(packed).size == len(packed)
