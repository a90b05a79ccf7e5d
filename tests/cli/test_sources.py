"""Facts about sources that are not what they should be: one sentence each."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from repoview.cli.root import COMMANDS
from repoview.core.cid import RAW, Cid
from repoview.core.formats.car import encode_section
from repoview.core.source import source
from tests.cli.conftest import saved
from tests.servers import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from tests.cli.conftest import Outcome, Program

    Process = Callable[..., Popen[bytes]]

NO_READERS = {
    *("build", "cache", "completion", "corpus", "demo", "explain", "fleet", "learn"),
    "merge",
}
"""Of build, which reads records, and of merge, which needs two states of one
repository, their own tests tell."""
READERS = [name for name in COMMANDS if name not in NO_READERS]
PLAIN = [
    name
    for name in READERS
    if name not in {"open", "info", "prove", "rewrite", "salvage"}
]
"""Those that say one sentence of what is no repository, and no more."""


def read_with(run: Program, command: str, source: str | Path, folder: Path) -> Outcome:
    """Run a command that reads a source."""
    more: dict[str, list[str | Path]] = {
        "show": ["app.bsky.actor.profile/self"],
        "diff": [folder / "sample.car"],
        "export": ["-o", folder / "out.jsonl"],
        "prove": ["app.bsky.actor.profile/self", "-o", folder / "out.car"],
        "rewrite": ["-o", folder / "out.car"],
    }
    return run(command, source, *more.get(command, []))


MORE: dict[str, list[str]] = {
    "show": ["app.bsky.actor.profile/self"],
    "diff": ["sample.car", "--json", "-q"],
    "export": ["--force", "-o", "out.jsonl"],
    "prove": ["app.bsky.actor.profile/self", "--force", "-o", "out.car"],
    "rewrite": ["--force", "-o", "out.car"],
}


def spoken(
    process: Process, *words: str | Path, tmp_path: Path, **given: Any
) -> tuple[int, list[bytes], bytes]:
    """Return how a run ended and what it said, sources left unnamed."""
    running = process(*words, cwd=tmp_path, **given)
    out, err = running.communicate()
    lines = [line for line in out.splitlines() if b"source" not in line]
    return running.returncode, lines, err


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
        told = "is no CAR in" if command == "verify" else "is a directory"
        assert_one_sentence(outcome, 1, told)

    def test_a_live_account(self, run: Program, tmp_path: Path, command: str) -> None:
        """Is refused with what to do instead; it is wrong usage."""
        outcome = read_with(run, command, "at://did:plc:abc", tmp_path)
        address = "/xrpc/com.atproto.sync.getRepo?did=did:plc:abc"
        assert_one_sentence(outcome, 2, "live accounts are not fetched", address)

    @pytest.mark.parametrize(
        ("source", "told"),
        [
            ("did:plc:abc", "https://plc.directory/did:plc:abc tells the SERVER"),
            ("did:web:a.example", "https://a.example/.well-known/did.json tells"),
            ("did:key:zQ3", "com.atproto.sync.getRepo?did=did:key:zQ3"),
            ("alice.example.com", "resolveHandle?handle=alice.example.com tells its"),
            ("@alice.example.com", "resolveHandle?handle=alice.example.com tells its"),
        ],
    )
    def test_an_account(
        self, run: Program, tmp_path: Path, command: str, source: str, told: str
    ) -> None:
        """By its DID or handle: it is told where its repository is to be had."""
        outcome = read_with(run, command, Path(source), tmp_path)
        assert_one_sentence(outcome, 1, told, "/xrpc/com.atproto.sync.getRepo?did=")

    def test_a_pipe(
        self, process: Process, sample: Path, tmp_path: Path, command: str
    ) -> None:
        """Is read as the file is: by a name, or as standard input."""
        more = MORE.get(command, [])
        expected = spoken(process, command, sample, *more, tmp_path=tmp_path)
        with sample.open("rb") as data:
            found = spoken(process, command, "-", *more, tmp_path=tmp_path, stdin=data)
        assert found == expected
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_bytes, args=(sample.read_bytes(),))
        writer.start()
        assert spoken(process, command, pipe, *more, tmp_path=tmp_path) == expected
        writer.join()

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
        (b'{"error": "RepoNotFound"}', "message: RepoNotFound"),
        (b'{"records": []}', "JSON"),
        (b"PK\x03\x04" + bytes(60), "zip"),
        (b"\x28\xb5\x2f\xfd" + bytes(60), "zstd"),
        (b"just some text\n" * 9, "plain text"),
        (bytes(100), ""),
        (b"\xff" * 100, ""),
    ],
)
@pytest.mark.parametrize("command", PLAIN)
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


def test_an_address(run: Program, sample: Path) -> None:
    """Is read as the file is, also where its connection breaks."""
    with serving(body=sample.read_bytes(), breaks=[5_000]) as server:
        outcome = run("verify", server.url)
    assert outcome.code == 0
    assert f"source     {server.url}" in outcome.out


def test_an_address_that_gives_nothing(run: Program) -> None:
    """Is told with what the server says."""
    with serving(statuses=[404]) as server:
        assert_one_sentence(run("ls", server.url), 1, "404", "check the address")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_pipe(
    process: Process, sample: Path, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """Is unpacked as it comes."""
    packed = saved(tmp_path / "packed", pack(sample.read_bytes()))
    with packed.open("rb") as data:
        running = process("verify", "-q", "-", stdin=data)
        assert running.communicate() == (b"sound\n", b"")


def test_a_closed_standard_input(process: Process) -> None:
    """Is told in a sentence."""
    running = process("verify", "-", stdin=None, preexec_fn=lambda: os.close(0))
    out, err = running.communicate()
    assert (running.returncode, out) == (1, b"")
    assert err == b"repoview: standard input cannot be read: name a file\n"


def test_a_full_disk_ends_the_reading(
    process: Process, tmp_path: Path, sample_bytes: bytes
) -> None:
    """What is over --disk-limit is left unread, and that is said."""
    strays = b"".join(
        encode_section(Cid.for_block(data, RAW), data)
        for data in (b"%d" % n + bytes(2_000) for n in range(3_000))
    )
    path = saved(tmp_path / "x.car.gz", gzip.compress(sample_bytes + strays))
    folder = tmp_path / "cache"
    running = process(
        "verify", path, "--json", "--disk-limit", "2MB", "--cache-dir", folder
    )
    out, _ = running.communicate()
    report = json.loads(out)
    assert (running.returncode, report["exit_code"]) == (10, 10)
    (found,) = [f for f in report["findings"] if f["code"] == "LIM001"]
    assert "--disk-limit" in found["message"]
    assert list(folder.iterdir()) == []
