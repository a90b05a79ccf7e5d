"""Export in each format, and list as JSON: ``python -m benchmarks.exports``.

What each takes from the start of its process to its end, opening and verifying the
file included, and nothing from the cache: seconds, seconds of all processors, the
most memory, and the bytes that were written. What is told is the median.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import ours, table
from benchmarks.inputs import inputs
from benchmarks.machine import facts
from benchmarks.measure import ROOT
from benchmarks.options import parser_of
from repoview.export.formats import FORMATS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from benchmarks.inputs import Input

_MB: Final = 1_000_000
_LISTED: Final = "`ls --json`"


class _Took(NamedTuple):
    seconds: float
    busy: float
    peak: int
    size: int


def main() -> int:
    """Make the inputs, export them, and print the table."""
    options = _options()
    heading = facts(ours.about(), options.runs)
    files = inputs(options.data.resolve(), options.records, print)
    text = "\n".join([heading, "", *_lines(files, options.only, options.runs)])
    print(text)
    if options.write:
        table.write("exports", text)
    return 0


def _options() -> argparse.Namespace:
    parser = parser_of("exports", __doc__, runs=5)
    add = parser.add_argument
    names = [*FORMATS, _LISTED]
    add("--records", type=int, default=1_320_000, help="records of the file")
    add("--only", nargs="+", default=names, help="formats that are measured")
    return parser.parse_args()


def _lines(files: list[Input], names: list[str], runs: int) -> Iterator[str]:
    records = f"{files[0].records:,}"
    yield from table.headed(f"{records} records, each run a new process")
    yield from table.head("format", "order", "s", "busy s", "peak MB", "MB written")
    for name in names:
        for file in files:
            took = [_export(file.path, name) for _ in range(runs)]
            seconds, busy, peak, size = (median(one) for one in zip(*took, strict=True))
            times = f"{seconds:.2f}", f"{busy:.2f}"
            sizes = f"{peak / _MB:.0f}", f"{size / _MB:.0f}"
            yield table.row(name, file.order, *times, *sizes)


def _export(car: Path, name: str) -> _Took:
    """Export a file into an empty folder, or list it, in a process of its own."""
    with TemporaryDirectory(dir=car.parent) as folder:
        out = Path(folder) / "out"
        if name == _LISTED:
            return _run("ls", str(car), "--json", out=out)
        # Where a format has a folder for several collections, it is that.
        many = FORMATS[name].part("write_folder")
        named = f"{out}{'/' if many else FORMATS[name].suffixes[0]}"
        words = "export", str(car), "-o", named, "--format", name
        return _run(*words, out=Path(named))


def _run(*words: str, out: Path) -> _Took:
    environment = {k: v for k, v in {**os.environ, **ours.PLAIN}.items() if v}
    printed = out.with_name("printed")
    with printed.open("wb") as stdout:
        began = perf_counter()
        # The command is that of this package.
        process = subprocess.Popen(  # noqa: S603
            (sys.executable, "-m", "repoview", *words, "--no-cache"),
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words[0]} ended with {process.returncode}")
    size = sum(each.stat().st_size for each in _files(out if out.exists() else printed))
    busy = usage.ru_utime + usage.ru_stime
    return _Took(seconds, busy, usage.ru_maxrss * 1024, size)


def _files(path: Path) -> list[Path]:
    found = [path] if path.is_file() else path.rglob("*")
    return [each for each in found if each.is_file()]


if __name__ == "__main__":
    sys.exit(main())
