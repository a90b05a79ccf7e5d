"""Facts about parts of sound trees by number; the oracle is the walk by nodes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview.core.errors import NotFound
from repoview.core.formats.key_range import KeyRange
from repoview.core.proof import parts as parts_module
from repoview.core.proof import ranges as ranges_module
from repoview.core.proof.parts import build_parts
from repoview.core.proof.ranges import prove_range, proved_tree
from repoview.core.proof.sound_part import sound_part
from repoview.core.repo.repo import Repo
from repoview.corpus import LIGHT_CASES
from tests.core.repos import car_of, make_repo, many, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.formats.dagcbor import strict as dagcbor
    from repoview.corpus import Case

SAME: dict[str, dagcbor.Value] = {
    f"com.example.same/{n:03}": {"$type": "com.example.same", "n": n % 5}
    for n in range(30)
}
DATA = make_repo({**many(150), **SAME})
PATHS = sorted({**many(150), **SAME})
paths = st.sampled_from(PATHS) | st.sampled_from(PATHS).map(lambda path: path + "0")
ranges = st.builds(
    lambda first, stop: KeyRange.of(start=min(first, stop), stop=max(first, stop)),
    paths,
    paths,
) | st.sampled_from([KeyRange(), KeyRange.of(prefix="com.example.same/")])


def told(repo: Repo, asked: Sequence[str], spans: Sequence[KeyRange]) -> list[object]:
    """Return what is proved of ranges, and the file that proves it with paths."""
    answers: list[object] = [prove_range(repo, keys) for keys in spans]
    out = bytearray()
    try:
        written = build_parts(repo, asked, spans, neighbors=True).write_car(out.extend)
    except (NotFound, ValueError) as error:
        return [*answers, str(error)]
    return [*answers, written, bytes(out)]


def by_nodes(
    repo: Repo, asked: Sequence[str], spans: Sequence[KeyRange]
) -> list[object]:
    """Return the same from the walk through the nodes alone."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (parts_module, ranges_module):
            patch.setattr(module, "sound_part", lambda *_: None)
        return told(repo, asked, spans)


@settings(max_examples=40)
@given(
    asked=st.lists(paths, max_size=2),
    spans=st.lists(ranges, max_size=2),
    data=st.data(),
)
def test_it_proves_what_the_walk_through_its_nodes_proves(
    asked: list[str], spans: list[KeyRange], data: st.DataObject
) -> None:
    """The same file and answers, though blocks are missing or damaged."""
    file = bytearray(DATA)
    head, parts = parts_of(DATA)
    chosen = st.lists(st.sampled_from(parts), max_size=2)
    for part in data.draw(chosen, label="damaged"):
        file[part.end - 1] ^= 1
    gone = data.draw(chosen, label="gone")
    kept = [part for part in parts if part not in gone]
    with Repo.load(car_of(bytes(file), head, kept)) as repo:
        assert told(repo, asked, spans) == by_nodes(repo, asked, spans)


def check(repo: Repo) -> None:
    """See that whatever is wrong with a node, nothing is proved that is not."""
    found = [record.path for record in islice(repo, 3)]
    spans = [KeyRange(), *(KeyRange.of(start=path) for path in found)]
    for some in (spans[:1], spans[1:2], spans[2:]):
        assert told(repo, [], some) == by_nodes(repo, [], some)


@pytest.mark.parametrize("case", LIGHT_CASES[::10], ids=lambda case: case.id)
def test_of_broken_files_it_is_the_same(case: Case) -> None:
    """Of some, on every kernel; `tests.test_corpus` has all."""
    with Repo.load(case.build().data) as repo:
        check(repo)


@pytest.mark.unmeasured
@given(keys=ranges)
def test_it_is_found_in_sound_files_and_in_the_proofs_made_of_them(
    keys: KeyRange,
) -> None:
    """With as many records as there are keys."""
    out = bytearray()
    with Repo.load(DATA) as repo:
        build_parts(repo, ranges=[keys]).write_car(out.extend)
    for file in (DATA, bytes(out)):
        with Repo.load(file) as repo:
            top = proved_tree(repo).top
            assert top is not None
            into = sound_part(
                repo, top, [keys], [keys], lambda link: keys.meets(link.lo, link.hi)
            )
            assert into is not None
            assert into.hashes()
            assert into.records == sum(path.encode() in keys for path in PATHS)
