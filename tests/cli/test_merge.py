"""Facts about `repoview merge`: what comes out is the newer repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repoview
from repoview import Repo, RepoviewError
from repoview.core.formats import syntax
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.corpus import LIGHT_CASES
from repoview.export import DestinationTaken, MergeRefused, NotComplete, merge
from tests.cli.conftest import saved
from tests.core.repos import DID, car_of, make_repo, parts_of
from tests.vectors import report, vector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.cli.conftest import Program

KIND = "com.example.kind"
PATHS = [f"{KIND}/{number:03}" for number in range(60)]
REVS = [syntax.make_tid(1_700_000_000_000_000 + number) for number in range(6)]

contents = st.dictionaries(st.sampled_from(PATHS), st.integers(0, 2), max_size=50)
histories = st.lists(contents, min_size=2, max_size=4)


def state(values: dict[str, int], number: int, did: str = DID) -> bytes:
    """Return a whole repository of some records, of the revision of a number."""
    records: dict[str, Any] = {
        path: {"$type": KIND, "n": value} for path, value in values.items()
    }
    return make_repo(records, rev=REVS[number], did=did)


def since(new: bytes, old: bytes) -> bytes:
    """Return the blocks of one file that another lacks, as a server answers."""
    known = {part.cid for part in parts_of(old)[1]}
    head, parts = parts_of(new)
    return car_of(new, head, [part for part in parts if part.cid not in known])


def frame(car: bytes, number: int, before: str) -> bytes:
    """Return a commit event with the blocks of a CAR, on a revision before it."""
    fields: dict[str, Any] = {
        "ops": [],
        "rev": REVS[number],
        "seq": number,
        "repo": DID,
        "since": before,
        "time": "2026-01-01T00:00:00Z",
        "blobs": [],
        "blocks": car,
        "commit": parts_of(car)[1][0].cid,
        "rebase": False,
        "tooBig": False,
    }
    return dagcbor.encode({"t": "#commit", "op": 1}) + dagcbor.encode(fields)


def in_walk_order(data: bytes, folder: Path) -> bytes:
    """Return a repository written anew."""
    out = folder / "ordered.car"
    with Repo.load(data) as repo:
        repoview.export.rewrite(repo, out, overwrite=True)
    return out.read_bytes()


STATES = [
    state(dict.fromkeys(PATHS[:40], 0), 0),
    state({**dict.fromkeys(PATHS[5:50], 0), PATHS[20]: 1}, 1),
    state({**dict.fromkeys(PATHS[5:55], 0), PATHS[21]: 1}, 2),
]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A whole repository, and what came since, twice."""
    pieces = [STATES[0], *(since(STATES[n], STATES[n - 1]) for n in (1, 2))]
    return [saved(tmp_path / f"{n}.car", data) for n, data in enumerate(pieces)]


@settings(max_examples=20)
@given(history=histories)
def test_what_comes_out_is_the_last_state(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, int]]
) -> None:
    """Whatever was put in, changed and taken out between, byte for byte."""
    folder = tmp_path_factory.mktemp("merged")
    states = [state(values, number) for number, values in enumerate(history)]
    parts = [since(states[n], states[n - 1]) for n in range(1, len(states))]
    out = folder / "new.car"
    merged = merge(states[0], parts, out)
    assert out.read_bytes() == in_walk_order(states[-1], folder)
    assert merged.records == len(history[-1])
    assert merged.states == len(states)
    assert merged.report.verdict == "sound"


def test_an_export_is_brought_up_to_date(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """By one command, which says what it wrote."""
    out = tmp_path / "new.car"
    outcome = run("merge", *files, "-o", out)
    assert (outcome.code, outcome.out) == (0, "")
    assert f"wrote {out} of revision {REVS[2]}: 50 records in " in outcome.err
    assert out.read_bytes() == in_walk_order(STATES[2], tmp_path)
    told = run("merge", *files, "-o", out, "--force", "--json").json
    assert (told["rev"], told["did"], told["states"]) == (REVS[2], DID, 3)
    assert told["bytes"] == out.stat().st_size


def test_the_snapshot_and_the_diff_of_a_report_give_the_new_snapshot(
    run: Program, tmp_path: Path
) -> None:
    """Byte for byte: it is in the same order."""
    out = tmp_path / "new.car"
    assert (
        run("merge", report("snapshot.car"), report("since-diff.car"), "-o", out).code
        == 0
    )
    assert out.read_bytes() == report("snapshot-new.car").read_bytes()


def test_events_are_merged_also_many_in_one_file(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """Those without blocks are passed over."""
    account = dagcbor.encode({"t": "#account", "op": 1}) + dagcbor.encode(
        {"seq": 1, "did": DID, "time": "2026-01-01T00:00:00Z", "active": True}
    )
    stream = frame(files[1].read_bytes(), 1, REVS[0]) + account
    stream += frame(files[2].read_bytes(), 2, REVS[1])
    events = saved(tmp_path / "events.frames", stream)
    out = tmp_path / "new.car"
    outcome = run("merge", files[0], events, "-o", out)
    assert outcome.code == 0
    assert "passed over 1 event without blocks" in outcome.err
    assert out.read_bytes() == in_walk_order(STATES[2], tmp_path)


def test_events_of_a_server_follow_on_its_export(run: Program, tmp_path: Path) -> None:
    """One that does not is refused: it says on which revision it follows."""
    folder = vector("pds")
    out = tmp_path / "new.car"
    event = folder / "commit-204.frame"
    outcome = run("merge", folder / "commit-3.car", event, "-o", out)
    assert outcome.code == 1
    assert "follows on revision" in outcome.err
    assert not out.exists()


# What cannot be merged


def refused(
    run: Program, sources: Sequence[Path], tmp_path: Path, code: int = 1
) -> str:
    """Return the one sentence that a merge is refused with; nothing is written."""
    out = tmp_path / "refused.car"
    outcome = run("merge", *sources, "-o", out)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.count("\n") == 1
    assert not out.exists()
    assert not list(tmp_path.glob(".refused*"))
    return outcome.err


def test_another_account_is_refused(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """Both are named."""
    other = saved(tmp_path / "o.car", state({}, 3, "did:web:other.example"))
    said = refused(run, [files[0], other], tmp_path)
    assert f"is of the account did:web:other.example, and {files[0]} of {DID}" in said


def test_an_older_state_is_refused(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """And the same one twice, each in its own words."""
    said = refused(run, [files[0], files[2], files[1]], tmp_path)
    assert f"is of revision {REVS[1]}, which is not later than {REVS[2]} of" in said
    said = refused(run, [files[0], files[1], files[1]], tmp_path)
    assert f"is of revision {REVS[1]}, and so is {files[1]}: that is one state" in said


def test_a_gap_between_events_is_told(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """By the revision that the event follows on."""
    late = frame(files[2].read_bytes(), 2, REVS[1])
    said = refused(run, [files[0], saved(tmp_path / "late.frame", late)], tmp_path)
    assert f"follows on revision {REVS[1]}, and {files[0]} is of {REVS[0]}" in said


def test_a_gap_between_answers_is_told_by_the_block_that_is_missing(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """The first, and how many more there are."""
    said = refused(run, [files[0], files[2]], tmp_path, 10)
    assert f"that the repository of revision {REVS[2]} needs is in none" in said


def test_any_block_that_is_in_none_of_the_files_is_named(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """And so is one that does not hash to its CID."""
    data = files[2].read_bytes()
    head, parts = parts_of(data)
    for part in parts[1:]:
        kept = [each for each in parts if each != part]
        less = saved(tmp_path / "less.car", car_of(data, head, kept))
        assert str(part.cid) in refused(run, [*files[:2], less], tmp_path, 10)
        place = part.end - 1
        bad = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
        damaged = saved(tmp_path / "bad.car", bad)
        assert str(part.cid) in refused(run, [*files[:2], damaged], tmp_path, 10)


def test_what_has_no_commit_is_refused(
    run: Program, files: list[Path], broken: dict[int, Path], tmp_path: Path
) -> None:
    """In either place."""
    for sources in ([broken[12], files[1]], [files[0], broken[12]]):
        said = refused(run, sources, tmp_path, 12)
        assert f"{broken[12]} has no commit that can be read" in said


def test_whatever_is_wrong_with_a_file_is_refused_or_merged(tmp_path: Path) -> None:
    """In either place, of all files that are broken in one way."""
    out = tmp_path / "new.car"
    for case in LIGHT_CASES:
        data = case.build().data
        for snapshot, other in ((STATES[0], data), (data, STATES[1])):
            try:
                merged = merge(snapshot, [other], out, overwrite=True)
            except RepoviewError:
                assert not out.exists()
            else:
                assert merged.report.complete
                out.unlink()


def test_a_disk_that_is_too_small_is_said_to_be(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """With the option that allows more."""
    out = tmp_path / "new.car"
    for size in ("1000", "0"):
        outcome = run("merge", *files, "-o", out, "--disk-limit", size)
        assert outcome.code == 1
        assert "disk" in outcome.err
        assert not out.exists()


def test_the_sources_and_what_is_there_stay_as_they_are(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """Unless overwriting is asked for; a source is never written over."""
    taken = saved(tmp_path / "taken.car", b"mine")
    assert run("merge", *files, "-o", taken).code == 1
    assert taken.read_bytes() == b"mine"
    assert run("merge", *files, "-o", files[1], "--force").code == 1
    with pytest.raises(DestinationTaken):
        merge(files[0], files[1:], taken)
    assert run("merge", *files, "-o", "-").code == 2
    assert run("merge", "-", "-", "-o", tmp_path / "x.car").code == 2


def test_the_library_raises_what_the_command_says(
    files: list[Path], tmp_path: Path
) -> None:
    """With paths, bytes and open files."""
    out = tmp_path / "new.car"
    with pytest.raises(MergeRefused, match="leave out the file that lacks more of it"):
        merge(files[0], [files[0]], out)
    with pytest.raises(NotComplete, match="in none of the files"):
        merge(files[0].read_bytes(), [files[2].read_bytes()], out)
    with pytest.raises(MergeRefused, match="disk"):
        merge(files[0], files[1:], out, disk_limit=1_000)
    with files[0].open("rb") as first:
        merged = merge(first, files[1:], out)
    assert merged.report.commit is not None
    assert merged.report.commit.rev == REVS[2]


def test_a_signature_that_was_asked_for_is_checked(
    run: Program, files: list[Path], tmp_path: Path
) -> None:
    """Of what comes out; one that is wrong makes it invalid, and not written."""
    key = "did:key:zQ3shunBKsXixLxKtC5qeSG9E4J5RkGN57im31pcTzbNQnm5w"
    out = tmp_path / "new.car"
    outcome = run("merge", *files, "-o", out, "--key", key)
    assert outcome.code == 11
    assert not out.exists()
