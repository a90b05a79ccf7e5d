"""Facts about sources: what can be opened, and what is said when it cannot."""

from __future__ import annotations

import gzip
import os
import socket
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits, source
from repoview.core.errors import LimitExceeded, RepoviewError, SourceError
from repoview.core.source import FileSource, MemorySource, open_source

if TYPE_CHECKING:
    from pathlib import Path

BYTES = bytes(range(256)) * 40

posix = pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX has")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with `BYTES` in it."""
    path = tmp_path / "repo.car"
    path.write_bytes(BYTES)
    return path


@pytest.fixture(params=["path", "text", "bytes", "gzip", "packed bytes"])
def opened(request: pytest.FixtureRequest, file: Path) -> source.Source:
    """`BYTES`, however they can be given."""
    if request.param == "path":
        return open_source(file)
    if request.param == "text":
        return open_source(str(file))
    if request.param == "bytes":
        return open_source(BYTES)
    if request.param == "gzip":
        packed = file.with_suffix(".dat")
        packed.write_bytes(gzip.compress(BYTES))
        return open_source(packed)
    return open_source(gzip.compress(BYTES))


def test_any_range_can_be_read_in_any_order(opened: source.Source) -> None:
    """A source reads forwards and backwards, and short at its end."""
    with opened:
        assert opened.size == len(BYTES)
        assert opened.read_at(5_000, 300) == BYTES[5_000:5_300]
        assert opened.read_at(0, 10) == BYTES[:10]
        assert opened.read_at(len(BYTES) - 3, 100) == BYTES[-3:]
        assert opened.read_at(len(BYTES), 1) == b""
        assert opened.read_at(len(BYTES) + 9, 1) == b""
        assert opened.read_at(7, 0) == b""
        assert opened.fault is None
        assert not opened.changed()


def test_a_closed_source_says_so(opened: source.Source) -> None:
    """Reading after closing is an error of our own; closing twice is none."""
    opened.close()
    opened.close()
    with pytest.raises(SourceError, match="was closed"):
        opened.read_at(0, 1)


def test_a_source_is_called_what_the_caller_called_it(file: Path) -> None:
    """The name of a file source is the path as it was given."""
    with open_source(file) as opened:
        assert isinstance(opened, FileSource)
        assert opened.name == str(file)
        assert opened.packed is None
    assert open_source(b"").name == "memory"


def test_without_pread_a_file_is_sought_and_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On systems without pread the same bytes come."""
    monkeypatch.setattr(source, "_HAS_PREAD", False)
    with open_source(file) as opened:
        assert opened.read_at(300, 20) == BYTES[300:320]
        assert opened.read_at(len(BYTES) - 1, 20) == BYTES[-1:]


@posix
def test_no_more_room_is_made_than_the_file_has_bytes(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A length from hostile bytes never reaches the machine."""
    real = os.pread
    asked = []

    def pread(descriptor: int, length: int, offset: int) -> bytes:
        asked.append(length)
        return real(descriptor, length, offset)

    with open_source(file) as opened:
        monkeypatch.setattr(source.os, "pread", pread)
        opened.read_at(100, 1 << 60)
    assert asked == [len(BYTES) - 100]


@posix
def test_short_reads_are_gone_on_with(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that gives less than asked for is asked again."""
    real = os.pread
    monkeypatch.setattr(source.os, "pread", lambda fd, n, o: real(fd, min(n, 100), o))
    with open_source(file) as opened:
        assert opened.read_at(0, 1_000) == BYTES[:1_000]


@posix
def test_a_file_that_is_cut_while_open_reads_short(file: Path) -> None:
    """It is noticed, and nothing ends the process."""
    with open_source(file) as opened:
        os.truncate(file, 100)
        assert opened.changed()
        assert opened.read_at(50, 100) == BYTES[50:100]
        assert opened.read_at(200, 100) == b""


@posix
def test_a_machine_that_cannot_read_is_an_error_of_ours(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken disk gives one sentence."""

    def pread(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    with open_source(file) as opened:
        monkeypatch.setattr(source.os, "pread", pread)
        with pytest.raises(SourceError, match=r"cannot read .*: input/output error"):
            opened.read_at(0, 1)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The sentence says which file, and what to do."""
    with pytest.raises(SourceError, match=r"there is no file .*gone\.car: check"):
        open_source(tmp_path / "gone.car")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("-", "standard input"),
        ("https://example.com/xrpc/com.atproto.sync.getRepo", "network"),
        ("at://alice.example.com", "network"),
    ],
)
def test_what_is_no_path_is_refused_with_the_way_out(name: str, hint: str) -> None:
    """Pipes and the network are told apart from misspelled names."""
    with pytest.raises(SourceError, match=hint):
        open_source(name)


def test_a_directory_is_named_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the machine speaks of permissions instead."""
    with pytest.raises(SourceError, match="is a directory: name the CAR file in it"):
        open_source(tmp_path)

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(source.os, "open", refuse)
    with pytest.raises(SourceError, match="is a directory"):
        open_source(tmp_path)


def test_a_file_without_permission_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says that it is about permission."""

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(source.os, "open", refuse)
    with pytest.raises(SourceError, match=r"no permission to read .*repo\.car"):
        open_source(file)


def test_a_name_that_no_file_can_have_is_an_error_of_ours() -> None:
    """A NUL or far too many characters."""
    with pytest.raises(SourceError, match="cannot open"):
        open_source("a\0b")
    with pytest.raises(SourceError, match="cannot open"):
        open_source("a" * 100_000)


@posix
def test_a_named_pipe_is_refused_at_once(tmp_path: Path) -> None:
    """Nobody waits for a writer that may never come."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="is not a regular file: save its bytes"):
        open_source(tmp_path / "pipe")


@posix
def test_devices_and_sockets_are_refused(tmp_path: Path) -> None:
    """They have no end, or cannot be opened at all."""
    with pytest.raises(SourceError, match="not a regular file"):
        open_source("/dev/zero")
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        with pytest.raises(SourceError):
            open_source(path)


def test_gzip_is_known_by_its_content(file: Path) -> None:
    """The suffix says nothing; offsets count the unpacked bytes."""
    file.write_bytes(gzip.compress(BYTES))
    with open_source(file) as opened:
        assert isinstance(opened, MemorySource)
        assert opened.packed == "gzip"
        assert opened.name == str(file)
        assert opened.size == len(BYTES)


def test_members_behind_one_another_are_one(file: Path) -> None:
    """As gzip itself has it; zeros behind them are the padding of tapes."""
    half = len(BYTES) // 2
    parts = gzip.compress(BYTES[:half]), gzip.compress(b""), gzip.compress(BYTES[half:])
    file.write_bytes(b"".join(parts) + bytes(40_000))
    with open_source(file) as opened:
        assert opened.read_at(0, opened.size) == BYTES
        assert opened.fault is None


def test_a_cut_packing_gives_what_could_be_read() -> None:
    """And says where it ends."""
    packed = gzip.compress(os.urandom(100_000))
    opened = open_source(packed[: len(packed) // 2])
    assert 30_000 < opened.size < 60_000
    assert opened.fault == f"the gzip packing is cut off after {opened.size:,} bytes"


def test_a_packing_cut_in_its_checksum_gives_everything() -> None:
    """Only the proof that it is everything is missing."""
    opened = open_source(gzip.compress(BYTES)[:-4])
    assert opened.read_at(0, opened.size) == BYTES
    assert opened.fault is not None


def test_a_damaged_packing_gives_what_stands_before_the_damage() -> None:
    """The bytes before it are kept to the last."""
    packed = bytearray(gzip.compress(BYTES))
    packed[-6] ^= 1
    opened = open_source(bytes(packed))
    assert opened.read_at(0, opened.size) == BYTES
    assert opened.fault == f"the gzip packing is damaged after {len(BYTES):,} bytes"


def test_bytes_behind_the_packing_are_told() -> None:
    """What follows the last member and is no member."""
    opened = open_source(gzip.compress(BYTES) + b"tail")
    assert opened.read_at(0, opened.size) == BYTES
    assert opened.fault == "bytes that are not gzip follow the packed CAR"


@given(st.integers(0, 400), st.integers(1, 255))
def test_any_damage_to_a_packing_is_bounded(place: int, change: int) -> None:
    """One byte changed anywhere gives bytes, or an error of ours."""
    packed = bytearray(gzip.compress(BYTES, mtime=0))
    packed[place % len(packed)] ^= change
    try:
        opened = open_source(bytes(packed))
    except RepoviewError:
        return
    assert opened.fault is not None or opened.read_at(0, 1 << 20) in {
        BYTES,
        bytes(packed),
    }


@pytest.mark.parametrize("as_file", [True, False])
def test_a_packing_of_too_much_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, as_file: bool
) -> None:
    """The sentence says what to do instead."""
    monkeypatch.setattr(limits, "MAX_UNPACKED", 100_000)
    packed = gzip.compress(bytes(2_000_000))
    file.write_bytes(packed)
    with pytest.raises(LimitExceeded, match=r"100,000 bytes.*gunzip -k"):
        open_source(file if as_file else packed)


def test_members_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty members cost time and give nothing."""
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
    opened = open_source(gzip.compress(b"x") * 50)
    assert opened.read_at(0, 100) == b"x" * 11
    assert opened.fault == "the gzip packing has over 10 members"


def test_bare_deflate_is_not_taken_for_gzip() -> None:
    """Only gzip's own first bytes are."""
    packed = zlib.compress(BYTES)
    assert open_source(packed).size == len(packed)
