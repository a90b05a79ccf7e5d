"""What could be opened: sources that were, and files whose names begin so.

Here disks are asked, which may take long: for a thread.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import reason_of
from repoview.core.formats.accounts import where_to_fetch
from repoview.present import safe, size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.tui.remembered.state import Recent

MOST_OFFERED: Final = 100
_MOST_LOOKED_AT: Final = 5_000
"""Names in a folder that are looked at: more take long, and nobody reads them."""

_SUFFIXES: Final = (".car", ".car.gz", ".car.zst", ".car.bz2", ".car.xz")
_OTHER: Final = 2
"""What stands behind CAR files and folders."""

_ADDRESS: Final = ("http://", "https://")


class Choice(NamedTuple):
    """A source that could be opened, ready to be shown."""

    text: str
    facts: str
    target: str
    """What is opened: a path or an address."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, into which one goes."""
        return self.text.endswith("/") and not is_address(self.target)


def is_address(text: str) -> bool:
    """Tell whether a source is an address, and no file."""
    return text.startswith(_ADDRESS)


def whole(source: str) -> str:
    """Return a source as it can be opened from any folder."""
    return source if is_address(source) else os.path.abspath(source)  # noqa: PTH100 (no link is followed)


def expanded(text: str) -> str:
    """Return what was typed, with the home folder in place of a tilde."""
    return os.path.expanduser(text)  # noqa: PTH111 (Path would drop a slash at the end)


def shortened(path: str) -> str:
    """Return a path with a tilde in place of the home folder."""
    home = os.path.expanduser("~")  # noqa: PTH111 (it may be none)
    if home not in {"~", "/", ""} and path.startswith(f"{home}/"):
        return f"~{path[len(home) :]}"
    return path


def choices(
    text: str, recent: Sequence[Recent], more: Sequence[Choice] = ()
) -> list[Choice]:
    """Return what the words of a reader could mean: what was open comes first.

    Args:
        text: What was typed by now.
        recent: The sources that were opened, the latest first.
        more: What else is offered as long as nothing else is typed.
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
    """Yield those that are still there."""
    for each in recent:
        if is_address(each.source) or os.path.isfile(each.source):  # noqa: PTH113 (any text)
            text = safe(shortened(each.source), 300)
            yield Choice(text, safe(each.about, 80), each.source)


def paths_like(text: str) -> list[Choice]:
    """Return files and folders whose paths begin so, CAR files first.

    Hidden ones only where a dot was typed, those that are called like no CAR
    only where something was; none whose name has a character that no terminal
    shows.
    """
    folder, _, begin = text.rpartition("/")
    folder += "/" if "/" in text else ""
    if text == "~":
        folder, begin = "~/", ""
    found: list[tuple[int, str, Choice]] = []
    try:
        with os.scandir(expanded(folder) or ".") as entries:
            for _, entry in zip(range(_MOST_LOOKED_AT), entries, strict=False):
                name = entry.name
                if not name.lower().startswith(begin.lower()) or safe(name) != name:
                    continue
                if name.startswith(".") and not begin.startswith("."):
                    continue
                choice = _choice(folder, entry)
                if choice is not None and (begin or _order(choice) < _OTHER):
                    found.append((_order(choice), name.lower(), choice))
    except (OSError, ValueError):
        return []
    return [choice for _, _, choice in sorted(found)]


def _choice(folder: str, entry: os.DirEntry[str]) -> Choice | None:
    """Return a file or folder; None for what cannot be read at any place."""
    path = folder + entry.name
    try:
        if entry.is_dir():
            return Choice(f"{path}/", "folder", expanded(f"{path}/"))
        facts = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return Choice(path, size_text(facts.st_size), expanded(path))


def _order(choice: Choice) -> int:
    if choice.text.lower().endswith(_SUFFIXES):
        return 0
    return 1 if choice.is_folder else _OTHER


def refusal(target: str) -> str:
    """Return why a source cannot be opened; empty where it can be tried."""
    if is_address(target):
        return ""
    is_file = os.path.lexists(target) if "\0" not in target else True
    if not is_file and (advice := where_to_fetch(target)):
        return safe(f"live accounts are not fetched: {advice}", 400)
    try:
        facts = os.stat(target)  # noqa: PTH116 (any text)
    except (OSError, ValueError) as error:
        return f"{safe(target, 200)}: {reason_of(error)}"
    if stat.S_ISDIR(facts.st_mode):
        return "that is a folder: go on with the name of a file in it"
    return ""
