"""Facts about the shape of files: what servers give, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.cid import Cid
from repoview.core.formats import syntax
from repoview.core.formats.car import write_car
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst_build import build_tree
from repoview.core.repo.inside import inside
from repoview.core.verify.shape import FileShape
from repoview.present import part_text, shape_sentence, told_counts
from repoview.sample import write_sample
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.vectors import REPORTS, ROOT, needs_reports, needs_vectors, vector

if TYPE_CHECKING:
    from collections.abc import Collection

    from repoview.core.verify.report import Report

PROVEN = "app.bsky.feed.post/3n3gheqv5v22b"
VECTORS = {
    "pds/absent.car": ("proof", None),
    "pds/blocks.car": ("blocks", None),
    "pds/commit-193.car": ("commit-slice", None),
    # Of a delete, whose blocks are a proof that the record is gone.
    "pds/commit-204.car": ("proof", None),
    # An empty repository, and all of it.
    "pds/commit-3.car": ("repo", None),
    "pds/full.car": ("repo", None),
    "pds/record.car": ("proof", PROVEN),
    "pds/since.car": ("since", None),
    "pds/sync-4.car": ("sync", None),
    "indigo/divy.repo": ("repo", None),
    "indigo/fakermaker.repo.car": ("repo", None),
    "indigo/paul_staging.repo.car": ("repo", None),
    "indigo/repo_slice.car": ("proof", "app.bsky.feed.post/3jquh3emtzo2o"),
    "repo-stream/empty.car": ("repo", None),
    "repo-stream/tiny.car": ("repo", None),
    "repo-stream/little.car": ("repo", None),
}
CREATED = "app.bsky.feed.post/3ke6mb47ds222"
PARTS = {
    "absent-proof.car": ("proof", None),
    "attested-record.car": ("other", None),
    # One record was written, so its blocks are a proof of it.
    "commit-good.car": ("proof", CREATED),
    "commit-lacks-record.car": ("proof", None),
    "commit-only.car": ("commit-only", None),
    "cut-20.car": ("cut", None),
    "cut-40.car": ("cut", None),
    "no-commit.car": ("other", None),
    "only-record.car": ("other", None),
    "since-diff.car": ("since", None),
    "two-cars-in-a-row.car": ("several", None),
    "unixfs.car": ("other", None),
    "version-1.car": ("other", None),
}
"""Reports; all others are whole repositories, whatever else is wrong with them."""


def told_of(data: bytes) -> Report:
    """Return the report of a file."""
    with Repo.load(data) as repo:
        return repo.report


@pytest.fixture(scope="module")
def sample() -> bytes:
    """A repository of 300 records, in the order of the walk."""
    out = bytearray()
    write_sample(out.extend, 300)
    return bytes(out)


def only(data: bytes, cids: Collection[Cid], *, backwards: bool = False) -> bytes:
    """Return a CAR with some blocks of another."""
    head, parts = parts_of(data)
    kept = [part for part in parts if part.cid in cids]
    return car_of(data, head, kept[::-1] if backwards else kept)


@needs_vectors
@pytest.mark.parametrize("name", VECTORS)
def test_files_of_servers_have_the_shape_of_what_they_answered(name: str) -> None:
    """Or that of a narrower form with the same bytes."""
    with Repo.load(str(vector(name))) as repo:
        report = repo.report
    assert (report.shape.value, report.proves) == VECTORS[name]


@needs_vectors
def test_the_table_has_all_files_of_the_server() -> None:
    """None is left out."""
    named = {name.removeprefix("pds/") for name in VECTORS if name.startswith("pds/")}
    assert named == {path.name for path in (ROOT / "pds").glob("*.car")}


@needs_reports
@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.car")), ids=lambda p: p.name)
def test_files_made_after_reports_have_the_shape_of_what_they_are(path: object) -> None:
    """Whatever is wrong with a whole repository, it is one."""
    with Repo.load(str(path)) as repo:
        report = repo.report
    expected = PARTS.get(report.source.rpartition("/")[2], ("repo", None))
    assert (report.shape.value, report.proves) == expected


@given(st.data())
def test_the_way_to_any_record_is_a_proof_of_it(data: st.DataObject) -> None:
    """In any order of blocks; without the record, of nothing that is there."""
    count = data.draw(st.integers(2, 80))
    whole = make_repo(many(count))
    with Repo.load(whole) as repo:
        record = repo.record(data.draw(st.integers(0, count - 1)))
        way = [step.cid for step in repo.prove(record.path).steps]
        path = record.path
    backwards = data.draw(st.booleans())
    report = told_of(only(whole, way, backwards=backwards))
    assert (report.shape, report.proves) == (FileShape.PROOF, path)
    report = told_of(only(whole, way[:-1], backwards=backwards))
    assert report.proves is None
    assert report.shape is not FileShape.REPO


@pytest.mark.unmeasured
@given(st.integers(0, 299), st.data())
def test_a_way_that_breaks_off_proves_nothing(number: int, data: st.DataObject) -> None:
    """Where every gap of its last node leads on to what is not there."""
    whole = make_repo({f"com.example.kind/{n:06}": {} for n in range(300)})
    with Repo.load(whole) as repo:
        way = [step.cid for step in repo.prove(repo.record(number).path).steps]
        stop = data.draw(st.integers(2, len(way)))
        last = inside(repo).tree.node(len(repo.tree) - 1)
        assert last.depth == 0
    report = told_of(only(whole, way[:stop]))
    if report.shape is FileShape.PROOF and report.proves is None:
        # Somebody can be told that a key is not there.
        with Repo.load(only(whole, way[:stop])) as part:
            keys = [f"com.example.kind/{n:06}x" for n in range(-1, 300)]
            assert any(part.prove(key).answer == "absent" for key in keys)


@given(st.integers(1, 2_000_000), st.integers(1, 500))
def test_a_file_that_ends_inside_a_section_is_cut(at: int, more: int) -> None:
    """Wherever that is; behind the last block that the tree needs it is whole."""
    whole = make_repo(many(40))
    _, parts = parts_of(whole)
    part = parts[at % len(parts)]
    end = part.offset + 1 + more % (part.end - part.offset - 1)
    assert told_of(whole[:end]).shape is FileShape.CUT


def test_a_file_that_ends_between_two_blocks_is_cut_where_order_tells(
    sample: bytes,
) -> None:
    """In the order of the walk, or with all nodes first."""
    _, parts = parts_of(sample)
    for part in parts[40::30]:
        assert told_of(sample[: part.offset]).shape is FileShape.CUT
    nodes_first = make_repo(many(300), leave_out=200)
    assert told_of(nodes_first).shape is FileShape.CUT


def test_another_car_behind_the_first_makes_them_several(sample: bytes) -> None:
    """Whatever the first is."""
    assert told_of(sample + sample).shape is FileShape.SEVERAL
    proof = make_repo(many(40), leave_out=20)
    assert told_of(proof + sample).shape is FileShape.SEVERAL


def commit_alone(rev: str) -> bytes:
    """Return a CAR with nothing but a commit."""
    empty = build_tree([], lambda _cid, _data: None)
    data = dagcbor.encode(
        {
            "did": "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
            "version": 3,
            "data": empty,
            "rev": rev,
            "prev": None,
            "sig": bytes(31) + b"\1" + bytes(31) + b"\1",
        }
    )
    out = bytearray()
    write_car(out.extend, [Cid.for_block(data)], [(Cid.for_block(data), data)])
    return bytes(out)


def test_a_commit_alone_is_of_the_event_of_its_time() -> None:
    """From February 2025 on events had it that were called #sync."""
    before, after = 1_740_000_000_000_000, 1_741_000_000_000_000
    alone = told_of(commit_alone(syntax.make_tid(before)))
    assert alone.shape is FileShape.COMMIT_ONLY
    assert told_of(commit_alone(syntax.make_tid(after))).shape is FileShape.SYNC
    for report in (alone, told_of(commit_alone("0"))):
        assert "nothing can be told of its tree" in part_text(report)


def test_blocks_without_a_root_are_an_answer_of_get_blocks(sample: bytes) -> None:
    """Even with a commit among them, unless the whole repository is there."""
    _, parts = parts_of(sample)
    out = bytearray()
    write_car(out.extend, [], [])
    assert told_of(car_of(sample, bytes(out), parts[::2])).shape is FileShape.BLOCKS
    assert told_of(car_of(sample, bytes(out), parts)).shape is FileShape.REPO


def test_a_repository_that_lost_a_few_blocks_is_no_answer_of_a_server(
    sample: bytes,
) -> None:
    """Nor one of which most cannot be reached."""
    head, parts = parts_of(sample)
    for gone in range(3, len(parts) - 1, 23):
        rest = [part for n, part in enumerate(parts) if n != gone]
        assert told_of(car_of(sample, head, rest)).shape is FileShape.OTHER
    assert told_of(car_of(sample, head, [parts[0], *parts[2:]])).shape == "other"
    nodes = [part for part in parts if b"$type" not in sample[part.offset : part.end]]
    for kept in (nodes, nodes[:-1]):
        assert told_of(car_of(sample, head, kept)).shape is FileShape.OTHER


def test_each_part_says_what_it_looks_like_and_a_whole_repository_nothing() -> None:
    """The verdict says that, and more."""
    whole = make_repo(many(30))
    assert shape_sentence(told_of(whole)) == part_text(told_of(whole)) == ""
    with Repo.load(whole) as repo:
        way = [step.cid for step in repo.prove(repo.record(9).path).steps]
        path = repo.record(9).path
    report = told_of(only(whole, way))
    assert report.counts.findings["error"] > told_counts(report)["error"] == 1
    assert shape_sentence(report).startswith(f"It looks like a proof of {path}, ")
    assert part_text(report)[:3] == "it "
