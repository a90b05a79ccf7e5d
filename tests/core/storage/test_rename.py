"""Facts about a folder that gets its name: only where nothing has it."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING

import pytest

from repoview.core.storage import rename
from repoview.core.storage.rename import rename_new, system_call, take_and_replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WITHOUT_KERNEL = True

WAYS = pytest.mark.parametrize("way", [rename_new, take_and_replace])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with a file in it."""
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "file").write_text("mine", encoding="utf-8")
    return folder


@WAYS
def test_it_is_there_whole(made: Path, way: Callable[[Path, Path], None]) -> None:
    """And no more under the name that it had."""
    target = made.with_name("new")
    way(made, target)
    assert (target / "file").read_text(encoding="utf-8") == "mine"
    assert not made.exists()


@WAYS
def test_what_has_the_name_stays(made: Path, way: Callable[[Path, Path], None]) -> None:
    """An empty folder, too, and so does what was made."""
    target = made.with_name("new")
    target.mkdir()
    with pytest.raises(FileExistsError):
        way(made, target)
    assert not list(target.iterdir())
    assert (made / "file").exists()


@WAYS
def test_of_what_is_not_there_nothing_is_left(
    tmp_path: Path, way: Callable[[Path, Path], None]
) -> None:
    """Nor of the name that it would have had."""
    with pytest.raises(FileNotFoundError):
        way(tmp_path / "nothing", tmp_path / "new")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("call", [None, lambda *_: errno.ENOSYS, lambda *_: 0])
def test_where_no_call_does_it_in_one_step_it_takes_two(
    call: Callable[[bytes, bytes], int] | None,
    made: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not where one says that it did."""
    monkeypatch.setattr(rename, "system_call", lambda: call)
    rename_new(made, made.with_name("new"))
    was_done = call is None or call(b"", b"") != 0
    assert made.with_name("new").exists() is was_done


def test_other_systems_have_no_such_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as is known here."""
    monkeypatch.setattr(sys, "platform", "aix")
    assert system_call.__wrapped__() is None
