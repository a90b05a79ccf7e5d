"""Facts about what is never written, and what is never left behind."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from repoview import export
from repoview.core.repo.repo import Repo
from repoview.core.storage import atomic_file
from repoview.core.storage.atomic_folder import AtomicFolder
from repoview.export.destination import (
    DestinationError,
    DestinationTaken,
    folder_beside,
)
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repoview.core.load.result import Progress

NAMES = (
    "x.jsonl",
    "x.json.gz",
    "x.csv",
    "x.md.zst",
    "x.sqlite",
    "x.zip",
    "x.car",
    "x.parquet",
    "x/",
)


@pytest.fixture
def repo() -> Iterator[Repo]:
    """Enough records for several reports of progress."""
    with Repo.load(make_repo(many(700, 1))) as repo:
        yield repo


def inside(folder: Path) -> list[str]:
    """Return the names of what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", NAMES)
class TestEveryFormat:
    """What holds for all of them."""

    def test_a_cancel_leaves_nothing(
        self, repo: Repo, name: str, tmp_path: Path
    ) -> None:
        """Whenever it comes."""

        def stop(progress: Progress) -> None:
            if progress.done > 256:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export.write(repo, f"{tmp_path}/{name}", report=stop)
        assert inside(tmp_path) == []

    def test_what_is_there_stays(self, repo: Repo, name: str, tmp_path: Path) -> None:
        """A file as well as a link that leads nowhere."""
        path = tmp_path / name.rstrip("/")
        path.write_bytes(b"mine")
        with pytest.raises(DestinationTaken):
            export.write(repo, f"{tmp_path}/{name}")
        assert path.read_bytes() == b"mine"
        path.unlink()
        path.symlink_to(tmp_path / "target")
        with pytest.raises(DestinationTaken):
            export.write(repo, f"{tmp_path}/{name}")
        assert inside(tmp_path) == [path.name]

    def test_more_bytes_than_may_be_are_not_written(
        self, repo: Repo, name: str, tmp_path: Path
    ) -> None:
        """Nor is a part of them left; as many as may be are."""
        with pytest.raises(DestinationError, match="more than 512 bytes"):
            export.write(repo, f"{tmp_path}/{name}", max_bytes=512)
        assert inside(tmp_path) == []
        size = export.write(repo, f"{tmp_path}/{name}").size
        (tmp_path / name.rstrip("/")).rename(tmp_path / "before")
        export.write(repo, f"{tmp_path}/{name}", max_bytes=size)

    def test_a_full_disk_is_a_sentence(self, name: str, tmp_path: Path) -> None:
        """And nothing is left on it."""
        (tmp_path / "repo.car").write_bytes(make_repo(many(700, 1)))
        (tmp_path / "out").mkdir()

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))

        command = [
            sys.executable,
            "-m",
            "repoview",
            "export",
            str(tmp_path / "repo.car"),
        ]
        outcome = subprocess.run(
            [*command, "--no-cache", "-o", f"{tmp_path}/out/{name}"],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=limit,
            # Python would leave a part of what it compiles.
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert outcome.returncode == 1
        assert outcome.stderr.count("\n") == 1
        assert outcome.stderr.startswith(f"repoview: cannot write {tmp_path}/out/x")
        assert inside(tmp_path / "out") == []


def test_a_folder_is_never_replaced(repo: Repo, tmp_path: Path) -> None:
    """Not even an empty one, nor with force."""
    (tmp_path / "x").mkdir()
    with pytest.raises(DestinationTaken, match="is there already"):
        export.write(repo, f"{tmp_path}/x/", overwrite=True)
    assert inside(tmp_path) == ["x"]


def test_a_folder_that_comes_to_be_meanwhile_is_kept(tmp_path: Path) -> None:
    """Also if it is empty."""
    with (
        pytest.raises(DestinationTaken, match="came to be meanwhile"),
        folder_beside(tmp_path / "x"),
    ):
        (tmp_path / "x").mkdir()
    assert inside(tmp_path) == ["x"]


def test_no_link_is_followed_in_a_folder(tmp_path: Path) -> None:
    """Whoever puts it there while the folder is filled."""
    (tmp_path / "target").mkdir()
    with AtomicFolder(tmp_path, ".x.") as folder:
        (folder.path / "a").symlink_to(tmp_path / "target")
        with pytest.raises(OSError, match=r"director|symbolic"):
            folder.add(["a", "x.json"], b"")
        (folder.path / "y.json").symlink_to(tmp_path / "target" / "y")
        with pytest.raises(FileExistsError):
            folder.add(["y.json"], b"")
    assert inside(tmp_path) == ["target"]
    assert inside(tmp_path / "target") == []


def test_what_a_killed_process_left_is_removed(repo: Repo, tmp_path: Path) -> None:
    """What another one still writes is not."""
    left = tmp_path / f".x.{'0' * 32}.part"
    left.mkdir()
    (left / "y").touch()
    with AtomicFolder(tmp_path, ".x.") as other:
        export.write(repo, f"{tmp_path}/x/")
        assert inside(tmp_path) == sorted([other.path.name, "x"])


def test_a_signal_leaves_no_folder(tmp_path: Path) -> None:
    """It is registered from the beginning."""
    folder = AtomicFolder(tmp_path, ".x.")
    folder.add(["a", "b"], b"x")
    atomic_file.remove_unfinished()
    assert inside(tmp_path) == []
    folder.close()
