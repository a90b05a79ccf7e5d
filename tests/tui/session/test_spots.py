"""Facts about places in words: they lead to the same in another revision."""

from __future__ import annotations

import pytest

from repoview.core.repo.repo import Repo
from repoview.tui.remembered.state import Spot
from repoview.tui.session.spots import SpotAnswers
from repoview.tui.values.place import Place
from tests.core.repos import DID, make_repo, many

FEW, MORE = many(40), many(60)


def spots(data: bytes, name: str = "x.car") -> SpotAnswers:
    """Return what is known of a repository."""
    return SpotAnswers(Repo.load(data, name=name))


@pytest.fixture
def before() -> SpotAnswers:
    """Forty records."""
    return spots(make_repo(FEW))


@pytest.fixture
def after() -> SpotAnswers:
    """The same, and twenty more among them."""
    return spots(make_repo(MORE))


@pytest.mark.parametrize(
    "place",
    [
        Place("browse"),
        Place("overview"),
        Place("browse", "record", 39),
        Place("tree", "record", 0),
        Place("tree", "node", 1),
        Place("browse", "collection", 2),
        Place("blocks", "block", 59),
    ],
    ids=str,
)
def test_a_place_leads_back_to_itself(before: SpotAnswers, place: Place) -> None:
    """In the repository that it is of."""
    assert before.place(before.spot(place)) == place


def test_a_record_is_found_where_it_is_by_now(
    before: SpotAnswers, after: SpotAnswers
) -> None:
    """Its number is another one."""
    spot = before.spot(Place("browse", "record", 20))
    place = after.place(spot)
    assert place is not None
    assert place.number != 20
    assert after.spot(place).name == spot.name == spot.label


def test_what_is_gone_leads_nowhere(before: SpotAnswers, after: SpotAnswers) -> None:
    """Rather than to something else that has its number."""
    assert before.place(after.spot(Place("browse", "record", 59))) is None
    assert before.place(after.spot(Place("tree", "node", 0))) is None


@pytest.mark.parametrize(
    "spot",
    [
        Spot("nonsense"),
        Spot("browse", "nonsense", 1),
        Spot("browse", "record", 1),
        Spot("browse", "record", 1, "\ud800"),
        Spot("browse", "collection", 0, "x"),
        Spot("tree", "node", 0, "no CID"),
        Spot("blocks", "block", 10**12),
        Spot("findings", "finding", 10**12),
        Spot("findings", "finding", -1),
    ],
    ids=str,
)
def test_what_a_file_may_hold_leads_nowhere(before: SpotAnswers, spot: Spot) -> None:
    """The file is not trusted."""
    assert before.place(spot) is None


@pytest.mark.parametrize(
    "place",
    [
        Place("browse", "record", 10**12),
        Place("tree", "node", -5),
        Place("browse", "collection", 99),
    ],
    ids=str,
)
def test_a_place_that_is_not_there_has_a_spot_all_the_same(
    before: SpotAnswers, place: Place
) -> None:
    """It leads nowhere."""
    assert before.place(before.spot(place)) is None


def test_a_repository_is_known_by_its_did(before: SpotAnswers) -> None:
    """Or by its source's name, where it has none."""
    assert before.key == DID
    assert spots(b"", "nothing.car").key == "nothing.car"


def test_labels_say_what_it_is(before: SpotAnswers) -> None:
    """For a list of bookmarks."""
    labels = [
        before.spot(place).label
        for place in (
            Place("tree", "node", 0),
            Place("browse", "collection", 1),
            Place("findings", "finding", 0),
            Place("blocks", "block", 1234),
            Place("overview"),
        )
    ]
    assert labels[0].startswith("node of depth ")
    assert labels[1:] == [
        "collection com.example.kind1",
        "finding 1",
        "block at byte 1,234",
        "overview",
    ]


def test_a_record_that_is_where_it_was_is_not_searched(
    before: SpotAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look-up of a large repository reads pieces from all over it."""
    spot = before.spot(Place("browse", "record", 20))
    monkeypatch.setattr(Repo, "find", lambda *_: pytest.fail("it was searched"))
    assert before.place(spot) == Place("browse", "record", 20)
