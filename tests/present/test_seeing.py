"""Facts about the pages that answer "what am I seeing?": each from the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.core.kernel.seam import NodeKind
from repoview.present.seeing.any_block import cid_page
from repoview.present.seeing.blocks import file_page
from repoview.present.seeing.findings import findings_page
from repoview.present.seeing.nodes import node_page, tree_page
from repoview.present.seeing.records import record_page
from repoview.present.seeing.repository import repository_page
from repoview.present.styled import section_text
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from repoview.present.seeing.page import Page


@pytest.fixture(scope="module")
def repo() -> Repo:
    """A repository of 300 records."""
    return Repo.load(make_repo(many(300)))


def text(page: Page) -> str:
    """Return a page as text."""
    return section_text(page.sections)


def test_a_record_is_explained_by_its_own_key(repo: Repo) -> None:
    """Its path, how its node writes it, why it is so deep, what proves it."""
    for number in range(0, 300, 17):
        record, page = repo.record(number), text(record_page(repo, number))
        assert f"{record.path}: the collection {record.collection}" in page
        assert "Why depth" in page
        assert "What the hashes prove, and what not" in page
        written = next(line for line in page.split("\n") if "┆" in line)
        assert written.split("  ")[1].replace("┆", "") == record.path


def test_every_node_says_what_it_holds(repo: Repo) -> None:
    """By its own depth, keys and links, or why it has none."""
    for number in range(len(repo.tree)):
        node, page = repo.tree.node(number), text(node_page(repo, number))
        entries = [i for i in repo.tree.children(number) if not isinstance(i, int)]
        assert f"depth {node.depth}, counted from the bottom" in page
        assert "why not a list?" in page
        assert ("Levels are not left out" in page) == (not entries)
        for ref in entries[:8]:
            assert "┆" in page
            assert ref.key.decode() in page.replace("┆", "")


def test_a_hole_is_no_node_of_the_tree() -> None:
    """Nor are the keys behind it among all keys."""
    with Repo.load(make_repo(many(120), leave_out=125)) as repo:
        nodes = [repo.tree.node(number) for number in range(len(repo.tree))]
        whole = sum(node.kind is NodeKind.NODE for node in nodes)
        page = text(tree_page(repo))
        assert whole < len(nodes)
        assert f"the {len(repo)} keys that are there, in order" in page
        assert f"spread over {whole} nodes" in page


def test_nodes_without_a_key_are_counted() -> None:
    """There are some in any tree with a key that is far above its neighbors."""
    with Repo.load(make_repo(many(3_000))) as repo:
        empty = repo.shape.fanout[0]
        counts = (repo.tree.children(number) for number in range(len(repo.tree)))
        kinds = (all(isinstance(i, int) for i in children) for children in counts)
        first = next(number for number, is_empty in enumerate(kinds) if is_empty)
        assert f"{empty} of the {len(repo.tree)} nodes" in text(node_page(repo, first))


def test_a_hole_says_what_it_hides() -> None:
    """And that its link is proved all the same."""
    with Repo.load(make_repo(many(120), leave_out=125)) as repo:
        kinds = [repo.tree.node(number).kind for number in range(len(repo.tree))]
        page = node_page(repo, kinds.index(NodeKind.MISSING))
        assert page.title == "a hole in the tree"
        assert "its block is not in the file" in text(page)


def test_a_missing_record_still_has_a_name() -> None:
    """The tree knows its CID."""
    with Repo.load(make_repo(many(30), leave_out=1)) as repo:
        number = next(r.number for r in repo.records() if r.state == "missing")
        page = text(record_page(repo, number))
        assert "Its block is not in the file; its name is known" in page


def test_a_tree_without_a_key_is_told_as_such() -> None:
    """Its only node links to nothing."""
    with Repo.load(make_repo({})) as repo:
        assert "there is no key at all" in text(tree_page(repo))


def test_a_repository_is_told_in_its_own_numbers(repo: Repo) -> None:
    """Those of its keys at each depth add up."""
    page = text(repository_page(repo))
    assert "300 records in 3 collections" in page
    levels = [line for line in page.split("\n") if line.startswith("depth ")]
    assert sum(int(line.split()[2]) for line in levels) == 300
    assert "only a key can" in page


def test_blocks_are_what_links_to_them(repo: Repo) -> None:
    """A CID leads to the page about its role."""
    commit = repo.commit
    assert commit is not None
    assert "It is the commit" in text(cid_page(repo, commit.cid))
    assert cid_page(repo, repo.tree.node(0).cid).title == "a node of the tree"
    assert cid_page(repo, repo.record(0).cid).title == "a record"
    record = repo.record(5)
    assert f"that of {record.path}" in text(file_page(repo, record.offset))
    node = repo.tree.node(1)
    assert "for the node above links to it" in text(file_page(repo, node.offset))
    assert file_page(repo).title == "the blocks of a file"


def test_a_finding_is_told_beside_the_verdict() -> None:
    """With its code, and where more is to be had."""
    with Repo.load(make_repo(many(30), leave_out=1)) as repo:
        found = repo.report.findings[0]
        page = text(findings_page(repo, found))
        assert f"repoview explain {found.code}" in page
        assert "This finding" not in text(findings_page(repo))
