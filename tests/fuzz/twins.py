"""The complete outcome of a file on one kernel, to compare with another's.

It has everything that a caller could see: the report with its findings in order,
every column of every index, and any exception.
"""

from __future__ import annotations

from array import array
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from repoview.core.kernel import kernel, pure
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.load.result import Loaded
    from repoview.core.repo.repo import Repo


class Twin(NamedTuple):
    """A kernel, and how many threads it may have."""

    module: ModuleType
    threads: int = 1


PURE = Twin(pure)
"""The reference that all others are compared with: it is the specification."""

COMPILED: dict[str, Twin] = {}
"""The compiled kernel, in each of its modes; empty if it was not built."""

with suppress(ImportError):
    _module = import_module("repoview.core._kernel")
    COMPILED["one thread"] = Twin(_module)
    COMPILED["three threads"] = Twin(_module, 3)


@contextmanager
def running(module: ModuleType) -> Iterator[None]:
    """Let the engine run on one kernel."""
    before = {name: getattr(kernel, name) for name in kernel.SEAM}
    try:
        for name in before:
            setattr(kernel, name, getattr(module, name))
        yield
    finally:
        for name, value in before.items():
            setattr(kernel, name, value)


def outcome(data: Any, twin: Twin, **options: Any) -> dict[str, object]:
    """Return all that is known of a file once *twin* has read it.

    Args:
        data: A path, or the bytes of a CAR.
        twin: The kernel that reads it.
        options: Fields of `OpenOptions`.
    """
    wanted = OpenOptions(threads=twin.threads, on_limit="leave", **options)
    with running(twin.module):
        try:
            repo = finish(begin(data, wanted))
        # Also a panic, which is not a subclass of `Exception`.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return {"raised": repr(error)}
        with repo:
            return everything(repo)


def everything(repo: Repo) -> dict[str, object]:
    """Return all that is known of a repository."""
    return {
        "report": repo.report.to_json(),
        "loaded": _loaded(inside(repo).loaded),
        "blocks": _blocks(inside(repo).blocks),
        "records": _records(repo),
        "nodes": _nodes(repo),
    }


def differences(data: Any, twin: Twin, **options: Any) -> list[str]:
    """Return the differences between *twin* and the Python kernel, in words."""
    one, other = outcome(data, PURE, **options), outcome(data, twin, **options)
    return list(_differences("", one, other))


def disagreements(data: Any, **options: Any) -> Iterator[str]:
    """Yield the differences of the compiled kernel, in all of its modes."""
    one = outcome(data, PURE, **options)
    for name, twin in COMPILED.items():
        other = outcome(data, twin, **options)
        yield from _differences(f"{name}: ", one, other)


def _differences(where: str, one: object, other: object) -> Iterator[str]:
    if one == other:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(other.keys() - one.keys())]:
            place = f"{where}.{name}" if where[-2:].strip(" :") else f"{where}{name}"
            yield from _differences(
                place, one.get(name, "absent"), other.get(name, "absent")
            )
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _differences(f"{where}[{number}]", a, b)
    else:
        yield f"{where}: Python has {_short(one)}, the other {_short(other)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 500 else f"{text[:500]}…"


def _loaded(loaded: Loaded) -> list[object]:
    names = ("header", "start", "end", "first_section", "sections", "cut", "limited")
    return [getattr(loaded, name) for name in names]


def _blocks(blocks: Blocks) -> dict[str, object]:
    index = blocks.index
    names = (
        "budget",
        "bytes_used",
        "sections",
        "duplicates",
        "duplicate_bytes",
        "ascending",
        "descending",
    )
    rows = [
        (
            blocks.cid(row),
            index.offset(row),
            index.length(row),
            index.mark(row),
            index.type_of(row),
            index.data_offset(row),
        )
        for row in range(len(index))
    ]
    return {
        **{name: getattr(index, name) for name in names},
        "rows": rows,
        "bytes": [kernel.blocks_of(blocks, range(n, len(index)), 300) for n in (0, 9)],
        "sections": [
            kernel.sections_of(blocks, range(n, len(index)), 300) for n in (0, 9)
        ],
        "said": _said(blocks),
        "values": repr(_values(blocks)),
        "packed": index.rows(1, 1 << 20),
        "fresh": kernel.fresh(index, 1, 1 << 20, _two_parts(blocks)),
        "copies": list(index.copies()),
        "greatest": index.greatest_offset(),
        "at": [index.row_at(row[1]) for row in rows[:20]],
        "odd": list(blocks.odd.values()),
        "odd linked": list(blocks.odd.linked_raws()),
    }


def _values(blocks: Blocks) -> list[object]:
    """Return the values of all blocks that are sound maps."""
    return [*kernel.sound_maps(blocks, array("I", range(len(blocks.index))), 1 << 20)]


def _said(blocks: Blocks) -> list[object]:
    """Return what all nodes say, and their keys in order."""
    said = kernel.node_keys(blocks, range(len(blocks.index)), 1 << 20)
    return [said, kernel.sort_keys(said.keys, said.sizes, said.rows)]


def _two_parts(blocks: Blocks) -> list[tuple[int, bytes]]:
    """Return the bytes of a source in two ranges, split inside a block."""
    data = blocks.source.read_at(0, blocks.source.size)
    half = len(data) // 2
    return [(0, data[:half]), (half, data[half:])]


def _records(repo: Repo) -> dict[str, object]:
    index = inside(repo).index
    return {
        "keys": bytes(index.keys[:]),
        "ends": list(index.ends),
        "rows": list(index.rows),
        "missing": list(index.missing.items()),
        "in order": index.in_order,
        "collections": list(repo.collections),
        "bytes": index.bytes_used,
        "listed": list(repo.keys()),
    }


def _nodes(repo: Repo) -> dict[str, object]:
    nodes = inside(repo).nodes
    columns: dict[str, object] = {
        name: list(getattr(nodes, name)) for name in nodes.COLUMNS
    }
    return {**columns, "holes": dict(nodes.holes.items())}
