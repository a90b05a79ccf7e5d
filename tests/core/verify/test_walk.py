"""Facts about the walk as a stream of batches."""

from __future__ import annotations

import pytest

from repoview.core.cid import Cid
from repoview.core.findings.findings import Findings
from repoview.core.source.opener import open_source
from repoview.core.verify import walk
from repoview.core.verify.walk import Walk
from tests.core.loading import load_all
from tests.core.repos import make_repo, many


def sizes_of_batches(data: bytes) -> list[int]:
    """Return how many records each batch of a walk over *data* has."""
    findings = Findings()
    loaded = load_all(open_source(data), findings)
    assert loaded.header is not None
    top = next(
        loaded.blocks.cid(row)
        for row in range(len(loaded.blocks.index))
        if loaded.blocks.cid(row) != loaded.header.roots[0]
    )
    return [len(batch.rows) for batch in Walk(loaded.blocks, findings).batches(top, 0)]


@pytest.mark.parametrize("value", [{}, {"$type": "not.the.collection"}])
def test_batches_are_bounded_whatever_is_in_the_tree(
    monkeypatch: pytest.MonkeyPatch, value: dict[str, str]
) -> None:
    """Also when every record of it is handed over."""
    monkeypatch.setattr(walk, "BATCH", 10)
    sizes = sizes_of_batches(make_repo(dict.fromkeys(many(200), value)))  # type: ignore[arg-type]  # values of the data model
    assert sum(sizes) == 200
    assert max(sizes) <= 10


def test_a_top_that_is_not_there_is_one_hole() -> None:
    """A walk of nothing ends at once."""
    findings = Findings()
    loaded = load_all(open_source(make_repo({})), findings)
    walked = Walk(loaded.blocks, findings)
    (batch,) = walked.batches(Cid.for_block(b"elsewhere"), 7)
    assert len(batch.nodes.rows) == 1
    assert walked.missing_nodes == 1
    assert [found.offset for found in findings.sorted()] == [7]
