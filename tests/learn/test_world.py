"""Facts about the small repositories: all of one follows from its records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.edit.partial_tree import PartialTree
from repoview.core.formats.mst import EMPTY_NODE, key_depth
from repoview.core.repo.repo import Repo
from repoview.learn.facts import FACTS, Scene, UnknownFact, fact
from repoview.learn.rows import rows
from repoview.learn.streaming import stream
from repoview.learn.way import proof_blocks, way_to
from repoview.learn.what_if import what_if
from repoview.learn.world import World, later, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = st.text("abcdefgh", min_size=1, max_size=3)
PATHS = NAMES.map("com.example.pet/{}".format)
EDITS = st.lists(st.tuples(PATHS, st.sampled_from(("a", "b", ""))), max_size=30)
"""Path and text; an empty text takes the record out."""


def changed(world: World, edits: Iterable[tuple[str, str]]) -> World:
    """Return a repository after some edits."""
    for path, text in edits:
        if text:
            world = world.with_record(path, record_of(path, text))
        elif path in world.records:
            world = world.without(path)
    return world


@given(EDITS)
def test_a_tree_is_the_one_that_edits_of_nodes_give(
    edits: list[tuple[str, str]],
) -> None:
    """The other implementation changes nodes, and does not build anew."""
    empty = Cid.for_block(EMPTY_NODE)
    tree = PartialTree(empty, {empty: EMPTY_NODE}.get)
    world = World({})
    for path, text in edits:
        world = changed(world, [(path, text)])
        if text:
            tree = tree.put(path.encode(), Cid.for_block(record_of(path, text)))
        elif tree.get(path.encode()) is not None:
            tree = tree.delete(path.encode())
        assert world.top == tree.top


@given(EDITS)
def test_a_file_is_sound_in_any_state(edits: list[tuple[str, str]]) -> None:
    """The engine finds nothing, and the same records, nodes and depth."""
    world = changed(World({}), edits)
    assert world.report.exit_code == 0
    assert world.report.signature == "verified"
    assert world.readable == world.records.keys()
    with Repo.load(world.file) as repo:
        assert [each.path for each in repo] == [v.path for v in world.walk if v.path]
        assert len(repo.tree) == len(world.nodes)
    assert world.depth == max((key_depth(p.encode()) for p in world.records), default=0)


@given(EDITS, PATHS)
def test_a_look_up_opens_the_nodes_that_the_engine_does(
    edits: list[tuple[str, str]], path: str
) -> None:
    """Whether the key is there or not."""
    world = changed(World({}), edits)
    opened = way_to(world, path)
    assert opened[0] == world.top
    assert len(opened) == len(set(opened))
    has = any(e.key == path.encode() for e in world.node(opened[-1]).entries)
    assert has == (path in world.records)
    read: list[Cid] = []

    def reading(cid: Cid) -> bytes | None:
        read.append(cid)
        return world.node_blocks.get(cid)

    PartialTree(world.top, reading).get(path.encode())
    assert read == opened
    records = [Cid.for_block(world.records[path])] if path in world.records else []
    assert proof_blocks(world, path) == [world.commit_cid, *opened, *records]


@given(EDITS, st.randoms())
def test_a_reader_holds_nothing_in_the_order_of_the_walk(
    edits: list[tuple[str, str]], random: object
) -> None:
    """In any other order it has used up all blocks at the end."""
    world = changed(World({}), edits)
    assert stream(world).most == 0
    order = list(world.filed)
    random.shuffle(order)  # type: ignore[attr-defined]
    told = stream(replace(world, order=tuple(order)))
    assert told.held[-1] == 0
    assert told.most <= len(order) - 1


@given(EDITS, EDITS)
def test_what_a_commit_sends_makes_the_new_repository_of_the_old(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    """All that is new is in it; of the old tree only nodes that are beside."""
    old = changed(World({}), before)
    new = changed(old, after)
    if new.records == old.records:
        new = old
    told = what_if(old, new)
    delta = told.delta
    if new is old:
        assert told.sent == []
        return
    assert told.sent[0] == ("commit", 1, len(new.commit))
    assert delta.created.keys() == new.nodes.keys() - old.nodes.keys()
    assert set(delta.deleted) == old.nodes.keys() - new.nodes.keys()
    assert told.kept_nodes == len(new.nodes.keys() & old.nodes.keys())
    records = new.blocks.keys() - old.blocks.keys() - {new.commit_cid, *new.nodes}
    assert delta.records.keys() == records
    blocks = {new.commit_cid, *delta.blocks}
    assert told.sent_bytes == sum(len(new.blocks[cid]) for cid in blocks)


@given(EDITS)
def test_prefix_and_suffix_are_the_key(edits: list[tuple[str, str]]) -> None:
    """Taken from the key before it in its node."""
    world = changed(World({}), edits)
    scene = Scene(world, world)
    for cid in world.nodes:
        before = ""
        for entry in world.node(cid).entries:
            path = entry.key.decode()
            shared = fact(scene, f"prefixlen {path}")
            assert isinstance(shared, int)
            assert before[:shared] + str(fact(scene, f"suffix {path}")) == path
            before = path


@pytest.mark.parametrize("view", ["tree", "file", "bytes com.example.pet/a"])
def test_keys_ascend_in_the_rows(view: str) -> None:
    """And every block of the repository is one of them."""
    paths = [f"com.example.pet/{name}" for name in "abcdefgh"]
    world = World({path: record_of(path, path) for path in paths})
    shown = rows(Scene(world, world, view=view))
    if view == "tree":
        assert [row.path for row in shown if row.path] == paths
    if view.startswith("bytes"):
        starts = [int(row.name[1:]) for row in shown]
        assert starts == sorted(starts)
    else:
        assert {row.name for row in shown} - {""} == set(map(str, world.blocks))


def test_damage_costs_what_hangs_at_the_byte() -> None:
    """A record for its own byte; with the top node's, all of them."""
    paths = [f"com.example.pet/{name}" for name in "abcdefgh"]
    world = World({path: record_of(path, path) for path in paths})
    for section in world.sections:
        hurt = World(world.records, flipped=frozenset({section.end - 1}))
        lost = set(paths) - hurt.readable
        if section.cid == world.commit_cid:
            # The tree is still read: what is wrong is its proof.
            assert not lost
            assert hurt.report.exit_code == 11
        elif section.cid == world.top:
            assert lost == set(paths)
        elif section.cid in world.node_blocks:
            assert lost
        else:
            assert [Cid.for_block(world.records[p]) for p in lost] == [section.cid]


def test_the_signature_that_stays_fails_after_a_change() -> None:
    """And holds again when the change is taken back."""
    path = "com.example.pet/a"
    world = World({path: record_of(path, "one")}).with_old_signature()
    assert world.report.signature == "verified"
    forged = world.with_record(path, record_of(path, "two"))
    assert forged.report.signature == "failed"
    assert text_of(forged.records[path]) == "two"


def test_a_later_revision_is_greater() -> None:
    """As text, as they are compared."""
    revs = ["3lqz2aaaaaa22", "3lqz2zzzzzz22", "2222222222222"]
    assert all(later(rev) > rev for rev in revs)


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_what_is_not_there_is_refused(name: str) -> None:
    """With an error of its own, whatever it is asked about."""
    world = World({})
    for words in ("", " x", " x y", " 9 x", " -1 x", " x y z"):
        try:
            value = fact(Scene(world, world), name + words)
        except UnknownFact as error:
            assert str(error)  # noqa: PT017 (it may also be answered)
        else:
            assert isinstance(value, int | str | frozenset)
