"""Facts about what is counted and listed of files with CIDs that have no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.corpus import LIGHT_CASES
from tests.core.block_table import test_table
from tests.core.inventory import (
    test_repeated,
    test_sizes,
    test_unlinked,
    test_walk_order,
)

if TYPE_CHECKING:
    from repoview.corpus import Case

CASES = [
    case
    for case in LIGHT_CASES
    if case.code.startswith(("CID", "BLK")) and case.verdict != "unreadable"
]
"""Files about CIDs and copies: the examples of property tests have few of them."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_block_has_its_place_whatever_its_cid(case: Case) -> None:
    """In the table of blocks, and in all that is counted and listed."""
    with Repo.load(case.build().data) as repo:
        for module in (
            test_table,
            test_sizes,
            test_unlinked,
            test_repeated,
            test_walk_order,
        ):
            module.check(repo)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_records_are_looked_through_for_blobs_whatever_their_cid(case: Case) -> None:
    """Those that are not there, or do not hash, are counted."""
    with Repo.load(case.build().data) as repo, repo.blobs() as blobs:
        states = [record.state for record in repo.records()]
        assert blobs.unread == states.count("missing") + states.count("damaged")
