"""Facts about folders that take their name once they are whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from repoview.core.storage import atomic_file
from repoview.core.storage.atomic_file import remove_unfinished
from repoview.core.storage.atomic_folder import (
    IS_SUPPORTED,
    AtomicFolder,
    remove_left_over,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not IS_SUPPORTED, reason="needs open folders")
locked = pytest.mark.skipif(not atomic_file.HAS_LOCKS, reason="needs locks")


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: no kernel writes folders."""


FILES = {
    ("top",): b"1",
    ("a", "b", "deep"): b"2",
    ("a", "b", "beside"): b"",
    ("a", "c", "other"): b"4" * 100_000,
    ("a", "b", "again"): b"5",
}
"""Files by the parts of their names: folders are left and come to again."""


def held(folder: Path) -> dict[tuple[str, ...], bytes]:
    """Return what a folder has, by the parts of the names."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).parts: path.read_bytes() for path in files}


def test_a_folder_takes_its_name_with_all_that_is_in_it(tmp_path: Path) -> None:
    """Nothing has that name before, and nothing else is left."""
    target = tmp_path / "x"
    with AtomicFolder(tmp_path, ".x") as folder:
        for parts, data in FILES.items():
            folder.add(parts, data)
        with folder.file(("late", "one")) as file:
            file.write(b"6")
        assert not target.exists()
        folder.become_new(target)
    assert held(target) == {**FILES, ("late", "one"): b"6"}
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_not_finished_is_removed(tmp_path: Path) -> None:
    """Whatever was written by then."""

    def fail() -> None:
        with AtomicFolder(tmp_path, ".x") as folder:
            folder.add(("a", "b"), b"data")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_signal_leaves_nothing_either(tmp_path: Path) -> None:
    """A process that is ended by one removes what it has not finished."""
    folder = AtomicFolder(tmp_path, ".x")
    folder.add(("a", "b"), b"data")
    remove_unfinished()
    assert list(tmp_path.iterdir()) == []
    folder.close()


def test_a_name_that_something_has_stays_what_it_is(tmp_path: Path) -> None:
    """A file, or a folder, though it is empty."""
    (tmp_path / "file").write_bytes(b"before")
    (tmp_path / "folder").mkdir()
    for name in ("file", "folder"):
        with AtomicFolder(tmp_path, ".x") as folder:
            folder.add(("a",), b"data")
            with pytest.raises(FileExistsError):
                folder.become_new(tmp_path / name)
    assert (tmp_path / "file").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_file_is_made_once_and_below_no_link(tmp_path: Path) -> None:
    """One that was put there meanwhile leads nowhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with AtomicFolder(tmp_path, ".x") as folder:
        folder.add(("a", "b"), b"data")
        with pytest.raises(FileExistsError):
            folder.add(("a", "b"), b"other")
        (folder.path / "link").symlink_to(elsewhere)
        (folder.path / "name").symlink_to(elsewhere / "file")
        with pytest.raises(OSError, match=r"symbolic link|[Nn]ot a directory"):
            folder.add(("link", "b"), b"data")
        with pytest.raises(FileExistsError):
            folder.add(("name",), b"data")
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """And leaves nothing to be removed."""
    with pytest.raises(FileNotFoundError):
        AtomicFolder(tmp_path / "gone", ".x")
    assert not atomic_file._unfinished_folders  # noqa: SLF001 (what a signal would remove)


@locked
def test_what_a_killed_process_left_is_removed_and_nothing_else(
    tmp_path: Path,
) -> None:
    """What is written to has a lock; a file is no unfinished folder."""
    left, file = tmp_path / "left.part", tmp_path / "file.part"
    left.mkdir()
    (left / "a").touch()
    file.touch()
    with AtomicFolder(tmp_path, ".x") as folder:
        folder.add(("a",), b"data")
        for path in (left, file, folder.path, tmp_path / "gone.part"):
            remove_left_over(path)
        assert sorted(os.listdir(tmp_path)) == sorted([folder.path.name, file.name])  # noqa: PTH208 (names are enough)
