"""Completion of sources: the recent ones, and files by the beginning of a path.

Reads folders, which may take long on slow disks: call it in a thread.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import reason_of
from repoview.core.formats.accounts import where_to_fetch
from repoview.core.source.opener import is_address
from repoview.present import safe, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.tui.remembered.state import Recent

MOST_OFFERED: Final = 100
_MOST_NAMES: Final = 5_000
"""Names in a folder that are read; more would take long and are of no use."""

_CARS: Final = (".car", ".car.gz", ".car.zst", ".car.bz2", ".car.xz")
_DOCUMENTS: Final = (".json",)
_OTHER: Final = 2
"""The rank of files that are listed after those that are wanted, and folders."""


class Choice(NamedTuple):
    """A source that is offered, ready to be shown."""

    text: str
    facts: str
    target: str
    """A path or an address."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, which is entered, not opened."""
        return self.text.endswith("/") and not is_address(self.target)


def whole(source: str) -> str:
    """Return a source with its path made absolute."""
    return source if is_address(source) else os.path.abspath(source)  # noqa: PTH100 (no link is followed)


def expanded(text: str) -> str:
    """Return a path with its tilde expanded to the home folder."""
    return os.path.expanduser(text)  # noqa: PTH111 (Path would drop a slash at the end)


def shortened(path: str) -> str:
    """Return a path with the home folder abbreviated to a tilde."""
    home = os.path.expanduser("~")  # noqa: PTH111 (it may be none)
    if home not in {"~", "/", ""} and path.startswith(f"{home}/"):
        return f"~{path[len(home) :]}"
    return path


def choices(
    text: str, recent: Sequence[Recent], more: Sequence[Choice] = ()
) -> list[Choice]:
    """Return completions of a text, recent sources first.

    Args:
        text: What was typed so far.
        recent: The recent sources, the latest first.
        more: What else is offered while the text is empty.
    """
    text = text.strip()
    found = [each for each in _recent(recent) if text.lower() in each.text.lower()]
    found += [each for each in more if each.text.lower().startswith(text.lower())]
    known = {each.target for each in found}
    if not is_address(text):
        for each in paths_like(text):
            if whole(each.target) not in known:
                found.append(each)
    return found[:MOST_OFFERED]


def _recent(recent: Sequence[Recent]) -> Iterator[Choice]:
    """Yield those that still exist."""
    for each in recent:
        if is_address(each.source) or os.path.isfile(each.source):  # noqa: PTH113 (any text)
            text = safe(shortened(each.source), 300)
            yield Choice(text, safe(each.about, 80), each.source)


def documents(text: str, beside: str = "") -> list[Choice]:
    """Return files that may be DID documents, as `choices` returns sources.

    Args:
        text: What was typed so far.
        beside: A file whose folder is offered too while nothing is typed.
    """
    text = text.strip()
    found = paths_like(text, _DOCUMENTS)
    if beside and not text:
        folder = shortened(os.path.dirname(whole(beside)))  # noqa: PTH120 (any text)
        near = paths_like(f"{folder.rstrip('/')}/", _DOCUMENTS)
        known = {whole(each.target) for each in found}
        found = [
            *(each for each in near if whole(each.target) not in known),
            *found,
        ]
        found.sort(key=lambda each: each.is_folder)
    return found[:MOST_OFFERED]


def paths_like(text: str, suffixes: tuple[str, ...] = _CARS) -> list[Choice]:
    """Return files and folders whose paths begin with *text*.

    Hidden ones only after a dot, and files with another suffix only after a
    letter; none whose name has a character that cannot be printed.

    Args:
        text: What was typed so far.
        suffixes: Of the files that are wanted; these come first.
    """
    folder, _, begin = text.rpartition("/")
    folder += "/" if "/" in text else ""
    if text == "~":
        folder, begin = "~/", ""
    found: list[tuple[int, str, Choice]] = []
    try:
        with os.scandir(expanded(folder) or ".") as entries:
            for _, entry in zip(range(_MOST_NAMES), entries, strict=False):
                name = entry.name
                if not name.lower().startswith(begin.lower()) or safe(name) != name:
                    continue
                if name.startswith(".") and not begin.startswith("."):
                    continue
                choice = _choice(folder, entry)
                if choice is None:
                    continue
                rank = _rank(choice, suffixes)
                if begin or rank < _OTHER:
                    found.append((rank, name.lower(), choice))
    except (OSError, ValueError):
        return []
    return [choice for _, _, choice in sorted(found)]


def _choice(folder: str, entry: os.DirEntry[str]) -> Choice | None:
    """Return a file or folder; None for a file that is not regular."""
    path = folder + entry.name
    try:
        if entry.is_dir():
            return Choice(f"{path}/", "folder", expanded(f"{path}/"))
        status = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Choice(path, size_text(status.st_size), expanded(path))


def _rank(choice: Choice, suffixes: tuple[str, ...]) -> int:
    if choice.text.lower().endswith(suffixes):
        return 0
    return 1 if choice.is_folder else _OTHER


def refusal(target: str) -> str:
    """Return why a source cannot be opened; "" if nothing speaks against it."""
    if is_address(target):
        return ""
    is_file = os.path.lexists(target) if "\0" not in target else True
    if not is_file and (advice := where_to_fetch(target)):
        return safe(f"live accounts are not fetched: {advice}", 400)
    try:
        status = os.stat(target)  # noqa: PTH116 (any text)
    except (OSError, ValueError) as error:
        return f"{safe(target, 200)}: {reason_of(error)}"
    if stat.S_ISDIR(status.st_mode):
        return "that is a folder: go on with the name of a file in it"
    return ""
