"""Sweep limits of memory over layouts and sources: ``python -m benchmarks.sweep``.

Each cell is a new process that opens one file within one limit, with the disk
for the rest. Its time and peak are told beside those of the same file without a
limit, and its answer must be the same: the report, all keys and all rows.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Final

from benchmarks import ours, table
from benchmarks.inputs import inputs
from benchmarks.layouts import LAYOUTS, laid_out
from benchmarks.machine import facts
from benchmarks.measure import ROOT
from benchmarks.options import parser_of
from benchmarks.packed import PACKINGS, packed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

SIZES: Final = (360_000, 1_320_000)
LIMITS: Final = (16, 24, 40, 64, 128, 280)
"""In MiB."""

SOURCES: Final = ("file", "pipe", "gzip", "zstd", "http", "process", "resumed")
"""`process` is a pipe whose blocks go through a function; `resumed` a file that
reached its limit without the disk, and went on with it."""

KERNELS: Final = {
    "compiled": ours.PLAIN,
    "one thread": {**ours.PLAIN, "REPOVIEW_THREADS": "1"},
    "Python": {**ours.PLAIN, "REPOVIEW_PURE": "1"},
}
_ORDER: Final = "cid-descending"
"""The layout that all sources and kernels are tried with."""

_OVER: Final = 50_000_000
"""Bytes that the process may take besides its limit."""

_TIMES: Final = 2.0
"""How much longer it may take than without a limit."""

_NAME: Final = "benchmarks.sweep"
_CELL: Final = "benchmarks.cell"
_MiB: Final = 1 << 20
"""Items of a column that are looked at together: they are no part of the peak."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one process came to."""

    seconds: float
    """From its start to its end."""

    busy: float
    """Of processor, in seconds."""

    peak: int
    answer: str
    """A digest of all that was found, or what went wrong."""


def main() -> int:
    """Make the inputs, run, and print the tables."""
    options = _options()
    data: Path = options.data.resolve()
    rows = list(_rows(options, data))
    text = "\n".join([facts(ours.about(), options.runs), *_report(rows, options)])
    print(text)
    if options.write:
        table.write("limits of memory", text)
    return 0


def _options() -> argparse.Namespace:
    parser = parser_of("sweep", __doc__, runs=1)
    add = parser.add_argument
    add("--sizes", nargs="+", type=int, default=SIZES, help="records of each file")
    add("--limits", nargs="+", type=int, default=LIMITS, help="in MiB")
    add("--layouts", nargs="*", choices=[*LAYOUTS], default=[*LAYOUTS])
    add("--sources", nargs="*", choices=SOURCES, default=SOURCES[1:])
    add("--kernels", nargs="*", choices=[*KERNELS], default=[*KERNELS][1:])
    return parser.parse_args()


_DIGEST: Final = re.compile("[0-9a-f]{64}")

_Row = tuple[int, str, str, str, list[Cell]]
"""Records, layout, source, kernel; the cell without a limit, and the others."""


def _rows(options: argparse.Namespace, data: Path) -> Iterator[_Row]:
    """Run what was asked for, row by row."""
    for size in options.sizes:
        car = inputs(data, size, _say)[0].path
        wanted = [(layout, "file", "compiled") for layout in options.layouts]
        wanted += [(_ORDER, source, "compiled") for source in options.sources]
        # The Python kernel takes minutes for what is larger.
        kernels = [k for k in options.kernels if k != "Python" or size == min(SIZES)]
        wanted += [(_ORDER, "file", kernel) for kernel in kernels]
        for layout, source, kernel in wanted:
            path = _laid_out(car, layout)
            run = partial(_best, options.runs, path, source, kernel)
            whole = run(0)
            if not _DIGEST.fullmatch(whole.answer):
                sys.exit(f"{layout}, {source}, {kernel}: no limit, and {whole.answer}")
            cells = [whole, *(run(limit) for limit in options.limits)]
            yield size, layout, source, kernel, cells
            told = " ".join(f"{cell.seconds:.1f}/{cell.busy:.1f}" for cell in cells)
            _say(f"{size:,} {layout} {source} {kernel}: {told}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _laid_out(car: Path, layout: str) -> Path:
    """Return a file in another layout; make it in a process of its own."""
    path = car.with_name(car.name.replace("preorder", layout))
    if not path.exists():
        words = (sys.executable, "-m", _NAME, "make", str(car), layout, str(path))
        # The command is this module.
        subprocess.run(words, cwd=ROOT, check=True)  # noqa: S603
        # What is measured next is not to wait for the disk because of this.
        os.sync()
    return path


def _best(runs: int, path: Path, source: str, kernel: str, limit: int) -> Cell:
    """Run a cell some times; of what is right, the least time counts."""
    cells = [_cell(path, source, kernel, limit) for _ in range(runs)]
    answers = sorted({cell.answer for cell in cells})
    return Cell(
        min(cell.seconds for cell in cells),
        min(cell.busy for cell in cells),
        max(cell.peak for cell in cells),
        " or ".join(answers),
    )


def _cell(path: Path, source: str, kernel: str, limit: int) -> Cell:
    with (
        _given(path, source) as (target, stdin),
        TemporaryDirectory(dir=path.parent) as spill,
    ):
        words = (source, target, str(limit), spill)
        changes = KERNELS[kernel]
        environment = {k: v for k, v in {**os.environ, **changes}.items() if v}
        begin = perf_counter()
        # The command is a module beside this one.
        process = subprocess.Popen(  # noqa: S603
            (sys.executable, "-m", _CELL, *words),
            stdin=stdin,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )
        assert process.stdout is not None  # noqa: S101 (it was asked for)
        with process.stdout as stdout:
            printed = stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = perf_counter() - begin
        left = os.listdir(spill)  # noqa: PTH208 (names alone)
    answer = printed.decode().strip() or f"ended with {process.returncode}"
    if left:
        answer = f"left {left}"
    busy = usage.ru_utime + usage.ru_stime
    return Cell(seconds, busy, usage.ru_maxrss * 1024, answer)


@contextmanager
def _given(path: Path, source: str) -> Iterator[tuple[str, int]]:
    """Give a target for the command line, and a standard input."""
    if source in PACKINGS:
        yield str(packed(path, source, _say)), subprocess.DEVNULL
    elif source == "http":
        handler = partial(_Quiet, directory=str(path.parent))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            Thread(target=server.serve_forever).start()
            port = server.server_address[1]
            yield f"http://127.0.0.1:{port}/{path.name}", subprocess.DEVNULL
            server.shutdown()
    elif source in {"pipe", "process"}:
        command = ("cat", str(path))
        # The command is well known.
        with subprocess.Popen(command, stdout=subprocess.PIPE) as cat:  # noqa: S603
            assert cat.stdout is not None  # noqa: S101 (it was asked for)
            yield "-", cat.stdout.fileno()
    else:
        yield str(path), subprocess.DEVNULL


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class has it so)
        """Say nothing."""


# What is told


def _report(rows: list[_Row], options: argparse.Namespace) -> Iterator[str]:
    yield from table.headed("Limits of memory, over layouts and sources")
    limits = [f"{limit} MiB" for limit in options.limits]
    yield from table.head("", "no limit", *limits)
    size = 0
    for records, layout, source, kernel, cells in rows:
        if records != size:
            size = records
            yield table.row(f"**{records:,} records**", *[""] * len(cells))
        name = layout if source == "file" else f"{layout}, {source}"
        name += "" if kernel == "compiled" else f", {kernel}"
        whole = cells[0]
        told = [f"{whole.seconds:.1f} s, {whole.busy:.1f} busy, {_mb(whole.peak)}"]
        pairs = zip(cells[1:], options.limits, strict=True)
        told += [_told(cell, whole, limit * _MiB) for cell, limit in pairs]
        yield table.row(name, *told)
    yield ""
    yield from _worst(rows, options)


def _told(cell: Cell, whole: Cell, limit: int) -> str:
    """Return what one cell took, beside the one without a limit."""
    if cell.answer != whole.answer:
        return f"**another answer: {cell.answer[:40]}**"
    times, busy = cell.seconds / whole.seconds, cell.busy / whole.busy
    text = f"{times:.2f}×, {busy:.2f} busy, {_mb(cell.peak)}"
    is_over = times > _TIMES or cell.peak > limit + _OVER
    return f"**{text}**" if is_over else text


def _mb(size: int) -> str:
    return f"{size / _MiB:.0f} MiB"


def _worst(rows: list[_Row], options: argparse.Namespace) -> Iterator[str]:
    pairs = [
        (cell, cells[0], limit * _MiB)
        for *_, cells in rows
        for cell, limit in zip(cells[1:], options.limits, strict=True)
    ]
    same = sum(cell.answer == whole.answer for cell, whole, _ in pairs)
    yield f"- Answers that are those without a limit: {same} of {len(pairs)}."
    times = max(cell.seconds / whole.seconds for cell, whole, _ in pairs)
    busy = max(cell.busy / whole.busy for cell, whole, _ in pairs)
    yield (
        f"- Time, at most: {times:.2f}× of that without a limit; of processor, "
        f"{busy:.2f}×."
    )
    over = max(cell.peak - limit for cell, _, limit in pairs)
    yield f"- Peak of the process, at most: the limit and {_mb(over)}."


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        made = laid_out(Path(sys.argv[2]).read_bytes(), sys.argv[3])
        part = Path(f"{sys.argv[4]}.part")
        with part.open("wb") as file:
            file.writelines(made)
        part.rename(sys.argv[4])
    else:
        sys.exit(main())
