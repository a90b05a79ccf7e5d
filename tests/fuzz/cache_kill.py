"""Kill a process that writes to the cache, and see what it leaves behind.

Run it as ``uv run python -m tests.fuzz.cache_kill --count 200``. Every second
process kills itself in front of a certain line of the cache's own code; the
others are killed while they write, wherever that finds them. Every fourth finds
no folder, and has to make it with its key. It ends with 1, and says of which
processes, if

- the entry is not there, though there was one before,
- the entry is neither the old nor the new one, whole,
- more than one file is left behind, or any after the next writing, or
- the cache was of no use afterwards.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import repoview.core.cache
from repoview.core.cache import PIECE, Cache
from repoview.core.storage import atomic_file
from tests.core.caches import VERSION, contents, files, identity, kept, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"small": 5, "large": PIECE + 70_001, "last": 300}
SOURCE = identity("/killed.car")
CHUNK = 64 * 1024
CHUNKS = 1 + sum(-(-size // CHUNK) for size in SIZES.values())
"""Parts in which an entry is put."""

CODE = (str(Path(repoview.core.cache.__file__).parent), atomic_file.__file__)
"""What is killed in front of a line of it."""


def whole(generation: int) -> dict[str, bytes]:
    """Return all that an entry of a generation has, its number among it."""
    return {"number": b"%d" % generation, **contents(generation, SIZES)}


# The process that is killed


def chunks(data: bytes) -> Iterator[bytes]:
    """Yield the bytes in parts, and tell the parent of each."""
    for start in range(0, len(data), CHUNK):
        os.write(sys.stdout.fileno(), b".")
        yield data[start : start + CHUNK]


def write_one(cache: Cache, generation: int) -> None:
    """Write an entry, its parts told one by one."""
    with cache.write(SOURCE, VERSION) as writer:
        for name, data in whole(generation).items():
            writer.put(name, chunks(data))
        writer.commit()


class Fuse:
    """Kills this process in front of a line of the cache's code.

    Args:
        lines: How many lines before it are let through.
    """

    def __init__(self, lines: int) -> None:
        self.left = lines

    def __call__(self, frame: FrameType, event: str, _: object) -> Fuse | None:
        """Take note of one step of the interpreter."""
        if not frame.f_code.co_filename.startswith(CODE):
            return None
        if event == "line":
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def child(folder: str, first: int, lines: int) -> None:
    """Write entries: one with a fuse, or one after the other, for ever.

    Args:
        folder: Of the cache.
        first: The generation of the first entry; those after it go on from it.
        lines: As for `Fuse`; 0 for no fuse.
    """
    cache = Cache(folder)
    if lines:
        fuse = Fuse(lines)
        sys.settrace(fuse)
        write_one(cache, first)
        sys.settrace(None)
        # It came to its end: say with how many lines to spare.
        os.write(sys.stdout.fileno(), f"{fuse.left}".encode())
        return
    generation = first
    while True:
        write_one(cache, generation)
        generation += 1


# The process that looks


class Rounds:
    """Starts processes and kills them, all on one folder.

    Args:
        folder: Is empty.
        seed: Says when each is killed.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.killed = 0
        self.old = 0
        """Killed processes after which the entry was the old one."""
        self.new = 0
        self.lines = {True: self._lines_of_one(), False: self._lines_of_one()}
        """Lines of the cache's code that the writing of an entry takes, by
        whether the folder has to be made."""

    def start(self, folder: Path, first: int, lines: int) -> subprocess.Popen[bytes]:
        """Start a process that writes; see `child`."""
        words = ["--child", str(folder), str(first), str(lines)]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.cache_kill", *words],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )

    def _lines_of_one(self) -> int:
        plenty = 1_000_000
        with self.start(self.folder / "first", 0, plenty) as process:
            said = process.communicate()[0]
        return plenty - int(said.lstrip(b"."))

    def kill_one(self, number: int) -> list[str]:
        """Start a process and have it killed; return what was wrong afterwards."""
        luck = Random(f"{self.seed} {number}")  # noqa: S311 (not for secrets)
        is_new = number % 4 > 1
        folder = self.folder / (f"new{number}" if is_new else "cache")
        cache = Cache(folder)
        before = 1000 * number
        if not is_new:
            write(cache, SOURCE, whole(before))
        newest = before + 1
        if number % 2:
            lines = luck.randrange(1, self.lines[is_new])
            with self.start(folder, before + 1, lines) as process:
                process.communicate()
        else:
            newest += self._kill(folder, before + 1, luck)
            process = None
        if process is None or process.returncode == -signal.SIGKILL:
            self.killed += 1
        return [
            f"process {number}: {what}"
            for what in self._look(cache, range(before, newest + 1), is_new=is_new)
        ]

    def _kill(self, folder: Path, first: int, luck: Random) -> int:
        """Kill a process once it wrote so much; return how many entries at most."""
        chunks = luck.randint(1, 3 * CHUNKS)
        with self.start(folder, first, 0) as process:
            assert process.stdout is not None
            process.stdout.read(chunks)
            process.kill()
            return (chunks + len(process.stdout.read())) // CHUNKS

    def _look(
        self, cache: Cache, generations: Sequence[int], *, is_new: bool
    ) -> Iterator[str]:
        """Yield what is wrong with a folder.

        Args:
            cache: In which a process was killed.
            generations: The one before, and those that it may have written.
            is_new: Whether there was no folder before.
        """
        left = files(cache) if cache.folder.exists() else []
        found = kept(cache, SOURCE)
        if found is None and not is_new:
            yield "the entry is gone"
        if found is not None:
            generation = int(found["number"])
            if generation not in generations or found != whole(generation):
                yield "the entry is none that was written"
            if generation == generations[0]:
                self.old += 1
            else:
                self.new += 1
        if len(left) > 1 + (found is not None):
            yield f"it left {len(left)} files"
        write(cache, SOURCE, whole(-1))
        if kept(cache, SOURCE) != whole(-1):
            yield "the cache was of no use afterwards"
        if len(files(cache)) != 1:
            yield f"{len(files(cache))} files stayed"


def run(folder: Path, seed: int, numbers: Sequence[int]) -> tuple[list[str], Rounds]:
    """Kill the processes of these numbers; return what failed, and the counts."""
    rounds = Rounds(folder, seed)
    failures = []
    for number in numbers:
        failures += rounds.kill_one(number)
    return failures, rounds


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return how to exit."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.cache_kill")
    parser.add_argument("--count", type=int, default=200, help="processes to kill")
    parser.add_argument("--seed", type=int, default=1, help="kills at other points")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child is not None:
        folder, first, lines = options.child
        child(folder, int(first), int(lines))
        return 0
    with TemporaryDirectory(prefix="repoview-") as folder:
        failures, rounds = run(Path(folder), options.seed, range(options.count))
    for failure in failures[:20]:
        sys.stdout.write(failure + "\n")
    sys.stdout.write(
        f"seed {options.seed}: {options.count:,} processes, {rounds.killed:,} killed "
        f"(half of them in front of one of {rounds.lines[True]:,} lines): "
        f"{rounds.old:,} left the old entry, {rounds.new:,} a new one, "
        f"the rest none where none was; {len(failures):,} failures\n"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
