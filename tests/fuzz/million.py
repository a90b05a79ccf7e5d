"""Mutation fuzzing with very many small files.

Run it as ``uv run python -m tests.fuzz.million --count 1000000``. Each file is
read by the compiled kernel, every twentieth by the Python one as well, in this
process. Two thirds of the files have a change inside a block and all hashes above
it made anew (`rehashed`); the others are changed byte by byte (`mutators`). It
exits with 1, and names the files, if

- anything but an error of `repoview` was raised,
- a report contradicts itself,
- the kernels found different things, or
- a file took more of the processor than its bytes allow.

The seed and a number determine a file: ``--start`` goes on where a run ended, and
``--only 1234`` repeats a file and prints what was found. `tests.fuzz.mutate` looks
closer at fewer and larger files.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo, finish
from repoview.core.verify.verify import Checks
from repoview.corpus import CASES, Car
from repoview.corpus.car import Section, header_of
from tests.fuzz.mutate import ContradictionError, judge_report, look
from tests.fuzz.mutators import PLAIN, behind_one_another, spliced
from tests.fuzz.rehashed import rehashed, templates
from tests.fuzz.twins import COMPILED, PURE, Twin, running

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Tell = Callable[["Counts"], None]

LARGEST: Final = 3_000
"""Bytes of the largest file that is changed byte by byte."""

PURE_EVERY: Final = 20
"""One file of so many is read by the Python kernel too."""

_OF_BYTES: Final = (*PLAIN, spliced, behind_one_another)

LOOKED_EVERY: Final = 50
"""One file of so many is looked at as the views do."""

_TIMES: Final = 60
"""How much longer a file may take than a sound one of its size."""

_OFTEN: Final = 5
"""Attempts of a file that took long: a busy machine is no fault of it."""

_TOLD_EVERY: Final = 20.0
"""Seconds between two lines about the progress."""


@dataclass
class Counts:
    """What came of all files."""

    start: int
    stop: int
    both: int = 0
    """Files that were read by both kernels."""

    size: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Files by how they were made."""

    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    """Files by what was found of them."""

    slowest: tuple[float, int] = 0.0, -1
    """As a multiple of what is allowed, and the number of the file."""

    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        files = self.stop - self.start
        times, number = self.slowest
        kinds = ", ".join(f"{n:,} {name}" for name, n in sorted(self.kinds.items()))
        verdicts = ", ".join(
            f"{n:,} {name}" for name, n in sorted(self.verdicts.items())
        )
        return (
            f"files {self.start:,} to {self.stop:,}: {files:,} of {self.size:,} bytes, "
            f"{self.both:,} of them on both kernels; {kinds}; {verdicts}; "
            f"{len(self.codes):,} codes of findings; {len(self.failures):,} failures; "
            f"the slowest, file {number}, took {times:.0%} of the time allowed"
        )


class Found(NamedTuple):
    """What was found of a file."""

    verdict: str
    codes: set[str]
    everything: dict[str, Any]
    """The report, keys and nodes; empty unless they are to be compared."""


class Million:
    """Makes small files by number, and reads each.

    Args:
        seed: Of all files.
        timed: Whether a file that takes long is a failure.
    """

    def __init__(self, seed: int, *, timed: bool = False) -> None:
        self.seed = seed
        self._templates = templates()
        files = (case.build().data for case in CASES)
        sound = [_whole(each.changed({})) for each in self._templates]
        self._files = [*sound, *(data for data in files if 0 < len(data) <= LARGEST)]
        self._twin = next(iter(COMPILED.values()), PURE)
        self._options = {
            rebuild: OpenOptions(Checks(rebuild=rebuild), threads=1, on_limit="leave")
            for rebuild in (False, True)
        }
        self._allowed = self._calibrated(sound) if timed else None

    def make(self, number: int) -> tuple[str, bytes]:
        """Return how the file of a number is made, and its bytes."""
        luck = Random(self.seed << 40 | number)  # noqa: S311 (not for secrets)
        if number % 3:
            return "rehashed", rehashed(luck, self._templates)
        mutator = luck.choice(_OF_BYTES)
        return "bytes", mutator(luck, self._files)

    def try_one(self, number: int, counts: Counts) -> None:
        """Read one file, and count what came of it."""
        kind, data = self.make(number)
        counts.kinds[kind] += 1
        counts.size += len(data)
        is_both = number % PURE_EVERY == 0 and self._twin is not PURE
        try:
            seconds, found = self._read(data, number, self._twin, whole=is_both)
            if is_both:
                counts.both += 1
                _, other = self._read(data, number, PURE, whole=True)
                _insist_on_same(found.everything, other.everything)
            self._judge_time(data, number, seconds, counts)
        except ContradictionError as error:
            counts.failures.append(f"file {number} ({kind}): {error}")
        # Also a panic of the kernel, which is no `Exception`.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            counts.failures.append(f"file {number} ({kind}) raised {error!r}")
        else:
            counts.verdicts[found.verdict] += 1
            counts.codes.update(found.codes)

    def _read(
        self, data: bytes, number: int, twin: Twin, *, whole: bool = False
    ) -> tuple[float, Found]:
        """Return the seconds that a file took, and what was found.

        Args:
            data: The file.
            number: Its number, which says how it is checked.
            twin: The kernel that reads it.
            whole: Whether all that was found is wanted.
        """
        options = self._options[number % 4 == 0]
        with running(twin.module):
            began = time.perf_counter()
            with finish(begin(data, options)) as repo:
                seconds = time.perf_counter() - began
                report = repo.report
                judge_report(report, inside(repo).source.size)
                if number % LOOKED_EVERY == 0:
                    look(repo)
                return seconds, Found(
                    report.verdict.value,
                    {each.code for each in report.findings},
                    _everything(repo) if whole else {},
                )

    # Time

    def _calibrated(self, sound: Sequence[bytes]) -> tuple[float, float]:
        """Return the seconds that a file may take, and each byte of it.

        Measured on sound files, by the Python kernel, as what is wrong is judged
        in Python whatever the kernel.
        """
        small, large = min(sound, key=len), max(sound, key=len)
        times = [
            min(self._read(data, 1, PURE)[0] for _ in range(20))
            for data in (small, large)
        ]
        a_byte = max(0.0, times[1] - times[0]) / (len(large) - len(small))
        return times[0] * _TIMES, a_byte * _TIMES

    def _judge_time(
        self, data: bytes, number: int, seconds: float, counts: Counts
    ) -> None:
        if self._allowed is None:
            return
        allowed = self._allowed[0] + self._allowed[1] * len(data)
        for _ in range(_OFTEN):
            if seconds <= allowed:
                break
            # Of the processor, which others may have had meanwhile.
            began = time.thread_time()
            self._read(data, number, self._twin)
            seconds = min(seconds, time.thread_time() - began)
        else:
            raise ContradictionError(f"took {seconds:.3f} s, and not {allowed:.3f} s")
        counts.slowest = max(counts.slowest, (seconds / allowed, number))


def _whole(parts: tuple[list[bytes], list[bytes]]) -> bytes:
    """Return the file of these CIDs and blocks."""
    cids, datas = parts
    sections = map(Section, cids, datas)
    return Car(header_of(cids[0]), tuple(sections)).data


def _everything(repo: Repo) -> dict[str, Any]:
    index, nodes = inside(repo).index, inside(repo).nodes
    return {
        **repo.report.to_json(),
        "keys": (bytes(index.keys[:]), list(index.ends)),
        "rows": (list(index.rows), list(nodes.rows), bytes(nodes.kinds)),
    }


def _insist_on_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Compare the report of the compiled kernel with that of the Python one."""
    for name, value in one.items():
        if value != other.get(name):
            raise ContradictionError(
                f"{name}: compiled {value!r:.400}, Python {other.get(name)!r:.400}"
            )


def run(
    seed: int,
    numbers: range,
    *,
    timed: bool = False,
    tell: Tell = lambda _: None,
) -> Counts:
    """Try the files of these numbers; Ctrl-C ends it with what was counted.

    Args:
        seed: Of all files.
        numbers: One after the other.
        timed: Whether a file that takes long is a failure.
        tell: Called with the counts now and then.
    """
    million = Million(seed, timed=timed)
    counts = Counts(numbers.start, numbers.start)
    told = time.monotonic()
    with suppress(KeyboardInterrupt):
        for number in numbers:
            million.try_one(number, counts)
            counts.stop = number + 1
            if number % 256 == 0 and time.monotonic() - told > _TOLD_EVERY:
                told = time.monotonic()
                tell(counts)
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.million")
    parser.add_argument("--count", type=int, default=1_000_000, help="files to break")
    parser.add_argument("--start", type=int, default=0, help="number of the first")
    parser.add_argument("--seed", type=int, default=1, help="gives other files")
    parser.add_argument("--only", type=int, help="the number of a single file")
    parser.add_argument("--save", type=Path, help="where to put that file")
    options = parser.parse_args(arguments)
    if options.only is not None:
        return _tell_one(options.seed, options.only, options.save)
    numbers = range(options.start, options.start + options.count)

    def tell(counts: Counts) -> None:
        last = counts.failures[-1:]
        told = f"{counts.stop:,}: {len(counts.failures):,} failures"
        sys.stderr.write("".join(f"{each}\n" for each in (*last, told)))

    # What is there by now stays: so each collection has little to look at.
    gc.freeze()
    counts = run(options.seed, numbers, timed=True, tell=tell)
    for failure in counts.failures[:20]:
        sys.stdout.write(failure + "\n")
    sys.stdout.write(f"seed {options.seed}, {counts}\n")
    return 1 if counts.failures else 0


def _tell_one(seed: int, number: int, path: Path | None) -> int:
    """Print what was found of one file."""
    million = Million(seed, timed=True)
    data = million.make(number)[1]
    if path is not None:
        path.write_bytes(data)
    counts = Counts(number, number + 1)
    million.try_one(number, counts)
    with Repo.load(data) as repo:
        sys.stdout.write(json.dumps(repo.report.to_json(), indent=1) + "\n")
    sys.stdout.write("".join(f"{each}\n" for each in (*counts.failures, counts)))
    return 1 if counts.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
