"""Facts about proofs of ranges: the oracle is the list of all keys."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.errors import NotFound
from repoview.core.findings.policy import Profile
from repoview.core.formats.car import write_car
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.key_range import KeyRange
from repoview.core.formats.mst import Entry, Node, encode_node
from repoview.core.proof.build import NotProved, build_proof
from repoview.core.proof.parts import RangeNotProved, build_parts
from repoview.core.proof.ranges import prove_range, range_records
from repoview.core.repo.proof import Answer
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from tests.core.repos import DID, REV, car_of, make_repo, many, parts_of
from tests.core.trees.made import MadeTree
from tests.vectors import read_json, vector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from repoview.core.proof.parts import BuiltParts

DATA = make_repo(many(300))
PATHS = sorted(many(300))
paths = st.sampled_from(PATHS) | st.builds(
    lambda path, more: path + more, st.sampled_from(PATHS), st.text("0a~", min_size=1)
)
ranges = st.builds(
    lambda first, stop: KeyRange.of(start=min(first, stop), stop=max(first, stop)),
    paths,
    paths,
) | st.sampled_from(
    [KeyRange(), *(KeyRange.of(prefix=f"com.example.kind{n}/") for n in range(4))]
)


@pytest.fixture(scope="module")
def whole(kernel_under_test: object) -> Iterator[Repo]:  # noqa: ARG001 (one a kernel)
    """A repository of 300 records."""
    with Repo.load(DATA) as repo:
        yield repo


def car(built: BuiltParts) -> bytes:
    """Return the file of a proof."""
    out = bytearray()
    written = built.write_car(out.extend)
    assert written.size == len(out)
    return bytes(out)


def without(data: bytes, gone: Collection[Cid]) -> bytes:
    """Return a CAR without some of its blocks."""
    head, parts = parts_of(data)
    return car_of(data, head, [part for part in parts if part.cid not in gone])


def keys_in(keys: KeyRange) -> list[str]:
    """Return the paths in a range, from the list of all."""
    return [path for path in PATHS if path.encode() in keys]


@given(keys=ranges)
def test_a_proof_of_a_range_convinces_who_has_nothing_else(
    whole: Repo, keys: KeyRange
) -> None:
    """Of all keys in it, that there are no others, and of those beside it."""
    with Repo.load(car(build_parts(whole, ranges=[keys]))) as repo:
        proof = prove_range(repo, keys)
        assert proof.answer == "proved"
        assert repo.report.order == "preorder"
        told = [(each.path, is_there) for each, is_there in range_records(repo, keys)]
    inside = keys_in(keys)
    assert told == [(path, True) for path in inside]
    assert proof.records == len(inside)
    beside = proof.neighbors
    assert beside is not None
    before = [path for path in PATHS if path.encode() < keys.first]
    stop = keys.stop
    after = [] if stop is None else [path for path in PATHS if path.encode() >= stop]
    assert (beside.before, beside.after) == (
        before[-1] if before else None,
        after[0] if after else None,
    )


@given(keys=ranges, data=st.data())
def test_without_any_block_nothing_is_proved_of_it(
    whole: Repo, keys: KeyRange, data: st.DataObject
) -> None:
    """Be it a node, a record, or the commit; but for what only shows neighbors."""
    file = car(build_parts(whole, ranges=[keys]))
    _, parts = parts_of(file)
    gone = data.draw(st.sampled_from(parts)).cid
    with Repo.load(without(file, {gone})) as repo:
        proof = prove_range(repo, keys)
        if proof.answer == "proved":
            assert proof.neighbors is None
            assert proof.records == len(keys_in(keys))
        else:
            assert proof.answer == "unknown"
            assert proof.missing == (None if gone == parts[0].cid else gone)
        with pytest.raises(NotFound):
            build_parts(repo, ranges=[keys])


@given(keys=ranges, other=ranges)
def test_what_is_proved_of_another_range_is_right(
    whole: Repo, keys: KeyRange, other: KeyRange
) -> None:
    """A file proves no range of which it lacks a node, wherever the range lies."""
    with Repo.load(car(build_parts(whole, ranges=[keys]))) as repo:
        proof = prove_range(repo, other)
        if proof.answer == "proved":
            found = [linked.path for linked, _ in range_records(repo, other)]
            assert found == keys_in(other)


@pytest.mark.unmeasured
def test_a_left_sub_tree_that_reaches_into_the_range_may_not_be_absent(
    whole: Repo,
) -> None:
    """Even where all keys of the node above it are in the range, or behind it."""
    tree = whole.tree
    straddling = 0
    for number in range(1, len(tree)):
        node = tree.node(number)
        if node.lo is None or node.hi is None or node.record_count < 2:
            continue
        # From its last key on: the sub-tree begins before the range, and the
        # node above has no key between.
        last = whole.record(node.first_record + node.record_count - 1).key
        keys = KeyRange(last, node.hi)
        with Repo.load(without(DATA, {node.cid})) as repo:
            proof = prove_range(repo, keys)
            assert (proof.answer, proof.missing) == ("unknown", node.cid)
        straddling += 1
    assert straddling > 5


def test_a_damaged_commit_proves_no_range() -> None:
    """Whatever tree there is."""
    part = parts_of(DATA)[1][0]
    data = bytearray(DATA)
    data[part.end - 1] ^= 1
    with Repo.load(bytes(data)) as repo:
        proof = prove_range(repo, KeyRange())
        assert (proof.answer, proof.records) == ("unknown", 0)
        assert proof.missing == part.cid
        assert list(range_records(repo, KeyRange())) == []
        with pytest.raises(NotFound):
            build_parts(repo, ranges=[KeyRange()])


def test_a_node_that_breaks_the_rules_disproves_the_range() -> None:
    """It hashes to its CID, so no other tree is meant."""
    record = dagcbor.encode({"$type": "com.example.kind"})
    cid = Cid.for_block(record)
    # All keys in one node, whatever depths they have.
    keys = [b"com.example.kind/%d" % number for number in range(10, 40)]
    node = encode_node(Node(None, [Entry(key, cid, None) for key in keys]))
    top = Cid.for_block(node)
    fields: dagcbor.Value = {
        "did": DID,
        "version": 3,
        "data": top,
        "rev": REV,
        "prev": None,
        "sig": b"1" * 64,
    }
    commit = dagcbor.encode(fields)
    root = Cid.for_block(commit)
    out = bytearray()
    blocks = [(root, commit), (top, node), (cid, record)]
    write_car(out.extend, [root], blocks)
    with Repo.load(bytes(out)) as repo:
        assert prove_range(repo, KeyRange()).answer == "disproved"


def check(repo: Repo) -> None:
    """See that all keys are proved only where the walk found just these.

    And that a file of them proves the same, or that none is made.
    """
    everything = KeyRange()
    proof = prove_range(repo, everything)
    told = [linked.path for linked, _ in range_records(repo, everything)]
    assert proof.records == len(told)
    if proof.answer != "proved":
        with pytest.raises(NotFound):
            build_parts(repo, ranges=[everything])
        return
    assert told == [record.path for record in repo]
    with Repo.load(car(build_parts(repo, ranges=[everything]))) as again:
        assert prove_range(again, everything).records == len(told)


# Several things in one file


@given(asked=st.lists(paths, max_size=4), keys=st.lists(ranges, max_size=2))
def test_one_file_proves_several_things(
    whole: Repo, asked: list[str], keys: list[KeyRange]
) -> None:
    """Each block once, in walk order."""
    built = build_parts(whole, asked, keys)
    file = car(built)
    _, parts = parts_of(file)
    cids = [part.cid for part in parts]
    assert len(cids) == len(set(cids))
    with Repo.load(file) as repo:
        for path in asked:
            proof = repo.prove(path)
            assert (proof.answer is Answer.PRESENT) == (path in PATHS)
            assert proof.answer is not Answer.UNKNOWN
        for span in keys:
            assert prove_range(repo, span).answer == "proved"


@given(path=paths, neighbors=st.booleans())
def test_of_one_path_it_is_the_same_as_the_proof_of_it(
    whole: Repo, path: str, *, neighbors: bool
) -> None:
    """Block by block, with the keys beside it and without."""
    out = bytearray()
    build_proof(whole, path, neighbors=neighbors).write_car(out.extend)
    assert car(build_parts(whole, [path], neighbors=neighbors)) == bytes(out)


def test_what_is_not_proved_is_not_built(whole: Repo) -> None:
    """Neither a path nor a range."""
    with Repo.load(car(build_parts(whole, [PATHS[7]]))) as repo:
        with pytest.raises(NotProved):
            build_parts(repo, [PATHS[200]])
        with pytest.raises(RangeNotProved, match="not there"):
            build_parts(repo, ranges=[KeyRange()])


# Vectors of other hands


def test_proof_nodes_of_the_suite_prove_what_changed() -> None:
    """Each key of an operation, present or absent, as a range of one."""
    checks = Checks(Profile.MST_ONLY)
    seen = 0
    for case in suite_cases()[::40]:
        tree = MadeTree.of_suite(case["inputs"]["mst_b"])
        kept = {Cid.parse(each) for each in case["results"]["proof_nodes"]}
        nodes = [(cid, data) for cid, data in tree.nodes.items() if cid in kept]
        out = bytearray()
        write_car(out.extend, [tree.top], nodes)
        with Repo.load(bytes(out), checks=checks) as repo:
            for op in case["results"]["record_ops"]:
                key = op["rpath"].encode()
                proof = prove_range(repo, KeyRange(key, key + b"\0"))
                assert proof.answer == "proved"
                found = [str(each.cid) for each, _ in range_records(repo, proof.keys)]
                assert found == ([op["new_value"]] if op["new_value"] else [])
                seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    "case", read_json("interop/firehose/commit-proof-fixtures.json")
)
def test_commit_proofs_of_the_interop_tests_prove_their_keys(
    case: dict[str, Any],
) -> None:
    """The blocks that each names are enough for all keys it changes, and beside."""
    leaf = Cid.parse(case["leafValue"])
    entries = {key.encode(): leaf for key in case["keys"]}
    for key in case["adds"]:
        entries[key.encode()] = leaf
    for key in case["dels"]:
        del entries[key.encode()]
    tree = MadeTree.of(entries)
    assert str(tree.top) == case["rootAfterCommit"]
    kept = {Cid.parse(each) for each in case["blocksInProof"]}
    out = bytearray()
    nodes = [(cid, data) for cid, data in tree.nodes.items() if cid in kept]
    write_car(out.extend, [tree.top], nodes)
    with Repo.load(bytes(out), checks=Checks(Profile.MST_ONLY)) as repo:
        for text in (*case["adds"], *case["dels"]):
            key = text.encode()
            proof = prove_range(repo, KeyRange(key, key + b"\0"))
            assert proof.answer == "proved"
            assert proof.records == (text in case["adds"])
            assert proof.neighbors is not None


def test_answers_of_a_server_are_proved_as_ranges() -> None:
    """A record that is there, and one that is not: somewhere between two keys."""
    with Repo.load(vector("pds/record.car")) as repo:
        key = b"app.bsky.feed.post/3n3gheqv5v22b"
        proof = prove_range(repo, KeyRange(key, key + b"\0"))
        assert (proof.answer, proof.records) == ("proved", 1)
    with Repo.load(vector("pds/absent.car")) as repo:
        keys = [record.key + b"0" for record in repo]
        proofs = [prove_range(repo, KeyRange(key, key + b"\0")) for key in keys]
        assert {each.answer for each in proofs} == {"proved", "unknown"}
        assert not any(each.records for each in proofs)
    with Repo.load(vector("pds/full.car")) as repo:
        proof = prove_range(repo, KeyRange())
        assert (proof.answer, proof.records) == ("proved", len(repo))


def suite_cases() -> list[dict[str, Any]]:
    """Return the cases of the MST suite."""
    text = gzip.decompress(vector("mst-suite/diff-cases.jsonl.gz").read_bytes())
    return [json.loads(line) for line in text.splitlines()]
