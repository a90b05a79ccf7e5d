"""Facts about many files read by processes, and the data set that is written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow.parquet as pq
import pytest

import repoview
from repoview import fleet
from repoview.fleet import dataset, work
from repoview.fleet.chunks import Chunk, chunks_of
from repoview.fleet.earlier import alone
from repoview.fleet.layout import is_data_set
from repoview.fleet.sources import File
from repoview.fleet.store import CannotWrite, store_at
from tests.core.repos import make_repo, many
from tests.fleet.datasets import did_of, everything, make_files, parts, rows_in

PROGRAM: Final = [sys.executable, "-m", "repoview", "fleet"]
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc"
)
needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sound repositories."""
    folder = tmp_path_factory.mktemp("files")
    make_files(folder / "some", 20)
    make_files(folder / "more" / "below", 3)
    return folder


@pytest.fixture(scope="module")
def out(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set of it."""
    out = tmp_path_factory.mktemp("out") / "data"
    fleet.write([files], out, processes=2)
    return out


def started(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start the program as a process of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdout=pipe,
        stderr=pipe,
        start_new_session=True,
    )


def children_of(pid: int) -> set[int]:
    """Return the processes that one has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for each in tasks for child in each.read_text().split()}


def test_the_data_set_has_each_record_of_each_file(files: Path, out: Path) -> None:
    """As `tabulate` gives them, file by file."""
    rows = rows_in(out, "records")
    expected = [
        row
        for path in files.rglob("*.car")
        for row in fleet.tabulate(path).records.to_pylist()
    ]
    assert sorted(rows, key=repr_of) == sorted(expected, key=repr_of)
    assert len(rows_in(out, "repos")) == 23


def repr_of(row: dict[str, Any]) -> str:
    """Return a row as text, whatever the order of its columns."""
    return repr(sorted(row.items()))


def test_duckdb_reads_it_as_tables(files: Path, out: Path) -> None:
    """Its counts are those of the library."""
    query = f"""
        SELECT did, collection, count(*), sum(size)
        FROM read_parquet('{out}/records/*/*.parquet') GROUP BY ALL
    """
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    for path in (files / "some").glob("*.car"):
        with repoview.open(path) as repo:
            for each in repo.collections:
                counted[repo.commit.did, each.name] = (each.count, each.bytes)
    with duckdb.connect() as connection:
        rows = connection.execute(query).fetchall()
    found = {(d, c): (n, size) for d, c, n, size in rows}
    # The other three are of accounts that have a file already.
    assert found.keys() == counted.keys()
    again = {did_of(number) for number in range(3)}
    for key, (count, size) in counted.items():
        times = 2 if key[0] in again else 1
        assert found[key] == (times * count, times * size)


def test_a_second_run_reads_nothing_again(files: Path, out: Path) -> None:
    """All files are known, and the data set stays what it is, byte for byte."""
    before = {path: path.read_bytes() for path in parts(out)}
    again = fleet.write([files], out, processes=1)
    assert (again.skipped, again.done.files, again.exit_code) == (23, 0, 0)
    assert {path: path.read_bytes() for path in parts(out)} == before


def test_a_file_may_have_a_name_of_any_bytes(tmp_path: Path) -> None:
    r"""It stands in the tables with ``\xNN``, read or not, and is known again."""
    (path,) = make_files(tmp_path / "in", 1)
    path.rename(path.with_name(os.fsdecode(b"l\xe9.car")))
    path.with_name(os.fsdecode(b"n\xe9.car")).symlink_to("nowhere")
    out = tmp_path / "out"
    wrote = fleet.write([tmp_path / "in"], out, processes=1)
    assert (wrote.done.files, wrote.done.verdicts["sound"]) == (2, 1)
    names = [Path(row["source"]).name for row in rows_in(out, "repos")]
    assert sorted(names) == ["l\\xe9.car", "n\\xe9.car"]
    assert fleet.write([tmp_path / "in"], out, processes=1).skipped == 1


def test_a_data_set_is_told_from_other_folders(files: Path, out: Path) -> None:
    """And from what is no folder at all."""
    assert is_data_set(str(out))
    assert not is_data_set(str(files))
    assert not is_data_set(str(files / "some" / "0000.car"))
    assert not is_data_set("s3://bucket/out")


def test_a_run_tells_how_far_it_is(files: Path, tmp_path: Path) -> None:
    """Of how many, as soon as all are listed: of few at once."""
    seen: list[fleet.Passed] = []
    fleet.write([files], tmp_path / "out", processes=1, report=seen.append)
    assert {passed.listed for passed in seen} == {23}
    assert seen[-1].done.files == 23


@needs_fifo
def test_progress_moves_by_the_file(tmp_path: Path) -> None:
    """Also in a chunk that is not written yet: here its sixth file waits."""
    paths = make_files(tmp_path / "in", 40)
    data = paths[5].read_bytes()
    paths[5].unlink()
    os.mkfifo(paths[5])
    seen: list[tuple[int, int]] = []
    is_fed: list[int] = []

    def report(passed: fleet.Passed) -> None:
        if (passed.done.files, passed.under_way) == (0, 5) and not is_fed:
            is_fed.append(paths[5].write_bytes(data))
        seen.append((passed.done.files, passed.under_way))

    fleet.write(paths, tmp_path / "out", processes=1, timeout=None, report=report)
    assert (0, 5) in seen
    assert seen[-1] == (40, 0)


def test_what_is_new_is_added_and_a_file_that_was_touched_or_moved_is_known(
    tmp_path: Path,
) -> None:
    """By the hash of its bytes: its records are there once."""
    first, second, third = make_files(tmp_path / "in", 3)
    out = tmp_path / "out"
    third.rename(tmp_path / "later.car")
    fleet.write([tmp_path / "in"], out, processes=1)
    (tmp_path / "later.car").rename(third)
    os.utime(first, ns=(1, 1))
    second.rename(tmp_path / "in" / "moved.car")
    run = fleet.write([tmp_path / "in"], out, processes=1)
    assert (run.skipped, run.done.files) == (0, 3)
    assert run.done.rows == fleet.verify_one(third).records
    records = [(row["sha256"], row["rkey"]) for row in rows_in(out, "records")]
    assert len(records) == len(set(records))
    assert len(fleet.summary(out)) == 4


def test_a_file_that_changed_gets_another_row_and_the_newest_counts(
    tmp_path: Path,
) -> None:
    """What was written of the older bytes stays beside it."""
    (path,) = make_files(tmp_path / "in", 1)
    out = tmp_path / "out"
    fleet.write([path], out, processes=1)
    path.write_bytes(make_repo(many(40), did=did_of(0)))
    fleet.write([path], out, processes=1)
    assert len(rows_in(out, "repos")) == 2
    summary = fleet.summary(out)
    assert [row.records for row in summary.rows()] == [40]
    assert (
        summary.totals().records == sum(c.records for c in summary.collections()) == 40
    )


def broken_files(folder: Path) -> dict[str, str | None]:
    """Write files of many kinds, and return their verdicts by name."""
    sound = make_repo(many(30))
    verdicts: dict[str, str | None] = {}
    for name, data, verdict in (
        ("a-sound", sound, "sound"),
        ("b-text", b"<!doctype html>", "unreadable"),
        ("c-cut", sound[:-40], "incomplete"),
        ("d-flipped", sound[:200] + b"\xff" + sound[201:], "invalid"),
        ("e-empty", b"", "unreadable"),
        ("f-sound", make_repo(many(31)), "sound"),
    ):
        (folder / f"{name}.car").write_bytes(data)
        verdicts[name] = verdict
    return verdicts


def test_each_broken_file_costs_a_row(tmp_path: Path) -> None:
    """Its verdict is that of `verify`, and the others are what they are."""
    folder = tmp_path / "in"
    folder.mkdir()
    names = broken_files(folder)
    run = fleet.write([folder, tmp_path / "none.car"], tmp_path / "out", processes=2)
    rows = {Path(row["source"]).stem: row for row in rows_in(tmp_path / "out", "repos")}
    assert rows.keys() == {*names, "none"}
    for name in names:
        with repoview.Repo.load(folder / f"{name}.car") as repo:
            assert rows[name]["verdict"] == repo.verdict.value
            assert rows[name]["exit_code"] == repo.report.exit_code
    assert (rows["none"]["verdict"], rows["none"]["exit_code"]) == (None, 1)
    assert run.exit_code == 1
    assert run.done.verdicts["not-read"] == 1
    sound = rows["f-sound"]
    kept = [
        r
        for r in rows_in(tmp_path / "out", "records")
        if r["sha256"] == sound["sha256"]
    ]
    assert len(kept) == 31


def test_a_file_that_could_not_be_read_is_tried_by_each_later_run(
    tmp_path: Path,
) -> None:
    """Each time it gets a row, until it can be read."""
    sound, later = make_files(tmp_path / "in", 2)
    later.rename(tmp_path / "later.car")
    out = tmp_path / "out"
    for times in (1, 2, 3):
        run = fleet.write([sound, later], out, processes=1)
        assert run.done.verdicts["not-read"] == 1
        assert len(rows_in(out, "repos")) == 1 + times
    (tmp_path / "later.car").rename(later)
    assert fleet.write([sound, later], out, processes=1).exit_code == 0
    assert fleet.summary(out).totals().verdicts == {"sound": 2}


@needs_fifo
def test_a_file_that_hangs_is_ended_and_its_neighbors_are_whole(tmp_path: Path) -> None:
    """One row says so; records before and behind it are there, once."""
    paths = make_files(tmp_path / "in", 9)
    hanging = tmp_path / "hanging.car"
    os.mkfifo(hanging)
    sources = [*paths[:5], hanging, *paths[5:]]
    run = fleet.write(sources, tmp_path / "out", processes=1, timeout=1)
    assert run.done.verdicts == {"sound": 9, "not-read": 1}
    (row,) = fleet.summary(tmp_path / "out").rows(verdicts=["not-read"])
    assert row.source == str(hanging)
    assert "took more than 1 seconds" in (row.error or "")
    fleet.write(paths, tmp_path / "plain", processes=1)
    assert rows_in(tmp_path / "out", "records") == rows_in(
        tmp_path / "plain", "records"
    )


@needs_fifo
@needs_proc
def test_a_file_whose_process_dies_costs_a_row(tmp_path: Path) -> None:
    """The process is replaced, and what it had read is read again."""
    paths = make_files(tmp_path / "in", 9)
    poison = tmp_path / "poison.car"
    os.mkfifo(poison)
    sources = [*paths[:5], poison, *paths[5:]]
    program = started(*sources, "-o", tmp_path / "out", "--threads", "1")
    with poison.open("wb"):
        # Somebody reads it: the only process there is.
        (worker,) = children_of(program.pid)
        os.kill(worker, signal.SIGKILL)
        out, _ = program.communicate()
    assert program.returncode == 1
    assert b"9 sound, 1 not-read" in out
    (row,) = fleet.summary(tmp_path / "out").rows(verdicts=["not-read"])
    assert "SIGKILL" in (row.error or "")
    assert len({r["sha256"] for r in rows_in(tmp_path / "out", "records")}) == 9


@needs_fifo
def test_a_run_that_was_killed_leaves_nothing_half_and_goes_on(tmp_path: Path) -> None:
    """Every file that a reader takes is whole, and in the end all is there once."""
    paths = make_files(tmp_path / "in", 40)
    last = tmp_path / "last.car"
    os.mkfifo(last)
    out = tmp_path / "out"
    arguments = [*paths, last, "-o", out, "--threads", "1"]
    program = started(*arguments)
    # The program has come to the last file when somebody opens it.
    with last.open("wb"):
        os.killpg(program.pid, signal.SIGKILL)
        program.communicate()
    written = rows_in(out, "repos")
    assert 0 < len(written) < 41
    known = {row["sha256"] for row in written}
    assert {row["sha256"] for row in rows_in(out, "records")} == known
    for path in parts(out):
        pq.read_table(path)
    last.unlink()
    data = make_repo(many(50), did=did_of(99))
    last.write_bytes(data)
    again = started(*arguments)
    again.communicate()
    assert again.returncode == 0
    fleet.write([*paths, last], tmp_path / "plain", processes=1)
    assert everything(out) == everything(tmp_path / "plain")
    assert not list(out.glob("_writing-*"))


def test_parts_of_a_chunk_that_was_not_done_are_removed(tmp_path: Path) -> None:
    """A reader saw them for a while; the next run takes them away."""
    paths = make_files(tmp_path / "in", 4)
    out = tmp_path / "out"
    fleet.write(paths, out, processes=1)
    before = everything(out)
    chunk = next(iter((out / "repos").iterdir()))
    chunk.unlink()
    assert len(rows_in(out, "records")) == len(before["records"])
    fleet.write([], out, processes=1)
    assert len(rows_in(out, "records")) < len(before["records"])
    fleet.write(paths, out, processes=1)
    assert everything(out) == before


def written(paths: list[Path], out: Path, held: int, opened: int) -> set[int]:
    """Write files in one chunk; return how many row groups parts of records have."""
    sources = tuple(File(str(path), path.stat().st_size, "1") for path in paths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "_MOST_HELD", held)
        patch.setattr(dataset, "_MOST_OPEN", opened)
        done = work.do(Chunk(sources), work.Setup(work.How(), str(out)), lambda _: None)
    assert done.parts == len(list(parts(out)))
    return {pq.read_metadata(path).num_row_groups for path in parts(out / "records")}


def test_records_over_the_budget_are_written_in_several_row_groups(
    tmp_path: Path,
) -> None:
    """Of the same parts; those of many collections in more parts."""
    paths = make_files(tmp_path / "in", 3, records=400)
    for path in paths[:2]:
        path.write_bytes(path.read_bytes()[:-40])
    assert written(paths, tmp_path / "one", 1 << 24, opened=9) == {1}
    assert min(written(paths, tmp_path / "groups", 50_000, opened=9)) > 1
    assert written(paths, tmp_path / "parts", 50_000, opened=0) == {1}
    one, groups, many_parts = (tmp_path / name for name in ("one", "groups", "parts"))
    assert len(list(parts(one))) == len(list(parts(groups)))
    assert len(list(parts(one))) < len(list(parts(many_parts)))
    assert everything(one) == everything(groups) == everything(many_parts)


def test_a_chunk_that_is_written_is_not_written_again(tmp_path: Path) -> None:
    """A cluster may give it to a second worker, if the first is lost."""
    paths = make_files(tmp_path / "in", 3)
    chunk = Chunk(tuple(File(str(path), 1, "1") for path in paths))
    setup = work.Setup(work.How(), str(tmp_path / "out"))
    first = work.do(chunk, setup, lambda _: None)
    read: list[int] = []
    again = work.do(chunk, setup, read.append)
    assert read == []
    assert (again.files, again.records, again.rows) == (3, first.records, first.rows)


def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    """The second one says so."""
    (path,) = make_files(tmp_path / "in", 1)
    fleet.write([path], tmp_path / "out", processes=1)
    with (
        alone(store_at(str(tmp_path / "out"))),
        pytest.raises(CannotWrite, match="another run"),
    ):
        fleet.write([path], tmp_path / "out", processes=1)


def test_an_error_of_who_started_a_run_is_not_one_of_the_data_set(
    tmp_path: Path,
) -> None:
    """Such as that nobody reads how far it is."""
    (path,) = make_files(tmp_path / "in", 1)

    def report(_: fleet.Passed) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        fleet.write([path], tmp_path / "out", processes=1, report=report)


def test_a_folder_that_is_no_data_set_is_left_alone(tmp_path: Path) -> None:
    """And a data set with other columns is not added to."""
    (path,) = make_files(tmp_path / "in", 1)
    with pytest.raises(CannotWrite, match="is not empty"):
        fleet.write([path], tmp_path / "in", processes=1)
    fleet.write([path], tmp_path / "out", processes=1)
    with pytest.raises(CannotWrite, match="other columns"):
        fleet.write([path], tmp_path / "out", columns=["text"], processes=1)
    assert list((tmp_path / "in").iterdir()) == [path]


def test_chunks_have_all_files_in_order_and_are_even() -> None:
    """Few files are shared by all processes; many make chunks of a bounded size."""
    few = [File(str(n), 1_000_000) for n in range(40)]
    chunks = list(chunks_of(few, 2))
    assert [file for chunk in chunks for file in chunk.files] == few
    assert len(chunks) >= 8
    many_files = [File(str(n), 1_000_000) for n in range(10_500)]
    sizes = [chunk.size for chunk in chunks_of(many_files, 2)]
    assert max(sizes) <= 128 << 20
    assert len(sizes) <= 10_500 // 100
    assert len({chunk.name for chunk in chunks_of(many_files, 2)}) == len(sizes)


def test_a_chunk_crosses_a_pipe_and_is_the_same() -> None:
    """With what is known of its files, and which of them fail."""
    files = tuple(File(f"\udcff{n}", n, "x") for n in range(5))
    chunk = Chunk(files, frozenset({"ab"}), {3: "why"}, 7)
    assert Chunk.from_json(json.loads(json.dumps(chunk.to_json()))) == chunk
    before, behind = chunk.split(1, "it hangs")
    assert (len(before.files), before.failed) == (2, {1: "it hangs"})
    assert behind.failed == {1: "why"}
