"""Facts about what is remembered, and about the reader's own settings."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.storage.small_file import MOST_BYTES
from repoview.tui.remembered.config import Config, read_config
from repoview.tui.remembered.files import keep_newest
from repoview.tui.remembered.state import (
    MOST_BOOKMARKS,
    MOST_NUMBER,
    MOST_REPOS,
    MOST_TEXT,
    AccountKey,
    Memory,
    Spot,
    State,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
HERE = Spot("browse", "record", 7, "a.b.c/7", "a post")
THERE = Spot("tree", "node", 3, "", "depth 2")

TEXTS = st.text(max_size=40)
SPOTS = st.builds(Spot, TEXTS, TEXTS, st.integers(-1, MOST_NUMBER), TEXTS, TEXTS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner),
    max_leaves=12,
)


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is not there yet."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name) / "state"


def loud(sentence: str) -> None:
    """Fail: nothing should be said."""
    pytest.fail(sentence)


def only_file(path: Path) -> Path:
    """Return the file of the one repository that is remembered."""
    (found,) = (path / "repos").iterdir()
    return found


class TestState:
    """What is remembered between visits."""

    @given(TEXTS, SPOTS, st.lists(SPOTS, max_size=5, unique_by=lambda spot: spot.place))
    def test_what_is_kept_comes_back(
        self, repo: str, last: Spot, marked: list[Spot]
    ) -> None:
        """In another program as in this one."""
        with folder() as path:
            state = State(path, loud)
            for spot in marked:
                assert state.toggle(repo, spot)
            state.keep_last(repo, last)
            assert State(path, loud).of(repo) == Memory(last, tuple(marked))

    @given(TEXTS, SPOTS, st.text(min_size=1, max_size=80), TEXTS)
    def test_a_key_stays_with_its_account_until_it_is_forgotten(
        self, repo: str, spot: Spot, text: str, whence: str
    ) -> None:
        """Beside what else is remembered of it, and of no other account."""
        key = AccountKey(text, whence)
        with folder() as path:
            state = State(path, loud)
            assert state.keep_key(repo, key)
            state.keep_last(repo, spot)
            state.toggle(repo, spot)
            assert State(path, loud).of(repo) == Memory(spot, (spot,), key)
            assert State(path, loud).of(f"{repo}x").key is None
            assert state.keep_key(repo, None)
            assert State(path, loud).of(repo) == Memory(spot, (spot,))

    def test_a_bookmark_goes_as_it_came(self, tmp_path: Path) -> None:
        """By the path of the record, whatever number it has by then."""
        state = State(tmp_path, loud)
        assert state.toggle(DID, HERE)
        assert state.toggle(DID, THERE)
        assert not state.toggle(DID, Spot("browse", "record", 99, "a.b.c/7"))
        assert state.of(DID).bookmarks == (THERE,)

    def test_repositories_are_apart(self, tmp_path: Path) -> None:
        """Each has its own places."""
        state = State(tmp_path, loud)
        state.keep_last(DID, HERE)
        assert state.of("did:plc:other") == Memory()
        assert state.of(DID).last == HERE

    def test_two_programs_keep_each_others_bookmarks(self, tmp_path: Path) -> None:
        """Each reads again what it adds to."""
        one, other = State(tmp_path, loud), State(tmp_path, loud)
        one.toggle(DID, HERE)
        other.toggle(DID, THERE)
        one.keep_last(DID, HERE)
        assert other.of(DID) == Memory(HERE, (HERE, THERE))

    def test_the_theme_comes_back(self, tmp_path: Path) -> None:
        """There is none at first."""
        assert State(tmp_path, loud).theme() is None
        State(tmp_path, loud).keep_theme("nord")
        assert State(tmp_path, loud).theme() == "nord"

    def test_nothing_is_remembered_without_a_folder(self) -> None:
        """And nothing is said of it."""
        state = State(None, loud)
        state.keep_theme("nord")
        state.keep_last(DID, HERE)
        assert state.toggle(DID, HERE) is None
        assert (state.theme(), state.of(DID)) == (None, Memory())

    @pytest.mark.skipif(os.name == "nt", reason="there are no modes")
    def test_only_the_user_can_read_it(self, tmp_path: Path) -> None:
        """The places of a user are private."""
        path = tmp_path / "deep" / "state"
        State(path, loud).keep_last(DID, HERE)
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(only_file(path).stat().st_mode) == 0o600

    @given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
    def test_damage_is_as_if_there_were_nothing(self, data: bytes) -> None:
        """Whatever a file holds; what is written next is whole."""
        with folder() as path:
            State(path, loud).keep_last(DID, HERE)
            only_file(path).write_bytes(data)
            said: list[str] = []
            state = State(path, said.append)
            assert state.of(DID) == Memory()
            assert state.of(DID) == Memory()
            assert len(said) <= 1
            assert state.toggle(DID, THERE)
            assert State(path, loud).of(DID).bookmarks == (THERE,)

    @given(JSON, JSON, JSON)
    def test_odd_values_are_left_out(self, last: Any, marked: Any, key: Any) -> None:
        """One by one: what is right among them stays."""
        with folder() as path:
            state = State(path, loud)
            state.toggle(DID, HERE)
            file = only_file(path)
            told = json.loads(file.read_bytes())
            told["last"], told["key"] = last, key
            told["bookmarks"] = [marked, *told["bookmarks"]]
            file.write_text(json.dumps(told))
            assert state.of(DID) == Memory(None, (HERE,))

    @pytest.mark.parametrize(
        "data",
        [b"[" * 200_000, b" " * (MOST_BYTES + 1), b"{", b"\xff"],
        ids=["deep", "large", "cut", "bytes"],
    )
    def test_what_is_no_json_is_told_of_once(self, tmp_path: Path, data: bytes) -> None:
        """In a sentence with the file."""
        State(tmp_path, loud).keep_last(DID, HERE)
        only_file(tmp_path).write_bytes(data)
        said: list[str] = []
        state = State(tmp_path, said.append)
        assert state.of(DID) == state.of(DID) == Memory()
        (sentence,) = said
        assert sentence.startswith(f"what was remembered is lost: {tmp_path}")

    def test_what_cannot_be_written_is_told_of_once(self, tmp_path: Path) -> None:
        """A file stands where the folder should be."""
        path = tmp_path / "state"
        path.write_bytes(b"")
        said: list[str] = []
        state = State(path, said.append)
        state.keep_theme("nord")
        state.keep_last(DID, HERE)
        assert state.toggle(DID, HERE) is None
        (sentence,) = said
        assert sentence.startswith(f"nothing is remembered in {path}: ")
        assert path.read_bytes() == b""

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        """Nor a link followed."""
        os.mkfifo(tmp_path / "theme.json")
        said: list[str] = []
        assert State(tmp_path, said.append).theme() is None
        assert said

    def test_there_are_bounds(self, tmp_path: Path) -> None:
        """Of bookmarks, of texts, and of repositories."""
        state = State(tmp_path, loud)
        long = Spot("browse", "record", 1, "x" * (MOST_TEXT + 1), "y" * 5_000)
        state.toggle(DID, long)
        (spot,) = state.of(DID).bookmarks
        assert (spot.number, spot.name, len(spot.label)) == (1, "", MOST_TEXT)
        file = only_file(tmp_path)
        told = json.loads(file.read_bytes())
        told["bookmarks"] = [{**told["bookmarks"][0], "number": n} for n in range(900)]
        file.write_text(json.dumps(told))
        state.toggle(DID, HERE)
        kept = state.of(DID).bookmarks
        assert len(kept) == MOST_BOOKMARKS
        assert kept[-1] == HERE

    def test_what_was_left_longest_ago_is_forgotten(self, tmp_path: Path) -> None:
        """When there are too many files."""
        files = tmp_path / "repos"
        files.mkdir()
        for age in range(MOST_REPOS + 3):
            path = files / f"{age:032x}.json"
            path.write_text("{}")
            os.utime(path, (1_000_000 - age, 1_000_000 - age))
        (files / "x.json.0000.part").write_text("")
        os.utime(files / "x.json.0000.part", (0, 0))
        State(tmp_path, loud).keep_last(DID, HERE)
        names = {path.name for path in files.iterdir()}
        assert len(names) == MOST_REPOS
        assert f"{MOST_REPOS - 2:032x}.json" in names
        assert f"{MOST_REPOS - 1:032x}.json" not in names
        keep_newest(tmp_path / "no such folder", 1)


class TestConfig:
    """The reader's own settings."""

    @staticmethod
    def read(tmp_path: Path, text: str | bytes) -> Config:
        """Return what a file with this text sets."""
        path = tmp_path / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_config(path, {"browse.filter", "app.quit"})

    def test_there_need_be_no_file(self, tmp_path: Path) -> None:
        """Nor a folder."""
        assert read_config(None) == read_config(tmp_path / "x" / "y") == Config()

    def test_what_is_set_is_used(self, tmp_path: Path) -> None:
        """All of it."""
        text = """
            theme = "light"
            tab = "bytes"
            dates = "day"
            [keys]
            "browse.filter" = ["slash", "ctrl+f"]
            "app.quit" = "ctrl+x"
        """
        keys = {"browse.filter": "slash,ctrl+f", "app.quit": "ctrl+x"}
        assert self.read(tmp_path, text) == Config("light", "bytes", "day", keys)

    @pytest.mark.parametrize(
        ("text", "remark"),
        [
            ("colour = 1", "there is no setting colour"),
            ("theme = 1", "theme is not a name in quotes"),
            ('tab = "hex"', "tab is one of json, bytes, path, findings"),
            ("dates = []", "dates is one of time, day, none"),
            ('keys = "x"', "keys is a table, under [keys]"),
            ('[keys]\n"browse.fliter" = "x"', "there is no key named browse.fliter"),
            ('[keys]\n"app.quit" = 7', 'keys of app.quit look like "ctrl+x"'),
            ('[keys]\n"app.quit" = []', 'keys of app.quit look like "ctrl+x"'),
            ('[keys]\n"app.quit" = ""', 'keys of app.quit look like "ctrl+x"'),
        ],
    )
    def test_what_is_not_known_is_told_and_left_out(
        self, tmp_path: Path, text: str, remark: str
    ) -> None:
        """Kindly, with what there is."""
        config = self.read(tmp_path, text)
        (said,) = config.remarks
        assert said.startswith(remark)
        assert config == Config(remarks=config.remarks)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("theme = \n", "line 1"),
            (b'theme = "\xff"', "byte 9 is not UTF-8"),
            ("a = " + "[" * 100_000, "nested"),
            (b" " * (MOST_BYTES + 1), "it is too large"),
        ],
        ids=["slip", "bytes", "deep", "large"],
    )
    def test_a_file_that_is_no_toml_is_told_of(
        self, tmp_path: Path, text: str | bytes, reason: str
    ) -> None:
        """With the place in it."""
        config = self.read(tmp_path, text)
        (said,) = config.remarks
        assert said.startswith(f"{tmp_path / 'config.toml'} is not used: ")
        assert reason in said

    @given(st.dictionaries(TEXTS, JSON, max_size=4))
    def test_no_file_ends_the_program(self, told: dict[str, Any]) -> None:
        """JSON of the same values is TOML often enough."""
        lines = (f"{json.dumps(k)} = {json.dumps(v)}" for k, v in told.items())
        with folder() as path:
            path.mkdir()
            (path / "c").write_text("\n".join(lines), encoding="utf-8")
            config = read_config(path / "c", ())
        assert len(config.remarks) <= 5


@given(JSON, st.text(min_size=1, max_size=40), st.integers(1, 50), st.integers(1, 50))
def test_of_a_lesson_the_fewest_steps_are_remembered(
    value: object, name: str, one: int, other: int
) -> None:
    """Whatever was in the file before."""
    with folder() as path:
        path.mkdir()
        (path / "lessons.json").write_text(json.dumps({"solved": value}))
        state = State(path, loud)
        before = state.solved()
        state.keep_solved(name, one)
        state.keep_solved(name, other)
        after = state.solved()
        assert after[name] == min(one, other, before.get(name, one))
        assert {**before, name: after[name]} == after
        assert all(steps > 0 for steps in after.values())
    assert State(None, loud).solved() == {}
