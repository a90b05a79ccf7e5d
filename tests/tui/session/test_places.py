"""Facts about places: what a reader's words lead to, and what is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.formats import syntax
from repoview.core.repo.repo import Repo
from repoview.tui.session.places import PlaceAnswers
from repoview.tui.values.place import Place
from tests.core.repos import DID, make_repo

if TYPE_CHECKING:
    from collections.abc import Iterator

TID = syntax.make_tid(1_700_000_000_000_000)
PATHS = sorted(
    [
        "app.bsky.actor.profile/self",
        f"app.bsky.feed.post/{TID}",
        "app.bsky.feed.post/3zzzzzzzzzzz2",
        "app.bsky.feed.repost/3zzzzzzzzzzz4",
        "com.example.garden/12",
    ]
)


@pytest.fixture(scope="module")
def repo() -> Iterator[Repo]:
    """A repository of these paths."""
    with Repo.load(make_repo({path: {} for path in PATHS})) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def places(repo: Repo) -> PlaceAnswers:
    """Its places."""
    return PlaceAnswers(repo)


def record(path: str) -> Place:
    """Return the place of a record."""
    return Place("browse", "record", PATHS.index(path))


POST = f"app.bsky.feed.post/{TID}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (POST, record(POST)),
        (f"  at://{DID}/{POST} ", record(POST)),
        (f"at://someone.example/{POST}?a=b", record(POST)),
        (f"{DID}/{POST}", record(POST)),
        (f"https://bsky.app/profile/someone.example/post/{TID}", record(POST)),
        (f"https://bsky.app/profile/{DID}", record("app.bsky.actor.profile/self")),
        (TID, record(POST)),
        ("self", record("app.bsky.actor.profile/self")),
        ("app.bsky.feed.post/3zz", record("app.bsky.feed.post/3zzzzzzzzzzz2")),
        ("app.bsky.feed.re", record("app.bsky.feed.repost/3zzzzzzzzzzz4")),
        ("app.bsky.feed.post", Place("browse", "collection", 1)),
        ("app.bsky.feed.post/", Place("browse", "collection", 1)),
        (f"at://{DID}/com.example.garden", Place("browse", "collection", 3)),
        (f"at://{DID}", Place("overview")),
        ("#0", Place("browse", "record", 0)),
        ("3", Place("browse", "record", 3)),
        ("12", record("com.example.garden/12")),
    ],
)
def test_words_lead_to_a_place(places: PlaceAnswers, text: str, place: Place) -> None:
    """In all forms that are supported."""
    assert places.lead(text).place == place


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a path, record key"),
        ("#5", "there is no record #5: they go from #0 to #4"),
        ("99", "there is no record #99"),
        ("nothing.like/this", "nothing here is called nothing.like/this"),
        ("at://did:web:other.example/a.b.c/d", "in the repository of did:web:other"),
        (f"at://{DID}/a.b.c/d", "there is no record a.b.c/d in this repository"),
        ("@999999999", "bytes: there is no byte 999,999,999"),
        ("@1", "no block begins at byte 1"),
        ("0x01", "no block begins at byte 1"),
        ("Qmnonsense", "that is no CID"),
        ("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPBdG", "no block has that CID"),
        ("a\x1b[31m", "nothing here is called a␛[31m"),
    ],
)
def test_words_that_lead_nowhere_are_answered(
    places: PlaceAnswers, text: str, says: str
) -> None:
    """With a sentence that says why."""
    lead = places.lead(text)
    assert lead.place is None
    assert says in lead.says


def test_cids_and_bytes_lead_to_records_nodes_and_blocks(
    repo: Repo, places: PlaceAnswers
) -> None:
    """As the tree uses them."""
    assert places.lead(str(repo.record(2).cid)).place == Place("browse", "record", 2)
    node = repo.tree.node(0)
    assert places.lead(str(node.cid)).place == Place("tree", "node", 0)
    offset = repo.record(2).offset
    assert offset is not None
    for text in (f"@{offset}", f"@{offset:,}", f"{offset:#x}", f"@{offset:#x}"):
        assert places.lead(text).place == Place("blocks", "block", offset)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (
            "post",
            ["app.bsky.feed.post", "app.bsky.feed.repost"],
        ),
        ("app.bsky.feed.post/", PATHS[1:3]),
        ("post/3zz", ["app.bsky.feed.post/3zzzzzzzzzzz2"]),
        ("3zz", PATHS[2:4]),
        (f"at://{DID}/com.example.garden/", ["com.example.garden", PATHS[4]]),
        ("#4", ["com.example.garden/12"]),
        ("@4", []),
        ("zebra", []),
    ],
)
def test_places_are_offered(
    places: PlaceAnswers, text: str, offered: list[str]
) -> None:
    """Whose names begin so, or hold it."""
    assert [each.text for each in places.suggestions(text)] == offered


def test_no_more_places_are_offered_than_are_wanted(places: PlaceAnswers) -> None:
    """The collections first, each place once."""
    found = places.suggestions("", 3)
    assert [each.place.what for each in found] == ["collection"] * 3
    every = places.suggestions("app", 50)
    assert len({each.place for each in every}) == len(every)
