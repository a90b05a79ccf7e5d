"""Facts about a large repository: 10,000 records, made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.limits import MiB
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.sample import write_sample

if TYPE_CHECKING:
    from pathlib import Path

# Sweeps: coverage of what they run is measured by the tests of each part.
pytestmark = pytest.mark.unmeasured

RECORDS = 10_000


def test_ten_thousand_records_are_proved_and_found(tmp_path: Path) -> None:
    """Sound, complete, in order; and the indexes stay small."""
    path = tmp_path / "large.car"
    with path.open("wb") as file:
        write_sample(file.write, RECORDS)
    with Repo.load(path, mem_limit=16 * MiB) as repo:
        assert (repo.verdict, repo.report.complete) == ("sound", True)
        assert repo.report.order == "preorder"
        assert len(repo) == RECORDS
        assert sum(collection.count for collection in repo.collections) == RECORDS
        index = inside(repo).blocks.index
        types = {index.type_of(row) for row in range(len(index))}
        assert index.bytes_used <= 40 * len(index) + 1_000 * len(types)
        for number in range(0, RECORDS, 3_329):
            record = repo.record(number)
            assert repo.find(record.path) == number
            assert repo.tree.way_to(record.key)[0] == 0
