"""Facts about the examples of the docs: each does what it says, on the sample."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import repoview
from repoview.sample import write_sample

if TYPE_CHECKING:
    from types import ModuleType

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "examples"


def example(name: str) -> ModuleType:
    """Return an example as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a sample repository."""
    path = tmp_path_factory.mktemp("examples") / "sample.car"
    with path.open("wb") as file:
        write_sample(file.write, 400)
    return str(path)


def posts_of(sample: str) -> list[dict[str, Any]]:
    """Return all posts."""
    with repoview.open(sample) as repo:
        return [record.value for record in repo.records("app.bsky.feed.post")]


def test_posts_are_counted_by_month(sample: str) -> None:
    """All of them."""
    counts = example("posts_a_month").months(sample)
    posts = posts_of(sample)
    assert counts.total() == len(posts)
    assert posts[0]["createdAt"][:7] in counts


def test_posts_become_a_data_frame(sample: str) -> None:
    """A row each."""
    pytest.importorskip("pandas")
    frame = example("to_pandas").posts(sample)
    assert list(frame["text"]) == [post["text"] for post in posts_of(sample)]


def test_blobs_are_found_however_deep(sample: str) -> None:
    """As many as the bytes of records name."""
    found = example("blobs_by_size").blobs(sample)
    with repoview.open(sample) as repo:
        profile = repo.record(0).value
    avatar = profile["avatar"]
    assert found[str(avatar["ref"])] == (avatar["size"], avatar["mimeType"])
    assert len(found) > 2


def test_a_cid_is_told_apart(sample: str) -> None:
    """Record, node, commit, or nothing."""
    what_is = example("record_of_cid").what_is
    with repoview.open(sample) as repo:
        record, top = repo.record(3), repo.tree.node(0)
        cid = str(record.cid)
        assert repo.commit is not None
        commit = repo.commit.cid
    assert what_is(sample, cid).startswith(f"the record {record.path}: {{")
    said = what_is(sample, str(top.cid))
    assert said.startswith(f"a node at depth {top.depth}, over")
    assert "that no record uses" in what_is(sample, str(commit))
    other = repoview.Cid.for_block(b"nobody's")
    assert what_is(sample, str(other)).startswith("no block of this file")


def test_all_nodes_are_walked(sample: str) -> None:
    """Each once."""
    counts = example("walk_of_nodes").nodes_by_depth(sample)
    with repoview.open(sample) as repo:
        assert counts.total() == len(repo.tree)


def test_a_stream_is_left_at_the_first_that_is_wanted(sample: str) -> None:
    """Or is read to its end in vain."""
    first_post = example("stream_with_cancel").first_post
    word = posts_of(sample)[4]["text"].split()[0]
    with repoview.open(sample) as repo:
        posts = repo.records("app.bsky.feed.post")
        wanted = next(post.path for post in posts if word in post.value["text"])
    assert anyio.run(first_post, sample, word) == wanted
    assert anyio.run(first_post, sample, "no post says this") is None


def test_what_is_wrong_decides_what_to_do(sample: str, tmp_path: Path) -> None:
    """A whole file is kept, one that was cut off is fetched again."""
    advice = example("what_is_wrong").advice
    assert advice(sample) == "keep it: it is sound"
    cut = tmp_path / "cut.car"
    cut.write_bytes(Path(sample).read_bytes()[:-20])
    assert advice(str(cut)).startswith("fetch it again: it was cut off at byte ")


def test_sums_are_those_of_the_records(sample: str) -> None:
    """By collection."""
    totals = example("sums_while_reading").sums(sample)
    with repoview.open(sample) as repo:
        assert totals.total() == sum(record.size or 0 for record in repo)


def test_every_example_is_tested_and_told_of() -> None:
    """Here, and on the page about the library."""
    page = (EXAMPLES.parent / "library.md").read_text(encoding="utf-8")
    tests = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f'example("{path.stem}")' in tests
        assert f"examples/{path.name}" in page
