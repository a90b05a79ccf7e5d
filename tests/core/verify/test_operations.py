"""Facts about the operations of events, compared with the trees in them.

Events are made of two trees that `build_tree` made; what is true of their
operations follows from these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.findings.findings import Severity
from repoview.corpus.cases.frames import (
    ACTIONS,
    CREATED,
    DELETED,
    OLD,
    event,
    event_between,
    link_of,
    message,
    node_of,
)
from repoview.corpus.cbor import Link
from repoview.corpus.repo import DID, REV, SAMPLE
from repoview.corpus.tree import ABSENT, COLLECTION
from tests.vectors import ROOT, needs_vectors, report

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.formats.frames.frame import Frame

paths = st.sampled_from([f"{COLLECTION}/{number}" for number in range(2050, 2090)])
contents = st.dictionaries(paths, st.sampled_from([{}, OLD]), max_size=20)
EXIT_CODES = {0, 10, 11, 12, 13, 14}


def judged(data: bytes) -> tuple[Frame, int]:
    """Return the frame with its answers, and the exit code."""
    with Repo.load(data) as repo:
        assert repo.frame is not None
        return repo.frame, repo.report.exit_code


def answers(frame: Frame) -> list[str]:
    """Return the answer to each operation."""
    return [op.answer for op in frame.ops]


def test_an_event_is_proved() -> None:
    """All operations are in the tree, and undone give that before."""
    made = event()
    frame, code = judged(made.data)
    assert answers(frame) == ["proved"] * 3
    assert (frame.undone, code) == ("proved", 0)
    assert frame.reached == frame.prev_data


def test_each_step_back_has_the_tree_of_the_records_that_are_left() -> None:
    """What was deleted and updated comes first, and then what was created."""
    frame, _ = judged(event().data)
    actions = [frame.ops[number].action for number in frame.steps]
    assert actions[-1] == "create"
    undone = [frame.ops[number].undone for number in frame.steps]
    assert len({*undone}) == 3
    assert undone[-1] == frame.prev_data


@settings(deadline=None)
@given(contents, contents)
def test_what_is_true_is_proved_by_all_blocks(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Whatever the trees before and after are."""
    made = event_between(before, after)
    frame, code = judged(made.data)
    assert set(answers(frame)) <= {"proved"}
    assert (frame.undone, code) == ("proved", 0)


@settings(deadline=None)
@given(contents, contents, st.data())
def test_what_is_true_is_never_contradicted(
    before: dict[str, Any], after: dict[str, Any], data: st.DataObject
) -> None:
    """With blocks missing it may be unknown, and a block that would tell is named."""
    made = event_between(before, after)
    cids = [cid for cid in made.car.cids if cid != made.after.cid]
    lost = data.draw(st.sets(st.sampled_from(cids)))
    made.car = made.car.without(*lost)
    frame, code = judged(made.data)
    assert "contradicted" not in {frame.undone, *answers(frame)}
    assert code == (0 if frame.undone == "proved" and _all_proved(frame) else 10)
    missing = {op.missing.raw for op in frame.ops if op.missing is not None}
    assert missing <= lost
    assert missing or frame.undone == "proved"


def _all_proved(frame: Frame) -> bool:
    return set(answers(frame)) <= {"proved"}


@settings(deadline=None)
@given(contents, contents, st.data())
def test_what_is_not_true_is_never_proved(
    before: dict[str, Any], after: dict[str, Any], data: st.DataObject
) -> None:
    """An operation left out, or with another CID than it has."""
    made = event_between(before, after)
    if not made.ops:
        return
    op = data.draw(st.sampled_from(made.ops))
    if data.draw(st.booleans()):
        made.ops.remove(op)
    else:
        name = "prev" if op["cid"] is None else "cid"
        op[name] = link_of("another")
    frame, code = judged(made.data)
    assert frame.undone == "contradicted"
    assert "proved" not in answers(frame)
    assert code == 11


def test_an_event_without_the_tree_before_is_proved_as_far_as_it_says() -> None:
    """Older events do not have `prevData`, nor `prev`."""
    made = event(prevData=ABSENT)
    for op in made.ops:
        op.pop("prev", None)
    frame, code = judged(made.data)
    assert answers(frame) == ["proved"] * 3
    assert (frame.undone, code) == (None, 0)
    assert {op.before for op in frame.ops} == {None}


def test_an_event_that_was_too_large_has_its_commit_alone() -> None:
    """It has no operations, and nothing is told of them."""
    made = event(prevData=ABSENT, tooBig=True)
    made.ops, made.car = [], made.car.in_order([made.after.cid])
    frame, code = judged(made.data)
    assert (frame.ops, frame.undone, code) == ((), None, 0)


def test_an_event_without_operations_leaves_the_tree_as_it_was() -> None:
    """The tree before is that of the commit."""
    made = event_between({path: {} for path in SAMPLE}, {path: {} for path in SAMPLE})
    assert judged(made.data)[0].undone == "proved"
    made.changed["prevData"] = link_of("another")
    assert judged(made.data)[1] == 11


def test_a_damaged_record_is_no_proof() -> None:
    """Its bytes do not hash to what the operation says."""
    made = event()
    made.car = made.car.with_data(link_of(CREATED).cid, b"\xa0")
    frame, code = judged(made.data)
    assert frame.ops[0].answer == "unknown"
    assert "is damaged" in frame.ops[0].why
    assert code == 11


def test_a_node_that_breaks_the_rules_is_no_proof() -> None:
    """The tree is invalid, and nothing below that node is told."""
    made = event()
    top = node_of(made.after)
    top.changed["x"] = 1
    made.car = made.after.car()
    made.changed["commit"] = Link(made.after.cid)
    frame, code = judged(made.data)
    assert answers(frame) == ["unknown"] * 3
    assert code == 11


@pytest.mark.parametrize("action", ACTIONS)
def test_an_operation_on_a_path_that_is_no_key_is_contradicted(action: str) -> None:
    """No tree has it; to have deleted it is proved, and not what was before."""
    made = event()
    cid = None if action == "delete" else link_of("x")
    prev = None if action == "create" else link_of("x")
    made.ops[0] = {"action": action, "path": "no key", "cid": cid, "prev": prev}
    frame, _ = judged(made.data)
    assert frame.undone == "contradicted"
    assert frame.ops[0].after == ("proved" if action == "delete" else "contradicted")


def test_places_of_findings_are_those_in_the_file() -> None:
    """The CAR stands inside of the frame."""
    made = event()
    made.car = made.car.with_data(link_of(CREATED).cid, b"\xa0")
    with Repo.load(made.data) as repo:
        (found,) = (f for f in repo.report.findings if f.code == "BLK001")
        section = made.car.offset_of(link_of(CREATED).cid)
        assert found.offset == made.data.index(made.car.data) + section
        assert repo.block(repo.record(0).cid).data == repo.record(0).data


# Frames without operations


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("#account", {"seq": 1, "did": DID, "time": "", "active": True}),
        ("#identity", {"seq": 1, "did": DID, "time": ""}),
        ("#info", {"name": "OutdatedCursor"}),
        ("#other", {}),
    ],
)
def test_a_frame_without_blocks_is_sound(kind: str, fields: dict[str, Any]) -> None:
    """There is no repository, and none is missed."""
    data = message(kind, fields)
    with Repo.load(data) as repo:
        assert repo.report.exit_code == 0
        assert repo.report.complete is None
        assert repo.commit is None
        assert len(repo) == 0


def test_a_sync_event_has_its_commit() -> None:
    """It is compared with the fields of the event."""
    made = event()
    blocks = made.car.in_order([made.after.cid]).data
    fields = {"seq": 7, "did": DID, "rev": REV, "time": "", "blocks": blocks}
    assert judged(message("#sync", fields))[1] == 0
    assert judged(message("#sync", fields | {"rev": "2222222222222"}))[1] == 11
    assert judged(message("#sync", fields | {"did": "did:plc:other"}))[1] == 11


# Whatever stands in a frame


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", event().fields)
def test_no_field_ends_in_anything_but_an_exit_code(name: str) -> None:
    """Missing, or of any other type."""
    values = [ABSENT, None, True, -1, 1.5, "text", b"bytes", [], {}, link_of("x")]
    for value in values:
        with Repo.load(event(**{name: value}).data) as repo:
            assert repo.report.exit_code in EXIT_CODES
            assert repo.report.to_json()["frame"]["type"] == "#commit"


@pytest.mark.unmeasured
@pytest.mark.parametrize("step", range(3))
def test_no_cut_ends_in_anything_but_an_exit_code(step: int) -> None:
    """Anywhere behind the first map; what is cut off is never sound."""
    data = event().data
    for end in range(15 + step, len(data), 27):
        with Repo.load(data[:end]) as repo:
            assert repo.report.exit_code in EXIT_CODES - {0}
            fatal = any(f.severity is Severity.FATAL for f in repo.report.findings)
            assert fatal == (repo.report.exit_code == 12)


@settings(deadline=None)
@given(st.data())
def test_no_byte_that_differs_ends_in_anything_but_an_exit_code(
    data: st.DataObject,
) -> None:
    """Anywhere in the frame, the CAR in it among the rest."""
    raw = bytearray(event().data)
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with Repo.load(bytes(raw)) as repo:
        assert repo.report.exit_code in EXIT_CODES


# Frames of a server


@needs_vectors
@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("pds/*.frame")), ids=lambda path: path.name
)
def test_events_of_a_server_are_proved(path: Path) -> None:
    """Each operation, and the tree before where there are any."""
    frame, code = judged(path.read_bytes())
    assert code == 0
    assert set(answers(frame)) <= {"proved"}
    assert frame.undone == ("proved" if frame.type == "#commit" else None)


@needs_vectors
@pytest.mark.parametrize("name", ["commit-193", "commit-204", "sync-4"])
def test_the_car_in_an_event_is_the_one_beside_it(name: str) -> None:
    """The server's frame, and the CAR that was taken out of it by hand."""
    data = (ROOT / f"pds/{name}.frame").read_bytes()
    frame, _ = judged(data)
    assert frame.blocks is not None
    car = data[frame.blocks.start : frame.blocks.stop]
    assert car == (ROOT / f"pds/{name}.car").read_bytes()


def test_an_event_of_earlier_years_is_proved_as_far_as_it_says() -> None:
    """It was saved in 2023."""
    frame, code = judged(report("firehose-frame.bin").read_bytes())
    assert (frame.seq, answers(frame)) == (12345, ["proved"])
    assert (frame.undone, code) == (None, 0)


def test_deleted_is_deleted() -> None:
    """The sample has a delete, whose record is proved to be gone."""
    frame, _ = judged(event().data)
    (op,) = (op for op in frame.ops if op.path == DELETED)
    assert (op.after, op.before, op.cid) == ("proved", "proved", None)
