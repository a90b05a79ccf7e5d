"""Facts about which kernel runs: the compiled one, unless it must not."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from array import array
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import repoview.core
from repoview import __version__
from repoview.core.kernel import kernel, pure
from repoview.core.kernel.node_keys import KeyColumns
from repoview.core.kernel.seam import JsonLines, Rows, Scanned, Stop
from repoview.core.kernel.self_test import wrong_answer
from repoview.core.marks import State
from tests.conftest import KERNELS
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview.core.blocks.row_columns import RowColumns

COMPILED = "repoview.core._kernel"

needs_compiled = pytest.mark.skipif(
    "compiled" not in KERNELS, reason="no compiled kernel is here"
)


class Panic(BaseException):
    """What a panic of the compiled kernel is to Python: no `Exception`."""


def twin_with(**lies: object) -> ModuleType:
    """Return a compiled kernel that is right but for what is given here."""
    twin = ModuleType(COMPILED)
    for name in kernel.SEAM:
        setattr(twin, name, getattr(pure, name))
    twin.__dict__.update(NAME="compiled", SOURCE="", **lies)
    return twin


def raising(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def choose(twin: ModuleType | None, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return `kernel` as it is where *twin* is the compiled one."""
    monkeypatch.setitem(sys.modules, COMPILED, twin)
    monkeypatch.delattr(repoview.core, "_kernel", raising=False)
    assert kernel.__spec__ is not None
    assert kernel.__spec__.origin is not None
    spec = importlib.util.spec_from_file_location("chosen", kernel.__spec__.origin)
    assert spec is not None
    assert spec.loader is not None
    chosen = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(chosen)
    return chosen


# Kernels that are right


@pytest.mark.parametrize("twin", KERNELS.values(), ids=KERNELS)
def test_a_twin_gives_the_known_answers(twin: ModuleType) -> None:
    """All that there are."""
    assert wrong_answer(twin) is None


def test_a_compiled_kernel_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every function of the seam."""
    twin = twin_with()
    chosen = choose(twin, monkeypatch)
    assert (chosen.NAME, chosen.REFUSED, chosen.ABSENT) == ("compiled", None, False)
    for name in kernel.SEAM:
        assert getattr(chosen, name) is getattr(twin, name)


@pytest.mark.parametrize("value", ["1", "yes"])
def test_the_environment_can_refuse_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """By REPOVIEW_PURE; that is no fault of it, so nothing is said."""
    monkeypatch.setenv("REPOVIEW_PURE", value)
    chosen = choose(twin_with(), monkeypatch)
    assert (chosen.NAME, chosen.REFUSED, chosen.ABSENT) == ("python", None, False)
    assert chosen.scan is pure.scan


@pytest.mark.parametrize("value", ["", "0"])
def test_the_environment_can_leave_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Nothing and 0 mean no."""
    monkeypatch.setenv("REPOVIEW_PURE", value)
    assert choose(twin_with(), monkeypatch).NAME == "compiled"


def test_there_may_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was compiled; nothing is wrong with that but its speed."""
    chosen = choose(None, monkeypatch)
    assert (chosen.NAME, chosen.REFUSED, chosen.ABSENT) == ("python", None, True)
    for name in kernel.SEAM:
        assert getattr(chosen, name) is getattr(pure, name)


# Kernels that lie


class Blind(pure.BlockIndex):
    """Finds no block."""

    def find(self, cid: bytes) -> int:
        """Return -1 whatever there is."""
        del cid
        return -1


class Credulous(pure.BlockIndex):
    """Finds blocks that are not there."""

    def find(self, cid: bytes) -> int:
        """Return the first row for what has none."""
        return max(0, super().find(cid))


class Kind(pure.BlockIndex):
    """Takes every block for sound."""

    def add(
        self, cid: bytes, offset: int, length: int, state: State, type_name: str = ""
    ) -> None:
        """Pass over the state."""
        del state
        super().add(cid, offset, length, State.SOUND, type_name)


class Mixed(pure.BlockIndex):
    """Takes every row for a record."""

    def rows(self, first: int, most: int) -> RowColumns:
        """Say that all have a `$type`."""
        found = super().rows(first, most)
        return found._replace(typed=b"\1" * len(found.typed))


class Forgetful(pure.WalkState):
    """Takes down nothing of what a walk meets."""

    def add_record(self, *_: Any, **__: Any) -> None:
        """Append nothing."""

    def add_node(self, *_: Any, **__: Any) -> None:
        """Append nothing."""


def scan_all(index: object, data: bytes, offset: int, start: int = 0) -> Scanned:
    """Say that everything was taken in, and take in nothing."""
    del index, offset, start
    return Scanned(len(data), Stop.END)


LIES: dict[str, list[object]] = {
    "BlockIndex": [Blind, Credulous, Kind, Mixed],
    "WalkState": [Forgetful],
    "blocks_of": [
        lambda _blocks, rows, _most: [None for _ in rows],
        lambda blocks, rows, _most: [b"x" * 36 + blocks.read(row) for row in rows],
    ],
    "cid_texts": [lambda raws: ["b" + "a" * 58 for _ in raws], lambda _: []],
    "cids_of": [lambda _blocks, rows: bytes(36 * len(rows)), lambda *_: None],
    "cut": [
        lambda data, *_: [data],
        lambda data, ends, _: [data[:end] for end in ends],
    ],
    "fresh": [
        lambda *given: pure.fresh(*given)._replace(blocks=[]),
        lambda *given: pure.fresh(*given)._replace(typed=b"\1\1\1\1"),
    ],
    "holding": [
        lambda _blocks, rows, *_, **__: list(range(len(rows))),
        lambda *_, **__: [],
    ],
    "interleaved": [
        lambda *_: (array("I"), array("q")),
        lambda *given: pure.interleaved(*given)[::-1],
    ],
    "json_lines": [
        lambda _, keys, *__: JsonLines(b"", array("Q", [0] * len(keys))),
        lambda *given: pure.json_lines(*given)._replace(text=b"{}"),
        lambda *given: pure.json_lines(*given)._replace(ends=array("Q", [9, 9])),
    ],
    "key_depth": [lambda key: pure.key_depth(key) + 1],
    "node_keys": [
        lambda *given: pure.node_keys(*given)._replace(others=array("I")),
        lambda *given: pure.node_keys(*given)._replace(rows=array("I", [0])),
        lambda *given: pure.node_keys(*given)._replace(keys=b""),
    ],
    "order": [
        lambda *columns, **__: columns[4],
        lambda *columns, **__: sorted(columns[4]),
    ],
    "scan": [scan_all, lambda *_: Scanned(0, Stop.HANDED_OVER)],
    "search": [lambda *_: [], lambda *_: [0, 1]],
    "sections_of": [
        lambda *_: (b"", 0),
        lambda blocks, rows, most: pure.sections_of(blocks, rows[:1], most),
    ],
    "sort_keys": [
        lambda keys, sizes, rows: KeyColumns(keys, sizes, rows, b"\1\1\1"),
        lambda *given: pure.sort_keys(*given)._replace(rows=array("I", [2, 9])),
    ],
    "sound_map": [lambda *_: {}, lambda *_: None],
    "sound_maps": [
        lambda _blocks, rows, _most: [None for _ in rows],
        lambda _blocks, rows, _most: [{"$type": "com.example.record"} for _ in rows],
    ],
    "sound_type": [lambda _: "", lambda _: None, lambda _: "com.example.record"],
    "tally": [
        lambda index: pure.tally(index)._replace(unlinked=0),
        lambda index: pure.tally(index)._replace(unlinked_first=array("I")),
        lambda index: pure.tally(index)._replace(unlinked_damaged=Rows(0, array("I"))),
    ],
    "tid_days": [lambda *_: {}, lambda *_: {-1: 1}],
    "walk": [
        lambda *_, **__: Stop.END,
        lambda *_, **__: Stop.HANDED_OVER,
    ],
}
"""By name of the seam: what gives wrong answers in its place."""


def test_every_function_is_seen_to_lie() -> None:
    """The table here has all of the seam."""
    assert LIES.keys() == set(kernel.SEAM)


@pytest.mark.parametrize(
    ("name", "lie"),
    [
        pytest.param(name, lie, id=f"{name}-{number}")
        for name, lies in LIES.items()
        for number, lie in enumerate(lies)
    ],
)
def test_a_kernel_that_lies_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, lie: object
) -> None:
    """As a whole, whichever of its functions it is; and it is said."""
    with pytest.warns(RuntimeWarning, match="compiled kernel is not used: it ") as said:
        chosen = choose(twin_with(**{name: lie}), monkeypatch)
    assert chosen.NAME == "python"
    assert chosen.REFUSED
    assert chosen.REFUSED in str(said[0].message)
    for each in kernel.SEAM:
        assert getattr(chosen, each) is getattr(pure, each)


@pytest.mark.parametrize("error", [ValueError("no"), MemoryError(), Panic("index")])
@pytest.mark.parametrize("name", kernel.SEAM)
def test_a_kernel_that_fails_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException
) -> None:
    """By an exception or by a panic, which is none of `Exception`."""
    with pytest.warns(RuntimeWarning, match="not used: it failed"):
        chosen = choose(twin_with(**{name: raising(error)}), monkeypatch)
    assert chosen.NAME == "python"
    assert f"it failed: {type(error).__name__}: {error}" == chosen.REFUSED


@pytest.mark.parametrize("name", kernel.SEAM)
def test_a_kernel_that_lacks_something_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As one of an older version would."""
    twin = twin_with()
    delattr(twin, name)
    with pytest.warns(RuntimeWarning, match="AttributeError"):
        assert choose(twin, monkeypatch).NAME == "python"


def test_ctrl_c_is_not_taken_for_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt during the choice ends the program."""
    twin = twin_with(scan=raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        choose(twin, monkeypatch)


# The program

NO_KERNEL = f"""
import sys
sys.modules[{COMPILED!r}] = None
"""
LIAR = f"""
import sys
from types import ModuleType
from repoview.core.kernel import pure
twin = ModuleType({COMPILED!r})
twin.__dict__.update({{k: v for k, v in vars(pure).items() if k[0] != "_"}})
twin.NAME = "compiled"
twin.key_depth = lambda key: 7
sys.modules[{COMPILED!r}] = twin
"""
RUN = """
from repoview.cli import main
sys.exit(main(sys.argv[1:]))
"""


def program(
    before: str, *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, *before* first."""
    return subprocess.run(
        [sys.executable, "-c", before + RUN, *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def car(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound repository."""
    path = tmp_path_factory.mktemp("choice") / "repo.car"
    path.write_bytes(make_repo(many(300)))
    return path


@pytest.mark.parametrize("before", [NO_KERNEL, LIAR], ids=["none", "liar"])
def test_the_program_works_in_python(before: str, car: Path) -> None:
    """Where there is no compiled kernel, and where it lies."""
    done = program(before, "verify", "--json", car)
    expected = program("import sys", "verify", "--json", car, REPOVIEW_PURE="1")
    assert expected.returncode == 0, expected.stderr
    assert (done.returncode, done.stdout) == (0, expected.stdout)


def test_the_program_says_what_it_refused(car: Path) -> None:
    """In one sentence on stderr, without the lines of any source."""
    done = program(LIAR, "verify", car)
    assert done.stderr == (
        "repoview: the compiled kernel is not used: it misjudges depths; "
        "install repoview again\n"
    )


def test_the_version_says_what_was_refused() -> None:
    """And why."""
    done = program(LIAR, "--version")
    assert done.stdout == (
        f"repoview {__version__} (kernel: python; "
        "the compiled one is not used: it misjudges depths)\n"
    )


def test_the_version_names_python_where_it_is_wanted() -> None:
    """With nothing more to say."""
    done = program("import sys", "--version", REPOVIEW_PURE="1")
    assert done.stdout == f"repoview {__version__} (kernel: python)\n"
    assert done.stderr == ""


def test_an_install_without_rust_says_what_it_costs(car: Path) -> None:
    """In one line: in the version, and with -v beside an answer, else never."""
    version = program(NO_KERNEL, "--version")
    start = f"repoview {__version__} (kernel: python; there is no compiled kernel in "
    assert version.stdout.startswith(start)
    assert version.stdout.count("\n") == 1
    assert version.stderr == ""
    told = program(NO_KERNEL, "verify", "-v", car)
    assert told.stderr.startswith("repoview: there is no compiled kernel in ")
    assert told.stderr.count("\n") == 1
    assert program(NO_KERNEL, "verify", car).stderr == ""
    wanted = program("import sys", "verify", "-v", car, REPOVIEW_PURE="1")
    assert wanted.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="other names of modules")
def test_a_kernel_that_cannot_be_loaded_is_told_of(tmp_path: Path) -> None:
    """Such as one for another machine: it is there, but not used."""
    (tmp_path / "_kernel.abi3.so").write_bytes(b"not for this machine")
    before = f"import repoview.core as core\ncore.__path__.insert(0, {str(tmp_path)!r})"
    done = program(f"import sys\n{before}", "--version")
    start = f"repoview {__version__} (kernel: python; the compiled one is not used: "
    assert done.stdout.startswith(f"{start}it cannot be loaded ")


@needs_compiled
def test_the_version_names_the_compiled_kernel() -> None:
    """Where it is there, and right."""
    done = program("import sys", "--version")
    name = vars(KERNELS["compiled"])["NAME"]
    assert done.stdout == f"repoview {__version__} (kernel: {name})\n"
    assert done.stderr == ""
