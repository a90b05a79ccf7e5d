"""Facts about the bytes of a file: every one is counted once."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo, Summary
from repoview.core.block_table.entry import Kind
from repoview.core.errors import Cancelled
from repoview.core.inventory import sizes as module
from repoview.core.opening import cache_policy
from repoview.core.repo.inside import inside
from repoview.corpus import make_car, sample
from tests.core.kept import Kept
from tests.core.repos import make_repo, many, parts_of
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.load.result import Progress


def check(repo: Repo) -> None:
    """See that all bytes are counted, and as the table of blocks has them."""
    found = repo.inventory.sizes()
    parts = asdict(found)
    assert parts.pop("total") == inside(repo).source.size == sum(parts.values())
    assert min(parts.values()) >= 0
    amounts = inside(repo).block_table().amounts
    assert found.commit == amounts[Kind.COMMIT].data
    assert found.nodes + found.records == (
        amounts[Kind.NODE].data + amounts[Kind.RECORD].data
    )
    assert found.unlinked == amounts[Kind.UNLINKED].data
    assert found.duplicates == amounts[Kind.DUPLICATE].data
    by_collection = repo.inventory.collection_bytes()
    assert len(by_collection) == len(repo.collections)
    assert sum(by_collection) == found.records
    for size, collection in zip(by_collection, repo.collections, strict=True):
        assert size <= collection.bytes


@examples(80)
@given(repositories(), st.sampled_from((1, 3, 1_000)))
def test_the_parts_add_up_to_the_file(data: bytes, at_once: int) -> None:
    """Of any repository, right or broken, to the byte."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        patch.setattr(module, "AT_ONCE", at_once)
        check(repo)


def test_a_sound_file_has_records_nodes_and_framing() -> None:
    """Each part by itself, from the sections of the file."""
    data = make_repo(many(60))
    head, parts = parts_of(data)
    with Repo.load(data) as repo:
        found = repo.inventory.sizes()
        nodes = {repo.tree.node(n).cid for n in range(len(repo.tree))}
        records = {record.cid for record in repo.records()}
        by_collection = repo.inventory.collection_bytes()
        assert list(by_collection) == [each.bytes for each in repo.collections]
    assert found == module.FileSizes(
        total=len(data),
        header=len(head),
        commit=parts[0].data_length,
        nodes=sum(p.data_length for p in parts if p.cid in nodes),
        records=sum(p.data_length for p in parts if p.cid in records),
        unlinked=0,
        duplicates=0,
        framing=sum(p.end - p.offset - p.data_length for p in parts),
        no_block=0,
        outside=0,
    )


def test_copies_padding_and_strangers_have_their_parts() -> None:
    """A file with one of each."""
    car = sample().car()
    record = car.cids[-1]
    whole = car.plus_block(car.data_of(record), record).plus_block(b"\xa0")
    with Repo.load(whole.plus(bytes(7)).data) as repo:
        found = repo.inventory.sizes()
    assert found.duplicates == len(car.data_of(record))
    assert (found.unlinked, found.no_block) == (1, 7)


def test_a_block_of_many_keys_is_counted_for_the_first() -> None:
    """Though its collections count it for each."""
    record = {"$type": "com.example.a"}
    data = make_repo({"com.example.a/1": record, "com.example.b/1": record})
    with Repo.load(data) as repo:
        sizes = repo.inventory.collection_bytes()
        assert [each.bytes for each in repo.collections] == [sizes[0], sizes[0]]
        assert sizes[1] == 0


def test_the_cache_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its packed rows."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    one = Kept(tmp_path, make_repo(many(300)))
    with one.load() as repo:
        expected = repo.inventory.sizes(), repo.inventory.walk_order()
        inside(repo).keep()
    with one.load() as repo:
        assert repo.from_cache
        assert (repo.inventory.sizes(), repo.inventory.walk_order()) == expected


def test_counting_can_be_stopped() -> None:
    """At any step."""

    def stop(_: Progress) -> None:
        raise Cancelled

    with Repo.load(make_car({}).data) as repo, pytest.raises(Cancelled):
        repo.inventory.sizes(stop)


@given(repositories())
def test_a_summary_is_the_same_from_its_json(data: bytes) -> None:
    """As the cache keeps it."""
    with Repo.load(data) as repo:
        summary = repo.inventory.summary()
        again = repo.inventory.summary()
    assert again == summary
    assert Summary.from_json(json.loads(json.dumps(summary.to_json()))) == summary


def test_a_summary_of_another_version_is_counted_again() -> None:
    """Nothing in a cache is relied on."""
    with Repo.load(make_repo(many(9))) as repo:
        summary = repo.inventory.summary()
        for odd in ({}, {**summary.to_json(), "bytes": 1}, {"bytes": {"total": 1}}):
            inside(repo)._opened.notes["inventory"] = odd  # noqa: SLF001 (what the cache has)
            assert repo.inventory.summary() == summary
