"""Facts about salvage: what is saved of a broken file, counted and written."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import Cid
from repoview.core.errors import Cancelled, NotFound, SourceError
from repoview.core.findings.findings import Profile, Severity
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.room import Room
from repoview.core.repo.repo import Repo
from repoview.core.salvage.report import LooseKind
from repoview.core.salvage.salvage import salvage
from repoview.core.source.cancel import Cancel
from repoview.core.verify.verify import Checks
from repoview.corpus import make_repo, sample
from repoview.corpus.car import Section
from repoview.corpus.cbor import encode, encode_pairs
from repoview.corpus.repo import DID, REV, STRAY
from repoview.corpus.tree import Node
from tests.fuzz.damage import WITHIN, damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repoview.core.load.result import Progress
    from repoview.core.salvage.report import SalvageReport
    from repoview.core.salvage.salvage import Salvage
    from repoview.corpus.car import Car
    from repoview.corpus.repo import Sample
    from repoview.corpus.tree import Entry

saving = partial(salvage, options=OpenOptions())

PATHS = [f"com.example.note/{n:03}" for n in range(60)]
REPO = make_repo({path: {} for path in PATHS})
CAR = REPO.car()


def told(data: bytes) -> SalvageReport:
    """Return what is told of a file."""
    with saving(data) as saved:
        return saved.report


def written(saved: Salvage, *, rebuild_tree: bool = False) -> bytes:
    """Return the CAR that is written."""
    out = bytearray()
    car = saved.write_car(out.extend, rebuild_tree=rebuild_tree)
    assert car.size == len(out)
    return bytes(out)


def cids_in(data: bytes) -> list[bytes]:
    """Return the CIDs of a CAR's sections."""
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    return [each.cid.raw for each in sections(data[header.end :])]


def nodes_of(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for child in (node.left, *(entry.tree for entry in node.entries)):
        if isinstance(child, Node):
            yield from nodes_of(child)


def damaged(car: Car, cid: bytes) -> Car:
    """Return a file with other bytes in one block."""
    data = car.data_of(cid)
    return car.with_data(cid, data[:-1] + bytes([data[-1] ^ 1]))


def keys_but(repo: Sample, entry: Entry) -> list[bytes]:
    """Return the keys of a sample but for one."""
    keys = [key for node in nodes_of(repo.top) for key in own_keys(node)]
    return sorted(key for key in keys if key != entry.key)


def own_keys(node: Node) -> list[bytes]:
    """Return the keys of a node itself."""
    return [entry.key for entry in node.entries]


def errors_of(repo: Repo) -> set[str]:
    """Return the codes of the errors in a repository."""
    findings = repo.report.findings
    return {each.code for each in findings if each.severity >= Severity.ERROR}


# A file that lost nothing


def test_of_a_sound_file_nothing_is_lost() -> None:
    """All of it is counted, by kind and by collection."""
    report = told(CAR.data)
    assert not report.loses
    assert report.exit_code == 0
    assert (report.did, report.rev) == (DID, REV)
    assert (report.commits, report.records) == (1, 60)
    assert report.blocks == len(CAR.cids) == 61 + report.nodes
    assert (report.reachable, report.detached, report.keyless) == (60, 0, 0)
    (collection,) = report.collections
    assert collection == ("com.example.note", 60, 0, 0, 0)


def test_a_sound_file_is_written_as_it_was() -> None:
    """Byte for byte: the root first, and the rest in the order of the file."""
    with saving(CAR.data) as saved:
        assert written(saved) == CAR.data


def test_without_its_header_a_file_is_written_as_it_was() -> None:
    """The commit is found, and is the root again."""
    with saving(b"\xff" * 7 + CAR.data[len(CAR.header) :]) as saved:
        assert saved.report.exit_code == 0
        assert written(saved) == CAR.data


def test_nothing_can_be_saved_of_what_has_no_blocks() -> None:
    """Nor of nothing."""
    for data in (b"", b"<!doctype html><title>502</title>"):
        report = told(data)
        assert (report.blocks, report.root, report.exit_code) == (0, None, 12)


# Damage at random


@pytest.mark.parametrize("times", [2, 15])
def test_what_is_written_has_every_block_that_is_left_whole(times: int) -> None:
    """Each once, and it can be read without a fault of its container."""
    for seed in range(5):
        broken = damage(Random(f"{times} {seed}"), CAR, times, WITHIN)  # noqa: S311 (the same each time)
        whole, lengthless = broken.whole(CAR)
        with saving(bytes(broken.data)) as saved:
            data, report = written(saved), saved.report
        cids = cids_in(data)
        assert len(set(cids)) == len(cids) == report.blocks
        assert whole | lengthless <= set(cids) <= set(CAR.cids)
        kinds = report.commits + report.nodes + report.records + report.others
        assert kinds == report.blocks


def test_every_record_that_is_saved_is_counted_once() -> None:
    """The tree reaches it, a node says its key, or it has none."""
    for seed in range(8):
        broken = damage(Random(seed), CAR, 8, WITHIN)  # noqa: S311 (the same each time)
        with saving(bytes(broken.data)) as saved:
            report, loose = saved.report, list(saved.loose_records())
        assert report.reachable + report.detached + report.keyless == report.records
        assert len(loose) == report.detached + report.keyless + report.older


# Nodes that are missing


def test_keys_below_a_lost_node_are_known_by_the_nodes_that_are_left() -> None:
    """The top is lost: its sub-trees tell their keys, and only its own are lost."""
    repo = sample()
    car = damaged(repo.car(), repo.top.cid)
    own = repo.top.entries[0]
    with saving(car.data) as saved:
        report, loose = saved.report, list(saved.loose_records())
    assert (report.reachable, report.detached, report.keyless) == (0, 9, 1)
    assert (report.subtrees, report.missing_nodes, report.damaged) == (2, 1, 1)
    assert report.lost_keys == ((b"", None),)
    assert report.exit_code == 10
    *keyed, keyless = loose
    assert [each.key for each in keyed] == keys_but(repo, own)
    assert {each.kind for each in keyed} == {LooseKind.DETACHED}
    assert (keyless.kind, keyless.path) == (LooseKind.KEYLESS, None)
    assert keyless.cid.raw == own.cid
    assert keyless.data == own.record
    assert keyless.type == "com.example.note"


def test_each_lost_node_loses_its_own_keys_and_no_others() -> None:
    """Whichever it is."""
    top = REPO.top
    assert isinstance(top, Node)
    for node in nodes_of(top):
        report = told(CAR.without(node.cid).data)
        assert report.keyless == len(node.entries)
        assert report.reachable + report.detached == 60 - len(node.entries)
        assert report.missing_nodes == 1


def test_the_range_of_a_hole_is_told() -> None:
    """By the keys on both sides of it."""
    repo = sample()
    report = told(repo.car().without(repo.second.cid).data)
    lo, hi = repo.inner.entries[0].key, repo.top.entries[0].key
    assert report.lost_keys == ((lo, hi),)


def test_a_key_whose_record_is_lost_is_counted_as_lost() -> None:
    """Below a lost node as in the tree."""
    repo = sample()
    gone = repo.first.entries[0].cid, repo.last_entry.cid
    report = told(repo.car().without(repo.inner.cid, *gone).data)
    assert report.missing_records == 2
    (collection,) = report.collections
    assert collection.lost == 2


def test_without_a_commit_the_sub_trees_are_one_repository() -> None:
    """Whose it is, nothing says; keys before and behind a guessed top count too."""
    repo = sample()
    report = told(repo.car().without(repo.cid, repo.top.cid).data)
    assert report.did is None
    assert not report.has_commit
    assert report.root in {Cid(repo.inner.cid), Cid(repo.bridge.cid)}
    assert report.reachable + report.detached == 9
    assert report.older == 0


def test_a_lost_commit_is_a_loss_though_the_tree_is_whole() -> None:
    """Nobody can say whose the tree is, and of which revision."""
    report = told(CAR.without(REPO.cid).data)
    assert (report.reachable, report.missing_nodes, report.damaged) == (60, 0, 0)
    assert report.loses
    assert report.exit_code == 10


def test_a_node_of_an_earlier_state_loses_nothing() -> None:
    """The tree is whole, and proves that such a key is another record now."""
    before = {path: {"text": "before"} if path == PATHS[7] else {} for path in PATHS}
    old = make_repo(before)
    extra = [p for p in old.car().parts if p.cid not in set(CAR.cids)]
    data = CAR.data + b"".join(part.written for part in extra)
    with saving(data) as saved:
        report, loose = saved.report, list(saved.loose_records())
    assert (report.detached, report.older, report.exit_code) == (0, 1, 0)
    assert report.commits == 2
    assert [(each.kind, each.path) for each in loose] == [(LooseKind.OLDER, PATHS[7])]


def test_a_record_that_nothing_names_has_no_key() -> None:
    """It is counted by its type."""
    report = told(CAR.plus_block(STRAY).data)
    assert report.keyless == 1
    assert ("com.example.stray", 0, 0, 1, 0) in report.collections


def test_nodes_in_another_form_say_their_keys_too() -> None:
    """Those below a lost node that no reader would take for canonical."""
    right, other = sample(), sample()
    for node in (other.inner, other.first, other.last):
        node.changed["more"] = 1
    reports = [told(repo.car().without(repo.top.cid).data) for repo in (right, other)]
    assert reports[0].detached == reports[1].detached == 9
    assert reports[0].collections == reports[1].collections
    assert reports[0].missing_nodes == reports[1].missing_nodes


def test_a_record_in_another_form_is_one_all_the_same() -> None:
    """What it says of itself is read, though its fields are out of order."""
    record = encode_pairs([("$type", "com.example.stray"), ("text", "x")])
    report = told(CAR.plus_block(record).data)
    assert (report.keyless, report.detached) == (1, 0)


# A new tree


def test_a_tree_that_lost_nothing_is_rebuilt_as_it_was() -> None:
    """The new commit links to the same top node, and is not signed."""
    with saving(CAR.data) as saved:
        data = written(saved, rebuild_tree=True)
    with Repo.load(data) as repo:
        assert repo.commit is not None
        assert repo.commit.data == Cid(REPO.top.cid)
        assert (repo.commit.did, repo.commit.rev) == (DID, REV)
        assert repo.commit.sig is None
        assert errors_of(repo) == {"COM003"}


def test_a_rebuilt_tree_has_all_keys_that_are_known() -> None:
    """It is complete and canonical; all other blocks stay beside it."""
    repo = sample()
    own = repo.top.entries[0]
    with saving(damaged(repo.car(), repo.top.cid).data) as saved:
        data = written(saved, rebuild_tree=True)
    with Repo.load(data, checks=Checks(rebuild=True)) as new:
        assert [record.key for record in new.records()] == keys_but(repo, own)
        assert new.report.complete
        assert errors_of(new) == {"COM003"}
    assert own.cid in cids_in(data)


def test_without_an_account_the_top_node_of_a_new_tree_is_the_root() -> None:
    """There is no commit that could name it."""
    repo = sample()
    with saving(repo.car().without(repo.cid).data) as saved:
        data = written(saved, rebuild_tree=True)
    checks = Checks(profile=Profile.MST_ONLY)
    with Repo.load(data, checks=checks) as new:
        assert new.tree.node(0).cid == Cid(repo.top.cid)
        assert new.report.exit_code == 0


def test_without_any_key_no_tree_can_be_made() -> None:
    """And nothing is written."""
    out = bytearray()
    stray = Section(*_stray()).written
    with saving(stray) as saved, pytest.raises(NotFound, match="no tree can be made"):
        saved.write_car(out.extend, rebuild_tree=True)
    assert not out


def _stray() -> tuple[bytes, bytes]:
    data = encode({"$type": "com.example.stray"})
    return Cid.for_block(data).raw, data


def test_blocks_without_any_root_have_a_header_without_roots() -> None:
    """Nothing says what they are part of."""
    with saving(Section(*_stray()).written) as saved:
        data = written(saved)
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    assert header.roots == ()
    assert cids_in(data) == [_stray()[0]]


# How it is done


def test_a_stream_of_pieces_is_saved_as_a_file_is() -> None:
    """What can be read only once is spooled."""
    data = CAR.data[:40] + CAR.data[50:]
    pieces = (data[at : at + 100] for at in range(0, len(data), 100))
    with saving(pieces) as saved:
        report = saved.report
    assert report.blocks == told(data).blocks


def test_little_memory_changes_nothing(tmp_path: Path) -> None:
    """The index and what is sorted go to disk."""
    repo = make_repo({f"com.example.note/{n:05}": {} for n in range(120)})
    car = damaged(repo.car(), repo.top.cid).without(repo.car().cids[20])
    broken = car.data[:2_000] + b"\xff" * 5 + car.data[2_000:]
    little = OpenOptions(room=Room(10_000, lambda: str(tmp_path)))
    reports = []
    for options in (OpenOptions(), little):
        with salvage(broken, options) as saved:
            loose = [each.cid for each in saved.loose_records()]
            both = written(saved), written(saved, rebuild_tree=True)
            reports.append((saved.report, loose, both))
    assert reports[0] == reports[1]


def test_it_tells_how_far_it_is_and_can_be_cancelled() -> None:
    """Between any two reports."""
    stages: list[str] = []
    cancel = Cancel()

    def note(progress: Progress) -> None:
        stages.append(progress.stage)
        if progress.stage == "unlinked":
            cancel.ask()

    with pytest.raises(Cancelled):
        saving(CAR.data[9:] * 2, report=note, cancel=cancel)
    assert [*dict.fromkeys(stages)] == ["load", "search", "walk", "unlinked"]


def test_the_source_is_closed_with_it(tmp_path: Path) -> None:
    """And nothing was written to it."""
    path = tmp_path / "x.car"
    path.write_bytes(CAR.data[30:])
    saved = saving(path)
    saved.close()
    assert path.read_bytes() == CAR.data[30:]
    with pytest.raises(SourceError):
        written(saved)


def test_the_report_is_a_value() -> None:
    """Two of one file are equal, and its JSON names what it has."""
    one, two = told(CAR.data[20:]), told(CAR.data[20:])
    assert one == two
    told_json = one.to_json()
    assert told_json["root"] == (None if one.root is None else str(one.root))
    assert told_json["exit_code"] == one.exit_code
