"""Other projects' files: what is known of each must come out.

The facts are those that come with the vectors; see `tests.vectors`.
"""

from __future__ import annotations

import gzip
import json
from typing import Any, NamedTuple

import pytest

from repoview.core.findings.findings import Profile
from repoview.core.formats.dagcbor.strict import diagnose
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from tests.vectors import ROOT, needs_vectors, vector

pytestmark = needs_vectors


class Known(NamedTuple):
    """What is known of a repository file."""

    records: int
    version: int
    verdict: str = "sound"
    unlinked: int = 0
    duplicates: int = 0
    missing_nodes: int = 0
    missing_records: int = 0
    order: str = "mixed"


FILES = {
    "repo-stream/empty.car": Known(0, 3, order="preorder"),
    "repo-stream/tiny.car": Known(8, 3),
    "repo-stream/little.car": Known(278, 3),
    "indigo/paul_staging.repo.car": Known(185, 2, unlinked=215, duplicates=6),
    "indigo/fakermaker.repo.car": Known(142, 2, unlinked=506, duplicates=8),
    "indigo/divy.repo": Known(6, 2),
    "indigo/repo_slice.car": Known(
        5, 2, "incomplete", missing_nodes=1, missing_records=4
    ),
}


def load(name: str, checks: Checks | None = None) -> Repo:
    """Load a vector file from memory, so that nothing stays open."""
    return Repo.load(vector(name).read_bytes(), checks=checks)


@pytest.mark.parametrize("name", FILES)
def test_a_real_repository_is_read_as_it_is_known(name: str) -> None:
    """Records, version, what is unlinked, doubled or missing, and the verdict."""
    known = FILES[name]
    report = load(name).report
    counts = report.counts
    assert report.commit is not None
    assert known == Known(
        counts.records,
        report.commit.version or 0,
        report.verdict,
        counts.unlinked_blocks,
        counts.duplicate_blocks,
        counts.missing_nodes,
        counts.missing_records,
        report.order or "",
    )
    assert report.complete is (known.verdict == "sound")


@pytest.mark.parametrize(
    ("name", "size"),
    [("repo-stream/tiny.car", 2_071), ("repo-stream/little.car", 246_960)],
)
def test_the_bytes_of_all_records_add_up(name: str, size: int) -> None:
    """As another reader counts them."""
    repo = load(name)
    assert sum(len(record.data) for record in repo.records()) == size
    assert sum(collection.bytes for collection in repo.collections) == size
    assert repo.get("app.bsky.actor.profile/self") is not None


def test_real_records_are_nested_eighteen_deep() -> None:
    """Counting the value at the bottom: a bound of 32 is not generous."""
    repo = load("repo-stream/little.car")
    deepest = 0
    for record in repo.records():
        spans = diagnose(record.data, annotate=True).spans
        deepest = max(deepest, *(span.depth for span in spans))
    assert deepest + 1 == 18


def test_a_slice_may_lack_what_it_lacks() -> None:
    """Expected so, the same file is sound and still not complete."""
    report = load("indigo/repo_slice.car", Checks(expect="slice")).report
    assert (report.verdict, report.exit_code, report.complete) == ("sound", 0, False)


def trees() -> list[str]:
    """Return the names of the trees without a commit."""
    return sorted(path.name for path in (ROOT / "mst-suite/cars").glob("*.car"))


@pytest.mark.parametrize("name", trees())
def test_a_tree_without_a_commit_is_sound_as_a_tree(name: str) -> None:
    """Canonical in every way: built again from its keys, it is the same."""
    checks = Checks(profile=Profile.MST_ONLY, rebuild=True)
    report = load(f"mst-suite/cars/{name}", checks).report
    assert (report.verdict, report.exit_code) == ("sound", 0)
    assert report.complete is True


def test_a_tree_without_a_commit_is_no_repository() -> None:
    """By the default rules there is none, and the tree is shown all the same."""
    repo = load("mst-suite/cars/exhaustive_017.car")
    assert (repo.verdict, repo.report.exit_code) == ("unreadable", 12)
    assert "COM002" in {found.code for found in repo.report.findings}
    assert len(repo) > 0


def test_the_records_of_two_trees_differ_as_they_are_known_to() -> None:
    """4,128 pairs: the same records are created, changed and deleted."""
    loaded: dict[str, dict[str, str]] = {}

    def records(path: str) -> dict[str, str]:
        name = path.rpartition("/")[2]
        if name not in loaded:
            checks = Checks(profile=Profile.MST_ONLY)
            repo = load(f"mst-suite/cars/{name}", checks)
            loaded[name] = {r.path: str(r.cid) for r in repo.records()}
        return loaded[name]

    with gzip.open(vector("mst-suite/diff-cases.jsonl.gz")) as lines:
        for line in lines:
            case: dict[str, Any] = json.loads(line)
            old = records(case["inputs"]["mst_a"])
            new = records(case["inputs"]["mst_b"])
            ops = [
                {"rpath": p, "old_value": old.get(p), "new_value": new.get(p)}
                for p in sorted(old.keys() | new.keys())
                if old.get(p) != new.get(p)
            ]
            assert ops == sorted(case["results"]["record_ops"], key=_path)


def _path(operation: dict[str, str]) -> str:
    return operation["rpath"]
