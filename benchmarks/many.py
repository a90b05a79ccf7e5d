"""Open many small repositories: ``python -m benchmarks.many``.

1,000 files of 10 records, opened and verified with every path and CID taken, by
one process and by a pool of two that stand ready. What is told is the median.
"""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final

from benchmarks import ours, table
from benchmarks.inputs import inputs
from benchmarks.machine import facts
from benchmarks.options import parser_of
from benchmarks.work import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORDS: Final = 10
_FILES: Final = 1_000
_AT_ONCE: Final = 50
"""Files that a process of the pool is given at a time."""

_PROCESSES: Final = 2


def main() -> int:
    """Make the files, open them, and print the table."""
    options = parser_of("many", __doc__, runs=5).parse_args()
    heading = facts(ours.about(), options.runs)
    text = "\n".join([heading, "", *_lines(options.data.resolve(), options.runs)])
    print(text)
    if options.write:
        table.write("small files", text)
    return 0


def _lines(data: Path, runs: int) -> Iterator[str]:
    one = inputs(data, _RECORDS, print)[0]
    yield from table.head("processes", "files a second", "least to most")
    with TemporaryDirectory(dir=data) as folder:
        paths = [str(Path(folder) / f"{number}.car") for number in range(_FILES)]
        for path in paths:
            shutil.copyfile(one.path, path)
        for processes in (1, _PROCESSES):
            rates = [_FILES / seconds for seconds in _seconds(paths, processes, runs)]
            told = f"{median(rates):,.0f}", table.spread(rates, 1, 0)
            yield table.row(f"{processes}", *told)


def _seconds(paths: list[str], processes: int, runs: int) -> list[float]:
    """Return the seconds of each run: all files, after one run that is not told."""
    with ProcessPoolExecutor(processes) as pool:
        return [_once(pool, paths) for _ in range(runs + 1)][1:]


def _once(pool: ProcessPoolExecutor, paths: list[str]) -> float:
    begin = perf_counter()
    found = sum(pool.map(keys, paths, chunksize=_AT_ONCE))
    if found != _RECORDS * len(paths):
        raise SystemExit(f"{found:,} records were found")
    return perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
