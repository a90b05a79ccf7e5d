"""Kill a process that writes to the cache, and check what it leaves behind.

Run it as ``uv run python -m tests.fuzz.cache_kill --count 200``. Every second
process kills itself before a random line of the cache's code; the others are
killed at a random time while they write. Every fourth starts without a folder,
and makes it with its key. It exits with 1, and names the processes, if

- the entry is gone, though there was one before,
- the entry is neither the complete old nor the complete new one,
- more than one file is left over, or any after the next write, or
- the cache did not work afterwards.
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
"""Chunks in which an entry is written."""

CODE = (str(Path(repoview.core.cache.__file__).parent), atomic_file.__file__)
"""The code before a line of which a process is killed."""


def whole(generation: int) -> dict[str, bytes]:
    """Return the values of an entry of a generation, including its number."""
    return {"number": b"%d" % generation, **contents(generation, SIZES)}


# The process that is killed


def chunks(data: bytes) -> Iterator[bytes]:
    """Yield the bytes in chunks, and report each to the parent."""
    for start in range(0, len(data), CHUNK):
        os.write(sys.stdout.fileno(), b".")
        yield data[start : start + CHUNK]


def write_one(cache: Cache, generation: int) -> None:
    """Write an entry, reporting each chunk."""
    with cache.write(SOURCE, VERSION) as writer:
        for name, data in whole(generation).items():
            writer.put(name, chunks(data))
        writer.commit()


class Fuse:
    """A trace function that kills this process before a line of the cache's code.

    Args:
        lines: How many lines run before it.
    """

    def __init__(self, lines: int) -> None:
        self.left = lines

    def __call__(self, frame: FrameType, event: str, _: object) -> Fuse | None:
        """Count one traced event."""
        if not frame.f_code.co_filename.startswith(CODE):
            return None
        if event == "line":
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def child(folder: str, first: int, lines: int) -> None:
    """Write one entry with a fuse, or entries for ever.

    Args:
        folder: Of the cache.
        first: The generation of the first entry; it increases from there.
        lines: As for `Fuse`; 0 for no fuse.
    """
    cache = Cache(folder)
    if lines:
        fuse = Fuse(lines)
        sys.settrace(fuse)
        write_one(cache, first)
        sys.settrace(None)
        # It finished: report how many lines were left.
        os.write(sys.stdout.fileno(), f"{fuse.left}".encode())
        return
    generation = first
    while True:
        write_one(cache, generation)
        generation += 1


# The parent process


class Rounds:
    """Starts processes on one folder, and kills them.

    Args:
        folder: An empty one.
        seed: Of the random times at which they are killed.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.killed = 0
        self.old = 0
        """Killed processes after which the entry was the old one."""
        self.new = 0
        self.lines = {True: self._lines_of_one(), False: self._lines_of_one()}
        """Lines of the cache's code that run to write an entry, by whether the
        folder has to be made."""

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
        """Start a process and kill it; return what was wrong afterwards."""
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
        """Kill a process after some chunks; return the most entries it may have."""
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
    """Kill the processes of these numbers; return the failures, and the counts."""
    rounds = Rounds(folder, seed)
    failures = []
    for number in numbers:
        failures += rounds.kill_one(number)
    return failures, rounds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
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
