"""Facts about --threads and REPOVIEW_THREADS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from repoview.cli.root import COMMANDS
from repoview.core import limits
from repoview.core.repo import begin
from repoview.sample import write_sample
from tests.cli.conftest import saved

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.opening.opening import Opening
    from tests.cli.conftest import Program

VARIABLE = "REPOVIEW_THREADS"
PROFILE = "app.bsky.actor.profile/self"
REST: dict[str, tuple[str, ...]] = {
    "show": (PROFILE,),
    "export": ("-o", "-", "--format", "jsonl"),
}
"""What a command wants besides the file."""

NO_READERS = {
    *("build", "cache", "completion", "corpus", "demo", "diff", "explain", "fleet"),
    *("learn", "merge", "prove", "rewrite"),
}
"""Or that read more than one."""
READERS = [name for name in COMMANDS if name not in NO_READERS]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """How many threads each loading was to use."""
    numbers: list[int | None] = []
    opening = begin.Opening

    def noted(*arguments: Any, **more: Any) -> Opening:
        _source, options, *_ = arguments
        numbers.append(options.threads)
        return opening(*arguments, **more)

    monkeypatch.setattr(begin, "Opening", noted)
    return numbers


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that is large enough to be worth a second thread."""
    out = bytearray()
    write_sample(out.extend, 6_000)
    assert len(out) > 2 * limits.READ_CHUNK
    return saved(tmp_path_factory.mktemp("large") / "large.car", bytes(out))


@pytest.mark.parametrize("command", READERS)
def test_every_command_that_reads_takes_them(
    run: Program, sample: Path, asked: list[int | None], command: str
) -> None:
    """And has an opening use so many."""
    assert run(command, sample, *REST.get(command, ()), "--threads", "3").code == 0
    assert asked == [3]


def test_so_does_a_file_alone(
    run: Program, sample: Path, asked: list[int | None]
) -> None:
    """Which is short for `open`."""
    assert run(sample, "--threads", "2").code == 0
    assert asked == [2]


def test_so_does_the_demo(run: Program, asked: list[int | None]) -> None:
    """Which reads what it has built."""
    assert run("demo", "--records", "5", "--threads", "2").code == 0
    assert asked == [2]


def test_unasked_the_kernel_decides(
    run: Program,
    sample: Path,
    asked: list[int | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It knows the processors; an empty variable asks for nothing."""
    run("verify", sample)
    monkeypatch.setenv(VARIABLE, "")
    run("verify", sample)
    assert asked == [None, None]


def test_the_environment_asks_too(
    run: Program,
    sample: Path,
    asked: list[int | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """But an option wins, wherever it stands; the one behind the command first."""
    monkeypatch.setenv(VARIABLE, "4")
    run("verify", sample)
    run("verify", sample, "--threads", "2")
    run("--threads", "3", "verify", sample)
    run("--threads", "3", "verify", sample, "--threads", "64")
    assert asked == [4, 2, 3, 64]


@pytest.mark.parametrize("number", [1, 64])
def test_the_bounds_are_in_it(run: Program, sample: Path, number: int) -> None:
    """From one to many."""
    assert run("verify", sample, "--threads", str(number)).code == 0


BAD = ["0", "65", "-1", "1.5", "many", "9" * 5_000, " "]


@pytest.mark.parametrize("text", [*BAD, ""])
def test_what_is_no_number_of_threads(
    run: Program, sample: Path, asked: list[int | None], text: str
) -> None:
    """Is refused in one sentence, before anything is read."""
    outcome = run("verify", sample, "--threads", text)
    assert (outcome.code, outcome.out, asked) == (2, "", [])
    assert outcome.err.startswith("repoview: invalid value for '--threads': ")
    assert "is no number from 1 to 64" in outcome.err or len(text) > 64
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("text", BAD)
def test_nor_in_the_environment(
    run: Program,
    sample: Path,
    asked: list[int | None],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
) -> None:
    """The sentence names the variable; with an option it is ignored."""
    monkeypatch.setenv(VARIABLE, text)
    outcome = run("verify", sample)
    assert (outcome.code, outcome.out, asked) == (2, "", [])
    assert outcome.err.startswith(f"repoview: invalid value for {VARIABLE}: ")
    assert outcome.err.count("\n") == 1
    assert run("verify", sample, "--threads", "2").code == 0
    assert run("--version").code == 0
    assert run("verify", "--help").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--json"),
        ("info", "--json"),
        ("ls",),
        ("export", "-o", "-", "--format", "jsonl"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_answer_is_the_same(
    run: Program, large: Path, arguments: tuple[str, ...]
) -> None:
    """However many there are."""
    command, *rest = arguments
    one, four = (run(command, large, *rest, "--threads", n) for n in ("1", "4"))
    assert one == four
    assert one.code == 0


def test_faults_are_the_same(run: Program, large: Path, tmp_path: Path) -> None:
    """With as many threads as there are, in the same order."""
    data = bytearray(large.read_bytes())
    for place in range(len(data) // 3, len(data), len(data) // 7):
        data[place] ^= 1
    path = saved(tmp_path / "damaged.car", bytes(data))
    one, four = (run("verify", path, "--json", "--threads", n) for n in ("1", "4"))
    assert one == four
    assert one.code in {10, 11, 12}
