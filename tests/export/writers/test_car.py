"""Facts about records as a CAR; the oracle walks the tree block by block."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.errors import BlockMissing, NotFound, RepoviewError
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.kernel.seam import NodeKind
from repoview.corpus import LIGHT_CASES
from repoview.export.car import write
from repoview.export.formats import MOST_NAMES
from tests.core.repos import car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.cid import Cid
    from repoview.core.formats.dagcbor import strict as dagcbor
    from repoview.core.load.result import Progress
    from repoview.corpus import Case

pytestmark = pytest.mark.usefixtures("kernel_in_use")

SHARED: dict[str, dagcbor.Value] = {
    path: {"$type": "com.example.same", "text": f"{int(path[-6:]) % 7}"}
    for path in many(40, 1)
}
"""Forty records of seven contents."""

FILES = {
    "many": make_repo(many(90)),
    "shared": make_repo({**many(30), **SHARED}),
    "empty": make_repo({}),
}


class ByBlocks:
    """A CAR of some records, made by walking the tree a block at a time."""

    def __init__(self, repo: Repo, numbers: Sequence[int]) -> None:
        self.repo, self.numbers = repo, set(numbers)
        self.is_all = len(numbers) == len(repo)
        self.states: dict[Cid, bool] = {}
        self.missing: list[str] = []
        self.records = 0
        commit = repo.commit
        self.out = encode_header([commit.cid if commit else repo.tree.node(0).cid])
        if commit:
            self.block(commit.cid, f"commit {commit.cid}")
        if len(repo.tree):
            self.node(0)

    def node(self, number: int) -> None:
        """Take a node, and what is below it."""
        node = self.repo.tree.node(number)
        if node.kind is NodeKind.SHARED:
            return
        is_there = self.block(node.cid, f"node {node.cid}")
        if not is_there or node.kind is not NodeKind.NODE:
            return
        for item in self.repo.tree.children(number):
            if isinstance(item, int):
                below = self.repo.tree.node(item)
                end = below.first_record + below.record_count
                wanted = self.numbers.intersection(range(below.first_record, end))
                if self.is_all or wanted:
                    self.node(item)
            elif item.number in self.numbers:
                record = self.repo.record(item.number)
                self.records += self.block(record.cid, record.path)

    def block(self, cid: Cid, name: str) -> bool:
        """Take a block once; tell whether it is there."""
        if cid not in self.states:
            self.states[cid] = False
            try:
                data = self.repo.block(cid).data
            except BlockMissing:
                self.missing.append(name)
            else:
                self.states[cid] = True
                self.out += encode_section(cid, data)
        return self.states[cid]


def insist_on_oracle(repo: Repo, numbers: Sequence[int]) -> None:
    """Compare what is written with what the oracle makes."""
    out = bytearray()
    written = write(repo, numbers, out.extend, lambda _: None)
    expected = ByBlocks(repo, numbers)
    assert bytes(out) == expected.out
    assert written.missing_names == expected.missing[:MOST_NAMES]
    assert written.missing == len(expected.missing)
    assert written.records == expected.records
    assert written.blocks == sum(expected.states.values())


def some_of(draw: Callable[[st.SearchStrategy[int]], int], repo: Repo) -> list[range]:
    """Return ranges of records."""
    bound = st.integers(0, len(repo))
    return [range(*sorted((draw(bound), draw(bound)))) for _ in range(3)]


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("name", FILES)
def test_it_has_the_blocks_that_a_walk_meets(name: str, data: st.DataObject) -> None:
    """Of any records, though nodes and records are missing or damaged."""
    file = bytearray(FILES[name])
    head, parts = parts_of(bytes(file))
    chosen = st.lists(st.sampled_from(parts), max_size=4)
    for part in data.draw(chosen, label="damaged"):
        file[part.end - 1] ^= 1
    gone = data.draw(chosen, label="gone")
    kept = [part for part in parts if part not in gone]
    with Repo.load(car_of(bytes(file), head, kept)) as repo, suppress(NotFound):
        some = some_of(data.draw, repo)
        for numbers in (range(len(repo)), *some, sorted({*some[0], *some[1][::3]})):
            insist_on_oracle(repo, numbers)


@pytest.mark.parametrize("case", LIGHT_CASES, ids=lambda c: c.id)
def test_of_broken_files_it_is_the_same(case: Case) -> None:
    """Whatever is wrong: links to what is no node, odd CIDs, nodes linked twice."""
    try:
        repo = Repo.load(case.build().data)
    except RepoviewError:
        return
    with repo, suppress(NotFound):
        insist_on_oracle(repo, range(len(repo)))
        insist_on_oracle(repo, range(len(repo) // 3, len(repo) // 2 + 1))
        insist_on_oracle(repo, list(range(0, len(repo), 2)))


def test_a_block_of_two_keys_that_is_damaged_is_told_once() -> None:
    """And neither key counts as written."""
    same: dagcbor.Value = {"$type": "com.example.a", "text": "same"}
    both: dict[str, dagcbor.Value] = {"com.example.a/1": same, "com.example.a/2": same}
    file = bytearray(make_repo(both, leave_out=1))
    file[-1] ^= 1
    with Repo.load(bytes(file)) as repo:
        written = write(repo, range(2), lambda _: None, lambda _: None)
    assert (written.records, written.missing) == (0, 1)
    assert written.missing_names == ["com.example.a/1"]


def test_progress_ends_it() -> None:
    """By what it raises, between two batches."""

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    file, out = make_repo(many(9_000)), bytearray()
    with Repo.load(file) as repo, pytest.raises(KeyboardInterrupt):
        write(repo, range(len(repo)), out.extend, stop)
    assert len(out) < len(file) // 2
