"""Facts about the cache's folder: it is private, or it is not used."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest

from repoview.core.cache import Cache, CacheUnavailable, default_folder
from repoview.core.cache import file as cache_file
from repoview.core.cache import folder as cache_folder
from repoview.core.storage import atomic_file
from tests.core.caches import VERSION, files, identity, kept, write

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHOUT_KERNEL = True

NOBODY = 65_534
ROOT = Path(__file__).resolve().parents[3]


def mode(path: Path) -> int:
    """Return the permission bits of a file."""
    return stat.S_IMODE(path.lstat().st_mode)


def test_all_that_is_made_is_private(tmp_path: Path) -> None:
    """The folder, the key, entries, and what is on its way to be one."""
    mask = os.umask(0)
    try:
        cache = Cache(tmp_path / "new" / "cache")
        with cache.write(identity(), VERSION) as writer:
            writer.put("some", b"1")
            assert [mode(path) for path in cache.folder.iterdir()] == [0o600] * 2
            writer.commit()
        assert [mode(path) for path in cache.folder.iterdir()] == [0o600] * 2
        assert mode(cache.folder) == 0o700
    finally:
        os.umask(mask)


def test_names_are_others_in_every_folder(tmp_path: Path) -> None:
    """They cannot be predicted, and do not reveal the source."""
    names = set()
    for number in range(3):
        cache = Cache(tmp_path / str(number))
        write(cache, identity(), {})
        names.add(files(cache)[0].name)
    assert len(names) == 3


@pytest.mark.parametrize("bits", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_may_write_to_is_refused(
    tmp_path: Path, bits: int
) -> None:
    """With what to do about it; and nothing is written."""
    tmp_path.chmod(bits)
    with pytest.raises(
        CacheUnavailable, match=f"others may write to {tmp_path}; chmod"
    ):
        Cache(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_opened_to_others_later_is_refused_then(
    tmp_path: Path,
) -> None:
    """It is looked at again before anything is written."""
    cache = Cache(tmp_path)
    tmp_path.chmod(0o777)
    with pytest.raises(CacheUnavailable, match="others may write"):
        cache.write(identity(), VERSION)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """And so is a link made by another user, even to one of ours."""
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, NOBODY, NOBODY)
    with pytest.raises(CacheUnavailable, match="belongs to somebody else"):
        Cache(theirs)
    link = tmp_path / "link"
    ours = tmp_path / "ours"
    ours.mkdir(mode=0o700)
    link.symlink_to(ours)
    write(Cache(link), identity(), {"some": b"1"})
    assert kept(Cache(ours), identity()) == {"some": b"1"}
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(CacheUnavailable, match="belongs to somebody else"):
        Cache(link)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    """In one sentence each."""
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(CacheUnavailable, match="is not a folder"):
        Cache(path)
    below = Cache(path / "below")
    assert kept(below, identity()) is None
    with pytest.raises(CacheUnavailable, match="nothing is cached in"):
        below.write(identity(), VERSION)
    with pytest.raises(CacheUnavailable, match="nothing is cached in"):
        Cache("a\0b")
    with pytest.raises(CacheUnavailable, match="nothing is cached in"):
        Cache("a" * 5_000).write(identity(), VERSION)


@pytest.fixture
def private() -> Iterator[Path]:
    """A folder of another user than root, as whom the test goes on."""
    folder = Path(mkdtemp(prefix="repoview-"))
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if is_root:
        os.seteuid(0)
    for path in folder.rglob("*"):
        path.chmod(0o700)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_home_that_cannot_be_written_is_no_more_than_no_cache(
    private: Path,
) -> None:
    """Nothing can be made in it, and one sentence says so."""
    private.chmod(0o500)
    cache = Cache(private / ".cache" / "repoview")
    assert kept(cache, identity()) is None
    assert cache.entries() == []
    assert cache.prune() == cache.clear() == 0
    with pytest.raises(CacheUnavailable, match="permission denied"):
        cache.write(identity(), VERSION)


def test_a_cache_that_can_only_be_read_is_read(private: Path) -> None:
    """Nothing in it can be renewed or removed, and nothing fails."""
    cache = Cache(private)
    write(cache, identity(), {"some": b"1"})
    write(cache, identity("/other.car"), {"some": b"2"})
    private.chmod(0o500)
    assert kept(cache, identity()) == {"some": b"1"}
    with pytest.raises(CacheUnavailable, match="permission denied"):
        cache.write(identity(), VERSION)
    assert cache.open(identity(size=6), VERSION) is None
    assert cache.prune(0) == cache.clear() == 0
    assert len(cache.entries()) == 2


def test_files_without_permissions_are_as_good_as_none(private: Path) -> None:
    """An entry, and the key; either is written anew."""
    cache = Cache(private)
    for name in ("*.sqlite", "key"):
        write(cache, identity(), {"some": b"1"})
        for path in private.glob(name):
            path.chmod(0)
        assert kept(cache, identity()) is None
        write(cache, identity(), {"some": b"2"})
        assert kept(cache, identity()) == {"some": b"2"}


def test_a_folder_without_permissions_is_as_good_as_none(private: Path) -> None:
    """Nothing in it is seen."""
    cache = Cache(private)
    write(cache, identity(), {"some": b"1"})
    private.chmod(0)
    assert kept(cache, identity()) is None
    assert cache.entries() == []
    with pytest.raises(CacheUnavailable, match="permission denied"):
        cache.write(identity(), VERSION)


def test_the_folder_is_where_the_user_has_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And without a home there is none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert default_folder() == tmp_path / "repoview"
        assert Cache().folder == tmp_path / "repoview"
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: Path("~/.x"))
    with pytest.raises(CacheUnavailable, match="no home folder"):
        Cache()


def test_a_python_without_sqlite_has_no_cache(tmp_path: Path) -> None:
    """It can be imported all the same."""
    script = (
        "import sys; sys.modules['sqlite3'] = None\n"
        "from repoview.core.cache import Cache, CacheUnavailable\n"
        "try: Cache(sys.argv[1])\n"
        "except CacheUnavailable as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == "nothing is cached: this Python has no SQLite\n"
    assert cache_file.HAS_SQLITE


def test_where_files_cannot_be_locked_only_old_parts_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recent one may still be written."""

    def refuse(fd: int, *, wait: bool) -> None:
        raise OSError(95, f"no locks on {fd} ({wait})")

    monkeypatch.setattr(atomic_file, "lock", refuse)
    cache = Cache(tmp_path)
    young, old = (tmp_path / f"{digit * 32}.part" for digit in "01")
    young.touch()
    old.touch()
    day_before_yesterday = time.time_ns() - 2 * 24 * 3_600 * 10**9
    os.utime(old, ns=(day_before_yesterday, day_before_yesterday))
    write(cache, identity(), {"some": b"1"})
    assert young.exists()
    assert not old.exists()
    assert kept(cache, identity()) == {"some": b"1"}


def test_where_nothing_has_owners_or_locks_it_works_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, which has neither, nor a second name for a file here."""

    def refuse(*_: object) -> None:
        raise OSError(1, "no links")

    monkeypatch.setattr(cache_folder, "_HAS_OWNERS", False)
    monkeypatch.setattr(cache_folder, "HAS_LOCKS", False)
    monkeypatch.setattr(atomic_file, "HAS_LOCKS", False)
    monkeypatch.setattr(os, "link", refuse)
    cache = Cache(tmp_path / "cache")
    write(cache, identity(), {"some": b"1"})
    cache.write(identity(), VERSION).close()
    assert kept(cache, identity()) == {"some": b"1"}
    assert len(files(cache)) == 1
