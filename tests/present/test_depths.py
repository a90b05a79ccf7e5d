"""Facts about why a key is at its depth, and about what a proof path proves."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.formats.mst import key_depth
from repoview.core.repo.proof_path import way_to_key, way_to_record
from repoview.present.anatomy.depths import (
    bit_pairs,
    hash_row,
    odds_text,
    why_this_depth,
)
from repoview.present.anatomy.paths import absent_sections, path_sections
from repoview.present.styled import section_text
from tests.core.repos import make_repo, many
from tests.strategies import keys


@given(keys())
def test_the_pairs_are_the_first_bits_of_the_hash(key: bytes) -> None:
    """And those that count are zero, up to the first that is not."""
    pairs, depth = bit_pairs(key)
    bits = "".join(f"{byte:08b}" for byte in sha256(key).digest())
    assert bits.startswith("".join(pairs))
    assert set(pairs[:depth]) <= {"00"}
    assert pairs[depth] != "00"
    assert depth == key_depth(key)


@given(keys())
def test_the_pairs_that_count_are_lit(key: bytes) -> None:
    """As many as the depth, and no other."""
    lit = [piece.text for piece in hash_row(key).pieces if piece.style == "lit"]
    assert lit == ["00"] * key_depth(key)


@given(st.integers(1, 20))
def test_a_depth_is_four_times_as_rare_as_the_one_below(depth: int) -> None:
    """By the bits that have to be zero."""
    assert f"1 key in {1 << 2 * depth:,} " in odds_text(depth)


def test_the_depth_of_a_known_key_is_explained() -> None:
    """The key is one of the specification's."""
    text = section_text([why_this_depth(b"app.bsky.feed.post/9adeb165882c")])
    assert text.startswith("Why depth 8?")
    assert "00 00 00 00 00 00 00 00 " in text
    assert "8 zero pairs, so depth 8" in text
    assert "1 key in 65,536" in text


def test_a_path_says_what_it_proves_and_what_a_change_costs() -> None:
    """The nodes on the way are written anew, and no other."""
    with Repo.load(make_repo(many(300))) as repo:
        steps = way_to_record(repo, 7)
        nodes = sum(step.node is not None for step in steps)
        text = section_text(path_sections(steps, len(repo.tree)))
        assert "Only the signature in the commit tells that" in text
        assert f"the {nodes} nodes above it" in text
        assert f"{len(repo.tree) - nodes} other nodes" in text
        assert f"{len(steps)} blocks" in text


def test_a_path_with_a_hole_proves_nothing_below_it() -> None:
    """A record that is not there is not proved by the node above it."""
    with Repo.load(make_repo(many(30), leave_out=1)) as repo:
        steps = way_to_record(repo, 29)
        text = section_text(path_sections(steps, len(repo.tree)))
    assert "below it nothing is proved" in text
    assert "If this record changes" not in text


def test_absence_is_proved_by_the_place_where_a_key_would_be() -> None:
    """The way there is proved like any other."""
    key = b"com.example.kind0/nowhere"
    with Repo.load(make_repo(many(30))) as repo:
        text = section_text(absent_sections(key, way_to_key(repo, key)))
    assert "prove that it is absent" in text
    assert absent_sections(key, []) == path_sections([], 0) == []
