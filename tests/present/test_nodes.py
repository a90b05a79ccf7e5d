"""Facts about what is said of nodes and commits, against the engine's own reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.cid import Cid
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import EMPTY_NODE, read_node
from repoview.core.formats.mst_build import build_tree
from repoview.present.anatomy.commits import commit_remarks
from repoview.present.anatomy.nodes import between_text, keys_of, node_remarks
from repoview.present.anatomy.remarks import block_remarks
from tests.core.repos import make_repo, many
from tests.strategies import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

VALUE = Cid.for_block(b"\xa0")


def nodes_of(wanted: Iterable[bytes]) -> list[bytes]:
    """Return the nodes of the tree of these keys."""
    nodes: list[bytes] = []
    ordered = sorted(set(wanted))
    build_tree([(key, VALUE) for key in ordered], lambda _, data: nodes.append(data))
    return nodes


@given(st.lists(keys(), max_size=30))
def test_the_keys_are_those_that_the_engine_reads(wanted: list[bytes]) -> None:
    """However they are split into prefix and suffix."""
    for data in nodes_of(wanted):
        node = read_node(data)
        assert node is not None
        assert [parts.key for parts in keys_of(data)] == [e.key for e in node.entries]


@given(st.lists(keys(), max_size=30))
def test_a_remark_stands_at_every_field_of_a_node(wanted: list[bytes]) -> None:
    """At the byte where the value begins that it is about: all but the entries."""
    for data in nodes_of(wanted):
        told = node_remarks(data)
        spans = {span.start: span.path for span in dagcbor.annotate(data)}
        paths = {spans[start].rpartition(".")[2] for start in told}
        assert paths <= {"e", "l", "k", "p", "t", "v"}
        node = read_node(data)
        assert node is not None
        assert len(told) == 2 + 4 * len(node.entries)


@given(st.binary(max_size=200))
def test_any_bytes_may_be_asked_about(data: bytes) -> None:
    """What is no node or commit has no remarks, and nothing breaks."""
    assert isinstance(block_remarks(b"\xa2\x61e" + data), dict)
    assert isinstance(commit_remarks(data), dict)


def remark(data: bytes, path: str) -> str:
    """Return what is said of the value at *path* of a block."""
    told = block_remarks(data)
    spans = {
        s.path: s.start for s in reversed(dagcbor.annotate(data)) if s.kind != "key"
    }
    return told[spans[path]]


def test_an_entry_tells_its_whole_key() -> None:
    """What it shares, what it writes, and what is before and behind it."""
    (data,) = nodes_of([b"com.example.a/a0", b"com.example.a/a1"])
    assert remark(data, "e") == "2 entries, in key order"
    assert "written whole" in remark(data, "e[0].p")
    assert remark(data, "e[1].p") == 'shares "com.example.a/a" with the key before'
    assert remark(data, "e[1].k") == '"1": the whole key is com.example.a/a1'
    assert remark(data, "e[1].v") == "the record of com.example.a/a1"
    assert remark(data, "e[0].t") == (
        "no sub-tree: no keys between com.example.a/a0 and …/a1"
    )
    assert remark(data, "l") == "no sub-tree: no keys before com.example.a/a0"


def test_a_node_without_a_key_says_why_it_is_there() -> None:
    """Levels are not left out; only that of an empty repository links to nothing."""
    # Of depth 0 and of depth 3.
    nodes = nodes_of([b"com.example.a/0", b"com.example.a/2"])
    links_on = next(data for data in nodes if not keys_of(data))
    assert "levels are not left out" in remark(links_on, "e")
    assert "only the node of an empty tree" in remark(EMPTY_NODE, "e")
    assert remark(EMPTY_NODE, "l") == "no sub-tree: there is no key at all"


def test_links_at_the_ends_are_bounded_by_keys_of_other_nodes() -> None:
    """Those before and after all that is below the node."""
    (data,) = nodes_of([b"com.example.a/a0"])
    told = node_remarks(data, b"com.example.a/A", b"com.example.b/x")
    assert "no sub-tree: no keys between com.example.a/A and …/a0" in told.values()
    ends = "no sub-tree: no keys between com.example.a/a0 and com.example.b/x"
    assert ends in told.values()


def test_open_ranges_are_told_in_words() -> None:
    """None is an open end."""
    assert between_text(None, None) == "all keys"
    assert between_text(b"a/b", None) == "keys after a/b"
    assert between_text(None, b"a/b") == "keys before a/b"


def test_the_fields_of_a_commit_are_told() -> None:
    """Which one leads to the records, and which one only the account can make."""
    with Repo.load(make_repo(many(3))) as repo:
        assert repo.commit is not None
        data = repo.block(repo.commit.cid).data
    assert "the top node" in remark(data, "data")
    assert remark(data, "sig").startswith("the signature of the 5 other fields")
    assert "2023-11-14 22:13:20 UTC" in remark(data, "rev")
    assert len(block_remarks(data)) == 6
