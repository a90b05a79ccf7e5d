"""Facts about events of the event stream on the command line."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from repoview.corpus.cases.frames import (
    CREATED,
    DELETED,
    UPDATED,
    event,
    link_of,
    message,
)
from repoview.corpus.cbor import encode
from repoview.corpus.repo import DID, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

ACCOUNT = {"seq": 8, "did": DID, "time": "", "active": False, "status": "takendown"}


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A file with an event in which nothing is wrong."""
    path = tmp_path / "event.frame"
    path.write_bytes(event().data)
    return path


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """A file with three events, the second of which is contradicted."""
    wrong = event(seq=9)
    wrong.ops[0]["cid"] = link_of("another")
    path = tmp_path / "events.bin"
    path.write_bytes(event().data + wrong.data + message("#account", ACCOUNT))
    return path


def test_verify_tells_each_operation_and_the_way_back(
    run: Program, frame: Path
) -> None:
    """Answer, action and path; then what is undone."""
    outcome = run("verify", frame)
    assert outcome.code == 0
    assert outcome.out.startswith("SOUND: 3 operations proved, and undone they give")
    assert f"  proved        create  {CREATED}\n" in outcome.out
    assert f"  proved        update  {UPDATED}\n" in outcome.out
    assert f"  proved        delete  {DELETED}\n" in outcome.out
    assert outcome.out.count("  after undoing ") == 3
    assert "That is the tree before" in outcome.out


def test_an_operation_that_is_not_proved_says_why(run: Program, tmp_path: Path) -> None:
    """And how the tree before was not reached."""
    made = event()
    made.ops[0]["cid"] = link_of("another")
    path = tmp_path / "wrong.frame"
    path.write_bytes(made.data)
    outcome = run("verify", path)
    assert outcome.code == 11
    assert f"  contradicted  create  {CREATED}\n" in outcome.out
    assert "the tree has another record there" in outcome.out
    assert "1 of 3 cannot be undone" in outcome.out


def test_json_has_the_event(run: Program, frame: Path) -> None:
    """With the shape, and all that is known of its operations."""
    told = run("verify", frame, "--json").json
    assert (told["shape"], told["exit_code"]) == ("frame", 0)
    ops = told["frame"]["ops"]
    assert [op["answer"] for op in ops] == ["proved"] * 3
    assert [op["path"] for op in ops] == [CREATED, UPDATED, DELETED]
    assert told["frame"]["undo"]["reached"] == told["frame"]["prev_data"]
    assert {step["op"] for step in told["frame"]["undo"]["steps"]} == {0, 1, 2}


@pytest.mark.parametrize(
    ("fields", "kind", "sentence"),
    [
        (ACCOUNT, "#account", f"{DID} is not active (takendown)"),
        (
            {"seq": 1, "did": DID, "time": "", "handle": "alice.test"},
            "#identity",
            f"the identity of {DID} may have changed: its handle is alice.test",
        ),
        (
            {"name": "OutdatedCursor", "message": "too old"},
            "#info",
            "the server says OutdatedCursor: too old",
        ),
        ({}, "#weather", "it says something that is not known here"),
        (
            {"seq": 1, "did": DID, "time": ""},
            "#tombstone",
            f"{DID} was deleted",
        ),
    ],
)
def test_an_event_without_a_car_is_told_in_a_sentence(
    run: Program, tmp_path: Path, fields: dict[str, Any], kind: str, sentence: str
) -> None:
    """The exit code is 0."""
    path = tmp_path / "other.frame"
    path.write_bytes(message(kind, fields))
    outcome = run("verify", path)
    assert outcome.code == 0
    assert " ".join(outcome.out.split()).startswith(f"SOUND: {sentence}. It holds no")


def test_an_error_of_the_stream_is_told(run: Program, tmp_path: Path) -> None:
    """It is a frame too, and nothing is wrong with it."""
    path = tmp_path / "error.frame"
    error = {"error": "FutureCursor", "message": "\x1b[31mlater"}
    path.write_bytes(encode({"op": -1}) + encode(error))
    outcome = run("verify", path)
    assert outcome.code == 0
    assert "ended the stream with FutureCursor: ␛[31mlater" in outcome.out


# Many in one file


def test_verify_tells_of_each_event_in_a_file(run: Program, stream: Path) -> None:
    """A few lines each; the gravest exit code applies."""
    outcome = run("verify", stream)
    assert outcome.code == 11
    heads = [line for line in outcome.out.splitlines() if line.startswith("Frame ")]
    assert [head.split(": ")[1].split(" of ")[0] for head in heads] == [
        "#commit event 7",
        "#commit event 9",
        "#account event 8",
    ]
    assert outcome.out.count("contradicted") >= 1
    assert "FRM011" in outcome.out


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_many_events_are_an_object_a_line(
    run: Program, stream: Path, form: str
) -> None:
    """In their order."""
    lines = run("verify", stream, "--format", form).out.splitlines()
    told = [json.loads(line) for line in lines]
    assert [each["frame"]["number"] for each in told] == [1, 2, 3]
    assert [each["exit_code"] for each in told] == [0, 11, 0]


def test_events_are_verified_among_other_sources(
    run: Program, stream: Path, frame: Path
) -> None:
    """A file of many is one line, and as grave as the gravest of them."""
    outcome = run("verify", stream, frame)
    assert outcome.code == 11
    assert "invalid" in outcome.out
    assert run("verify", stream, frame, "--frame", "1").code == 2


def test_a_frame_is_chosen(run: Program, stream: Path) -> None:
    """By its number; one that is not there is not found."""
    assert run("verify", stream, "--frame", "2").code == 11
    assert run("verify", stream, "--frame", "3").out.startswith(f"SOUND: {DID}")
    outcome = run("verify", stream, "--frame", "4")
    assert (outcome.code, outcome.out) == (1, "")
    assert "has no frame 4: it has 3 frames" in outcome.err
    assert run("verify", stream, "--frame", "0").code == 2


@pytest.mark.parametrize("command", ["info", "ls", "mst", "show"])
def test_other_commands_open_one_event(
    run: Program, stream: Path, command: str
) -> None:
    """As if its CAR were the file; of several they ask for one."""
    more = [SAMPLE[0]] if command == "show" else []
    outcome = run(command, stream, *more)
    assert (outcome.code, outcome.out) == (2, "")
    assert "choose one with --frame N" in outcome.err
    outcome = run(command, stream, *more, "--frame", "1")
    assert outcome.code == 0
    assert SAMPLE[0].partition("/")[0] in outcome.out


def test_a_path_is_asked_of_one_event(run: Program, stream: Path) -> None:
    """Of several it is not told which."""
    assert run("verify", stream, "--path", SAMPLE[0]).code == 2
    assert run("verify", stream, "--path", SAMPLE[0], "--frame", "1").code == 0


def test_an_event_without_a_car_has_nothing_to_list(run: Program, stream: Path) -> None:
    """It says what it is instead."""
    outcome = run("ls", stream, "--frame", "3")
    assert (outcome.code, outcome.out) == (0, "")
    assert "holds no repository" in outcome.err


def test_records_of_an_event_are_exported(
    run: Program, frame: Path, tmp_path: Path
) -> None:
    """Those that it has."""
    out = tmp_path / "out.jsonl"
    assert run("export", frame, "-o", out).code == 0
    assert len(out.read_text().splitlines()) == len(SAMPLE)


def test_a_packed_event_is_opened(run: Program, tmp_path: Path) -> None:
    """As a CAR is."""
    path = tmp_path / "event.gz"
    path.write_bytes(gzip.compress(event().data))
    assert run("verify", path, "-q").out == "sound\n"
