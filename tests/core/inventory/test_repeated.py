"""Facts about blocks that are in a file, or used by its tree, more than once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Cid, Repo
from repoview.core.block_table.entry import Kind
from repoview.core.errors import Cancelled
from repoview.core.inventory import repeated
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.corpus import make_car, sample
from repoview.corpus.cbor import Link
from tests.core.repos import make_repo
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from repoview.core.load.result import Progress


def check(repo: Repo) -> None:
    """See that what is listed is what the tree and the table of blocks say."""
    parts, table = inside(repo), inside(repo).block_table()
    keys = defaultdict(list)
    for number, row in enumerate(parts.index.rows):
        if row != NO_ROW:
            keys[row].append(number)
    shared = {
        (parts.blocks.cid(row), tuple(numbers))
        for row, numbers in keys.items()
        if len(numbers) > 1
    }
    found = list(repo.inventory.shared())
    assert {(each.cid, tuple(each.numbers)) for each in found} == shared
    assert len(found) == len(shared)
    for each in found:
        assert each.size == repo.record(each.numbers[0]).size
        assert each.offset == repo.record(each.numbers[0]).offset
    counted = Counter(f.code for f in repo.report.findings)
    both = list(repo.inventory.two_roles())
    assert len(both) == counted["MST025"] or repo.report.order is None
    for block in both:
        assert parts.nodes.rows[block.node] == parts.blocks.find(block.cid.raw)
        assert [repo.record(n).cid for n in block.numbers] == (
            [block.cid] * len(block.numbers)
        )
    copies = [table.block(n) for n in table.of_kind(Kind.DUPLICATE)]
    listed = list(repo.inventory.duplicates())
    offsets = [copy.offset for each in listed for copy in each.copies]
    assert sorted(offsets) == [copy.offset for copy in copies]
    assert [each.offset for each in listed] == sorted(each.offset for each in listed)
    for each in listed:
        counts = table.block(table.number_at(each.offset))
        assert (each.cid, each.size) == (table.cid(counts), counts.length)
        assert [c.offset for c in each.copies] == sorted(c.offset for c in each.copies)


@examples(80)
@given(repositories(), st.sampled_from((1, 3, 1_000)))
def test_what_is_there_twice_is_listed(data: bytes, at_once: int) -> None:
    """Of any repository, right or broken, in steps of any size."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        patch.setattr(repeated, "AT_ONCE", at_once)
        check(repo)


def test_a_record_of_three_keys_is_listed_once() -> None:
    """With all of its keys, in order."""
    record = {"$type": "com.example.a"}
    data = make_repo({f"com.example.{x}/1": record for x in "bac"} | {"d.e.f/1": {}})
    with Repo.load(data) as repo:
        (found,) = repo.inventory.shared()
        assert list(found.numbers) == [0, 1, 2]
        assert list(repo.inventory.two_roles()) == []


def test_a_node_that_a_key_links_to_is_listed_with_both() -> None:
    """Its number among the nodes, and the record that it is."""
    made = sample()
    made.last_entry.record, made.last_entry.link = None, Link(made.first.cid)
    with Repo.load(made.car().data) as repo:
        check(repo)
        (found,) = repo.inventory.two_roles()
        assert found.cid == Cid(made.first.cid) == repo.tree.node(found.node).cid
        assert [repo.record(n).path for n in found.numbers] == [
            made.last_entry.key.decode()
        ]


def test_copies_are_held_against_the_one_that_counts() -> None:
    """One has the same bytes, and one has not."""
    car = sample().car()
    record = car.cids[-1]
    again = car.plus_block(car.data_of(record), record).plus_block(b"?", record)
    with Repo.load(again.data) as repo:
        (found,) = repo.inventory.duplicates()
    assert (found.cid, found.role) == (Cid(record), "record")
    assert found.offset == car.offset_of(record)
    assert [copy.is_same for copy in found.copies] == [True, False]
    assert [copy.offset for copy in found.copies] == again.offsets[-2:]


def test_listing_can_be_stopped() -> None:
    """At any step."""

    def stop(_: Progress) -> None:
        raise Cancelled

    record = {"$type": "com.example.a"}
    data = make_repo({"com.example.a/1": record, "com.example.b/1": record})
    with Repo.load(data) as repo, pytest.raises(Cancelled):
        list(repo.inventory.shared(stop))
    with Repo.load(make_car({}).data) as repo, pytest.raises(Cancelled):
        list(repo.inventory.duplicates(stop))
