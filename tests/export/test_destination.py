"""Facts about files that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repoview.export.destination import DestinationError, written_beside


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """Until then there is another one beside it."""
    path = tmp_path / "x.jsonl"
    with written_beside(path, force=False) as file:
        file.write(b"data")
        assert not path.exists()
        (beside,) = tmp_path.iterdir()
        assert beside.name.startswith(".x.jsonl.")
    assert path.read_bytes() == b"data"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_ends_the_writing_leaves_nothing(
    tmp_path: Path, error: type[BaseException]
) -> None:
    """Not even with force, and what was there before stays."""
    path = tmp_path / "x"
    path.write_bytes(b"before")
    with pytest.raises(error), written_beside(path, force=True):
        raise error
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_taken_meanwhile_is_kept(tmp_path: Path) -> None:
    """Another process may make the file while this one writes."""
    path = tmp_path / "x"
    with (
        pytest.raises(DestinationError, match="came to be meanwhile"),
        written_beside(path, force=False),
    ):
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_without_links_a_rename_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems have none."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "x"
    with written_beside(path, force=False) as file:
        file.write(b"data")
    assert path.read_bytes() == b"data"
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """Even with force."""
    with (
        pytest.raises(DestinationError, match="is a directory"),
        written_beside(tmp_path, force=True),
    ):
        pytest.fail("it was opened")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """It is not made unasked."""
    with (
        pytest.raises(DestinationError, match="there is no directory"),
        written_beside(tmp_path / "no" / "x", force=False),
    ):
        pytest.fail("it was opened")


def test_a_device_is_never_replaced() -> None:
    """A rename would put a file in its place."""
    with (
        pytest.raises(DestinationError, match="is not a regular file"),
        written_beside(Path(os.devnull), force=True),
    ):
        pytest.fail("it was opened")


def test_a_link_that_leads_nowhere_is_something_there(tmp_path: Path) -> None:
    """It is replaced only with force, and what it names is not written."""
    link, target = tmp_path / "x", tmp_path / "target"
    link.symlink_to(target)
    with (
        pytest.raises(DestinationError, match="is there already"),
        written_beside(link, force=False),
    ):
        pytest.fail("it was opened")
    with written_beside(link, force=True) as file:
        file.write(b"data")
    assert not link.is_symlink()
    assert not target.exists()


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_no_system_takes_is_refused(tmp_path: Path, name: str) -> None:
    """In a sentence."""
    with (
        pytest.raises(DestinationError, match="cannot write"),
        written_beside(tmp_path / name, force=False) as file,
    ):
        file.write(b"data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("letter", ["x", "ü", "字", "😀"])
def test_a_name_is_as_long_as_the_system_takes(tmp_path: Path, letter: str) -> None:
    """That is counted in bytes, and what is written beside it has room too."""
    name = letter * (255 // len(letter.encode()))
    with written_beside(tmp_path / name, force=False) as file:
        file.write(b"data")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_other_files_are_not_taken_for_dead_ones(tmp_path: Path) -> None:
    """Only those that this program writes beside a file of the same name."""
    token = "01234567" * 4
    names = {".x.0123.part", f".x.{token[1:]}g.part"}
    names |= {f".y.{token}.part", f"x.{token}.part"}
    for name in names:
        (tmp_path / name).touch()
    folder, link = f".x.{token}.part", f".x.{token[::-1]}.part"
    (tmp_path / folder).mkdir()
    (tmp_path / link).symlink_to(tmp_path / ".x.0123.part")
    (tmp_path / f".x.{'f' * 32}.part").touch()
    with written_beside(tmp_path / "x", force=False) as file:
        file.write(b"data")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"x", *names, folder, link}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is left behind."""
    real = os.open

    def on_full(path: Path, flags: int, mode: int = 0o777) -> int:
        real(path, flags, mode)
        return real("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(os, "open", on_full)
    with (
        pytest.raises(DestinationError, match="no space left on device"),
        written_beside(tmp_path / "x", force=False) as file,
    ):
        file.write(b"data")
    assert list(tmp_path.iterdir()) == []
