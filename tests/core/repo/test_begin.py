"""Facts about an opening: how far it is, whatever it is of."""

from __future__ import annotations

from dataclasses import replace
from io import FileIO
from typing import TYPE_CHECKING

import pytest

from repoview.core.errors import Cancelled, RepoviewError, SourceError
from repoview.core.opening import cache_policy
from repoview.core.opening.cache_policy import CachePolicy
from repoview.core.opening.opening import Opening, State
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.repo import finish
from repoview.core.source.source import FileSource
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.load.result import Progress


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A repository of many blocks."""
    path = tmp_path / "repo.car"
    path.write_bytes(make_repo(many(1_000)))
    return path


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenOptions:
    """Options with a cache that takes small files too."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    return OpenOptions(cache=CachePolicy(lambda: str(tmp_path / "cache")))


def test_an_opening_is_reading_until_all_steps_are_taken(path: Path) -> None:
    """What is known grows, and is all there in the end."""
    opening = begin(path, OpenOptions(eager=True, threads=1))
    assert opening.opened is None
    while opening.state is State.READING:
        opening.advance()
    assert opening.state is State.DONE
    assert opening.known is opening.opened
    with finish(opening) as repo:
        assert len(repo) == 1_000
        assert not repo.from_cache


def test_a_file_that_cannot_be_read_is_closed(path: Path) -> None:
    """To begin reads nothing, and the first step ends it."""
    file = FileIO(path, "a")
    opening = Opening(FileSource("x", file, path.stat()))
    with pytest.raises(SourceError, match="cannot read x"):
        opening.run()
    assert file.closed


def test_to_go_on_after_the_end_does_nothing(path: Path) -> None:
    """Also when it is asked for again and again."""
    opening = begin(path, OpenOptions())
    opened = opening.run()
    opening.advance()
    assert opening.run() is opened
    opening.close()


def test_what_is_known_from_the_cache_takes_no_steps(
    path: Path, cached: OpenOptions
) -> None:
    """It is all there at once."""
    finish(begin(path, cached), keeps=True).close()
    opening = begin(path, cached)
    assert opening.state is State.FROM_CACHE
    assert len(opening.known.records) == 1_000
    with finish(opening) as repo:
        assert repo.from_cache
        assert len(repo) == 1_000


def test_what_was_read_is_kept_once(path: Path, cached: OpenOptions) -> None:
    """However often that is asked for; what came from the cache is not."""
    stages: list[str] = []
    for state, kept in ((State.DONE, {"keep"}), (State.FROM_CACHE, set())):
        opening = begin(path, cached)
        opening.run()
        assert opening.state is state
        opening.keep(lambda progress: stages.append(progress.stage))
        assert set(stages) == kept
        stages.clear()
        opening.keep(lambda progress: stages.append(progress.stage))
        assert stages == []
        opening.close()


def test_what_ends_the_keeping_closes_the_opening(
    path: Path, cached: OpenOptions
) -> None:
    """As what ends the reading does."""
    opening = begin(path, cached)
    opening.run()

    def stop(_: Progress) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        opening.keep(stop)
    with pytest.raises(SourceError, match="closed"):
        opening.source.read_at(0, 1)
    again = begin(path, cached)
    assert again.state is State.READING
    again.close()


def test_a_function_is_run_on_what_is_read_whatever_is_kept(
    path: Path, cached: OpenOptions
) -> None:
    """So the repository is not from the cache, and does not say so."""
    finish(begin(path, cached), keeps=True).close()
    opening = begin(path, replace(cached, process=lambda data: data[:1]))
    assert opening.state is State.READING
    with finish(opening, keeps=True) as repo:
        assert not repo.from_cache
        assert repo.record(0).processed == repo.record(0).data[:1]
    with finish(begin(path, cached)) as repo:
        assert repo.from_cache
        assert repo.record(0).processed is None


def test_a_small_file_is_one_state_of_it_while_it_is_verified(tmp_path: Path) -> None:
    """Who writes into it meanwhile is noticed when a record is read afterwards."""
    path = tmp_path / "a.car"
    path.write_bytes(data := make_repo(many(40)))
    opening = begin(path, OpenOptions())
    opening.advance()
    path.write_bytes(bytes(len(data)))
    with finish(opening) as repo:
        assert repo.verdict == "sound"
        assert len(repo) == 40
        with pytest.raises(RepoviewError):
            _ = repo.record(0).data
