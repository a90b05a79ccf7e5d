"""Facts about a walk that follows the reading: it changes nothing but the time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from repoview.core import limits
from repoview.core.findings.findings import Findings
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.source.opener import open_source
from repoview.core.verify.streaming_walk import StreamingWalk
from repoview.sample import write_sample
from tests.core.loading import load_all
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from repoview.core.kernel.seam import Batch
    from repoview.core.load.result import Progress


@pytest.fixture(autouse=True)
def small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read so little at a time that there is something to follow."""
    monkeypatch.setattr(limits, "READ_CHUNK", 5_000)


@cache
def sample(order: str, records: int = 2_000) -> bytes:
    """Return a repository whose blocks stand in *order*."""
    out = bytearray()
    write_sample(out.extend, records, order=order)  # type: ignore[arg-type]  # one of two
    return bytes(out)


def outcome(data: bytes) -> tuple[object, ...]:
    """Return all that is known of a repository."""
    with Repo.load(data) as repo:
        nodes = inside(repo).nodes
        return (
            repo.report.to_json(),
            list(repo.keys()),
            list(nodes.parents),
            list(nodes.ends),
            list(nodes.record_ends),
            bytes(nodes.depths),
        )


def without_following(patch: pytest.MonkeyPatch, data: bytes) -> object:
    """Return the same, walked when the whole file was read."""
    with patch.context() as context:
        context.setattr(StreamingWalk, "follow", lambda *_: None)
        return outcome(data)


@pytest.mark.unmeasured
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_following_changes_nothing(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order the blocks stand."""
    data = sample(order)
    assert outcome(data) == without_following(monkeypatch, data)


@pytest.mark.parametrize("cut", [60, 300, 20_000, 100_000, 400_000])
def test_a_cut_file_is_found_out_the_same(
    cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was walked before the end stays walked."""
    data = sample("preorder")[:cut]
    assert outcome(data) == without_following(monkeypatch, data)


@pytest.mark.unmeasured
@pytest.mark.parametrize("place", range(70, 300_000, 20_011))
def test_a_damaged_file_is_found_out_the_same(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the damage is."""
    data = bytearray(sample("preorder"))
    data[place] ^= 0x20
    assert outcome(bytes(data)) == without_following(monkeypatch, bytes(data))


def test_the_walk_keeps_up_with_the_reading() -> None:
    """When the file is read, nearly all records of a walk order are known."""
    data = sample("preorder")
    findings = Findings()
    batches: list[Batch] = []
    ahead = StreamingWalk(findings, batches.append)
    load_all(open_source(data), findings, ahead.follow)
    assert ahead.walk is not None
    batches.append(ahead.walk.state.take())
    assert sum(len(batch.rows) for batch in batches) > 1_900


def test_nothing_follows_a_root_that_is_no_commit() -> None:
    """It is judged when all is read."""
    data = make_repo(many(300))
    findings = Findings()
    # The root of this one is its commit's tree: there is no commit at all.
    with Repo.load(data) as repo:
        assert repo.commit is not None
        top = repo.commit.data
        root = repo.commit.cid
    assert top is not None
    ahead = StreamingWalk(findings, lambda _: None)
    load_all(open_source(data.replace(root.raw, top.raw)), findings, ahead.follow)
    assert ahead.walk is None


def test_a_cancel_while_following_ends_the_loading() -> None:
    """And closes what was opened."""

    def cancel(progress: Progress) -> None:
        if progress.done > 50_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Repo.load(sample("preorder"), report=cancel)
