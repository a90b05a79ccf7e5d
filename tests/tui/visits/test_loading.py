"""Facts about opening: progress, cancelling, and files that cannot be read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import RAW, Cid
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.opening import cache_policy
from repoview.core.opening.cache_policy import CachePolicy
from repoview.core.opening.options import OpenOptions
from repoview.sample import write_sample
from repoview.settings import Settings
from repoview.tui.screens.opening import Opening
from repoview.tui.visits import loading as loading_module
from repoview.tui.visits.loading import Loading
from repoview.tui.widgets.record.record_view import RecordView
from repoview.tui.widgets.records import Records
from tests.tui.conftest import browsing, explorer, screen_text, until
from tests.tui.pseudo_terminal import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repoview.tui.app.explorer import Explorer


def endless() -> Iterator[bytes]:
    """Yield the beginning of a CAR, and blocks without end."""
    number = 0
    yield encode_header([Cid.for_block(b"")])
    while True:
        data = b"%d" % number
        number += 1
        yield encode_section(Cid.for_block(data, RAW), data)


@pytest.fixture(scope="module")
def many_records() -> bytes:
    """A repository of some MiB."""
    parts: list[bytes] = []
    write_sample(parts.append, 8_000)
    return b"".join(parts)


def pieces(data: bytes) -> Iterator[bytes]:
    """Yield *data* a little at a time."""
    for start in range(0, len(data), 10_000):
        yield data[start : start + 10_000]


def records(app: Explorer) -> Records:
    """Return the list of records."""
    assert app.browse is not None
    return app.browse.query_one(Records)


def count(app: Explorer) -> int:
    """Return how many records are listed; none while there is no list."""
    lists = [] if app.browse is None else app.browse.query(Records)
    return sum(each.count for each in lists)


def test_a_repository_comes_of_loading(sample: Path) -> None:
    """And the counters tell how much there was."""
    opening = Loading(str(sample), Settings())
    opening.run()
    assert opening.session is not None
    assert len(opening.session.repo) == 300
    assert opening.counters.stage == "walk"
    assert opening.counters.blocks > 300
    assert opening.exit_code == 0
    opening.close()


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    """With the exit code that goes with it."""
    opening = Loading(str(tmp_path / "none.car"), Settings())
    opening.run()
    assert opening.session is None
    assert opening.error is not None
    assert "none.car" in opening.error
    assert opening.exit_code == 1


def test_what_was_found_is_kept(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it is shown; the next opening reads nothing."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    settings = Settings(OpenOptions(cache=CachePolicy(lambda: str(tmp_path / "cache"))))
    for is_known in (False, True):
        opening = Loading(str(sample), settings)
        opening.run()
        assert opening.session is not None
        assert opening.session.repo.from_cache == is_known
        assert ("proves it again" in opening.session.remark()) == is_known
        opening.keep()
        opening.close()


def test_closing_ends_the_keeping(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing does not wait for it, and no unfinished file is left."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    folder = tmp_path / "cache"
    options = OpenOptions(cache=CachePolicy(lambda: str(folder)))
    opening = Loading(str(sample), Settings(options))
    opening.run()
    opening.close()
    opening.keep()
    assert [path.name for path in folder.glob("*") if path.name != "key"] == []


def test_cancelling_ends_the_loading() -> None:
    """At the next report, with the code of an interruption."""
    opening = Loading(endless(), Settings())
    opening.cancel()
    opening.run()
    assert opening.session is None
    assert opening.error is None
    assert opening.exit_code == 130


def test_reading_waits_for_the_first_screen(
    many_records: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once there are records for it, and answers its questions meanwhile."""
    monkeypatch.setattr(loading_module, "_READ_AT_ONCE", 0)
    monkeypatch.setattr(loading_module, "_PATIENCE", PATIENCE)
    opening = Loading(many_records, Settings())
    told = threading.Event()
    opening.notify = told.set
    opening.give_way()
    opening.begin()
    known: list[int] = []
    opening.ask(lambda session: len(session.records), known.append)
    while not known or not known[-1]:
        assert told.wait(PATIENCE)
        told.clear()
        opening.give_answers()
        opening.ask(lambda session: len(session.records), known.append)
    assert opening.session is None
    assert known[-1] < 8_000
    opening.go_on()
    while opening.session is None:
        assert told.wait(PATIENCE)
        told.clear()
    assert len(opening.session.repo) == 8_000
    opening.close()


@pytest.mark.parametrize("way", ["cancel", "leave"])
def test_waiting_for_the_first_screen_can_be_ended(
    many_records: bytes, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """As reading itself can."""
    monkeypatch.setattr(loading_module, "_READ_AT_ONCE", 0)
    monkeypatch.setattr(loading_module, "_PATIENCE", PATIENCE)
    opening = Loading(many_records, Settings())
    ended = threading.Event()
    opening.notify = ended.set
    opening.give_way()
    opening.begin()
    getattr(opening, way)()
    assert ended.wait(PATIENCE)
    assert opening.error is None
    opening.close()


async def test_escape_ends_the_reading_and_keeps_what_came(
    many_records: bytes,
) -> None:
    """The rest is left, what came can be browsed, and the reader is told."""

    def slow() -> Iterator[bytes]:
        yield many_records[: len(many_records) // 2]
        while True:
            yield b""

    app = explorer(slow())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.visit.loading.poll().done)
        await pilot.press("escape")
        await browsing(pilot)
        assert app.session is not None
        assert 0 < len(app.session.repo) < 8_000
        assert "you ended the reading early" in screen_text(app)


async def test_lists_grow_while_the_rest_is_read(many_records: bytes) -> None:
    """What the reader looks at stays where it is."""
    may_go_on = threading.Event()

    def halting() -> Iterator[bytes]:
        half = len(many_records) * 3 // 4
        yield from pieces(many_records[:half])
        while not may_go_on.is_set():
            yield b""
        yield from pieces(many_records[half:])

    app = explorer(halting(), settings=Settings(OpenOptions(threads=1)))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: count(app))
        assert app.browse is not None
        assert "READING" in screen_text(app)
        known = records(app).count
        await pilot.press("down", "down")
        record = app.browse.query_one(RecordView)
        await until(pilot, lambda: "Record" not in str(record.border_title))
        shown = str(record.border_title)
        may_go_on.set()
        await browsing(pilot)
        await until(pilot, lambda: records(app).count > known)
        assert app.session is not None
        assert records(app).count == len(app.session.repo)
        assert records(app).cursor == 2
        assert str(record.border_title) == shown == app.session.records.path(2)
        assert "SOUND" in screen_text(app)


async def test_ctrl_c_ends_an_opening_too() -> None:
    """As it ends every program."""
    app = explorer(endless())
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.visit.loading.counters.blocks)
        assert isinstance(app.screen, Opening)
        assert "reading and hashing" in screen_text(app)
        assert "B of " not in screen_text(app)
        await pilot.press("ctrl+c")
    assert app.return_code == 130
