"""The compiled kernel and the Python one make the same of every file.

Held against one another is all that a caller could see; see `tests.fuzz.twins`.
What single functions of the seam answer is in `test_twin_functions`.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import gettempdir
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.findings.findings import Profile
from repoview.core.kernel import kernel, pure
from repoview.core.opening.room import Room
from repoview.core.verify.verify import Checks
from repoview.corpus import LIGHT_CASES, make_car, sample
from repoview.corpus.car import Section
from repoview.corpus.cbor import RAW, cid_of, encode
from repoview.corpus.repo import Repo
from repoview.corpus.tree import Entry, build_tree
from repoview.sample import write_sample
from tests.core.opened import checks_of
from tests.core.repos import make_repo, many
from tests.fuzz.mutate import Fuzzer
from tests.fuzz.repositories import repositories
from tests.fuzz.twins import COMPILED, PURE, Twin, differences, disagreements
from tests.strategies import examples
from tests.vectors import ROOT

if TYPE_CHECKING:
    from repoview.corpus import Case

pytestmark = [
    pytest.mark.skipif(not COMPILED, reason="the compiled kernel was not built"),
    # Each kernel by itself is measured elsewhere.
    pytest.mark.unmeasured,
]

FILES = sorted((*ROOT.glob("**/*.car"), *ROOT.glob("indigo/*.repo")))
"""The vectors that are repositories, where there are any."""


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them run every kernel themselves."""


def check(data: Any, **options: Any) -> None:
    """See that all kernels agree on a file; keep it where they do not."""
    if found := list(disagreements(data, **options)):
        where = data
        if isinstance(data, bytes):
            name = f"repoview-twins-{sha256(data).hexdigest()[:12]}.car"
            where = Path(gettempdir(), name)
            where.write_bytes(data)
        pytest.fail("\n".join([f"{where} with {options}", *found]), pytrace=False)


@pytest.fixture
def small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read so little at a time that walks follow the reading."""
    monkeypatch.setattr(limits, "READ_CHUNK", 700)


# Known files


def options_of(case: Case) -> dict[str, Any]:
    """Return the fields of `OpenOptions` that a case wants."""
    room = Room(case.options.get("budget", limits.MEMORY))
    return {"checks": checks_of(case), "room": room}


@pytest.mark.parametrize("case", LIGHT_CASES, ids=lambda case: case.id)
def test_a_broken_file_is_broken_the_same(case: Case) -> None:
    """All cases of the corpus but the largest, which are judged on both elsewhere."""
    check(case.build().data, **options_of(case))


@pytest.mark.usefixtures("small_buffers")
def test_broken_files_that_are_read_in_small_pieces_are_broken_the_same() -> None:
    """A third of the small cases: what comes in pieces is stopped at more often."""
    for case in LIGHT_CASES[::3]:
        if len(data := case.build().data) < 20_000:
            check(data, **options_of(case))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_files_of_others_are_read_the_same(file: Path) -> None:
    """Whatever the rules that they are held to."""
    check(file.read_bytes())
    check(file, checks=Checks(profile=Profile.MST_ONLY, rebuild=True))
    check(file, checks=Checks(expect="slice", fail_on_warning=True))


# Generated files


@examples(120)
@given(repositories(), st.sampled_from((97, 1_000, limits.READ_CHUNK)), st.booleans())
def test_generated_repositories_are_read_the_same(
    data: bytes, chunk: int, as_slice: bool
) -> None:
    """Of every shape, sound or not, in large pieces or small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        check(data, checks=Checks(expect="slice" if as_slice else "repo"))


# To make a large file small takes longer than to understand it.
@examples(15, phases=(Phase.reuse, Phase.generate))
@given(repositories(heavy=True))
def test_large_repositories_are_read_the_same(data: bytes) -> None:
    """Of several buffers, which threads share."""
    check(data)


@examples(40)
@given(repositories(), st.integers(0, 20_000))
def test_budgets_end_the_same(data: bytes, budget: int) -> None:
    """Wherever it is that they are spent."""
    check(data, room=Room(budget))


@cache
def fuzzer() -> Fuzzer:
    """Return what makes broken bytes; late, as it builds the corpus first."""
    return Fuzzer(1)


@examples(200)
@given(st.integers(0, 2**32))
def test_broken_bytes_are_read_the_same(number: int) -> None:
    """Files of `tests.fuzz.mutate`, which does many more."""
    check(fuzzer().make(number)[1])


# Large files


@cache
def written(order: str, records: int) -> bytes:
    """Return a sample whose blocks stand in *order*."""
    out = bytearray()
    write_sample(out.extend, records, order=order)  # type: ignore[arg-type]  # one of two
    return bytes(out)


@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_a_file_that_is_read_ahead_is_read_the_same(order: str, tmp_path: Path) -> None:
    """From so many blocks on, nodes are read before the walk wants them."""
    data = bytearray(written(order, 21_000))
    file = tmp_path / "whole.car"
    file.write_bytes(data)
    check(file)
    luck = Random(order)  # noqa: S311 (not for secrets)
    for _ in range(25):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    file = tmp_path / "damaged.car"
    file.write_bytes(data)
    check(file)
    check(bytes(data[: luck.randrange(len(data))]))


@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
@pytest.mark.parametrize("budget", [90_000, 130_000, 170_000, 250_000, 500_000])
def test_budgets_of_large_files_end_the_same(order: str, budget: int) -> None:
    """In the index of blocks, that of records, or nowhere."""
    check(written(order, 4_000), room=Room(budget))


def test_a_budget_that_is_spent_in_a_shared_buffer_ends_the_same() -> None:
    """The threads are ahead of what counts."""
    data = make_repo({**many(9_000), "com.example.big/1": {"x": "x" * 900_000}})
    for budget in (41_000, 123_000, 300_000, 400_000):
        check(data + data[100:], room=Room(budget))


# Found by reading, each in its smallest form


def stray(data: bytes, form: bytes = b"\x01\x71\x12\x20", padding: int = 0) -> bytes:
    """Return the sample with a block behind it."""
    car = sample().car()
    section = Section(cid_of(data, form), data, padding=padding)
    return car.data + section.written


@pytest.mark.parametrize("size", [900_000, 1_048_000, 1_100_000, 3_000_000])
def test_a_large_block_of_padded_length_is_taken_in_at_once(size: int) -> None:
    """Also where it is large enough to be left to other threads."""
    check(stray(encode({"x": b"\0" * size}), padding=2))


@pytest.mark.parametrize("size", [999_963, 999_964, 999_965, 1_000_000, 1_000_001])
def test_the_bound_of_raw_blocks_is_that_of_others(size: int) -> None:
    """It is about their bytes, without the CID."""
    check(stray(bytes(size), RAW))
    check(make_car({"com.example.note/1": bytes(size)}).data)


def test_a_collection_that_is_no_text_has_no_type() -> None:
    r"""What reads as ``\ufffd`` is not what the key says."""
    record = encode({"$type": "a.b.\ufffd"})
    check(Repo(build_tree([Entry(b"a.b.\xff/1", record)])).car().data)


# The measure itself


def twin_with(**parts: Any) -> Twin:
    """Return a Python kernel of which some functions were changed."""
    module = ModuleType("twin")
    for name in kernel.SEAM:
        setattr(module, name, parts.get(name, getattr(pure, name)))
    return Twin(module)


def test_a_kernel_agrees_with_itself() -> None:
    """The measure finds nothing where there is nothing."""
    assert not differences(sample().car().data, PURE)


def test_a_kernel_that_is_a_little_wrong_is_found_out() -> None:
    """In offsets, in what the walk met, or in what was left."""

    def scan(index: Any, data: bytes, offset: int, start: int = 0) -> object:
        return pure.scan(index, data, offset + 1, start)

    class WalkState(pure.WalkState):
        def add_record(self, key: bytes, row: int, length: int, *hole: Any) -> None:
            super().add_record(key, row, length + 1, *hole)

    def tally(index: Any) -> object:
        return pure.tally(index)._replace(unlinked=1)

    for part in (scan, WalkState, tally):
        twin = twin_with(**{part.__name__: part})
        assert differences(sample().car().data, twin), part
