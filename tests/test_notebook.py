"""Facts about what a notebook shows of a repository and of what is in it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from repoview import Repo
from repoview.notebook import card, json_block
from tests.core.repos import make_repo, many


@pytest.fixture(scope="module")
def repo() -> Repo:
    """A repository of which a few nodes are missing, and all its records."""
    return Repo.load(make_repo(many(60), leave_out=66))


def text_of(html: str) -> str:
    """Return the text of well-formed HTML."""
    return " ".join(ET.fromstring(html).itertext())  # noqa: S314 (we made it)


def test_a_record_is_shown_with_its_json() -> None:
    """And with where it is."""
    record = Repo.load(make_repo({"a.b.c/d": {"$type": "a.b.c", "x": "<b>"}})).record(0)

    html = record._repr_html_()

    for told in ("Record a.b.c/d", record.at_uri, str(record.cid), '"x": "<b>"'):
        assert told in text_of(html)
    assert "<b>" not in html


def test_a_record_that_is_missing_says_so(repo: Repo) -> None:
    """Nothing is raised into the notebook."""
    assert "missing" in text_of(repo.record(0)._repr_html_())


def test_a_node_is_shown_with_its_place(repo: Repo) -> None:
    """A hole with the keys that it hides."""
    nodes = [repo.tree.node(number) for number in range(len(repo.tree))]

    for node in nodes:
        told = text_of(node._repr_html_())
        assert str(node.cid) in told
        assert ("Hole (missing)" in told) == (node.offset is None)
        if node.hi is not None:
            assert node.hi.decode() in told


def test_a_repository_is_shown_with_its_tree(repo: Repo) -> None:
    """And with its collections, the first of many."""
    told = text_of(repo._repr_html_())
    assert str(repo.verdict) in told
    assert "com.example.kind0" in told
    assert "<svg " in repo._repr_html_()
    wide = Repo.load(make_repo({f"a.b.c{n}/x": {} for n in range(30)}))
    assert "more collections 10" in " ".join(text_of(wide._repr_html_()).split())
    assert "Repository" in text_of(Repo.load(b"")._repr_html_())


def test_text_is_escaped_bounded_and_keeps_its_direction() -> None:
    """Whatever an account writes."""
    html = card("<x>", [("a", "\u202eabc\ud800\x00"), ("b", "y" * 1_000), ("c", None)])

    told = text_of(html)
    assert "\ufffdabc\ufffd\ufffd" in told
    assert "y" * 300 not in told
    assert "…" in told
    assert len(text_of(json_block(list(range(1_000)))).splitlines()) == 201
