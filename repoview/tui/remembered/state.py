"""The persistent state: theme, sources, lessons, last places, bookmarks, keys.

One small file for the theme, one for the sources, one for the lessons, and one per
repository, named by its DID, or by its source where it has none. A file that is
damaged or cannot be written counts as empty, which is reported once; it never stops
the program.
"""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from repoview.core.errors import reason_of
from repoview.core.frozen import frozen
from repoview.core.storage.small_file import NotReadable
from repoview.tui.remembered.files import keep_newest, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_REPOS: Final = 200
"""Repositories that are kept; those left longest ago are removed first."""

MOST_BOOKMARKS: Final = 500
"""Of one repository."""

MOST_TEXT: Final = 1_024
"""Characters of any text that is stored."""

MOST_RECENT: Final = 30
"""Sources that were opened."""

MOST_LESSONS: Final = 500
"""Lessons that were solved, ours and others'."""

MOST_STEPS: Final = 1_000_000
"""A lesson that was solved in so many steps or more is not kept."""

MOST_NUMBER: Final = 2**63 - 1


@frozen
class Spot:
    """A place in its persistent form, which is valid for later revisions too."""

    view: str
    what: str = ""
    number: int = -1
    """Of the record, node or byte when it was stored."""

    name: str = ""
    """What identifies it in a later revision: the path of a record, a CID."""

    label: str = ""
    """What is shown for it."""

    @property
    def place(self) -> tuple[str, str, str | int]:
        """What is equal for two spots of one place."""
        return self.view, self.what, self.name or self.number


@frozen
class Recent:
    """A source that was opened."""

    source: str
    """An absolute path, or an address."""

    about: str = ""
    """What is shown for it."""


@frozen
class AccountKey:
    """The public key of an account, as the user gave it."""

    text: str
    """A ``did:key``; unchecked when it comes from the file."""

    whence: str = ""
    """The file that it was read from; empty if it was typed."""


@frozen
class Memory:
    """The state of one repository."""

    last: Spot | None = None
    bookmarks: tuple[Spot, ...] = ()
    key: AccountKey | None = None


class State:
    """The persistent state, in a folder of the user.

    Args:
        folder: Where it is; None to keep nothing.
        tell: Called once, with a sentence, when reading or writing fails.
    """

    def __init__(self, folder: Path | None, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._told = False

    # The theme

    def theme(self) -> str | None:
        """Return the name of the theme chosen last, None for none."""
        found = self._read("theme.json")
        theme = found.get("theme") if isinstance(found, dict) else None
        return theme if isinstance(theme, str) else None

    def keep_theme(self, name: str) -> None:
        """Store the name of a theme."""
        self._write("theme.json", {"theme": name[:MOST_TEXT]})

    # Sources

    def recent(self) -> list[Recent]:
        """Return the recent sources, the latest first."""
        found = self._read("recent.json")
        told = found.get("sources") if isinstance(found, dict) else None
        kept = map(_recent, told if isinstance(told, list) else ())
        return [each for each in kept if each is not None][:MOST_RECENT]

    def keep_recent(self, recent: Recent) -> None:
        """Store a source as the latest one."""
        if len(recent.source) > MOST_TEXT:
            return
        others = [each for each in self.recent() if each.source != recent.source]
        kept = [Recent(recent.source, recent.about[:MOST_TEXT]), *others]
        told = [asdict(each) for each in kept[:MOST_RECENT]]
        self._write("recent.json", {"sources": told})

    # Lessons

    def solved(self) -> dict[str, int]:
        """Return the fewest steps in which each lesson was solved, by its name."""
        found = self._read("lessons.json")
        told = found.get("solved") if isinstance(found, dict) else None
        kept = told.items() if isinstance(told, dict) else ()
        return {
            name: steps
            for name, steps in list(kept)[:MOST_LESSONS]
            if len(name) <= MOST_TEXT and type(steps) is int and 0 < steps < MOST_STEPS
        }

    def keep_solved(self, name: str, steps: int) -> None:
        """Store that a lesson was solved, unless it was in fewer steps."""
        solved = self.solved()
        if not 0 < steps < MOST_STEPS or solved.get(name, MOST_STEPS) <= steps:
            return
        others = {each: best for each, best in solved.items() if each != name}
        # The latest last: what is over the bound was solved longest ago.
        kept = [*others.items(), (name[:MOST_TEXT], steps)][-MOST_LESSONS:]
        self._write("lessons.json", {"solved": dict(kept)})

    # Repositories

    def of(self, repo: str) -> Memory:
        """Return the state of a repository.

        Args:
            repo: Its DID, or the name of its source.
        """
        found = self._read(_file_of(repo))
        if not isinstance(found, dict) or found.get("repo") != repo[:MOST_TEXT]:
            return Memory()
        marked = found.get("bookmarks")
        spots = map(_spot, marked if isinstance(marked, list) else ())
        kept = [spot for spot in spots if spot is not None]
        return Memory(
            _spot(found.get("last")),
            tuple(kept[:MOST_BOOKMARKS]),
            _account_key(found.get("key")),
        )

    def keep_last(self, repo: str, spot: Spot) -> None:
        """Store the last place in a repository."""
        self._keep(repo, replace(self.of(repo), last=spot))

    def keep_key(self, repo: str, key: AccountKey | None) -> bool:
        """Store the key of an account, or delete it (None).

        Returns:
            Whether the state is as wanted.
        """
        memory = self.of(repo)
        return memory.key == key or self._keep(repo, replace(memory, key=key))

    def toggle(self, repo: str, spot: Spot) -> bool | None:
        """Bookmark a place, or remove its bookmark.

        The file is read again first, in case another process wrote it.

        Returns:
            Whether it has one now; None if nothing can be stored.
        """
        memory = self.of(repo)
        others = [each for each in memory.bookmarks if each.place != spot.place]
        added = len(others) == len(memory.bookmarks)
        if added:
            others = [*others, spot][-MOST_BOOKMARKS:]
        is_kept = self._keep(repo, replace(memory, bookmarks=tuple(others)))
        return added if is_kept else None

    def _keep(self, repo: str, memory: Memory) -> bool:
        last, key = memory.last, memory.key
        value = {
            "repo": repo[:MOST_TEXT],
            "last": None if last is None else asdict(_cut(last)),
            "bookmarks": [asdict(_cut(spot)) for spot in memory.bookmarks],
            "key": None if key is None else asdict(key),
        }
        done = self._write(_file_of(repo), value)
        if done and self._folder is not None:
            keep_newest(self._folder / "repos", MOST_REPOS)
        return done

    # Files

    def _read(self, name: str) -> Any:  # noqa: ANN401 (whatever the file holds)
        if self._folder is None:
            return None
        path = self._folder / name
        try:
            return read_json(path)
        except NotReadable as error:
            self._say(f"what was remembered is lost: {path}: {error}")
            return None

    def _write(self, name: str, value: object) -> bool:
        if self._folder is None:
            return False
        try:
            # First, for missing parents are made without this mode.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_json(self._folder / name, value)
        except (OSError, ValueError) as error:
            self._say(f"nothing is remembered in {self._folder}: {reason_of(error)}")
            return False
        return True

    def _say(self, sentence: str) -> None:
        if not self._told:
            self._told = True
            self._tell(sentence)


def _file_of(repo: str) -> str:
    """Return the file name for a repository; a hash, for its DID may be any text."""
    digest = sha256(repo.encode(errors="surrogatepass")).hexdigest()
    return f"repos/{digest[:32]}.json"


def _cut(spot: Spot) -> Spot:
    """Return a spot with its texts cut to `MOST_TEXT`."""
    if len(spot.name) > MOST_TEXT:
        # A path that is cut would identify another record.
        return Spot(spot.view, spot.what, spot.number, "", spot.label[:MOST_TEXT])
    return Spot(spot.view, spot.what, spot.number, spot.name, spot.label[:MOST_TEXT])


def _recent(value: object) -> Recent | None:
    """Return the source in a value read from a file, None if it is invalid."""
    if not isinstance(value, dict):
        return None
    source, about = value.get("source"), value.get("about")
    texts = [text for text in (source, about) if isinstance(text, str)]
    if len(texts) != 2 or not texts[0] or any(len(text) > MOST_TEXT for text in texts):
        return None
    return Recent(*texts)


def _account_key(value: object) -> AccountKey | None:
    """Return the key in a value read from a file, None if it is invalid."""
    if not isinstance(value, dict):
        return None
    text, whence = value.get("text"), value.get("whence")
    texts = [each for each in (text, whence) if isinstance(each, str)]
    if len(texts) != 2 or not texts[0] or any(len(each) > MOST_TEXT for each in texts):
        return None
    return AccountKey(*texts)


def _spot(value: object) -> Spot | None:
    """Return the spot in a value read from a file, None if it is invalid."""
    if not isinstance(value, dict):
        return None
    told = {each.name: value.get(each.name) for each in fields(Spot)}
    number = told.pop("number")
    if type(number) is not int or not -1 <= number <= MOST_NUMBER:
        return None
    texts = [text for text in told.values() if isinstance(text, str)]
    if len(texts) != len(told) or any(len(text) > MOST_TEXT for text in texts):
        return None
    view, what, name, label = texts
    return Spot(view, what, number, name, label)
