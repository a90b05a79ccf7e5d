"""Facts about sources: what can be opened, and what is said when it cannot."""

from __future__ import annotations

import gzip
import os
import re
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.errors import SourceClosed, SourceError
from repoview.core.source import source
from repoview.core.source.opener import open_source
from repoview.core.source.source import FileSource
from repoview.core.storage import positional_file

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

WITHOUT_KERNEL = True

BYTES = bytes(range(256)) * 40

posix = pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX has")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with `BYTES` in it."""
    path = tmp_path / "repo.car"
    path.write_bytes(BYTES)
    return path


@pytest.fixture(params=["path", "text", "bytes", "gzip", "packed bytes", "pieces"])
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
    if request.param == "pieces":
        return open_source(BYTES[n : n + 77] for n in range(0, len(BYTES), 77))
    return open_source(gzip.compress(BYTES))


def test_any_range_can_be_read_in_any_order(opened: source.Source) -> None:
    """A source reads forwards and backwards, and short at its end."""
    with opened:
        opened.reach(1 << 60)
        assert opened.ended
        assert opened.size == opened.expected == len(BYTES)
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
    with pytest.raises(SourceClosed, match="was closed"):
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
    monkeypatch.setattr(positional_file, "_HAS_PREAD", False)
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


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "there is no file '': check the name"),
        ("ftp://x/y.car", "of addresses, only http:// and https:// are opened"),
        ("a/b://y.car", "there is no file a/b://y.car: check the name"),
    ],
)
def test_what_is_no_file_is_told_why(name: str, told: str) -> None:
    """No name, an address that is not opened, and a path that looks a little so."""
    with pytest.raises(SourceError, match=re.escape(told)):
        open_source(name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The sentence says which file, and what to do."""
    with pytest.raises(SourceError, match=r"there is no file .*gone\.car: check"):
        open_source(tmp_path / "gone.car")


def test_a_live_account_is_refused_with_the_way_out() -> None:
    """It is told apart from a misspelled name."""
    with pytest.raises(SourceError, match="live accounts are not fetched"):
        open_source("at://alice.example.com")


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
def test_a_socket_is_refused(tmp_path: Path) -> None:
    """It cannot be opened by its path."""
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        with pytest.raises(SourceError):
            open_source(path)


def test_a_small_file_that_is_held_is_read_once(file: Path) -> None:
    """Until it is let go: then it reads as the file is by then."""
    with open_source(os.fspath(file)) as opened:
        opened.hold()
        file.write_bytes(b"x" * len(BYTES))
        assert opened.read_at(3, 1_000) == BYTES[3:1_003]
        assert opened.read_at(len(BYTES) - 5, 1_000) == BYTES[-5:]
        assert opened.read_at(len(BYTES) + 5, 1_000) == b""
        assert opened.changed()
        opened.let_go()
        assert opened.read_at(0, 4) == b"xxxx"


def test_a_file_may_be_let_go_at_any_line_of_a_read(file: Path) -> None:
    """As another thread does: the bytes come from memory, or from the file."""

    def read_letting_go(opened: source.Source, number: int) -> bytes:
        lines = iter(range(1, 100))

        def trace(frame: FrameType, event: str, _: object) -> Any:
            is_read = frame.f_code is FileSource.read_at.__code__
            if is_read and event == "line" and next(lines) == number:
                opened.let_go()
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            return opened.read_at(3, 5)
        finally:
            sys.settrace(before)

    with open_source(os.fspath(file)) as opened:
        for number in range(1, 8):
            opened.hold()
            assert read_letting_go(opened, number) == BYTES[3:8]


def test_a_large_file_is_not_held(tmp_path: Path) -> None:
    """Nor one that has become shorter."""
    large, short = tmp_path / "large", tmp_path / "short"
    large.write_bytes(bytes(600_000))
    short.write_bytes(BYTES)
    with open_source(os.fspath(large)) as opened:
        opened.hold()
        assert opened.held is None
    with open_source(os.fspath(short)) as opened:
        short.write_bytes(BYTES[:100])
        opened.hold()
        assert opened.held is None
        assert len(opened.read_at(0, len(BYTES))) == 100


def test_nothing_is_held_of_a_closed_file(file: Path) -> None:
    """Reading it says that it was closed."""
    opened = open_source(os.fspath(file))
    opened.hold()
    opened.close()
    with pytest.raises(SourceError, match="was closed"):
        opened.read_at(0, 4)
