"""Files for the monkey: broken, hostile, packed, huge; and how they change."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from repoview.sample import write_sample
from tests.core.repos import make_repo, many
from tests.fuzz.mutate import case_files, good_files
from tests.fuzz.mutators import MUTATORS
from tests.fuzz.repositories import repositories

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.formats.dagcbor import strict as dagcbor

HUGE: Final = 1_320_000
"""Records of the largest file."""

_ESCAPES: Final = "\x1b]0;owned\x07\x1b[31mred\x1b[2J\x9b2J\x1b]52;c;cHduZWQ=\x07\x1bc"
_MARKUP: Final = "[/] [@click=app.quit]quit[/] [bold red]markup[/] [link=x] \\["
_DIRECTION: Final = "\u202eevil\u202c \u2066isolated\u2069 \u200b\ufeff \U000e0041"
_WIDE: Final = (
    "漢字かな交じり文 한국어 👩\u200d👩\u200d👧 ❤\ufe0f 👍🏽 🇦🇶 z" + "\u0301" * 50
)
_TEXTS: Final = (_ESCAPES, _MARKUP, _DIRECTION, _WIDE, "\n\r\t\v\b" * 9, "x" * 200_000)


def hostile(luck: Random) -> bytes:
    """Return a repository whose every text is one that some terminal obeys."""
    records: dict[str, dagcbor.Value] = {
        "app.bsky.feed.post/wide": {"$type": "app.bsky.feed.post", "n": [1] * 50_000},
        "app.bsky.feed.post/deep": b"\xa1\x61d" + b"\x81" * 5_000 + b"\xf6",
        f"{_ESCAPES}/{_MARKUP}": {"$type": _ESCAPES},
    }
    for number in range(luck.randint(1, 80)):
        one, other, text = (luck.choice(_TEXTS) for _ in range(3))
        name = luck.choice(("app.bsky.feed.post", "a.b.c", "app.bsky.feed.like"))
        path = f"{name}/{number:04}{luck.choice(('', one[:20]))}"
        records[path] = {"$type": luck.choice((name, other[:300])), other[:90]: text}
    return make_repo(records, leave_out=luck.choice((0, 0, 0, 1, 5)))


def sample_of(count: int) -> bytes:
    """Return a right repository."""
    written = bytearray()
    write_sample(written.extend, count)
    return bytes(written)


_sample: Final = cache(sample_of)


@cache
def _bases() -> tuple[list[bytes], list[bytes]]:
    good = good_files()
    return good, [*good, *case_files()]


def generated(luck: Random) -> bytes:
    """Return a repository as hypothesis makes them, broken or not."""
    made: list[bytes] = []

    @seed(luck.randrange(2**32))
    @settings(
        max_examples=3,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(repositories())
    def make(data: bytes) -> None:
        made.append(bytes(data))

    make()
    return made[-1]


def broken(luck: Random) -> bytes:
    """Return a small file with something wrong in it."""
    return luck.choice(MUTATORS)(luck, _bases()[1])


def broken_sample(luck: Random) -> bytes:
    """Return a file of some size with something wrong in it."""
    data = _sample(luck.choice((300, 3_000)))
    for _ in range(luck.randint(1, 4)):
        data = luck.choice(MUTATORS[:8])(luck, [data])[: 2 * len(data)]
    return data


def of_many(luck: Random) -> bytes:
    """Return a repository of many records and collections."""
    count, collections = luck.choice((50, 2_000, 12_000)), luck.choice((1, 3, 40))
    return make_repo(many(count, collections), leave_out=luck.choice((0, 0, 40)))


def odd(luck: Random) -> bytes:
    """Return what is hardly a repository, or none."""
    error = b'{"error":"RepoNotFound","message":"\x1b[31mCould not find \xe2\x80\xae"}'
    sound = _sample(300)
    choices = (b"", b"\0" * 99, error, make_repo({}), gzip.compress(sound, 1))
    return luck.choice((*choices, gzip.compress(sound, 1)[:-50], sound[:20_000]))


def small(luck: Random) -> bytes:
    """Return a small right repository."""
    return luck.choice(_bases()[0])


def plain(_luck: Random) -> bytes:
    """Return a right repository such as people have."""
    return _sample(3_000)


KINDS: Final[tuple[Callable[[Random], bytes], ...]] = (
    *(broken, broken, broken, broken_sample, broken_sample),
    *(generated, generated, hostile, hostile, of_many, odd),
    *(small, plain),
)


def huge() -> Path:
    """Return a very large repository; it is made once, and kept."""
    folder = Path(tempfile.gettempdir()) / "repoview-monkey"
    path = folder / f"{HUGE}.car"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        with part.open("wb") as file:
            write_sample(file.write, HUGE)
        part.replace(path)
    return path


# What becomes of a file while somebody looks at it


def _rewrite(path: Path, data: bytes) -> None:
    """Write a file anew in its place, as the same file."""
    with path.open("r+b") as file:
        file.write(data)
        file.truncate(len(data))


def cut(luck: Random, path: Path) -> None:
    """End it earlier."""
    size = path.stat().st_size
    os.truncate(path, luck.choice((0, 10, size // 2, luck.randint(0, size))))


def overwrite(luck: Random, path: Path) -> None:
    """Write over its bytes, some or all."""
    data = bytearray(path.read_bytes())
    for _ in range(luck.choice((1, 5, 200)) if data else 0):
        start = luck.choice((0, luck.randrange(len(data))))
        length = luck.choice((1, 40, 500, len(data)))
        data[start : start + length] = luck.randbytes(len(data[start : start + length]))
    _rewrite(path, bytes(data))


def blank(_luck: Random, path: Path) -> None:
    """Write zeros over all of it."""
    _rewrite(path, bytes(path.stat().st_size))


def rewrite(luck: Random, path: Path) -> None:
    """Write another file into it."""
    _rewrite(path, luck.choice(KINDS)(luck))


def replace(luck: Random, path: Path) -> None:
    """Put another file under its name, as a download does."""
    other = path.with_suffix(".new")
    other.write_bytes(luck.choice(KINDS)(luck))
    other.replace(path)


def add(luck: Random, path: Path) -> None:
    """Write more behind it."""
    with path.open("ab") as file:
        file.write(luck.randbytes(luck.choice((1, 100, 100_000))))


def delete(_luck: Random, path: Path) -> None:
    """Have it no more."""
    path.unlink()


def make_folder(_luck: Random, path: Path) -> None:
    """Have a folder in its place."""
    path.unlink()
    path.mkdir()


def bring_back(luck: Random, path: Path) -> None:
    """Have it again, whatever was there."""
    if path.is_dir():
        shutil.rmtree(path)
    replace(luck, path)


CHANGES: Final = (
    *(cut, cut, cut, overwrite, overwrite, overwrite, blank, rewrite),
    *(replace, replace, add, delete, make_folder, bring_back),
)


def change(number: int, path: Path, *, is_linked: bool) -> str:
    """Change a file, and return how.

    Args:
        number: Gives the change.
        path: The file.
        is_linked: Whether its bytes are of another file, too, and must stay.
    """
    luck = Random(number)  # noqa: S311 (nothing secret)
    kinds = (replace, delete) if is_linked else CHANGES
    kind = luck.choice(kinds)
    if not path.is_file() and kind is not make_folder:
        kind = bring_back
    try:
        kind(luck, path)
    except OSError as error:
        return f"{kind.__name__} ({error})"
    return kind.__name__
