"""Facts about crashes, full disks, and others who use the cache at the same time.

``python -m tests.fuzz.cache_kill`` kills many more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repoview.core.cache import Cache, CacheUnavailable
from tests.core.caches import files, identity, kept, write
from tests.fuzz import cache_kill
from tests.fuzz.cache_kill import SOURCE, Rounds, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHOUT_KERNEL = True

ROOT = Path(__file__).resolve().parents[3]


def test_a_killed_writer_leaves_the_old_or_the_new_and_no_garbage(
    tmp_path: Path,
) -> None:
    """Wherever it is killed."""
    failures, rounds = cache_kill.run(tmp_path, 20_260, range(8))
    assert failures == []
    assert rounds.killed == 8


def test_the_script_ends_as_a_program_should(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 when all is well, with a line that says what was done."""
    assert cache_kill.main(["--count", "2"]) == 0
    assert "2 processes, 2 killed" in capsys.readouterr().out


def test_writers_and_readers_of_one_entry_do_not_disturb_each_other(
    tmp_path: Path,
) -> None:
    """A reader always gets a complete entry."""
    rounds = Rounds(tmp_path, 1)
    folder = tmp_path / "shared"
    cache = Cache(folder)
    write(cache, SOURCE, whole(0))
    with rounds.start(folder, 0, 0) as one, rounds.start(folder, 1000, 0) as other:
        try:
            for process in (one, other) * 30:
                assert process.stdout is not None
                assert process.stdout.read(20)
                found = kept(cache, SOURCE)
                assert found is not None
                assert found == whole(int(found["number"]))
        finally:
            one.kill()
            other.kill()
    write(cache, SOURCE, whole(0))
    assert len(files(cache)) == 1


# Full disks

SCRIPT = """
import sys
from repoview.core.cache import Cache, CacheUnavailable
from tests.core.caches import contents, identity, kept, write

cache = Cache(sys.argv[1])
write(cache, identity("/small"), {"some": b"1"})
if sys.argv[2:]:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    write(cache, identity("/large"), {"some": bytes(8 << 20)})
except CacheUnavailable as error:
    print(error)
assert kept(cache, identity("/small")) == {"some": b"1"}
assert kept(cache, identity("/large")) is None
assert len(list(cache.folder.iterdir())) == 2
write(cache, identity("/small"), {"some": b"2"})
assert kept(cache, identity("/small")) == {"some": b"2"}
"""


def fill(folder: Path, *limit: int) -> str:
    """Write more than fits in a process of its own; return what it was told."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), *map(str, limit)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("limit", [120_000, 1_000_000, 5_000_000])
def test_a_file_that_may_not_grow_is_told_in_one_sentence(
    tmp_path: Path, limit: int
) -> None:
    """What was there stays, nothing is left over, and it goes on when it can."""
    said = fill(tmp_path / "cache", limit)
    assert said.startswith(f"nothing is cached in {tmp_path / 'cache'}: ")
    assert said.count("\n") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    what = ["-t", "tmpfs", "-o", "size=2M,mode=700", "tmpfs", str(folder)]
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("there is no mount")
    if subprocess.run([mount, *what], capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


def test_a_full_disk_is_told_in_one_sentence(small_disk: Path) -> None:
    """What was there stays, nothing is left over, and it goes on when it can."""
    said = fill(small_disk / "cache")
    assert "full" in said
    assert said.count("\n") == 1


def test_a_disk_without_a_byte_left_is_no_more_than_no_cache(small_disk: Path) -> None:
    """Not even a folder and a key fit."""
    with (small_disk / "rest").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4_096)):
                pass
        except OSError:
            assert os.statvfs(small_disk).f_bfree == 0
    cache = Cache(small_disk / "cache")
    with pytest.raises(CacheUnavailable, match="nothing is cached in"):
        write(cache, identity(), {"some": b"1"})
    assert kept(cache, identity()) is None
    (small_disk / "rest").unlink()
    write(cache, identity(), {"some": b"1"})
    assert kept(cache, identity()) == {"some": b"1"}
    assert len(files(cache)) == 1
