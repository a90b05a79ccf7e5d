"""Facts about which finding explains which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.findings.causes import families
from repoview.core.findings.findings import Severity
from repoview.core.repo.repo import Repo
from repoview.sample import write_sample
from tests.core.repos import car_of, parts_of

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding

MISSING = ("BLK008", "BLK009")


@pytest.fixture(scope="module")
def sample() -> bytes:
    """A repository of 300 records, in the order of the walk."""
    out = bytearray()
    write_sample(out.extend, 300)
    return bytes(out)


def found_in(data: bytes) -> list[Finding]:
    """Return what is found in a file."""
    with Repo.load(data) as repo:
        return repo.report.findings


def test_what_is_missing_behind_a_cut_is_explained_by_it(sample: bytes) -> None:
    """Wherever in a section, and in whichever section, the file was cut."""
    _, parts = parts_of(sample)
    for at in range(1, len(parts), len(parts) // 17):
        for more in (1, 5, 39):
            found = found_in(sample[: parts[at].offset + more])
            missing = [each for each in found if each.code in MISSING]
            (end,) = {each.caused_by for each in missing}
            assert end is not None
            assert end.offset == parts[at].offset
            (head,) = (each for each in found if each.as_cause == end)
            assert head.caused_by is None
            (whole,) = (each for each in found if each.code == "BLK010")
            assert whole.caused_by == end


def test_a_cut_between_two_blocks_is_seen_by_the_order(sample: bytes) -> None:
    """Nothing is there of what comes behind the last block."""
    _, parts = parts_of(sample)
    found = found_in(sample[: parts[len(parts) // 2].offset])
    causes = {each.caused_by for each in found if each.code in (*MISSING, "BLK010")}
    assert causes == {("CAR029", parts[len(parts) // 2].offset)}


def test_what_was_missing_before_is_not_blamed_on_the_cut(sample: bytes) -> None:
    """In the order of the walk it is told from what was lost with the end."""
    head, parts = parts_of(sample)
    gone = {60, 61, 62}
    kept = [part for n, part in enumerate(parts[:-40]) if n not in gone]
    data = car_of(sample, head, kept)
    clean = [each for each in found_in(data) if each.code in MISSING]
    assert {each.caused_by for each in clean} == {("BLK010", None)}

    last = next(n for n, part in enumerate(kept) if part.offset > parts[200].offset)
    cut = car_of(sample, head, kept[:last])
    blamed = [e for e in found_in(cut + b"\x7f\x7f") if e.code in MISSING]
    before = [each for each in blamed if each.caused_by is None]
    hidden = [each.cid for each in before]
    assert hidden
    assert set(hidden) <= {parts[n].cid for n in gone}
    assert len(blamed) > len(before)


def test_in_another_order_each_may_have_been_behind_the_end(sample: bytes) -> None:
    """And what cannot be reached because of it is no waste of its own."""
    head, parts = parts_of(sample)
    data = car_of(sample, head, sorted(parts, key=lambda part: part.cid.raw))
    found = found_in(data[: len(data) * 9 // 10])
    (end,) = (each for each in found if each.code == "CAR023")
    explained = {each.code for each in found if each.caused_by == end.as_cause}
    assert explained >= {"BLK004", "BLK008", "BLK009", "BLK010"}
    assert all(each.caused_by for each in found if each.code in MISSING)


def test_blocks_below_a_damaged_node_are_explained_by_it(sample: bytes) -> None:
    """Nothing links to them because what would cannot be trusted."""
    with Repo.load(sample) as repo:
        offset = repo.tree.node(1).offset
    assert offset is not None
    damaged = bytearray(sample)
    damaged[offset + 60] ^= 1
    found = found_in(bytes(damaged))
    (unlinked,) = (each for each in found if each.code == "BLK004")
    assert unlinked.caused_by == ("BLK001", offset)


def test_a_block_under_a_damaged_cid_explains_the_missing_one(sample: bytes) -> None:
    """Its bytes are those of the record that is not there."""
    with Repo.load(sample) as repo:
        record = repo.record(20)
        path, offset = record.path, record.offset
    assert offset is not None
    damaged = bytearray(sample)
    damaged[offset + 20] ^= 1
    found = found_in(bytes(damaged))
    (missing,) = (each for each in found if each.code == "BLK009")
    assert missing.path == path
    cause = ("BLK001", offset)
    assert missing.caused_by == cause
    about = {each.code for each in found if each.caused_by == cause}
    assert about == {"BLK004", "BLK009", "BLK010", "CAR029"}


def test_a_damaged_length_explains_all_that_cannot_be_read(sample: bytes) -> None:
    """From there on nothing is a section, and what looks so is its fault."""
    with Repo.load(sample) as repo:
        offset = repo.record(20).offset
    assert offset is not None
    damaged = bytearray(sample)
    damaged[offset] ^= 0x20
    found = found_in(bytes(damaged))
    (head,) = (each for each in found if each.code == "BLK001")
    assert head.offset == offset
    others = [e for e in found if e is not head and e.severity.value == "error"]
    assert len(others) > 3
    assert {each.caused_by for each in others} == {head.as_cause}


def test_one_record_that_is_missing_is_not_a_file_cut_off(sample: bytes) -> None:
    """What is said of the whole file comes from it, and not the other way."""
    head, parts = parts_of(sample)
    with Repo.load(sample) as repo:
        gone = repo.record(20).cid
    found = found_in(car_of(sample, head, [p for p in parts if p.cid != gone]))
    (missing,) = (each for each in found if each.code == "BLK009")
    assert missing.caused_by is None
    about = {each.code for each in found if each.caused_by == missing.as_cause}
    assert about == {"BLK010", "CAR029"}


def test_what_a_part_of_a_repository_lacks_is_told_once(sample: bytes) -> None:
    """Each block that is not there is explained by what the file is."""
    head, parts = parts_of(sample)
    with Repo.load(sample) as repo:
        way = {step.cid for step in repo.prove(repo.record(150).path).steps}
        path = repo.record(150).path
    found = found_in(car_of(sample, head, [p for p in parts if p.cid in way]))
    errors = [each for each in found if each.severity >= Severity.ERROR]
    assert {each.code for each in errors} == {"BLK008", "BLK009"}
    (part,) = (each for each in found if each.code == "BLK010")
    assert {each.caused_by for each in errors} == {part.as_cause}
    (nodes, records) = (
        sum(each.code == code for each in errors) for code in ("BLK008", "BLK009")
    )
    lacks = f"{nodes} nodes and {records} records are not in it"
    assert part.message.startswith(f"a proof of {path!r}: {lacks}; the first node ")
    (family,) = (one for one in families(found) if one.severity is Severity.ERROR)
    assert family.head is part


def test_those_that_are_only_counted_have_a_cause_too(sample: bytes) -> None:
    """The rest of a code that is over the hundred that are kept."""
    head, parts = parts_of(sample)
    nodes = [p for p in parts if b"$type" not in sample[p.offset : p.end]]
    found = found_in(car_of(sample, head, nodes) + b"\x7f\x7f")
    (rest,) = (each for each in found if each.code == "LIM002")
    assert (rest.found, rest.caused_by) == ("BLK009", None)

    found = found_in(car_of(sample, head, nodes[::-1]) + b"\x7f\x7f")
    (rest,) = (each for each in found if each.code == "LIM002")
    assert (rest.found, rest.count) == ("BLK009", 200)
    assert rest.caused_by is not None


def check(repo: Repo) -> None:
    """See that every finding stands once, below or beside the others.

    A head is explained by none, and its effects by it.
    """
    found = repo.report.findings
    made = families(found)
    shown = [each for one in made for each in (one.head, *one.effects)]
    assert sorted(map(id, shown)) == sorted(map(id, found))
    for one in made:
        assert one.head.caused_by is None
        assert {each.caused_by for each in one.effects} <= {one.head.as_cause}
    severities = [one.severity for one in made]
    assert severities == sorted(severities, reverse=True)
