"""Measure repoview beside its peers: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import ours, table
from benchmarks.inputs import DATA, SIZES, Input, WrongInput, inputs
from benchmarks.machine import facts
from benchmarks.measure import NOT_RUN, Measured, chosen, measure
from benchmarks.peers import PEERS, CannotBuild
from benchmarks.targets import Results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Contender
    from benchmarks.peers import Peer

_SMALL: Final = 1_000
"""Records up to which a file is opened over and over."""

_WARM: Final = 11_585
_IN_A_ROW: Final = 10_000
"""Bytes up to which a file is opened 10,000 times in a row."""

_COMMAND_RUNS: Final = 10


def main() -> int:
    """Make the inputs, build the peers, run, and print the tables."""
    options = _options()
    about = ours.about()
    if about.is_debug:
        print("this kernel is a debug build: build it for release", file=sys.stderr)
        return 2
    data = options.data.resolve()
    (scratch := data / "scratch").mkdir(parents=True, exist_ok=True)
    session = _Session(options, about, data, scratch)
    try:
        session.run()
    except WrongInput as error:
        print(error, file=sys.stderr)
        return 1
    text = "\n".join([*session.heading(), *table.report(session.results)])
    print(text)
    if options.write:
        table.write("readers", text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, default=DATA, help="folder for inputs and peers")
    add(
        "--sizes",
        type=int,
        nargs="+",
        metavar="N",
        help="records; of all sizes only these",
    )
    add(
        "--only",
        nargs="+",
        default=[],
        metavar="NAME",
        help="of all contenders only these",
    )
    add("--runs", type=int, default=5, metavar="N", help="how often, at most (5)")
    add("--no-peers", action="store_true", help="repoview and the yardstick alone")
    add("--quick", action="store_true", help="small inputs, each run once")
    add("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


class _Session:
    """One run of everything that was asked for."""

    def __init__(
        self, options: argparse.Namespace, about: ours.About, data: Path, scratch: Path
    ) -> None:
        self.results = Results()
        self._about = about
        self._data = data
        self._scratch = scratch
        self._only = [*options.only, ours.YARDSTICK] if options.only else []
        self._sizes = sorted(options.sizes or []) or [
            n for n in SIZES if not options.quick or n <= _WARM
        ]
        self._runs = 1 if options.quick else options.runs
        self._wanted = (
            []
            if options.no_peers
            else [peer for peer in PEERS if not self._only or peer.name in self._only]
        )
        self._peers: list[Peer] = []
        self._notes: list[str] = []
        self._beaten: set[str] = set()
        """Contenders that came to no end."""

    def run(self) -> None:
        """Make, build and measure; small files last, which need the tests."""
        files = [one for size in self._sizes for one in inputs(self._data, size, _say)]
        self._build()
        if not self._about.is_compiled:
            self._note("repoview has no compiled kernel here")
        for one in files:
            if one.records > _SMALL:
                self._large(one)
        if any(one.records <= _SMALL for one in files):
            for one in files:
                if one.records <= _SMALL and one.order == "preorder":
                    self._small(
                        one.path, f"{one.records:,} record{'s' * (one.records > 1)}"
                    )
            for path in _vectors():
                self._small(path, path.name)

    def _build(self) -> None:
        for peer in self._wanted:
            try:
                peer.build(self._data, _say)
            except CannotBuild as error:
                self._note(f"{peer.name} is left out: {error}")
            else:
                self._peers.append(peer)

    def _large(self, one: Input) -> None:
        everyone = ours.large(self._about)
        for peer in self._peers:
            everyone += peer.contenders(self._data)
        them = [
            contender
            for contender in chosen(everyone, self._only)
            if contender.largest is None or one.records <= contender.largest
        ]
        beaten = [who for who in them if str(who) in self._beaten]
        measured = self._measure([who for who in them if who not in beaten], one.path)
        self._beaten |= {str(m.contender) for m in measured if m.failure}
        # Sizes ascend: what came to no end would come to none again.
        measured += [Measured(who, [NOT_RUN]) for who in beaten]
        self.results.large.append((one, measured))
        if one.records == _WARM:
            them = chosen(ours.warm(self._about), self._only)
            self.results.warm.append((one, self._measure(them, one.path)))

    def _small(self, path: Path, name: str) -> None:
        everyone = ours.small(self._about)
        if path.stat().st_size <= _IN_A_ROW:
            everyone += ours.rows(self._about)
        for peer in self._peers:
            everyone += peer.repeated(self._data)
        measured = self._measure(chosen(everyone, self._only), path)
        if path.name == "little.car":
            runs = min(self._runs * 2, _COMMAND_RUNS)
            command = chosen(ours.command(self._about), self._only)
            measured += self._measure(command, path, runs)
        self.results.small.append((name, path.stat().st_size, measured))

    def _measure(
        self, them: list[Contender], car: Path, runs: int = 0
    ) -> list[Measured]:
        return measure(them, car, runs or self._runs, self._scratch, _say)

    def _note(self, text: str) -> None:
        self._notes.append(text)
        _say(text)

    def heading(self) -> Iterator[str]:
        """Yield what was measured, on what, and when."""
        about = self._about
        yield facts(about, self._runs)
        if self._notes:
            yield ""
        for note in self._notes:
            yield f"- {note}."
        yield from ("", "| | version | checks |", "|---|---|---|")
        yield f"| {ours.OURS} | {about.version} | {ours.CHECKS} |"
        for peer in self._peers:
            yield f"| {peer.name} | {peer.version} | {peer.checks} |"


def _vectors() -> list[Path]:
    """Return the small files that the tests have of another project, if any."""
    try:
        from tests.vectors import ROOT  # noqa: PLC0415 (only where tests can run)
    except ImportError:
        return []
    names = ("empty.car", "tiny.car", "little.car")
    paths = [ROOT / "repo-stream" / name for name in names]
    return [path for path in paths if path.exists()]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
