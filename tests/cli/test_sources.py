"""Facts about sources that are not what they should be: one sentence each."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import pytest

from repoview.cli.root import COMMANDS
from repoview.core import source
from tests.cli.conftest import saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Outcome, Program

READERS = [name for name in COMMANDS if name != "demo"]


def read_with(run: Program, command: str, source: str | Path, folder: Path) -> Outcome:
    """Run a command that reads a source."""
    more: dict[str, list[str | Path]] = {
        "show": ["app.bsky.actor.profile/self"],
        "export": ["-o", folder / "out.jsonl"],
    }
    return run(command, source, *more.get(command, []))


def assert_one_sentence(outcome: Outcome, code: int, *told: str) -> None:
    """Nothing on stdout, one line on stderr."""
    assert outcome.code == code
    assert outcome.out == ""
    assert outcome.err.startswith("repoview: ")
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    for part in told:
        assert part in outcome.err


@pytest.mark.parametrize("command", READERS)
class TestEveryCommand:
    """What all commands that read a source say of it."""

    def test_a_missing_file(self, run: Program, tmp_path: Path, command: str) -> None:
        """Is named, with the advice to check its name."""
        outcome = read_with(run, command, tmp_path / "no.car", tmp_path)
        assert_one_sentence(outcome, 1, "no.car", "check the name")

    def test_a_directory(self, run: Program, tmp_path: Path, command: str) -> None:
        """Is no CAR; one may be in it."""
        outcome = read_with(run, command, tmp_path, tmp_path)
        assert_one_sentence(outcome, 1, "is a directory")

    @pytest.mark.parametrize(
        ("source", "told"),
        [
            ("-", "standard input is not read"),
            ("https://example.com/x.car", "nothing is fetched from the network"),
            ("http://example.com/x.car", "nothing is fetched from the network"),
            ("at://did:plc:abc", "live accounts are not fetched"),
        ],
    )
    def test_what_is_no_file_is_refused(
        self, run: Program, tmp_path: Path, command: str, source: str, told: str
    ) -> None:
        """With what to do instead; it is wrong usage."""
        outcome = read_with(run, command, source, tmp_path)
        assert_one_sentence(outcome, 2, told, "save")

    def test_a_named_pipe(self, run: Program, tmp_path: Path, command: str) -> None:
        """Nobody waits for it to be written."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        outcome = read_with(run, command, pipe, tmp_path)
        assert_one_sentence(outcome, 1, "is not a regular file")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_no_permission(self, run: Program, sample: Path, command: str) -> None:
        """Is said as such."""
        sample.chmod(0)
        outcome = read_with(run, command, sample, sample.parent)
        assert_one_sentence(outcome, 1, "no permission")


def test_no_permission_is_told_to_root_too(
    run: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the tests run as root, the machine is made to refuse."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(source, "_open_at_once", refuse)
    assert_one_sentence(run("verify", sample), 1, "no permission to read")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"<!doctype html><html></html>", "HTML"),
        (b'{"error": "RepoNotFound"}', "JSON"),
        (b"PK\x03\x04" + bytes(60), "zip"),
        (b"\x28\xb5\x2f\xfd" + bytes(60), "zstd"),
        (b"just some text\n" * 9, "plain text"),
        (bytes(100), ""),
        (b"\xff" * 100, ""),
    ],
)
@pytest.mark.parametrize("command", [n for n in READERS if n not in {"open", "info"}])
def test_what_is_no_car_is_named(
    run: Program, tmp_path: Path, command: str, data: bytes, told: str
) -> None:
    """In a sentence that says what was met; exit code 12."""
    path = saved(tmp_path / "x.car", data)

    outcome = read_with(run, command, path, tmp_path)

    assert outcome.code == 12
    assert told in outcome.out + outcome.err
    if command == "verify":
        assert outcome.out.startswith("UNREADABLE: ")
    elif command != "show":
        assert_one_sentence(outcome, 12, "is unreadable")
    assert "Traceback" not in outcome.err


def test_a_cut_file_gives_what_there_is(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """And says that it was cut."""
    for cut in range(0, len(sample_bytes), len(sample_bytes) // 40):
        path = saved(tmp_path / "x.car", sample_bytes[:cut])
        outcome = run("verify", path)
        assert outcome.code in {10, 11, 12}
        assert outcome.err == ""
        assert run("ls", path).code == outcome.code


def test_gzip_is_opened_by_content(
    run: Program, sample_bytes: bytes, tmp_path: Path
) -> None:
    """Whatever its name is; a packing cut off is found out."""
    packed = gzip.compress(sample_bytes)
    path = saved(tmp_path / "x.car", packed)
    assert run("verify", path).code == 0
    saved(path, packed[: len(packed) // 2])
    assert run("verify", path).code in {10, 11, 12}


def test_a_name_is_made_safe(run: Program, tmp_path: Path) -> None:
    """A file may be called anything."""
    name = "a\x1b]0;t\x07\n.car"
    outcome = run("verify", tmp_path / name)
    assert_one_sentence(outcome, 1, "a␛]0;t␇␊.car")


def test_a_name_no_system_knows(run: Program) -> None:
    """NUL cannot be in one."""
    assert_one_sentence(run("verify", "a\0b"), 1, "cannot open")
