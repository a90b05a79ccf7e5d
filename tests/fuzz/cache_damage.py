"""Fuzz the files of the cache, and check what is read from them.

Run it as ``uv run python -m tests.fuzz.cache_damage --count 500``. The seed and
the number of a round determine the damage. It exits with 1, and names the
rounds, if

- anything was read that was not written,
- anything but `CacheDamaged` was raised,
- a damaged entry was not removed, or
- the cache did not work afterwards.

Half of the files are damaged while they are open.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from repoview.core.cache import PIECE, Cache, CacheDamaged
from tests.core.caches import VERSION, contents, identity, kept, write
from tests.fuzz.rounds import main_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repoview.core.cache import Entry

SIZES = {"empty": 0, "small": 5, "large": PIECE + 70_001, "last": 300}
ONE, OTHER = identity("/one.car"), identity("/other.car")
DATA = contents("one", SIZES)

# Mutators of bytes: each gets a file, and another one of the same structure.


def flip(luck: Random, data: bytearray, _: bytes) -> None:
    """Change a few bits, anywhere."""
    for _turn in range(luck.choice([1, 1, 2, 20, 500])):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)


def flip_head(luck: Random, data: bytearray, _: bytes) -> None:
    """Change a bit of the database's own header."""
    data[luck.randrange(100)] ^= 1 << luck.randrange(8)


def flip_first_pages(luck: Random, data: bytearray, _: bytes) -> None:
    """Change bytes of the first pages: the schema, and the roots of the tables."""
    for _turn in range(luck.randint(1, 30)):
        page = luck.randrange(3) * 32_768
        data[page + luck.choice([luck.randrange(60), luck.randrange(32_768)])] = (
            luck.randrange(256)
        )


def flip_contents(luck: Random, data: bytearray, _: bytes) -> None:
    """Change bits of the contents page, or a digit to another."""
    start = data.rindex(b'[{"path"') - 16
    for _turn in range(luck.choice([1, 1, 3])):
        at = start + luck.randrange(600)
        if chr(data[at]).isdigit():
            data[at] = luck.choice(b"0123456789")
        else:
            data[at] ^= 1 << luck.randrange(8)


def cut(luck: Random, data: bytearray, _: bytes) -> None:
    """Truncate the file."""
    end = luck.choice([0, 1, 100, 32_768, luck.randrange(len(data))])
    del data[end:]


def grow(luck: Random, data: bytearray, _: bytes) -> None:
    """Append bytes."""
    data += luck.randbytes(luck.choice([1, 512, 32_768]))


def lose(luck: Random, data: bytearray, _: bytes) -> None:
    """Remove bytes in the middle."""
    start = luck.randrange(len(data))
    del data[start : start + luck.choice([1, 512, 32_768, 100_000])]


def blank(luck: Random, data: bytearray, _: bytes) -> None:
    """Overwrite a range with zeros, as after a power failure."""
    start = luck.randrange(0, len(data), 4_096)
    length = min(luck.choice([4_096, 32_768, 200_000]), len(data) - start)
    data[start : start + length] = bytes(length)


def swap_pages(luck: Random, data: bytearray, _: bytes) -> None:
    """Exchange two pages."""
    one, other = luck.sample(range(0, len(data), 32_768), 2)
    page = data[one : one + 32_768]
    data[one : one + 32_768] = data[other : other + 32_768]
    data[other : other + 32_768] = page


def swap_bytes(luck: Random, data: bytearray, _: bytes) -> None:
    """Exchange two ranges of bytes."""
    length = luck.choice([1, 16, 4_096])
    one, other = sorted(luck.sample(range(0, len(data) - length, length), 2))
    run = data[one : one + length]
    data[one : one + length] = data[other : other + length]
    data[other : other + length] = run


def mix(luck: Random, data: bytearray, other: bytes) -> None:
    """Replace some pages by those of another entry."""
    for start in range(0, min(len(data), len(other)), 32_768):
        if luck.random() < 0.3:
            data[start : start + 32_768] = other[start : start + 32_768]


def replace(luck: Random, data: bytearray, other: bytes) -> None:
    """Replace the file by another entry, or by something that is no database."""
    data[:] = luck.choice([other, b"SQLite format 3\0", luck.randbytes(100_000)])


BYTES = (
    flip,
    flip_head,
    flip_first_pages,
    flip_contents,
    cut,
    grow,
    lose,
    blank,
    swap_pages,
    swap_bytes,
    mix,
    replace,
)

# SQL statements, after which the database is still valid.

STATEMENTS = (
    "UPDATE pieces SET number = 93 - number; UPDATE pieces SET number = number - 90",
    "DELETE FROM pieces WHERE number = 1",
    "DELETE FROM contents",
    "INSERT INTO pieces VALUES (99, x'00')",
    "UPDATE pieces SET data = zeroblob(length(data)) WHERE number = 1",
    "UPDATE pieces SET data = data || x'00' WHERE number = 0",
    "UPDATE pieces SET data = CAST(data AS TEXT) WHERE number = 0",
    "UPDATE pieces SET data = 12 WHERE number = 2",
    "UPDATE pieces SET data = zeroblob(100000000) WHERE number = 1",
    "UPDATE contents SET data = substr(data, 1, 40)",
    "UPDATE contents SET data = zeroblob(30000000)",
    "UPDATE contents SET data = x''",
    "DROP TABLE pieces; CREATE VIEW pieces AS SELECT 0 AS number, x'61' AS data",
    "DROP TABLE contents; CREATE TABLE contents (number, data)",
    "CREATE TRIGGER t AFTER INSERT ON pieces BEGIN DELETE FROM contents; END",
    "CREATE INDEX i ON pieces (number)",
    "PRAGMA user_version = 2",
    "PRAGMA application_id = 1",
    "PRAGMA journal_mode = WAL",
    "VACUUM",
)


class Rounds:
    """Damages an entry repeatedly.

    Args:
        folder: An empty one.
        seed: Of the random damage.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.cache = Cache(folder / "cache")
        write(self.cache, OTHER, contents("other", SIZES))
        (other,) = self.cache.entries()
        write(self.cache, ONE, DATA)
        (one,) = {each.file for each in self.cache.entries()} - {other.file}
        self.path = self.cache.folder / one
        self.key = self.cache.folder / "key"
        self.good = self.path.read_bytes()
        self.other = (self.cache.folder / other.file).read_bytes()
        self.good_key = self.key.read_bytes()
        self.came: Counter[str] = Counter()

    def damage(self, luck: Random) -> str:
        """Damage the file or the key in place; return how."""
        kind = luck.randrange(12)
        if kind == 0:
            data = bytearray(self.good_key)
            luck.choice([flip_key, empty])(luck, data)
            self.key.write_bytes(data)
            return "key"
        if kind < 4:
            statement = luck.choice(STATEMENTS)
            with closing(sqlite3.connect(self.path, isolation_level=None)) as db:
                db.executescript(statement)
            return statement[:40]
        data = bytearray(self.good)
        mutator = luck.choice(BYTES)
        mutator(luck, data, self.other)
        with self.path.open("r+b") as file:
            file.write(data)
            file.truncate()
        return mutator.__name__

    def try_one(self, number: int) -> list[str]:
        """Damage the entry once; return what was wrong afterwards."""
        luck = Random(f"{self.seed} {number}")  # noqa: S311 (not for secrets)
        self.path.write_bytes(self.good)
        self.key.write_bytes(self.good_key)
        entry = self.cache.open(ONE, VERSION) if number % 2 else None
        how = self.damage(luck)
        if entry is None:
            entry = self.cache.open(ONE, VERSION)
        failures = []
        if entry is None:
            self.came["not there"] += 1
            if how != "key" and os.path.lexists(self.path):
                failures.append("it was not removed")
        else:
            with entry:
                failures += self.read(entry, luck)
        write(self.cache, ONE, DATA)
        if kept(self.cache, ONE) != DATA:
            failures.append("it cannot be written again")
        if how == "key":
            self.cache.clear()
        return [f"round {number} ({how}): {failure}" for failure in failures]

    def read(self, entry: Entry, luck: Random) -> list[str]:
        """Read everything of an entry, in any order."""
        wrong = []
        noticed = False
        for name in luck.sample(list(DATA), len(DATA)):
            try:
                if entry.size(name) != SIZES[name]:
                    wrong.append(f"{name} has another size")
                if entry.read_at(name, 0, SIZES[name]) != DATA[name]:
                    wrong.append(f"{name} was read otherwise than written")
                if b"".join(entry.pieces(name)) != DATA[name]:
                    wrong.append(f"pieces of {name} are not as written")
            except CacheDamaged:
                noticed = True
        if noticed and self.path.exists():
            wrong.append("it was damaged, and not removed")
        self.came["damaged" if noticed else "unharmed"] += 1
        return wrong


def flip_key(luck: Random, data: bytearray) -> None:
    """Change a bit of the key."""
    data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)


def empty(_luck: Random, data: bytearray) -> None:
    """Empty the key file."""
    data.clear()


def run(folder: Path, seed: int, numbers: Sequence[int]) -> tuple[list[str], Rounds]:
    """Do the rounds of these numbers; return the failures, and the counts."""
    rounds = Rounds(folder, seed)
    failures = []
    for number in numbers:
        try:
            failures += rounds.try_one(number)
        except Exception as error:  # noqa: BLE001 (any of them is what is looked for)
            failures.append(f"round {number} raised {error!r}")
            shutil.rmtree(rounds.cache.folder)
            rounds.cache.folder.mkdir(mode=0o700)
    return failures, rounds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    return main_of("cache_damage", run, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
