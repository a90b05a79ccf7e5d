"""Facts about folders that appear when they are whole."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from repoview.core.storage.atomic_folder import (
    IS_SUPPORTED,
    AtomicFolder,
    remove_left_over,
)
from repoview.core.storage.rename import rename_new, system_call, take_and_replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WITHOUT_KERNEL = True

pytestmark = pytest.mark.skipif(not IS_SUPPORTED, reason="makes no folders safely")
needs_call = pytest.mark.skipif(system_call() is None, reason="has no such rename")

TIMES = 300


@pytest.mark.parametrize("rename", [rename_new, take_and_replace])
@pytest.mark.parametrize("taken", ["folder", "full folder", "file", "link"])
def test_what_has_the_name_is_not_replaced(
    tmp_path: Path, taken: str, rename: Callable[[Path, Path], None]
) -> None:
    """Not even an empty folder, which a plain rename replaces."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    (old / "a").write_bytes(b"1")
    if taken == "file":
        new.write_bytes(b"2")
    elif taken == "link":
        new.symlink_to(tmp_path / "nothing")
    else:
        new.mkdir()
        if taken == "full folder":
            (new / "b").write_bytes(b"2")
    before = new.lstat().st_ino
    with pytest.raises(FileExistsError):
        rename(old, new)
    assert new.lstat().st_ino == before
    assert (old / "a").read_bytes() == b"1"


@pytest.mark.parametrize("rename", [rename_new, take_and_replace])
def test_a_folder_gets_a_new_name(
    tmp_path: Path, rename: Callable[[Path, Path], None]
) -> None:
    """Whatever bytes are in it; a folder that is not there is an error."""
    old, new = tmp_path / "old", tmp_path / os.fsdecode(b"n\xff w")
    old.mkdir()
    (old / "a").write_bytes(b"1")
    rename(old, new)
    assert (new / "a").read_bytes() == b"1"
    assert not old.exists()
    with pytest.raises(FileNotFoundError):
        rename(old, tmp_path / "other")
    assert not (tmp_path / "other").exists()


@needs_call
def test_nobody_sees_it_empty(tmp_path: Path) -> None:
    """At no moment: so a kill leaves all of it, or nothing."""
    targets = [tmp_path / f"x{number}" for number in range(TIMES)]
    seen, at, is_done = set[int](), [0], threading.Event()

    def watch() -> None:
        while not is_done.is_set():
            try:
                seen.add(len(os.listdir(targets[at[0]])))  # noqa: PTH208 (quick)
            except FileNotFoundError:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for number, target in enumerate(targets):
            at[0] = number
            with AtomicFolder(tmp_path, ".x.") as folder:
                folder.add(("a",), b"1")
                folder.become_new(target)
    finally:
        is_done.set()
        watcher.join()
    assert seen <= {1}


def test_it_is_there_whoever_removes_what_is_left_over(tmp_path: Path) -> None:
    """Also between the moment when it is made and that when it is locked."""
    is_done = threading.Event()

    def remove() -> None:
        while not is_done.is_set():
            for path in tmp_path.glob(".x.*"):
                remove_left_over(path)

    remover = threading.Thread(target=remove)
    remover.start()
    try:
        for number in range(TIMES):
            with AtomicFolder(tmp_path, ".x.") as folder:
                folder.add(("a", "b"), b"1")
                folder.become_new(tmp_path / f"x{number}")
    finally:
        is_done.set()
        remover.join()
    assert len([*tmp_path.glob("x*/a/b")]) == TIMES
    assert not [*tmp_path.glob(".x.*")]
