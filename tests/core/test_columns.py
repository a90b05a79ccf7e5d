"""Facts about columns on disk: they answer as those in memory do."""

from __future__ import annotations

import resource
import subprocess
import sys
from array import array
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview.core import columns
from repoview.core.columns import (
    DiskBytes,
    DiskNumbers,
    disk_bytes,
    held_bytes,
    spilled,
)
from repoview.core.errors import SourceError
from repoview.core.opening import Room
from repoview.core.repo import Repo
from repoview.sample import write_sample
from tests.fuzz.repositories import repositories

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kernel_under_test() -> None:
    """Columns know no kernel: run each test once."""


@settings(max_examples=150)
@given(
    st.sampled_from("BIQ"),
    st.lists(st.integers(0, 255), max_size=60),
    st.lists(
        st.tuples(
            st.sampled_from(("extend", "set", "get", "slice")),
            st.lists(st.integers(0, 255), max_size=30),
            st.integers(0, 200),
            st.integers(0, 200),
        ),
        max_size=25,
    ),
)
def test_a_column_on_disk_is_like_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory,
    code: str,
    begin: list[int],
    steps: list[tuple[str, list[int], int, int]],
) -> None:
    """Whatever is done to both, in any order; with pages of a few items."""
    plain: Any = bytearray(begin) if code == "B" else array(code, begin)
    folder = str(tmp_path_factory.getbasetemp())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "PAGE", 32)
        patch.setattr(columns, "PAGES", 2)
        other: Any = spilled(type(plain)(plain) if code == "B" else plain[:], folder)
        for what, some, one, two in steps:
            if what == "extend":
                plain.extend(bytes(some) if code == "B" else array(code, some))
                other.extend(bytes(some) if code == "B" else array(code, some))
            elif what == "set" and plain:
                plain[one % len(plain)] = other[one % len(plain)] = two
            elif what == "get" and plain:
                at = one % len(plain)
                assert other[at] == plain[at]
                assert other[-1] == plain[-1]
            else:
                assert other[one:two] == plain[one:two]
            assert len(other) == len(plain)
        assert list(other) == list(plain)
        for value in set(plain):
            assert other.index(value) == plain.index(value)
        with pytest.raises(ValueError, match="not in"):
            other.index(256)
        with pytest.raises(IndexError):
            other[-len(plain) - 1]
        used = other.bytes_used
        assert used <= 32 + 3 * 32
        assert held_bytes(plain, other) == used + len(plain) * (
            plain[:0].itemsize if code != "B" else 1
        )
        assert disk_bytes(plain, other) == other.disk_used


def test_what_is_on_disk_stays_there(tmp_path: Path) -> None:
    """To spill again changes nothing, and no name is left in the folder."""
    numbers = spilled(array("I", range(100_000)), str(tmp_path))
    assert spilled(numbers, str(tmp_path)) is numbers
    assert isinstance(numbers, DiskNumbers)
    assert isinstance(spilled(bytearray(b"x"), str(tmp_path)), DiskBytes)
    assert numbers[99_999] == 99_999
    assert list(tmp_path.iterdir()) == []


def test_without_pread_the_same_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On systems that have none."""
    monkeypatch.setattr(columns, "_HAS_PREAD", False)
    numbers = spilled(array("Q", range(50_000)), str(tmp_path))
    assert numbers[12_345] == 12_345
    assert numbers[40_000:40_002] == array("Q", [40_000, 40_001])


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the way out."""
    with pytest.raises(SourceError, match="--cache-dir"):
        spilled(bytearray(b"x"), str(tmp_path / "gone"))


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """By the one who writes, as an error of ours."""
    code = (
        "import resource, signal, sys\n"
        "from array import array\n"
        "from repoview.core.columns import spilled\n"
        "from repoview.core.errors import SourceError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "column = spilled(bytearray(), sys.argv[1])\n"
        "try:\n"
        "    for _ in range(100):\n"
        "        column.extend(bytes(10_000))\n"
        "except SourceError as error:\n"
        "    print(error)\n"
    )
    assert resource.RLIMIT_FSIZE is not None
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot keep the index on disk: file too large" in done.stdout


# Repositories


def outcome(data: bytes, room: Room) -> dict[str, object]:
    """Return all that can be asked of a repository."""
    with Repo.load(data, room=room) as repo:
        nodes = repo.tree.nodes
        columns = (
            nodes.rows,
            nodes.depths,
            nodes.distances,
            nodes.kinds,
            nodes.parents,
            nodes.ends,
            nodes.first_records,
            nodes.record_ends,
        )
        keys = [bytes(repo.index.key(n)) for n in range(len(repo))]
        return {
            "report": repo.report.to_json(),
            "keys": list(repo.keys()),
            "collections": repo.collections,
            "nodes": [list(column) for column in columns],
            "found": [repo.index.find(key) for key in keys[:50]],
            "searched": [repo.search(needle) for needle in ("a", "", "5", "zzz")],
            "missing": list(repo.index.missing.items()),
            "tree": [list(repo.tree.children(n)) for n in range(min(len(nodes), 50))],
        }


@settings(max_examples=60)
@given(repositories())
def test_a_repository_on_disk_is_like_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """From its first byte on."""
    folder = str(tmp_path_factory.getbasetemp())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("repoview.core.opening.SPILL_FROM", 0.0)
        patch.setattr(columns, "PAGE", 64)
        assert outcome(data, Room(folder=lambda: folder)) == outcome(data, Room())


@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
@pytest.mark.parametrize("memory", [2_400_000, 3_000_000, 4_000_000])
def test_a_large_repository_on_disk_is_like_one_in_memory(
    tmp_path: Path, order: str, memory: int
) -> None:
    """Wherever it spills, in the reading or in the walk."""
    out = bytearray()
    write_sample(out.extend, 20_000, order=order)  # type: ignore[arg-type]  # one of two
    data = bytes(out)
    room = Room(memory, lambda: str(tmp_path))
    assert outcome(data, room) == outcome(data, Room())
    assert list(tmp_path.iterdir()) == []
