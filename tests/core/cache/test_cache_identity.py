"""Facts about how a file is known again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import SourceError
from repoview.core.file_identity import ENDS, SAMPLE, SAMPLES, _places, identify

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_KERNEL = True

LARGE = 4 << 20
READ = 2 * ENDS + SAMPLES * SAMPLE


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of which not every byte is read."""
    path = tmp_path / "source"
    path.write_bytes(os.urandom(LARGE))
    return path


def change(path: Path, offset: int) -> None:
    """Change one byte, and put the time back."""
    facts = path.stat()
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes((byte ^ 1,)))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def test_a_file_is_itself(source: Path) -> None:
    """By path, by a link to it, and by an open descriptor."""
    link = source.with_name("link")
    link.symlink_to(source)
    identity = identify(source)
    assert identity.path == str(source)
    assert identify(link) == identity
    assert identity.matches(source.stat())
    with source.open("rb") as file:
        assert identify(source, file.fileno()) == identity


def test_the_open_file_counts_and_not_what_took_its_place(source: Path) -> None:
    """For that is what was read."""
    with source.open("rb") as file:
        other = source.with_name("other")
        other.write_bytes(b"other")
        other.replace(source)
        assert identify(source, file.fileno()).size == LARGE
        assert identify(source).size == 5


@pytest.mark.parametrize("offset", [0, ENDS - 1, LARGE // 3, LARGE - 1])
def test_a_changed_byte_is_noticed_though_the_time_was_put_back(
    source: Path, offset: int
) -> None:
    """By the time of the status change, which cannot be set."""
    before = identify(source)
    change(source, offset)
    after = identify(source)
    assert (before.size, before.mtime_ns) == (after.size, after.mtime_ns)
    assert before != after
    assert not before.matches(source.stat())


@pytest.mark.parametrize(
    "offset",
    [0, ENDS - 1, LARGE - ENDS, LARGE - 1, *(at for at, _ in _places(LARGE))],
)
def test_the_sample_alone_notices_a_byte_that_is_in_it(
    source: Path, offset: int
) -> None:
    """Whatever the times say."""
    before = identify(source)
    change(source, offset)
    assert identify(source).sample != before.sample


def test_size_time_and_inode_count(source: Path, tmp_path: Path) -> None:
    """Each of them alone."""
    before = identify(source)
    copy = tmp_path / "copy"
    copy.write_bytes(source.read_bytes())
    os.utime(copy, ns=(before.mtime_ns, before.mtime_ns))
    copy.replace(source)
    assert identify(source).inode != before.inode
    os.utime(source, ns=(0, 0))
    assert identify(source).mtime_ns == 0
    os.truncate(source, LARGE - 1)
    assert identify(source).size == LARGE - 1


@given(st.integers(0, 1 << 45) | st.integers(-99, 99).map(lambda n: READ + n))
def test_places_are_inside_the_file_in_order_and_few(size: int) -> None:
    """So that every size costs about the same; and small files are read whole."""
    places = list(_places(size))
    end = 0
    for offset, length in places:
        assert offset >= end
        end = offset + length
    assert end == size
    assert places[0][0] == 0
    assert sum(length for _, length in places) == min(size, READ)


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe without a writer does not block."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "absent", "a\0b"):
        with pytest.raises(SourceError):
            identify(path)
