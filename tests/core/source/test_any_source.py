"""What is said of a repository does not depend on how its bytes come."""

from __future__ import annotations

import os
import threading
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.errors import SourceError
from repoview.core.opening.room import Room
from repoview.core.repo.repo import Repo
from repoview.corpus import LIGHT_CASES, sample
from tests.core.opened import opened
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.strategies import examples
from tests.vectors import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repoview.corpus import Case

# Sweeps: coverage of what they run is measured by the tests of each part.
pytestmark = pytest.mark.unmeasured

FILES = sorted((*ROOT.glob("**/*.car"), *ROOT.glob("indigo/*.repo")))[::9]


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    """Yield some bytes as a stream would give them."""
    return (data[start : start + size] for start in range(0, len(data), size))


def in_odd_pieces(data: bytes) -> Iterator[bytes]:
    """Yield some bytes in pieces of any size, at first one by one."""
    random = Random(len(data))  # noqa: S311 (repeatable)
    most = max(200, len(data) // 50)
    start = 0
    while start < len(data):
        size = 1 if start < 64 else random.randint(1, most)
        yield data[start : start + size]
        start += size


def outcome(target: Any, **options: Any) -> dict[str, object]:
    """Return all that is known of a repository but what it is called."""
    with opened(target, **options) as repo:
        return {
            **repo.report.to_json(),
            "source": None,
            "keys": list(repo.keys()),
            "records": [r.data for r in repo.records() if r.state == "sound"],
        }


def check(data: bytes, size: int, **options: Any) -> None:
    """See that a stream of pieces is read like the whole."""
    assert outcome(in_pieces(data, size), **options) == outcome(data, **options)


@pytest.mark.parametrize("case", LIGHT_CASES[::20], ids=lambda case: case.id)
def test_a_broken_stream_may_come_byte_by_byte(case: Case) -> None:
    """So that everything in it is cut somewhere."""
    data = case.build().data[:4_000]
    check(data, 1)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_files_of_others_stream(file: Path) -> None:
    """As they are read from disk."""
    check(file.read_bytes(), 1_000)


@examples(100)
@given(repositories(), st.integers(1, 3_000), st.sampled_from((700, 1 << 20)))
def test_generated_repositories_stream(data: bytes, size: int, chunk: int) -> None:
    """Sound or not, with much or little read at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        check(data, size)


@pytest.mark.parametrize("disk", [False, True])
def test_a_large_stream_is_kept(tmp_path: Path, disk: bool) -> None:
    """In memory, or on disk where there is leave; and nothing of it is left."""
    records = {f"com.example.note/{n:04}": {"x": "x" * 3_000} for n in range(900)}
    data = make_repo(records)  # type: ignore[arg-type]  # values of the data model
    room = Room(folder=(lambda: str(tmp_path)) if disk else None)
    assert outcome(in_pieces(data, 65_536), room=room) == outcome(data)
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_a_source() -> None:
    """Of any size."""
    data = make_repo(many(4_000))
    ours, theirs = os.pipe()

    def write() -> None:
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(data)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(ours, "rb") as pipe:
        assert outcome(pipe) == outcome(data)
    writer.join()


def test_a_stream_that_breaks_is_a_repository_that_is_cut() -> None:
    """What came is there, and why nothing more did is said."""
    data = sample().car().data

    def broken() -> Iterator[bytes]:
        yield data[:-30]
        raise SourceError("the server went away")

    with Repo.load(broken()) as repo:
        assert repo.report.exit_code in {10, 11}
        (found,) = [f for f in repo.report.findings if f.code == "CAR023"]
        assert "(the server went away)" in found.message
        assert len(repo) > 0
