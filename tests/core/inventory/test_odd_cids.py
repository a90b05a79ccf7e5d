"""Facts about what is counted and listed of files with CIDs that have no row."""

from __future__ import annotations

from hashlib import sha512
from typing import TYPE_CHECKING

import pytest

from repoview import Cid, Repo
from repoview.corpus import LIGHT_CASES, sample
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


def test_a_copy_of_a_block_with_an_odd_cid_is_one() -> None:
    """Its bytes are held against those of the first, which counts."""
    cid = b"\x01\x71\x13\x40" + sha512(b"\xa0").digest()
    car = sample().car().plus_block(b"\xa0", cid).plus_block(b"\xa0", cid)
    car = car.plus_block(b"\xa1", cid)
    with Repo.load(car.data) as repo:
        for module in (test_table, test_sizes, test_unlinked, test_repeated):
            module.check(repo)
        (found,) = repo.inventory.duplicates()
        assert (found.cid.raw, found.offset) == (cid, car.offset_of(cid))
        assert [copy.is_same for copy in found.copies] == [True, False]
        assert Cid(cid) in {block.cid for block in repo.inventory.blocks()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_records_are_looked_through_for_blobs_whatever_their_cid(case: Case) -> None:
    """Those that are not there, or do not hash, are counted."""
    with Repo.load(case.build().data) as repo, repo.blobs() as blobs:
        states = [record.state for record in repo.records()]
        assert blobs.unread == states.count("missing") + states.count("damaged")
