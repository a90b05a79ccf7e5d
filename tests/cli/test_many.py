"""Facts about `repoview verify` of several sources, and of folders of them."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.cli.many.meter import meter_line
from repoview.core.verify.report import EXIT_CODES, GRAVEST_FIRST, Verdict, gravest
from repoview.corpus.cases import signatures
from repoview.corpus.signing import ALICE
from repoview.listing import Unlisted, listed
from tests.cli.conftest import RECORDS, Outcome, on_terminal, saved
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program

VERDICTS = {code: verdict.value for verdict, code in EXIT_CODES.items()}
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc"
)


def lines(outcome: Outcome) -> list[list[str]]:
    """Return the words of each line, without the last, which is the total."""
    return [line.split() for line in outcome.out.splitlines()[:-1]]


def test_each_source_has_a_line_and_all_of_them_a_total(
    run: Program, broken: dict[int, Path]
) -> None:
    """In the order in which they were named, whichever was done first."""
    order = [14, 0, 12, 10, 11, 13]
    outcome = run("verify", *(broken[code] for code in order))

    told = lines(outcome)
    assert [words[0] for words in told] == [VERDICTS[code] for code in order]
    assert [words[-1] for words in told] == [str(broken[code]) for code in order]
    assert outcome.out.splitlines()[-1].startswith("6 sources, ")
    assert outcome.out.endswith(
        ": 1 sound, 1 incomplete, 1 invalid, 1 unreadable, 1 bad-records, "
        "1 bad-container\n"
    )
    assert (outcome.code, outcome.err) == (12, "")


def test_a_line_has_counts(run: Program, broken: dict[int, Path]) -> None:
    """Of records, bytes and errors, and what kind of file it is."""
    outcome = run("verify", broken[0], broken[13])
    assert lines(outcome)[0][1:4] == ["repo", f"{RECORDS}", "records"]
    assert "1 record  " in outcome.out
    assert "1 error  " in outcome.out


@given(st.lists(st.sampled_from(GRAVEST_FIRST), min_size=1))
def test_the_gravest_exit_code_is_that_of_all(codes: list[int]) -> None:
    """What was not judged comes before every verdict, and the order is whole."""
    assert gravest(codes) in codes
    assert gravest([*codes, 1]) in {1, 130}
    assert all(gravest((gravest(codes), code)) == gravest(codes) for code in codes)


def test_verdicts_are_in_the_order_of_the_contract() -> None:
    """Unreadable, invalid, incomplete, bad records, bad container, sound."""
    codes = [EXIT_CODES[verdict] for verdict in Verdict]
    assert sorted(codes, key=GRAVEST_FIRST.index) == [12, 11, 10, 13, 14, 0]


def test_quiet_lines_are_those_that_are_not_sound(
    run: Program, broken: dict[int, Path]
) -> None:
    """And there is no total."""
    outcome = run("verify", "-q", broken[0], broken[10], broken[0])
    assert outcome.code == 10
    assert len(outcome.out.splitlines()) == 1
    assert outcome.out.startswith("incomplete ")
    assert run("verify", "-q", broken[0], broken[0]).out == ""


def test_verbose_lines_say_what_the_verdict_means(
    run: Program, broken: dict[int, Path]
) -> None:
    """Below each that is not sound."""
    outcome = run("verify", "-v", broken[0], broken[14], "--no-progress")
    assert "\n  the repository is right, but not the file around it: " in outcome.out
    plain = run("verify", broken[0], broken[14])
    assert "the repository is right" not in plain.out


def test_what_cannot_be_read_is_said_and_the_others_go_on(
    run: Program, broken: dict[int, Path], tmp_path: Path
) -> None:
    """It is the gravest: an exit code of a verdict says that all were judged."""
    outcome = run("verify", broken[0], tmp_path / "gone.car", broken[12], broken[0])
    assert outcome.code == 1
    assert [words[0] for words in lines(outcome)] == [
        "sound",
        "not",
        "unreadable",
        "sound",
    ]
    assert (
        outcome.err
        == f"repoview: there is no file {tmp_path}/gone.car: check the name\n"
    )
    assert "1 not read\n" in outcome.out


@pytest.mark.parametrize("given", [("--json",), ("--json", "-v")])
def test_json_is_an_object_a_line(
    run: Program, broken: dict[int, Path], tmp_path: Path, given: tuple[str, ...]
) -> None:
    """The same that one source alone gives; and one for what cannot be read."""
    paths = [broken[0], tmp_path / "gone.car", broken[13]]
    outcome = run("verify", *given, *paths)
    first, second, third = map(json.loads, outcome.out.splitlines())
    assert first == run("verify", *given, broken[0]).json
    assert third == run("verify", *given, broken[13]).json
    assert second == {
        "source": str(paths[1]),
        "verdict": None,
        "exit_code": 1,
        "error": f"there is no file {paths[1]}: check the name",
    }
    assert outcome.code == 1


def test_jsonl_is_a_finding_a_line_with_its_source(
    run: Program, broken: dict[int, Path]
) -> None:
    """Otherwise they could not be told apart."""
    paths = [broken[13], broken[10]]
    outcome = run("verify", "--format", "jsonl", *paths)
    told = [json.loads(line) for line in outcome.out.splitlines()]
    alone = []
    for path in paths:
        each = run("verify", "--format", "jsonl", path).out.splitlines()
        alone += [{"source": str(path), **json.loads(line)} for line in each]
    assert told == alone


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_number_of_processes_changes_nothing(
    run: Program, broken: dict[int, Path], threads: str
) -> None:
    """Neither the order nor what is told."""
    paths = [broken[code] for code in (0, 10, 11, 12, 13, 14)] * 3
    given = ("verify", "--json", "--threads", threads)
    told = run(*given, *paths)
    assert told.out == run("verify", "--json", *paths).out
    assert len(told.out.splitlines()) == 18


def test_options_hold_for_every_source(run: Program, broken: dict[int, Path]) -> None:
    """Policy and checks go to the processes too."""
    paths = [broken[13], broken[10]]
    given = ("--severity", "REC=warning", "--severity", "BLK=off")
    assert run("verify", *paths, *given).code == 0
    assert run("verify", *paths, "--expect", "slice").code == 13


# Folders


@pytest.fixture
def folder(tmp_path: Path, sample_bytes: bytes) -> Path:
    """A folder with CARs in it and below, and with what is none."""
    top = tmp_path / "backups"
    (top / "b" / "deep").mkdir(parents=True)
    (top / ".hidden").mkdir()
    for name in ("c.car", "a.CAR", "b/x.car", "b/deep/y.car", ".hidden/no.car"):
        saved(top / name, sample_bytes)
    saved(top / "b" / "z.car.gz", gzip.compress(sample_bytes))
    for name in ("notes.txt", ".no.car", "car"):
        saved(top / name, b"x")
    (top / "b" / "up").symlink_to("..")
    (top / "linked.car").symlink_to("c.car")
    os.mkfifo(top / "pipe.car")
    return top


FOUND = [
    "a.CAR",
    "b/deep/y.car",
    "b/x.car",
    "b/z.car.gz",
    "c.car",
    "linked.car",
]


def test_a_folder_stands_for_the_cars_in_it_and_below(
    run: Program, folder: Path
) -> None:
    """By their names, without what is hidden, pipes, and links that lead up."""
    outcome = run("verify", folder)
    assert outcome.code == 0
    assert [words[-1] for words in lines(outcome)] == [f"{folder}/{n}" for n in FOUND]
    assert outcome.out.endswith(": all sound\n")


def test_folders_and_files_can_be_mixed(run: Program, folder: Path) -> None:
    """A file that is named needs no ending, and stands where it was named."""
    other = saved(folder.parent / "other", make_repo({}))
    outcome = run("verify", other, folder / "b")
    names = [words[-1] for words in lines(outcome)]
    assert names == [str(other), *(f"{folder}/{n}" for n in FOUND if n[0] == "b")]


def test_a_folder_without_a_car_is_said(run: Program, tmp_path: Path) -> None:
    """Nothing was proved: that is no success."""
    (tmp_path / "empty").mkdir()
    outcome = run("verify", tmp_path / "empty")
    assert outcome.code == 1
    assert f"there is no CAR in {tmp_path}/empty: no name there ends in" in outcome.err


def test_a_link_to_nothing_is_said(run: Program, folder: Path) -> None:
    """It has the name of a CAR, so it was meant to be one."""
    (folder / "gone.car").symlink_to("nowhere")
    (folder / "round.car").symlink_to("round.car")
    outcome = run("verify", folder)
    assert outcome.code == 1
    assert sum(words[0] == "not" for words in lines(outcome)) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_said(run: Program, folder: Path) -> None:
    """And the others go on."""
    (folder / "b").chmod(0)
    try:
        outcome = run("verify", folder)
    finally:
        (folder / "b").chmod(0o700)
    assert outcome.code == 1
    assert f"cannot read the folder {folder}/b: permission denied" in outcome.err
    assert len(lines(outcome)) == 4


def test_listing_is_lazy(folder: Path) -> None:
    """What is taken away before its folder is reached is not listed."""
    found = listed([str(folder / "b"), str(folder / "c.car")])
    assert next(found) == f"{folder}/b/deep/y.car"
    shutil.rmtree(folder / "b")
    assert [*found][-1] == f"{folder}/c.car"


def test_what_is_no_folder_is_listed_as_it_is() -> None:
    """Names that no file has among them: who opens it says so."""
    sources = ["http://example.com/repo.car", "a\0b", "not-there"]
    assert [*listed(sources)] == sources
    (unlisted,) = listed(["tests/core/findings"])
    assert isinstance(unlisted, Unlisted)


def test_names_of_any_bytes_are_verified(run: Program, tmp_path: Path) -> None:
    """And shown so that a terminal can take them."""
    name = os.fsencode(tmp_path) + b"/\xff\x1b[31m.car"
    Path(os.fsdecode(name)).write_bytes(make_repo({}))
    outcome = run("verify", tmp_path)
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    assert "\u241b[31m.car" in outcome.out


# What is refused, and what is likely a mistake


def test_standard_input_is_verified_alone(run: Program, sample: Path) -> None:
    """It is one stream, and each process would want it."""
    outcome = run("verify", sample, "-")
    assert (outcome.code, outcome.out) == (2, "")
    assert "standard input cannot be combined" in outcome.err


def test_one_key_for_several_accounts_is_said(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """It can be right for one of them only; several files of one are fine."""
    signed = saved(tmp_path / "signed.car", signatures.signed_on_k256().data)
    outcome = run("verify", sample, signed, "--key", ALICE.did_key)
    assert outcome.code == 11
    said = "these sources are of several accounts, and --key is of one"
    assert outcome.err.count(said) == 1
    outcome = run("verify", signed, signed, "--key", ALICE.did_key)
    assert (outcome.code, outcome.err) == (0, "")
    assert run("verify", sample, signed).err == ""


# Processes


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, by any of its threads."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A pipe: reading it blocks."""
    path = tmp_path / "held.car"
    os.mkfifo(path)
    return path


@needs_proc
def test_a_process_that_is_killed_is_one_line(
    process: Callable[..., subprocess.Popen[bytes]], held: Path, sample: Path
) -> None:
    """The sources behind it are verified by another."""
    running = process("verify", "--threads", "1", sample, held, sample)
    with held.open("wb"):
        # It is open, so it has a reader.
        (child,) = children(running.pid)
        os.kill(child, signal.SIGKILL)
        out, err = running.communicate()
    assert running.returncode == 1
    verdicts = [line.split()[0] for line in out.decode().splitlines()[:-1]]
    assert verdicts == ["sound", "not", "sound"]
    said = f"{held} was not verified: its process was ended by the signal SIGKILL"
    assert said in err.decode()


@needs_proc
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_signal_ends_all_processes(
    process: Callable[..., subprocess.Popen[bytes]],
    held: Path,
    sample: Path,
    number: int,
    code: int,
) -> None:
    """With the exit code that it would have anyway."""
    running = process("verify", "--threads", "2", held, *[sample] * 20)
    with held.open("wb"):
        pids = children(running.pid)
        running.send_signal(number)
        _, err = running.communicate()
    assert running.returncode == code
    assert b"Traceback" not in err
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@needs_proc
def test_processes_end_when_nobody_waits_for_them(
    process: Callable[..., subprocess.Popen[bytes]], held: Path, sample: Path
) -> None:
    """Also when what started them is killed."""
    running = process("verify", "--threads", "1", held, sample)
    with held.open("wb") as pipe:
        (child,) = children(running.pid)
        running.kill()
        running.communicate()
        pipe.write(sample.read_bytes())
    while is_running(child):
        os.sched_yield()


def is_running(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_reader_that_has_enough_ends_it(
    process: Callable[..., subprocess.Popen[bytes]], sample: Path
) -> None:
    """As `head` does."""
    with process("verify", *[sample] * 200) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b"sound ")
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert running.returncode == 0


def test_nothing_is_imported_from_where_the_files_are(
    tmp_path: Path, sample_bytes: bytes
) -> None:
    """The folder may be a stranger's."""
    program = Path(sys.executable).with_name("repoview")
    if not program.exists():
        pytest.skip("the program is not installed")
    for name in ("json", "pickle", "multiprocessing", "repoview", "click", "signal"):
        saved(tmp_path / f"{name}.py", b"open('imported', 'w')\nraise SystemExit(7)\n")
    for name in ("a.car", "b.car"):
        saved(tmp_path / name, sample_bytes)
    done = subprocess.run(
        [program, "verify", "a.car", "b.car"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (tmp_path / "imported").exists()


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("false", "the processes that verify end as soon as they begin"),
        ("not-there", "no process can be started: no such file or directory"),
    ],
)
def test_where_no_process_comes_up_it_is_said(
    run: Program,
    sample: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    told: str,
) -> None:
    """Once, and not for each source."""
    monkeypatch.setattr(sys, "executable", shutil.which(program) or program)
    outcome = run("verify", *[sample] * 9)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"repoview: {told}")
    assert outcome.err.count("\n") == 1


def test_memory_is_shared(run: Program, tmp_path: Path) -> None:
    """So little memory is for one process only, and each keeps to its part."""
    path = saved(tmp_path / "repo.car", make_repo(many(3_000)))
    given = ("--mem-limit", "16MiB", "--threads", "4")
    outcome = run("verify", path, path, path, *given)
    assert outcome.code == 0


# Progress


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((12, 300, 1_200_000_000), "verifying  12 of 300 · 1.2 GB"),
        ((1_000, None, 0), "verifying  1,000 · 0 B"),
    ],
)
def test_progress_is_in_sources_and_bytes(given: Any, text: str) -> None:
    """How many there are is told as soon as it is known."""
    assert meter_line(*given) == text


def test_on_a_terminal_lines_are_whole(sample: Path, broken: dict[int, Path]) -> None:
    """Whatever was drawn there before is gone."""
    code, drawn = on_terminal("verify", sample, broken[10], columns=120)
    assert code == 10
    shown = [line.rpartition("\r\x1b[K")[2] for line in drawn.split("\n")]
    assert "sound" in shown[0]
    assert "incomplete" in shown[1]
    assert shown[2].startswith("2 sources, ")
