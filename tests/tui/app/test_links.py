"""Links inside a repository, followed in the whole explorer."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from textual.message import Message

import repoview.tui
from repoview.core.cid import Cid
from repoview.core.formats.dagcbor.strict import encode
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.record.json_view import JsonView
from repoview.tui.widgets.record.path_view import PathView
from repoview.tui.widgets.record.record_view import RecordView
from tests.core.repos import DID, make_repo, many
from tests.tui import record_app
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from textual.pilot import Pilot

    from repoview.core.formats.dagcbor.strict import Value
    from repoview.tui.app.explorer import Explorer

POST = "app.bsky.feed.post/3kpost"
LIKE = "app.bsky.feed.like/3klike"
PROFILE = "app.bsky.actor.profile/self"

_POST: Value = {"$type": "app.bsky.feed.post", "text": "tomatoes"}
_CID = Cid.for_block(encode(_POST))
_REFERENCE: Value = {"uri": f"at://{DID}/{POST}", "cid": str(_CID)}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with a pinned post, a like of it, and nodes enough to go down."""
    path = tmp_path_factory.mktemp("linked") / "linked.car"
    records: dict[str, Value] = {
        **many(200),
        POST: _POST,
        LIKE: {"$type": "app.bsky.feed.like", "subject": _REFERENCE, "block": _CID},
        PROFILE: {"$type": "app.bsky.actor.profile", "pinnedPost": _REFERENCE},
    }
    path.write_bytes(make_repo(records))
    return path


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A post that names much that is elsewhere."""
    path = tmp_path_factory.mktemp("talkative") / "talkative.car"
    path.write_bytes(make_repo(record_app.RECORDS))
    return path


def notes(app: Explorer) -> str:
    """Return what the explorer tells the reader."""
    return "\n".join(str(note.message) for note in app._notifications)  # noqa: SLF001 (there is no other way to see them)


def number_of(app: Explorer, path: str) -> int:
    """Return the number of a record."""
    assert app.session is not None
    number = app.session.repo.find(path)
    assert number is not None
    return number


async def at(app: Explorer, pilot: Pilot[None], place: Place, title: str) -> None:
    """Wait until the reader is at a place, and sees what is there."""
    await until(
        pilot,
        lambda: (
            app.view is not None
            and app.view.place() == place
            and app.view.query(RecordView)
            and title in str(app.view.query_one(RecordView).border_title)
        ),
    )
    await pilot.pause()


async def reading(app: Explorer, pilot: Pilot[None], place: Place, title: str) -> None:
    """Go to a place, and give the keys to the JSON of what is there."""
    app.go(place)
    await at(app, pilot, place, title)
    app.screen.query_one(JsonView).focus()
    await pilot.pause()


def path_here(view: JsonView) -> str:
    """Return the path of the value under the cursor."""
    assert view.structure is not None
    line = view.structure.lines[view.structure.line_of(view.byte)]
    return view.structure.path_of(line)


async def stand_on(app: Explorer, pilot: Pilot[None], path: str) -> None:
    """Move the cursor down to a value of the JSON."""
    view = app.screen.query_one(JsonView)
    await pilot.press("g")
    while path_here(view) != path:
        assert view.cursor < view.count - 1
        await pilot.press("down")


async def click_on(app: Explorer, pilot: Pilot[None], text: str) -> None:
    """Click on a text of the screen."""
    lines = screen_text(app).split("\n")
    y = next(n for n, line in enumerate(lines) if text in line)
    await pilot.click(offset=(lines[y].index(text) + 2, y))


async def follow(
    app: Explorer, pilot: Pilot[None], how: str, key: str, text: str
) -> None:
    """Follow the link of a key by Enter, or by a click on its text."""
    if how == "enter":
        await stand_on(app, pilot, key)
        await pilot.press("enter")
    else:
        await click_on(app, pilot, text)


@pytest.mark.parametrize("how", ["enter", "click"])
@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        (PROFILE, "pinnedPost.uri", "at://did"),
        (LIKE, "subject.uri", "at://did"),
        (LIKE, "subject.cid", str(_CID)[:12]),
        (LIKE, "block", str(_CID)[:12]),
    ],
)
async def test_a_link_leads_from_a_record_to_a_record_and_one_comes_back(
    linked: Path, how: str, path: str, key: str, text: str
) -> None:
    """From where one reads on: the keys stay in the record."""
    async with exploring(linked) as (app, pilot):
        here = Place("browse", "record", number_of(app, path))
        there = Place("browse", "record", number_of(app, POST))
        await reading(app, pilot, here, path)
        await follow(app, pilot, how, key, text)
        await at(app, pilot, there, POST)
        assert app.screen.query_one(JsonView).has_focus
        await pilot.press("left_square_bracket")
        await at(app, pilot, here, path)
        await pilot.press("right_square_bracket")
        await at(app, pilot, there, POST)


@pytest.mark.parametrize("how", ["enter", "click"])
async def test_a_link_of_a_node_leads_to_the_node_below(linked: Path, how: str) -> None:
    """By its left link, and back."""
    async with exploring(linked) as (app, pilot):
        assert app.session is not None
        here = Place("tree", "node", 0)
        below = str(app.session.repo.tree.node(1).cid)
        await reading(app, pilot, here, "MST node")
        await follow(app, pilot, how, "l", below[:12])
        await at(app, pilot, Place("tree", "node", 1), below[:6])
        await pilot.press("left_square_bracket")
        await at(app, pilot, here, "MST node")


async def test_a_link_of_a_node_leads_to_a_record(linked: Path) -> None:
    """By the value of an entry."""
    async with exploring(linked) as (app, pilot):
        await reading(app, pilot, Place("tree", "node", 0), "MST node")
        await stand_on(app, pilot, "e[0].v")
        await pilot.press("enter")
        await until(pilot, lambda: app.view and app.view.VIEW == "browse")
        assert app.view is not None
        assert app.view.place().what == "record"


async def test_a_step_of_the_way_leads_to_its_node(linked: Path) -> None:
    """From the path of a record, by Enter; the commit is a block."""
    async with exploring(linked) as (app, pilot):
        place = Place("browse", "record", number_of(app, POST))
        await reading(app, pilot, place, POST)
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query_one(PathView).has_focus)
        await until(pilot, lambda: app.screen.query_one(PathView).count > 6)
        await pilot.press("g", "down", "down", "down", "down", "enter")
        await until(pilot, lambda: app.view and app.view.VIEW == "tree")
        await at(app, pilot, Place("tree", "node", 0), "MST node")
        await pilot.press("left_square_bracket")
        await at(app, pilot, place, POST)
        await pilot.press("g", "down", "enter")
        await until(pilot, lambda: app.view and app.view.VIEW == "blocks")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("reply.root.uri", "did:plc:other / a.b.c/1, which is in another"),
        ("reply.root.cid", "which is not in this file"),
        ("embed.images[0].image.ref", "leads to a blob: image/jpeg, 812.4 kB"),
        ("text", "leads to https://example.com/garden, on the web"),
    ],
)
async def test_what_leads_elsewhere_says_where(
    talkative: Path, path: str, says: str
) -> None:
    """In one line; the reader stays."""
    async with exploring(talkative) as (app, pilot):
        place = Place("browse", "record", number_of(app, record_app.POST))
        await reading(app, pilot, place, record_app.POST)
        await stand_on(app, pilot, path)
        await pilot.press("enter")
        await until(pilot, lambda: says in notes(app))
        assert app.view is not None
        assert app.view.place() == place


async def test_a_click_beside_a_link_follows_nothing(linked: Path) -> None:
    """Only one on its text does."""
    async with exploring(linked) as (app, pilot):
        place = Place("browse", "record", number_of(app, PROFILE))
        await reading(app, pilot, place, PROFILE)
        lines = screen_text(app).split("\n")
        y = next(n for n, line in enumerate(lines) if "at://did" in line)
        await pilot.click(offset=(lines[y].index("at://did") - 4, y))
        await pilot.pause()
        assert app.view is not None
        assert app.view.place() == place
        assert path_here(app.screen.query_one(JsonView)) == "pinnedPost.uri"


async def test_the_keys_tell_of_a_link_where_there_is_one(linked: Path) -> None:
    """And only there."""
    async with exploring(linked) as (app, pilot):
        place = Place("browse", "record", number_of(app, PROFILE))
        await reading(app, pilot, place, PROFILE)
        await stand_on(app, pilot, "$type")
        assert "Follow" not in screen_text(app)
        await stand_on(app, pilot, "pinnedPost.uri")
        assert "⏎ Follow" in screen_text(app)


def modules() -> list[ModuleType]:
    """Return every module of the explorer."""
    found = walk_packages(repoview.tui.__path__, "repoview.tui.")
    return [import_module(module.name) for module in found]


def kinds_of_messages() -> set[type[Message]]:
    """Return the kinds of message that there are in the explorer."""
    modules()
    found: set[type[Message]] = set()
    left: list[type[Message]] = [Message]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.__module__.startswith("repoview.") and kind is not Upward:
            found.add(kind)
    return found


def test_no_message_stops_at_whoever_happened_to_make_it() -> None:
    """As Textual's own do."""
    assert all(issubclass(kind, Upward) for kind in kinds_of_messages())


def test_each_message_is_answered_in_the_program_itself() -> None:
    """By a method of one of its classes, and not by a test."""
    handlers = {kind.handler_name for kind in kinds_of_messages()}
    answers: set[str] = set()
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, type):
                answers.update(vars(value))
    assert handlers
    assert handlers <= answers
