"""Facts about keys that differ only in the case of their letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core import limits
from repoview.core.verify import walk
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding

COLLECTIONS = ["a.b.name", "a.b.Name", "a.b.nAme", "a.c.lower", "z.b.fineName"]
PATHS = st.builds(
    "{}/{}".format,
    st.sampled_from(COLLECTIONS),
    st.text("aAbB1", min_size=1, max_size=3),
)


def told(data: bytes) -> list[Finding]:
    """Return what is said of the case of letters."""
    with Repo.load(data) as repo:
        return [each for each in repo.report.findings if each.code == "KEY012"]


def expected(paths: set[str]) -> dict[str, str]:
    """Return the names that have a like one before them, and the first of these."""
    found: dict[str, str] = {}
    collections: dict[str, str] = {}
    keys: dict[tuple[str, str], str] = {}
    for path in sorted(paths):
        collection, _, rkey = path.partition("/")
        known = collections.setdefault(collection.lower(), collection)
        if known != collection:
            found[collection] = known
        known = keys.setdefault((collection, rkey.lower()), path)
        if known != path:
            found[path] = known
    return found


@pytest.mark.parametrize("batch", [1, 3, walk.BATCH])
@given(paths=st.sets(PATHS, min_size=1, max_size=40))
def test_names_are_compared_as_everybody_would(batch: int, paths: set[str]) -> None:
    """Whatever comes between them, and wherever the walk pauses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "BATCH", batch)
        found = told(make_repo({path: {} for path in paths}))
    wanted = expected(paths)
    assert {str(each.path): str(each.found) for each in found} == wanted
    assert len(found) == len(wanted)


def test_many_that_are_alike_are_counted() -> None:
    """A hundred are told; each is one."""
    names = {f"a.b.c/{number:03}{letter}" for number in range(150) for letter in "xX"}
    with Repo.load(make_repo({name: {} for name in names})) as repo:
        assert repo.report.counts.findings["warning"] == 150
        kept = [each for each in repo.report.findings if each.code == "KEY012"]
    assert len(kept) == limits.FINDINGS_A_CODE


def test_what_is_held_to_compare_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many keys with capitals the first are compared."""
    monkeypatch.setattr(limits, "MAX_CASE_BYTES", 1_000)
    names = {f"a.b.c/{number:03}{letter}" for number in range(150) for letter in "xX"}
    found = told(make_repo({name: {} for name in names}))
    assert [each.path for each in found] == [f"a.b.c/00{n}x" for n in range(len(found))]
    assert 1 <= len(found) < 10


def test_a_missing_record_is_told_without_its_place() -> None:
    """Its key is there all the same."""
    records = {"a.b.c/X": {}, "a.b.c/x": {}} | many(1)
    (found,) = told(make_repo(records, leave_out=2))
    assert (found.path, found.found) == ("a.b.c/x", "a.b.c/X")
