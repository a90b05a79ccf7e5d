"""Facts about the blocks that nothing links to, and what they look like."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo, UnlinkedBlock, UnlinkedKind
from repoview.core.block_table.entry import Kind
from repoview.core.cid import Cid
from repoview.core.errors import Cancelled
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.inventory import unlinked
from repoview.core.inventory.unlinked import Amount, unlinked_blocks
from repoview.core.opening import cache_policy
from repoview.core.repo.inside import inside
from repoview.corpus import make_car
from repoview.corpus.repo import make_repo, sample
from tests.core.kept import Kept
from tests.fuzz.repositories import repositories
from tests.strategies import examples
from tests.vectors import report, vector

if TYPE_CHECKING:
    from repoview.core.load.result import Progress

DAMAGED = UnlinkedKind.DAMAGED


def found_in(repo: Repo) -> list[UnlinkedBlock]:
    """Return all unlinked blocks."""
    return list(repo.inventory.unlinked())


def check(repo: Repo) -> None:
    """See that the list is what the table of all blocks calls unlinked."""
    table, blocks = inside(repo).block_table(), inside(repo).blocks
    of_kind = [table.block(number) for number in table.of_kind(Kind.UNLINKED)]
    expected = {(each.offset, table.cid(each)) for each in of_kind}
    found = found_in(repo)
    assert {(each.offset, each.cid) for each in found} == expected
    assert len(found) == len(of_kind) == len(expected)
    counts = repo.report.counts
    assert (len(found), sum(each.size for each in found)) == (
        counts.unlinked_blocks,
        counts.unlinked_bytes,
    )
    for each, data, _ in unlinked_blocks(blocks):
        is_damaged = each.cid.is_blessed and Cid.for_block(data or b"", each.cid.codec)
        assert (each.kind is DAMAGED) >= (is_damaged not in {each.cid, False})
        assert (each.type is not None) == (each.kind is UnlinkedKind.RECORD)
    amounts = dict.fromkeys(UnlinkedKind, Amount())
    for each in found:
        amounts[each.kind] = amounts[each.kind].plus(1, each.size)
    assert repo.inventory.unlinked_amounts() == amounts


@examples(60)
@given(repositories(), st.sampled_from((1, 3, 1_000)))
def test_the_list_has_every_block_that_nothing_links_to(
    data: bytes, at_once: int
) -> None:
    """Of any repository, right or broken, each once, in steps of any size."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        patch.setattr(unlinked, "AT_ONCE", at_once)
        check(repo)


@examples(30)
@given(repositories())
def test_the_list_from_the_cache_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Though the cache has no types."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache_policy, "LEAST_BYTES", 0)
        one = Kept(tmp_path_factory.mktemp("kept"), data)
        with one.load() as repo:
            expected = found_in(repo), repo.inventory.unlinked_amounts()
            inside(repo).keep()
        with one.load() as repo:
            assert repo.from_cache
            assert (found_in(repo), repo.inventory.unlinked_amounts()) == expected


@given(repositories())
def test_where_blocks_are_not_kept_they_are_known_by_their_types(data: bytes) -> None:
    """A stream with a function keeps no records: the list is the same."""
    with Repo.load(data) as repo:
        expected = found_in(repo)
    with Repo.load([data], process=len_of) as repo:
        assert found_in(repo) == expected


def len_of(data: bytes) -> bytes:
    """Return something of a block."""
    return bytes((len(data) % 256,))


# Kinds


def kind_of(data: bytes, cid: bytes | None = None) -> tuple[str, str | None]:
    """Return what one block looks like that nothing links to."""
    car = make_car({"com.example.note/1": {}}).plus_block(data, cid)
    with Repo.load(car.data) as repo:
        (found,) = found_in(repo)
    return found.kind.value, found.type


def test_an_old_commit_and_its_nodes_are_told() -> None:
    """By what they are made of."""
    old = sample()
    assert kind_of(old.data) == ("commit", None)
    assert kind_of(old.top.data) == ("node", None)


def test_a_record_is_what_has_a_type() -> None:
    """Also one that breaks a rule of the encoding."""
    note = {"$type": "com.example.note"}
    assert kind_of(dagcbor.encode(note)) == ("record", "com.example.note")
    assert kind_of(dagcbor.encode({**note, "a": 1.5})) == (
        "record",
        "com.example.note",
    )


@pytest.mark.parametrize(
    "data", [b"\xa0", b"\x80", b"\x01", b"\xff", b"\xa1\x65$type\x01"]
)
def test_what_is_none_of_these_is_other(data: bytes) -> None:
    """A list, a number, no DAG-CBOR at all, a `$type` that is no text."""
    assert kind_of(data) == ("other", None)


def test_what_does_not_hash_says_nothing() -> None:
    """However much it looks like a record."""
    data = dagcbor.encode({"$type": "com.example.note"})
    assert kind_of(data, Cid.for_block(b"another").raw) == ("damaged", None)


def test_a_raw_block_is_other() -> None:
    """Its CID says that it is no DAG-CBOR."""
    data = dagcbor.encode({"$type": "com.example.note"})
    assert kind_of(data, Cid.for_block(data, 0x55).raw) == ("other", None)


def test_listing_can_be_stopped() -> None:
    """At any step."""

    def stop(progress: Progress) -> None:
        assert progress.stage == "unlinked"
        raise Cancelled

    with Repo.load(make_repo({"com.example.note/1": {}}).car().data) as repo:
        with pytest.raises(Cancelled):
            list(repo.inventory.unlinked(stop))
        with pytest.raises(Cancelled):
            repo.inventory.unlinked_amounts(stop)


# Files of others


def kinds_in(data: bytes) -> Counter[str]:
    """Return how many blocks of each kind nothing links to."""
    with Repo.load(data) as repo:
        return Counter(each.kind.value for each in found_in(repo))


def test_sixty_revisions_leave_their_nodes_and_commits() -> None:
    """And ten records that were deleted or replaced."""
    data = report("superseded-blocks.car").read_bytes()
    assert kinds_in(data) == {"commit": 59, "node": 163, "record": 10}
    with Repo.load(data) as repo:
        types = Counter(each.type for each in found_in(repo) if each.type)
    assert types == {"app.bsky.actor.profile": 5, "app.bsky.feed.post": 5}


@pytest.mark.parametrize(
    ("name", "count"), [("paul_staging.repo.car", 215), ("fakermaker.repo.car", 506)]
)
def test_old_exports_have_their_past(name: str, count: int) -> None:
    """Each block is of a kind that a repository has."""
    found = kinds_in(vector(f"indigo/{name}").read_bytes())
    assert found.total() == count
    assert found.keys() <= {"commit", "node", "record"}
