"""Facts about files that take their name once they are whole."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from repoview.core.storage import atomic_file
from repoview.core.storage.atomic_file import AtomicFile, claimed, remove_unfinished

if TYPE_CHECKING:
    from pathlib import Path

locked = pytest.mark.skipif(not atomic_file.HAS_LOCKS, reason="needs locks")


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: no kernel writes files."""


def written(file: AtomicFile, data: bytes) -> AtomicFile:
    """Return the file with *data* in it."""
    with file.writer() as out:
        out.write(data)
    assert file.size == len(data)
    return file


def test_a_file_takes_a_name_in_place_of_another(tmp_path: Path) -> None:
    """And nothing else is left."""
    path = tmp_path / "x"
    path.write_bytes(b"before")
    with written(AtomicFile(tmp_path), b"data") as file:
        assert path.read_bytes() == b"before"
        file.become(path)
    assert path.read_bytes() == b"data"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_name_is_one_that_nothing_has(
    tmp_path: Path, has_links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file system gives no second names."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not has_links:
        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "x"
    with written(AtomicFile(tmp_path), b"first") as file:
        file.become_new(path)
    with (
        written(AtomicFile(tmp_path), b"second") as file,
        pytest.raises(FileExistsError),
    ):
        file.become_new(path)
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="asks for POSIX modes")
def test_a_file_has_the_permissions_that_were_asked_for(tmp_path: Path) -> None:
    """Its owner's alone, unless more were; the umask takes its own."""
    before = os.umask(0o027)
    try:
        with AtomicFile(tmp_path) as private, AtomicFile(tmp_path, mode=0o666) as other:
            assert stat.S_IMODE(os.fstat(private.fd).st_mode) == 0o600
            assert stat.S_IMODE(os.fstat(other.fd).st_mode) == 0o640
    finally:
        os.umask(before)


def test_a_program_that_ends_removes_what_it_was_writing(tmp_path: Path) -> None:
    """But nothing that has its name by then."""
    done, open_still = AtomicFile(tmp_path), AtomicFile(tmp_path)
    done.become(tmp_path / "x")
    remove_unfinished()
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]
    done.close()
    open_still.close()
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]


def test_a_signal_right_behind_the_making_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file exists, and its object is not returned yet."""
    real = os.open

    def hit(path: Path, flags: int, mode: int) -> int:
        os.close(real(path, flags, mode))
        raise SystemExit(128 + 15)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", hit)
        with pytest.raises(SystemExit):
            AtomicFile(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    remove_unfinished()
    assert list(tmp_path.iterdir()) == []


@locked
def test_one_that_is_written_is_told_from_one_that_was_left(tmp_path: Path) -> None:
    """By its lock."""
    left = tmp_path / "left.part"
    left.touch()
    with AtomicFile(tmp_path) as file, claimed(file.path) as claim:
        assert claim is False
    with claimed(left) as claim:
        assert claim is True


@locked
def test_what_is_claimed_cannot_be_locked_before_it_is_removed(tmp_path: Path) -> None:
    """Else its writer could take it for its own in between."""
    left = tmp_path / "left.part"
    left.touch()
    fd = os.open(left, os.O_RDWR)
    try:
        with claimed(left), pytest.raises(BlockingIOError):
            atomic_file.lock(fd, wait=False)
        atomic_file.lock(fd, wait=False)
    finally:
        os.close(fd)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_of_what_is_no_plain_file_nothing_is_told(tmp_path: Path) -> None:
    """It is neither followed nor waited for."""
    folder, link, pipe = (tmp_path / name for name in ("folder", "link", "pipe"))
    folder.mkdir()
    link.symlink_to(tmp_path / "x")
    os.mkfifo(pipe)
    for path in (folder, link, pipe, tmp_path / "not there"):
        with claimed(path) as claim:
            assert claim is None
