"""Facts about columns: on disk they answer as in memory, and leave nothing there."""

from __future__ import annotations

import gc
import os
import stat
import subprocess
import sys
import tempfile
import threading
from array import array
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from repoview.core.errors import SourceError
from repoview.core.storage import columns, page_cache, positional_file
from repoview.core.storage.columns import DiskBytes, DiskNumbers, Spill, bytes_used
from repoview.core.storage.page_cache import PIECE, PIECES, Pieces
from repoview.core.storage.spill_file import SpillFile

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = "BHIQ"
FULL = Path("/dev/full")


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: no kernel knows columns."""


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a piece be so small that a few items fill it."""
    shrink(monkeypatch)


def shrink(patch: pytest.MonkeyPatch) -> None:
    """Let a piece have 64 bytes."""
    patch.setattr(page_cache, "PIECE", 64)
    patch.setattr(columns, "PIECE", 64)
    patch.setattr(columns, "_WRITTEN", 192)


def some(code: str, count: int, seed: int) -> Any:
    """Return *count* items, different wherever they stand."""
    most = 256 ** array(code).itemsize
    items = [(seed + 7_919 * n * n) % most for n in range(count)]
    return bytes(items) if code == "B" else array(code, items)


class Columns(RuleBasedStateMachine):
    """Does the same to columns in memory, and to such as leave it."""

    has_pread = True

    @initialize(codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=4))
    def begin(self, codes: list[str]) -> None:
        """Begin in memory, with nothing."""
        self.patch = pytest.MonkeyPatch()
        shrink(self.patch)
        self.patch.setattr(positional_file, "_HAS_PREAD", self.has_pread)
        self.folder = tempfile.TemporaryDirectory()
        self.spill: Spill | None = None
        self.codes = codes
        self.plain = [self.empty(code) for code in codes]
        self.tried = [self.empty(code) for code in codes]

    @staticmethod
    def empty(code: str) -> Any:
        """Return a column in memory."""
        return bytearray() if code == "B" else array(code)

    @rule(which=st.integers(0, 3))
    def leave_memory(self, which: int) -> None:
        """One column goes to disk, now or again."""
        which %= len(self.codes)
        self.spill = self.spill or Spill(self.folder.name)
        self.tried[which] = self.spill.take(self.tried[which])

    @rule(which=st.integers(0, 3), count=st.integers(0, 700), seed=st.integers(0, 99))
    def append(self, which: int, count: int, seed: int) -> None:
        """A few items more, or many pieces of them."""
        which %= len(self.codes)
        items = some(self.codes[which], count, seed)
        self.plain[which].extend(items)
        self.tried[which].extend(items)

    @rule(which=st.integers(0, 3), item=st.integers(0, 255))
    def append_one(self, which: int, item: int) -> None:
        """One item more."""
        which %= len(self.codes)
        self.plain[which].append(item)
        self.tried[which].append(item)

    @precondition(lambda self: any(self.plain))
    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        """Write to one place."""
        which = data.draw(st.sampled_from([n for n, c in enumerate(self.plain) if c]))
        size = len(self.plain[which])
        place = data.draw(st.integers(-size, size - 1))
        value = data.draw(st.integers(0, 255))
        self.plain[which][place] = value
        self.tried[which][place] = value

    @precondition(lambda self: any(self.plain))
    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        """Look at one place, and for what stands there."""
        which = data.draw(st.sampled_from([n for n, c in enumerate(self.plain) if c]))
        size = len(self.plain[which])
        place = data.draw(st.integers(-size, size - 1))
        value = self.plain[which][place]
        assert self.tried[which][place] == value
        assert self.tried[which].index(value) == self.plain[which].index(value)

    @rule(
        which=st.integers(0, 3),
        start=st.none() | st.integers(-800, 800),
        stop=st.none() | st.integers(-800, 800),
    )
    def slice(self, which: int, start: int | None, stop: int | None) -> None:
        """Take some out, of the type that the column is of."""
        which %= len(self.codes)
        found = self.tried[which][start:stop]
        assert found == self.plain[which][start:stop]
        assert isinstance(found, (bytes, bytearray)) == (self.codes[which] == "B")

    @rule(which=st.integers(0, 3), beyond=st.integers(0, 100))
    def look_beyond(self, which: int, beyond: int) -> None:
        """There is nothing in front of the first, or behind the last."""
        column = self.tried[which % len(self.codes)]
        for place in (len(column) + beyond, -len(column) - 1 - beyond):
            with pytest.raises(IndexError):
                column[place]
            with pytest.raises(IndexError):
                column[place] = 0

    @invariant()
    def all_is_the_same(self) -> None:
        """Whatever was done."""
        for plain, tried in zip(self.plain, self.tried, strict=True):
            assert list(tried) == list(plain)
            assert len(tried) == len(plain)
            assert tried[:] == plain

    @invariant()
    def memory_is_bounded(self) -> None:
        """By less than a piece of each, and those that were read last."""
        if self.spill is None:
            return
        assert self.spill.pieces.bytes_used <= 64 * PIECES
        for column in self.tried:
            if isinstance(column, (DiskNumbers, DiskBytes)):
                assert column.bytes_used < 64 + column.disk_used // 8 + 1
                assert column.disk_used <= self.spill.disk_used

    def teardown(self) -> None:
        """Nothing was ever to be seen on disk."""
        assert os.listdir(self.folder.name) == []  # noqa: PTH208 (names are enough)
        if self.spill is not None:
            self.spill.close()
        self.folder.cleanup()
        self.patch.undo()


class ColumnsWithoutPread(Columns):
    """The same where files can only be read at a position."""

    has_pread = False


TestColumns = Columns.TestCase
TestColumnsWithoutPread = ColumnsWithoutPread.TestCase


# Over the bytes of others


@given(
    st.sampled_from("HIQ"), st.integers(0, 90), st.integers(0, 40), st.integers(1, 3)
)
def test_a_column_can_be_laid_over_bytes(
    code: str, count: int, offset: int, most: int
) -> None:
    """All of them, from where they begin."""
    items = some(code, count, 3)
    kept = os.urandom(offset) + items.tobytes() + b"behind"
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        held = Pieces(most)
        column = DiskNumbers.over(
            code,
            lambda at, length: kept[at : at + length],
            offset,
            items.itemsize * count,
            held,
        )
        assert list(column) == list(items)
        assert [column[place] for place in range(-count, count)] == 2 * list(items)
        assert column[:] == items
        assert column[count // 3 : count] == items[count // 3 :]
        assert len(column) == count
        assert held.bytes_used <= 64 * most
        assert (column.bytes_used, column.disk_used) == (0, 0)


def test_bytes_are_asked_for_once_while_they_are_read_in_order() -> None:
    """Also item by item, and by several columns in turn."""
    kept = os.urandom(5 * PIECE)
    asked: list[tuple[int, int]] = []

    def read_at(offset: int, length: int) -> bytes:
        asked.append((offset, length))
        return kept[offset : offset + length]

    held = Pieces(2)
    one = DiskBytes.over(read_at, 10, 3 * PIECE + 5, held)
    other = DiskBytes.over(read_at, 99, PIECE, held)
    step = PIECE // 8
    for start in range(0, 3 * PIECE, step):
        assert one[start + step - 1] == kept[10 + start + step - 1]
        assert one[start : start + step] == kept[10 + start : 10 + start + step]
        assert other[start % PIECE] == kept[99 + start % PIECE]
    assert one[3 * PIECE :] == kept[10 + 3 * PIECE : 15 + 3 * PIECE]
    assert len(asked) == len(set(asked)) == 5
    assert asked[-1] == (10 + 3 * PIECE, 5)


def test_long_slices_do_not_push_out_what_is_read_often() -> None:
    """They are read as they are."""
    kept = os.urandom(9 * PIECE)
    asked = []

    def read_at(offset: int, length: int) -> bytes:
        asked.append(offset)
        return kept[offset : offset + length]

    column = DiskBytes.over(read_at, 0, len(kept), Pieces(1))
    assert column[7] == kept[7]
    assert column[5 : 8 * PIECE] == kept[5 : 8 * PIECE]
    assert list(column) == list(kept)
    del asked[:]
    assert column[8] == kept[8]
    assert asked == []


def test_the_bytes_of_others_are_read_only() -> None:
    """And stay as they are."""
    kept = b"\1\2\3\4"
    column = DiskBytes.over(lambda at, n: kept[at : at + n], 0, 4, Pieces())
    with pytest.raises(TypeError, match="read only"):
        column.extend(b"x")
    with pytest.raises(TypeError, match="read only"):
        column.append(7)
    with pytest.raises(TypeError, match="read only"):
        column[0] = 7
    assert column[:] == kept


def test_bytes_that_are_gone_are_noticed() -> None:
    """Fewer than were asked for are an error, and no end."""
    column = DiskBytes.over(lambda _, length: bytes(length - 1), 0, 4, Pieces())
    with pytest.raises(SourceError, match="it is shorter than it was"):
        column[0]
    with pytest.raises(SourceError, match="it is shorter than it was"):
        column[:]


def test_what_reading_raises_is_passed_on() -> None:
    """And asking again is possible."""
    faults = [OSError("no"), OSError("never")]

    def read_at(offset: int, length: int) -> bytes:
        if faults:
            raise faults.pop()
        return bytes(range(offset, offset + length))

    column = DiskBytes.over(read_at, 3, 2, Pieces())
    with pytest.raises(OSError, match="never"):
        column[1]
    with pytest.raises(OSError, match="no"):
        column[:]
    assert column[1] == 4


# Threads


@pytest.mark.usefixtures("small_pieces")
def test_threads_read_while_one_writes(tmp_path: Path) -> None:
    """Whatever is there by then is right."""
    folder = Spill(str(tmp_path))
    squares: Any = folder.take(array("Q"))
    low: Any = folder.take(bytearray())
    wrong: list[object] = []
    done = threading.Event()

    def read(seed: int) -> None:
        place = seed
        while not done.is_set():
            size = len(low)
            if not size:
                continue
            place = (place * 31 + 17) % size
            part = squares[place : place + 20]
            if squares[place] != place * place or part[0] != place * place:
                wrong.append((place, squares[place], part))
            if low[place] not in {place % 256, 7}:
                wrong.append((place, low[place]))

    readers = [threading.Thread(target=read, args=(n,)) for n in range(3)]
    for reader in readers:
        reader.start()
    for start in range(0, 30_000, 50):
        numbers = range(start, start + 50)
        squares.extend(array("Q", [n * n for n in numbers]))
        low.extend(bytes(n % 256 for n in numbers))
        low[start // 2] = 7
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert low.index(7) == 0


# Disks


def open_files(folder: Path) -> list[int]:
    """Return what this process has open in a folder, by descriptor."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        # The one that lists them is closed by now.
        with suppress(FileNotFoundError):
            if os.readlink(each).startswith(f"{folder}/"):  # noqa: PTH115 (a word)
                found.append(int(each.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its open files")
def test_the_file_is_nameless_private_and_closed_when_nobody_has_it(
    tmp_path: Path,
) -> None:
    """From the first, and without being told."""
    file = SpillFile(str(tmp_path))
    file.append(b"x" * 10)
    (number,) = open_files(tmp_path)
    facts = os.fstat(number)
    assert stat.S_IMODE(facts.st_mode) == 0o600
    assert (facts.st_nlink, facts.st_size) == (0, 10)
    assert list(tmp_path.iterdir()) == []
    del file
    gc.collect()
    assert open_files(tmp_path) == []


def test_a_closed_file_says_so(tmp_path: Path) -> None:
    """Whatever is done with it; closing it again is fine."""
    file = SpillFile(str(tmp_path))
    file.append(b"x")
    file.close()
    file.close()
    with pytest.raises(SourceError, match="cannot be read: the file there was closed"):
        file.read_at(0, 1)
    with pytest.raises(SourceError, match="was closed"):
        file.append(b"x")


@pytest.mark.parametrize("has_pread", [True, False])
def test_a_file_that_lost_its_end_says_so(
    tmp_path: Path, has_pread: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never gives fewer bytes than it was asked for."""
    monkeypatch.setattr(positional_file, "_HAS_PREAD", has_pread)
    file = SpillFile(str(tmp_path))
    file.append(b"some bytes")
    with pytest.raises(SourceError, match="what was written there is gone"):
        file.read_at(5, 6)
    assert file.read_at(5, 5) == b"bytes"


def test_a_folder_that_cannot_be_made_is_named_as_the_reason(tmp_path: Path) -> None:
    """With what to do about it."""
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match=r"on disk: not a directory; .*--cache-dir"):
        Spill(str(tmp_path / "file" / "folder"))


def test_a_folder_that_is_not_there_is_made_for_this_user_only(tmp_path: Path) -> None:
    """As what is put there is."""
    Spill(str(tmp_path / "new" / "folder"))
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every file be on a disk that has no room."""
    if not FULL.exists():
        pytest.skip("no device that is always full")
    monkeypatch.setattr(
        tempfile, "TemporaryFile", lambda **_: FULL.open("r+b", buffering=0)
    )
    yield
    gc.collect()


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("has_pread", [True, False])
def test_a_full_disk_leaves_a_column_as_it_was(
    has_pread: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In memory, where it can still be read and added to."""
    monkeypatch.setattr(positional_file, "_HAS_PREAD", has_pread)
    column = some("I", PIECE, 1)
    expected = array("I", column)
    with pytest.raises(SourceError, match="no space left on device; make room"):
        Spill("anywhere").take(column)
    assert column == expected
    column.append(1)
    assert bytes_used(column, bytearray(3)) == 4 * PIECE + 7


@pytest.mark.usefixtures("full_disk")
def test_what_a_full_disk_does_not_take_can_still_be_read() -> None:
    """It waits in memory."""
    column: Any = Spill("anywhere").take(bytearray(b"first"))
    for _ in range(2):
        with pytest.raises(SourceError, match="no space left"):
            column.extend(bytes(PIECE))
    assert len(column) == 5 + 2 * PIECE
    assert column[:6] == b"first\0"


BOUNDED = """
import resource, signal, sys
from array import array
from repoview.core.storage.columns import Spill
from repoview.core.errors import SourceError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
spill = Spill(sys.argv[1])
column = spill.take(array("Q"))
count, refused = 0, 0
while refused < 3:
    part = array("Q", range(count, count + 5_000))
    count += len(part)
    try:
        column.extend(part)
    except SourceError as error:
        refused += 1
        assert "file too large" in str(error), error
assert list(column) == list(range(count))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
column.extend(array("Q", [count]))
assert list(column) == list(range(count + 1))
assert column.bytes_used < 70_000, column.bytes_used
print(spill.disk_used)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="bounds files as POSIX does")
def test_a_column_goes_on_once_there_is_room(tmp_path: Path) -> None:
    """A disk took a part of what it was given, then no more, then more again."""
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1_000_000
    assert list(tmp_path.iterdir()) == []
