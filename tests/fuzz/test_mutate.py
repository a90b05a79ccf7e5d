"""A few hundred broken files with every run of the suite."""

from __future__ import annotations

import pytest

from tests.fuzz.mutate import Fuzzer, main, run
from tests.fuzz.twins import COMPILED


def test_a_few_hundred_broken_files_are_borne() -> None:
    """No unknown exception, nothing unnoticed. What is slow is for the script."""
    tally = run(20_260, range(400))
    assert tally.failures == []
    assert tally.files == 400
    assert len(tally.verdicts) >= 5


def test_a_number_is_a_file() -> None:
    """What was found once can be looked at again."""
    one, other = Fuzzer(7), Fuzzer(7)
    assert [one.make(n) for n in range(40)] == [other.make(n) for n in range(40)]


def test_it_ends_as_a_program_should() -> None:
    """0 when all is well."""
    assert main(["--count", "20"]) == 0


@pytest.mark.skipif(not COMPILED, reason="the compiled kernel was not built")
def test_kernels_are_compared_when_asked() -> None:
    """Here too, 0 when all is well."""
    assert main(["--count", "20", "--twins"]) == 0
