"""Mutation fuzzing of the engine.

Run it as ``uv run python -m tests.fuzz.mutate --count 10000``. The seed and a
number determine a file: ``--only 1234`` repeats it and prints the outcome. It
exits with 1, and names the files, if

- anything but an error of `repoview` was raised,
- one changed byte of a sound file was not detected,
- a report contradicts itself,
- a file took longer than its bytes allow, or
- with ``--twins``, the compiled kernel gives another outcome.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from repoview.core.errors import BlockMissing, RepoviewError
from repoview.core.findings.findings import Severity
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.repo.tree import RecordRef
from repoview.core.verify.report import EXIT_CODES
from repoview.core.verify.verify import Checks
from repoview.corpus import CASES, make_car, sample
from repoview.sample import write_sample
from tests.fuzz.mutators import MUTATORS, one_byte
from tests.fuzz.twins import COMPILED, disagreements
from tests.vectors import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.verify.report import Report

LARGEST = 300_000
"""Bytes of the largest file that is mutated: larger ones only take longer."""

SECONDS = 2.0
SECONDS_A_BYTE = 40e-6
"""The time allowed for a file: a hundred times that of sound ones."""

LOOKED_AT = 40
"""Records and nodes of a file that are opened, as a view would."""


class ContradictionError(AssertionError):
    """A report, or what the views are given, is not consistent."""


@dataclass
class Tally:
    """The outcomes of all files."""

    files: int = 0
    size: int = 0
    slowest: tuple[float, int] = 0.0, -1
    verdicts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        seconds, number = self.slowest
        verdicts = ", ".join(
            f"{n:,} {name}" for name, n in sorted(self.verdicts.items())
        )
        return (
            f"{self.files:,} files of {self.size:,} bytes: {verdicts}; "
            f"{len(self.failures):,} failures; "
            f"the slowest, file {number}, took {seconds:.2f} s"
        )


def good_files() -> list[bytes]:
    """Return sound files, small enough for many mutations."""
    files = [
        make_car({}).data,
        make_car({"com.example.note/self": {}}).data,
        sample().car().data,
        make_car({f"com.example.note/{n:04}": {"n": n} for n in range(150)}).data,
    ]
    written = bytearray()
    write_sample(written.extend, 120)
    files.append(bytes(written))
    return [*files, *vectors()]


def vectors() -> list[bytes]:
    """Return files of other projects, if there are any."""
    names = [*ROOT.glob("repo-stream/*.car"), *ROOT.glob("indigo/*.car")]
    names += sorted(ROOT.glob("mst-suite/cars/**/*.car"))[::16]
    files = (path.read_bytes() for path in names)
    return [data for data in files if 0 < len(data) <= LARGEST]


def case_files() -> list[bytes]:
    """Return the corpus of broken files, without its large ones."""
    files = (case.build().data for case in CASES)
    return [data for data in files if 0 < len(data) <= LARGEST]


def outcome_of(report: Report) -> object:
    """Return what must differ after a change."""
    return report.verdict, [found.to_json() for found in report.findings]


def judge_report(report: Report, size: int) -> None:
    """See that a report does not contradict itself.

    Args:
        report: Of a file.
        size: Bytes of it, unpacked.
    """
    grave = [f for f in report.findings if f.severity >= Severity.ERROR]
    if bool(grave) == (report.exit_code == 0):
        raise ContradictionError(f"{len(grave)} errors, but exit {report.exit_code}")
    if EXIT_CODES[report.verdict] != report.exit_code:
        raise ContradictionError(f"{report.verdict} with exit {report.exit_code}")
    # An event has only what changed, so that what it lacks is no fault.
    is_whole = report.complete is not False or report.frame is not None
    if not is_whole and report.exit_code not in {10, 11, 12}:
        raise ContradictionError(f"not complete, but exit {report.exit_code}")
    for found in report.findings:
        if found.offset is not None and not 0 <= found.offset <= size:
            raise ContradictionError(f"{found.code} at byte {found.offset} of {size}")


def look(repo: Repo) -> None:
    """Use a repository as views do, and compare it with its report."""
    report = repo.report
    judge_report(report, inside(repo).source.size)
    json.dumps(report.to_json(), allow_nan=False)
    for found in report.findings:
        repo.locate(found)
    look_at_tree(repo)
    for number in range(min(len(repo), LOOKED_AT)):
        record = repo.record(number)
        _ = record.path, record.rkey, record.at_uri, record.offset, record.size
        _ = record.findings, record.state
        try:
            json.dumps(str(record.decoded))
        except BlockMissing:
            if record.state in {"sound", "unsound"}:
                raise ContradictionError(f"record {number} is not there") from None


def look_at_tree(repo: Repo) -> None:
    """Check that nodes and records each are in the tree once, in order."""
    tree = repo.tree
    nodes, records = [0] if len(tree) else [], []
    for number in range(len(tree)):
        tree.node(number)
        for item in tree.children(number):
            if isinstance(item, RecordRef):
                records.append(item.number)
                if repo.record(item.number).key != item.key:
                    raise ContradictionError(f"record {item.number} has two keys")
            else:
                nodes.append(item)
    if sorted(nodes) != list(range(len(tree))):
        raise ContradictionError("a node is in no other, or in two")
    if sorted(records) != list(range(len(repo))):
        raise ContradictionError("a record is in no node, or in two")
    for number in records[:LOOKED_AT]:
        tree.way_to(repo.record(number).key)


class Fuzzer:
    """Makes files by number, and reads each.

    Args:
        seed: Of all files.
        twins: Whether to compare the compiled kernel with the Python one.
        timed: Whether a file that takes long is a failure.
    """

    def __init__(self, seed: int, *, twins: bool = False, timed: bool = False) -> None:
        self.seed = seed
        self.twins = twins
        self.timed = timed
        self.good = good_files()
        self.all = [*self.good, *case_files()]
        self._before: dict[bytes, object] = {}

    def make(self, number: int) -> tuple[str, bytes, bytes | None]:
        """Return the file of a number.

        Returns:
            How it was made; its bytes; and the original, if only one byte was
            changed.
        """
        luck = Random(f"{self.seed} {number}")  # noqa: S311 (not for secrets)
        mutator = luck.choice(MUTATORS)
        if mutator is one_byte:
            before = luck.choice(self.good)
            return mutator.__name__, one_byte(luck, [before]), before
        return mutator.__name__, mutator(luck, self.all), None

    def try_one(self, number: int, tally: Tally) -> None:
        """Read one file, and count the outcome."""
        name, data, before = self.make(number)
        started = time.perf_counter()
        try:
            report = self._read(data, number)
        except RepoviewError as error:
            tally.failures.append(f"file {number} ({name}) raised {error!r}")
            return
        except Exception as error:  # noqa: BLE001 (any of them is what is looked for)
            tally.failures.append(f"file {number} ({name}) raised {error!r}")
            return
        seconds = time.perf_counter() - started
        tally.files += 1
        tally.size += len(data)
        tally.verdicts[report.verdict.value] += 1
        tally.slowest = max(tally.slowest, (seconds, number))
        if self.timed and seconds > SECONDS + SECONDS_A_BYTE * len(data):
            tally.failures.append(f"file {number} ({name}) took {seconds:.1f} s")
        if before is not None and outcome_of(report) == self._outcome_of(before):
            tally.failures.append(f"file {number}: a byte changed, and nobody noticed")
        if self.twins:
            found = next(disagreements(data), None)
            if found is not None:
                tally.failures.append(f"file {number} ({name}): {found}")

    def _read(self, data: bytes, number: int) -> Report:
        checks = Checks(rebuild=number % 4 == 0)
        with Repo.load(data, checks=checks) as repo:
            look(repo)
            return repo.report

    def _outcome_of(self, data: bytes) -> object:
        if data not in self._before:
            with Repo.load(data) as repo:
                self._before[data] = outcome_of(repo.report)
        return self._before[data]


def run(
    seed: int, numbers: Sequence[int], *, twins: bool = False, timed: bool = False
) -> Tally:
    """Try the files of these numbers."""
    fuzzer = Fuzzer(seed, twins=twins, timed=timed)
    tally = Tally()
    for number in numbers:
        fuzzer.try_one(number, tally)
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.mutate")
    parser.add_argument("--count", type=int, default=10_000, help="files to break")
    parser.add_argument("--seed", type=int, default=1, help="gives other files")
    parser.add_argument("--only", type=int, help="the number of a single file")
    parser.add_argument(
        "--twins", action="store_true", help="compare the two kernels, too"
    )
    parser.add_argument("--save", type=Path, help="where to put that file")
    options = parser.parse_args(arguments)
    if options.only is None:
        numbers: Sequence[int] = range(options.count)
    else:
        numbers = [options.only]
        if options.save is not None:
            options.save.write_bytes(Fuzzer(options.seed).make(options.only)[1])
    if options.twins and not COMPILED:
        parser.error("there is no compiled kernel to compare")
    tally = run(options.seed, numbers, twins=options.twins, timed=True)
    for failure in tally.failures[:20]:
        sys.stdout.write(failure + "\n")
    sys.stdout.write(f"seed {options.seed}: {tally}\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
