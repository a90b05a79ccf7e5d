"""Measure any source, and bounded memory: ``python -m benchmarks.sources``.

The second part of the benchmark: limits of memory, pipes, packings, hostile
files of tiny blocks, the cache, the library, and how soon it can be stopped.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import ours, sources_table, table
from benchmarks.inputs import DATA, WrongInput, inputs
from benchmarks.machine import facts
from benchmarks.measure import ROOT, Contender, Prints, measure
from benchmarks.packed import PACKINGS, packed
from benchmarks.peers import PEERS, STREAM, CannotBuild
from benchmarks.sources_table import Group, Sources
from benchmarks.tiny import tiny

if TYPE_CHECKING:
    from benchmarks.inputs import Input

_LARGE: Final = 1_320_000
_MIDDLE: Final = 360_000
_QUICK: Final = 11_585
"""Records; the last stand for both where it is to be quick."""

_TINY: Final = {"distinct": 25_000_000, "wrong": 28_000_000}
"""Blocks of the greatest files; without ``--huge`` a tenth is the most."""

_UNREADABLE: Final = 12
"""How `verify` ends where there is no repository."""

_LONGEST: Final = 600.0
"""Seconds that tens of millions of blocks may take."""

_LIMIT: Final = ("--mem-limit", "64MiB", "--cache-dir", "{scratch}")
_TIMES: Final = 10
"""Times a phase that an opening is cancelled."""


def main() -> int:
    """Make the inputs, run, and print the tables."""
    options = _options()
    if ours.about().is_debug:
        print("this kernel is a debug build: build it for release", file=sys.stderr)
        return 2
    session = _Session(options)
    try:
        session.run()
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 1
    text = "\n".join([*session.heading(), *sources_table.report(session.results)])
    print(text)
    if options.write:
        table.write("sources and limits", text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sources", description=__doc__
    )
    add = parser.add_argument
    add("--data", type=Path, default=DATA, help="folder for inputs and peers")
    add(
        "--only",
        nargs="+",
        default=[*_PARTS],
        choices=[*_PARTS],
        help="of all parts only these",
    )
    add("--runs", type=int, default=5, metavar="N", help="how often, at most (5)")
    add("--huge", action="store_true", help="tiny blocks by tens of millions: 2.3 GB")
    add("--no-peers", action="store_true", help="repoview alone")
    add("--quick", action="store_true", help="small inputs, each run once; no targets")
    add("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


class _Session:
    """One run of everything that was asked for."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.results = Sources(judged=not options.quick)
        self._data: Path = options.data.resolve()
        self._scratch = self._data / "scratch"
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._quick: bool = options.quick
        self._runs = 1 if options.quick else options.runs
        self._huge: bool = options.huge
        self._parts: list[str] = options.only
        self._stream: list[Contender] = [] if options.no_peers else self._peer()
        helped = _said(sys.executable, "-m", "repoview", "verify", "--help")
        self._has_cache = "--no-cache" in helped
        self._without = ("--no-cache",) if self._has_cache else ()

    def run(self) -> None:
        """Make and measure what was asked for, part by part."""
        for name in self._parts:
            _PARTS[name](self)

    def heading(self) -> list[str]:
        """Return what was measured, on what, and when."""
        notes = [f"- {note}." for note in self.results.notes]
        return [facts(ours.about(), self._runs), *([""] if notes else []), *notes]

    # The parts

    def limits(self) -> None:
        """Verify a large file within a limit, and through a pipe."""
        for one in self._inputs(_LARGE):
            verify = ("verify", "--json", *self._without)
            them = [
                _ours("file", *verify, "{car}"),
                _ours("file, 64 MiB", *verify, "{car}", *_LIMIT),
                _ours("pipe", *verify, "-", "--cache-dir", "{scratch}", is_piped=True),
                *self._stream,
            ]
            self._measure(_title(one), them, one.path, one.records)

    def packings(self) -> None:
        """Verify a packed file, beside its parts: unpacking and verifying."""
        one = self._inputs(_MIDDLE)[0]
        verify = ("verify", "--json", *self._without, "{car}")
        them = [_ours("file", *verify)]
        for packing in PACKINGS:
            path = packed(one.path, packing, self._say)
            more = ("--cache-dir", "{scratch}")
            them.append(_ours(packing, *verify, *more, car=path))
            words = (sys.executable, "-m", "benchmarks.library", "unpack", "{car}")
            them.append(Contender("library", packing, words, ours.PLAIN, car=path))
        self._measure(f"{_title(one)}, packed", them, one.path, one.records)

    def tiny(self) -> None:
        """Verify files of tiny blocks, few and many, within a limit."""
        smallest = inputs(self._data, 1, self._say)[0]
        verify = ("verify", "--json", *self._without, "{car}", *_LIMIT)
        start = _ours("1 record", *verify)
        self._measure("Start-up", [start], smallest.path, 1)
        for kind, most in _TINY.items():
            for count in self._counts(most):
                path = tiny(self._data, kind, count, self._say)
                one = _ours(kind, *verify, ends=_UNREADABLE, longest=_LONGEST)
                title = f"{count:,} blocks of 5 bytes, {kind}"
                self._measure(title, [one], path, count)

    def _counts(self, most: int) -> tuple[int, int]:
        if self._quick:
            return most // 1_000, most // 100
        return (most // 10, most) if self._huge else (most // 100, most // 10)

    def cache(self) -> None:
        """Open a file again, by a program that has seen it before."""
        if not self._has_cache:
            self._note("this repoview has no cache: opening again was not measured")
            return
        one = self._inputs(_LARGE)[0]
        cached = ("--cache-dir", str(self._data / "cache"))
        info = _ours("info", "info", "{car}", *cached, prints=Prints.ANYTHING)
        ls = _ours("ls", "ls", "{car}", *cached, prints=Prints.LINES)
        new = ("--cache-dir", "{scratch}")
        fresh = _ours("info, first", "info", "{car}", *new, prints=Prints.ANYTHING)
        # Whoever comes first fills it.
        measure([info], one.path, 1, self._scratch, self._say)
        title = f"{_title(one)}, opened again"
        self._measure(title, [fresh, info, ls], one.path, one.records)

    def library(self) -> None:
        """Take all records, and do what the seed of this field shows first."""
        one = self._inputs(_MIDDLE)[0]
        work = (sys.executable, "-m", "benchmarks.library")
        them = [
            Contender(ours.OURS, task, (*work, task, "{car}"), ours.PLAIN)
            for task in (
                *("records", "batches", "one-by-one"),
                *("values", "values-carried", "values-opened"),
            )
        ]
        them.append(Contender("cbor2", "alone", (*work, "cbor2", "{car}"), ours.PLAIN))
        if json.loads(_said(*work, "abilities"))["process"]:
            words = (*work, "sizes", "{car}", "{scratch}")
            them.append(Contender(ours.OURS, "sizes, 10 MiB", words, ours.PLAIN))
        else:
            self._note("this library has no `process=`: sizes were not summed up")
        spilled = [them for them in self._stream if "10 MiB" in them.mode]
        title = f"{_title(one)}, by the library"
        self._measure(title, [*them, *spilled], one.path, one.records)

    def cancelling(self) -> None:
        """Ask openings to stop, and see how long they go on."""
        files = [one.path for one in self._inputs(_LARGE)]
        count = self._counts(_TINY["distinct"])[1]
        files.append(tiny(self._data, "distinct", min(count, 2_500_000), self._say))
        times = 2 if self._quick else _TIMES
        self._say(f"cancelling, {times} times a phase")
        words = (sys.executable, "-m", "benchmarks.cancelling", str(times))
        self.results.delays = json.loads(_said(*words, *map(str, files)))

    # What they share

    def _inputs(self, records: int) -> list[Input]:
        return inputs(self._data, _QUICK if self._quick else records, self._say)

    def _measure(
        self, title: str, them: list[Contender], path: Path, expected: int
    ) -> None:
        measured = measure(them, path, self._runs, self._scratch, self._say)
        self.results.groups.append(Group(title, expected, measured))

    def _peer(self) -> list[Contender]:
        """Return the ways of `repo-stream` that are compared with."""
        (peer,) = [peer for peer in PEERS if peer.name == STREAM]
        try:
            peer.build(self._data, self._say)
        except CannotBuild as error:
            self._note(f"{STREAM} is left out: {error}")
            return []
        ways = peer.contenders(self._data)
        return [way for way in ways if "whole file" not in way.mode]

    def _note(self, text: str) -> None:
        self.results.notes.append(text)
        self._say(text)

    @staticmethod
    def _say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)


_PARTS: Final = {
    "limits": _Session.limits,
    "packings": _Session.packings,
    "tiny": _Session.tiny,
    "cache": _Session.cache,
    "library": _Session.library,
    "cancelling": _Session.cancelling,
}


def _title(one: Input) -> str:
    return f"{one.records:,} records, {one.order}"


def _ours(
    mode: str,
    *words: str,
    prints: Prints = Prints.REPORT,
    is_piped: bool = False,
    car: Path | None = None,
    ends: int = 0,
    longest: float = 120.0,
) -> Contender:
    """Return a run of the program itself."""
    return Contender(
        ours.OURS,
        mode,
        (sys.executable, "-m", "repoview", *words),
        ours.PLAIN,
        prints=prints,
        piped=is_piped,
        car=car,
        ends=ends,
        longest=longest,
    )


def _said(*command: str) -> str:
    """Return what a program prints."""
    # The commands are those of this package.
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
