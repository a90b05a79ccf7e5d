"""Facts about findings that only count: that they are not told changes nothing else.

It is the engine that tells them, so these run on its own kernel; what the
compiled one counts for it is in `test_counted_faults`.
"""

from __future__ import annotations

from collections import Counter
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import pytest

from repoview.core import limits
from repoview.core.findings.findings import Profile
from repoview.core.kernel import pure
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from repoview.corpus import CASES
from repoview.corpus.car import Section
from repoview.corpus.cbor import encode
from tests.core.repos import make_repo
from tests.fuzz.mutate import Fuzzer
from tests.fuzz.twins import running

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once."""


def judged(data: bytes, profile: Profile, told: int) -> list[Any]:
    """Return what is said of a file where so many findings of each code are told."""
    with pytest.MonkeyPatch.context() as patch, running(pure):
        patch.setattr(limits, "FINDINGS_A_CODE", told)
        with Repo.load(data, checks=Checks(profile=profile)) as repo:
            report = repo.report
    by_code: Counter[str] = Counter()
    for each in report.findings:
        if each.code == "LIM002":
            by_code[each.found or ""] += each.count
        else:
            by_code[each.code] += 1
    return [report.verdict, report.exit_code, report.complete, report.counts, by_code]


def files() -> Iterable[bytes]:
    """Return some small broken files, and bytes that were changed at random."""
    for case in islice(CASES, 0, None, 3):
        if len(data := case.build().data) < 5_000:
            yield data
    fuzzer = Fuzzer(7)
    for number in range(15):
        yield fuzzer.make(number)[1]


@pytest.mark.unmeasured
def test_how_many_findings_are_told_changes_no_count() -> None:
    """Nor the verdict, of any file under any profile."""
    for data, profile in zip(files(), cycle(Profile), strict=False):
        assert judged(data, profile, 1) == judged(data, profile, 1_000)


def test_findings_that_many_records_give_are_all_counted() -> None:
    """Of the keys, the links, the blocks and their encoding."""
    keys = [f"a.b.c/{number}{end}" for number in range(40) for end in "!? ä"]
    keys += [f"a.b.c/{'x' * 300}{number}" for number in range(40)]
    keys += [f"A.b.c/{number}" for number in range(40)] + [f"{n}" for n in range(40)]
    data = make_repo({key: encode({"$type": "a.b.c", "a": 1.5}) for key in keys})
    half = bytearray(data)
    # The digest of many a block, or its link.
    for at in range(len(data) // 2, len(data), 97):
        half[at] ^= 1
    for some in (data, bytes(half)):
        assert judged(some, Profile.DEFAULT, 1) == judged(some, Profile.DEFAULT, 1_000)


def test_odd_cids_are_all_counted() -> None:
    """Of every kind, in any order."""
    forms = [
        b"\x12\x20" + bytes(32),
        b"\x01\x70\x12\x20" + bytes(32),
        b"\x01\x71\x13\x40" + bytes(64),
        b"\x01\x70\x11\x14" + bytes(20),
        b"\x01\x71\x12\x10" + bytes(16),
        b"\x01\x55\x00\x01a",
        b"\x01\x81\x01\x12\x20" + bytes(32),
    ]
    parts = [Section(form[:-1] + bytes((n,)), b"x") for n in range(9) for form in forms]
    data = make_repo({}) + b"".join(part.written for part in parts)
    assert judged(data, Profile.DEFAULT, 1) == judged(data, Profile.DEFAULT, 1_000)
