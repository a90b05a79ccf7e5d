"""Whatever is changed in a file is noticed, and nothing crashes.

Every byte of a right file is there for a reason, so none can change without a
finding or another verdict. `tests.fuzz.mutate` does the same to many more
files, and worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.repo.repo import Repo
from repoview.corpus import CASES, make_car, sample
from tests.strategies import paths

if TYPE_CHECKING:
    from repoview.core.verify.report import Report

# Sweeps: coverage of what they run is measured by the tests of each part.
pytestmark = pytest.mark.unmeasured

SMALLEST = make_car({}).data
SMALL = make_car({"com.example.note/self": {}}).data
SAMPLE = sample().car().data


def broken_files() -> st.SearchStrategy[bytes]:
    """Return the case corpus, without its large files."""
    files = (case.build().data for case in CASES)
    return st.sampled_from([data for data in files if 0 < len(data) < 10_000])


BROKEN = st.deferred(broken_files)


def report_of(data: bytes) -> Report:
    """Verify *data*; anything it raises is a failure."""
    with Repo.load(data) as repo:
        return repo.report


def is_noticed(data: bytes) -> bool:
    """Tell whether there is more to say of *data* than of a right file."""
    report = report_of(data)
    codes = {found.code for found in report.findings}
    return codes != {"ORD003"} or report.verdict.value != "sound"


def with_byte(data: bytes, at: int, byte: int) -> bytes:
    """Put another byte in place of one."""
    return data[:at] + bytes([byte]) + data[at + 1 :]


def test_what_is_not_changed_is_not_noticed() -> None:
    """The measure itself: right files say nothing."""
    assert not is_noticed(SMALLEST)
    assert not is_noticed(SMALL)
    assert not is_noticed(SAMPLE)


def test_every_flipped_bit_of_the_smallest_repository_is_noticed() -> None:
    """All of them, one at a time."""
    for at, byte in enumerate(SMALLEST):
        for bit in range(8):
            assert is_noticed(with_byte(SMALLEST, at, byte ^ 1 << bit)), (at, bit)


def test_telling_bytes_in_a_header_are_noticed() -> None:
    """Header, and the beginning of the first section, where lengths stand."""
    for at in range(62):
        near = {SMALL[at] + change & 0xFF for change in (-1, 1, 32, 128)}
        for byte in near | {0, 1, 23, 24, 0x58, 0x7F, 0x80, 0xA0, 0xF6, 0xFF}:
            if byte != SMALL[at]:
                assert is_noticed(with_byte(SMALL, at, byte)), (at, byte)


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_one_changed_byte_is_noticed(at: int, change: int) -> None:
    """Wherever it is, and whatever it becomes."""
    assert is_noticed(with_byte(SAMPLE, at, SAMPLE[at] ^ change))


@given(st.sets(paths(), min_size=1, max_size=6), st.data())
def test_one_changed_byte_of_any_repository_is_noticed(
    names: set[str], data: st.DataObject
) -> None:
    """Whatever is in it."""
    car = make_car({name: {} for name in names}).data
    at = data.draw(st.integers(0, len(car) - 1))
    change = data.draw(st.integers(1, 255))
    assert is_noticed(with_byte(car, at, car[at] ^ change))


def test_a_cut_at_any_byte_is_noticed() -> None:
    """All of them: no prefix of a repository is one."""
    for end in range(len(SAMPLE)):
        assert is_noticed(SAMPLE[:end]), end


@given(st.binary(min_size=1, max_size=60))
def test_bytes_behind_the_end_are_noticed(more: bytes) -> None:
    """Whatever they are, if only padding."""
    assert is_noticed(SAMPLE + more)


@given(st.integers(0, len(SAMPLE)), st.binary(min_size=1, max_size=8))
def test_bytes_put_in_between_are_noticed(at: int, more: bytes) -> None:
    """Wherever they are."""
    assert is_noticed(SAMPLE[:at] + more + SAMPLE[at:])


@given(st.integers(0, len(SAMPLE)), st.integers(0, len(SAMPLE)))
def test_a_range_that_stands_twice_is_noticed(start: int, end: int) -> None:
    """Of whole sections it is a copy, and else it is none."""
    if start < end:
        assert is_noticed(SAMPLE[:end] + SAMPLE[start:])


@given(BROKEN, st.data())
def test_what_is_broken_can_be_broken_again(broken: bytes, data: st.DataObject) -> None:
    """Faults upon faults give findings, and no exception."""
    at = data.draw(st.integers(0, len(broken) - 1))
    report_of(with_byte(broken, at, data.draw(st.integers(0, 255))))
    report_of(broken[:at])


@given(BROKEN, BROKEN, st.data())
def test_what_is_broken_can_be_put_together(
    one: bytes, other: bytes, data: st.DataObject
) -> None:
    """The beginning of a file and the end of another give no exception."""
    report_of(
        one[: data.draw(st.integers(0, len(one)))]
        + other[data.draw(st.integers(0, len(other))) :]
    )


@given(st.binary(max_size=200))
def test_anything_can_be_read(data: bytes) -> None:
    """What was never a CAR gives findings, and no exception."""
    report = report_of(data)
    assert report.findings
    assert report.exit_code
