"""Facts about byte strings that are sorted in memory, and on disk past a limit."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import LimitExceeded, SourceError
from repoview.core.storage import sorted_bytes
from repoview.core.storage.sorted_bytes import SortedBytes

WITHOUT_KERNEL = True
DISK = 1 << 20


@given(st.lists(st.binary(max_size=40)), st.integers(0, 400), st.integers(1, 64))
def test_what_comes_out_is_what_went_in_sorted(
    items: list[bytes], memory: int, buffer: int
) -> None:
    """However little memory there is, and again the second time."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_bytes, "_BUFFER", buffer)
        each = SortedBytes(memory, lambda: folder, DISK)
        for item in items:
            each.add(item)
        assert list(each) == sorted(items)
        assert list(each) == sorted(items)
        assert not list(Path(folder).iterdir())
        each.close()
        each.close()


def test_it_keeps_to_its_memory(tmp_path: Path) -> None:
    """What is over it is on disk."""
    each = SortedBytes(1_000, lambda: str(tmp_path), DISK)
    for number in range(200):
        each.add(number.to_bytes(40, "big"))
        assert each._size <= 1_000 + 100  # noqa: SLF001 (what it says it takes)
    assert each.disk_used > 6_000
    each.close()


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    """For this user only: nobody else may read what is being sorted."""
    folder = tmp_path / "new" / "folder"
    each = SortedBytes(10, lambda: str(folder), DISK)
    each.add(bytes(20))
    assert list(each) == [bytes(20)]
    assert folder.stat().st_mode & 0o077 == 0
    each.close()


def test_without_a_disk_there_is_an_end() -> None:
    """And a sentence about it."""
    each = SortedBytes(100, None, DISK)
    each.add(bytes(10))
    with pytest.raises(LimitExceeded, match="nothing may be put on disk"):
        each.add(bytes(100))


def test_the_disk_has_a_limit(tmp_path: Path) -> None:
    """Too."""
    each = SortedBytes(100, lambda: str(tmp_path), 500)
    items = [bytes(101)] * 10
    with pytest.raises(LimitExceeded, match="disk limit"):
        deque(map(each.add, items), maxlen=0)
    each.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """As for any index on disk."""
    (tmp_path / "file").touch()
    each = SortedBytes(100, lambda: str(tmp_path / "file" / "folder"), DISK)
    with pytest.raises(SourceError):
        each.add(bytes(101))
