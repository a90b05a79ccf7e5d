"""Facts about small files that are not trusted: what is no plain file is refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from repoview.core.storage.small_file import MOST_BYTES, NotReadable, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_KERNEL = True


@pytest.mark.parametrize("size", [0, 1, 1_000, MOST_BYTES])
def test_a_small_file_is_read_as_it_is(tmp_path: Path, size: int) -> None:
    """Up to a MiB."""
    path = tmp_path / "x"
    path.write_bytes(b"\xff" * size)
    assert read_bytes(path) == b"\xff" * size


def test_a_file_over_the_bound_is_refused(tmp_path: Path) -> None:
    """By a single byte, whoever set the bound."""
    path = tmp_path / "x"
    for most in (0, 10, MOST_BYTES):
        path.write_bytes(bytes(most + 1))
        assert read_bytes(path, most + 1) == bytes(most + 1)
        with pytest.raises(NotReadable, match="too large"):
            read_bytes(path, most)


def test_where_there_is_no_file_there_is_nothing(tmp_path: Path) -> None:
    """Nor below what is no folder."""
    path = tmp_path / "x"
    assert read_bytes(path) is None
    assert read_bytes(path / "y") is None
    path.write_bytes(b"")
    assert read_bytes(path / "y") is None


def test_a_link_is_followed_only_where_a_person_may_have_put_it(tmp_path: Path) -> None:
    """Else it may lead anywhere."""
    (tmp_path / "file").write_bytes(b"x")
    link = tmp_path / "link"
    link.symlink_to("file")
    assert read_bytes(link, linked=True) == b"x"
    with pytest.raises(NotReadable):
        read_bytes(link)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    """A folder, and a named pipe, which would block for ever."""
    with pytest.raises(NotReadable):
        read_bytes(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for linked in (False, True):
        with pytest.raises(NotReadable, match="not a regular file"):
            read_bytes(pipe, linked=linked)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    """With the reason, and not by an exception of the system."""
    for name in ("x\0y", "x" * 5_000):
        with pytest.raises(NotReadable):
            read_bytes(tmp_path / name)
