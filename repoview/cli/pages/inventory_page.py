"""What a file holds in numbers, as `repoview info` and `verify -v` print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.inventory.unlinked import UnlinkedKind
from repoview.core.wording import agreed
from repoview.present import (
    count_text,
    has_hidden,
    percent_text,
    short_cid,
    size_text,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Console
    from repoview.core.inventory.sizes import FileSizes
    from repoview.core.inventory.summary import Summary
    from repoview.core.inventory.walk_order import WalkOrder
    from repoview.core.verify.report import Report

_LABEL: Final = 11
_BAR: Final = 24
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_PARTS: Final = {
    "records": "records",
    "nodes": "nodes",
    "commit": "commit",
    "unlinked": "unlinked blocks",
    "duplicates": "copies",
    "framing": "CIDs and lengths",
    "header": "header",
    "no_block": "no block",
    "outside": "outside the CAR",
}
"""Part of a file → what it is called, in the order in which it is told."""

_LABEL_WIDTH: Final = 16
_KINDS: Final = {
    UnlinkedKind.COMMIT: "commit",
    UnlinkedKind.NODE: "node",
    UnlinkedKind.RECORD: "record",
    UnlinkedKind.OTHER: "other",
    UnlinkedKind.DAMAGED: "damaged block",
}


def summary_lines(console: Console, report: Report, summary: Summary) -> Iterator[str]:
    """Yield what is unlinked, shared and out of order, as labelled lines."""
    facts = [*_unlinked(report, summary), *_repeated(summary)]
    if summary.walk_order is not None:
        facts += _order(summary.walk_order)
    for label, text in facts:
        first, *rest = wrapped(text, console.width, first=" " * _LABEL, after="")
        yield console.paint("dim", f"{label:<{_LABEL}}") + first[_LABEL:]
        for line in wrapped(" ".join(rest), console.width - _LABEL):
            yield " " * _LABEL + line


def _unlinked(report: Report, summary: Summary) -> Iterator[tuple[str, str]]:
    """Tell what the blocks look like that nothing links to."""
    parts = [
        f"{count_text(amount.blocks, _KINDS[kind], _plural(kind))} "
        f"({size_text(amount.bytes)})"
        for kind, amount in (summary.unlinked or {}).items()
        if amount.blocks
    ]
    if parts:
        yield "unreached" if has_hidden(report) else "unlinked", ", ".join(parts)


def _plural(kind: UnlinkedKind) -> str | None:
    return "others" if kind is UnlinkedKind.OTHER else None


def _repeated(summary: Summary) -> Iterator[tuple[str, str]]:
    if shared := summary.shared_records:
        have = agreed(shared, "has", "have")
        text = f"{count_text(shared, 'record')} {have} more than one key"
        yield "shared", f"{text} (ls --shared)"
    if both := summary.two_roles:
        are = agreed(both, "is", "are")
        text = f"{count_text(both, 'block')} {are} both node and record"
        yield "two roles", f"{text} (ls --two-roles)"


def _order(order: WalkOrder) -> Iterator[tuple[str, str]]:
    """Tell where the walk would have another block, and what that costs."""
    first = order.first
    if first is not None:
        got = f"{first.got_role} {short_cid(first.got)}"
        wanted = f"{first.wanted_role} {short_cid(first.wanted)}"
        text = f"{first.offset:,}: {got}, where the walk wants {wanted}, which is at "
        yield "from byte", f"{text}byte {first.wanted_offset:,}"
    if order.held_blocks:
        kept = (
            f"{count_text(order.held_blocks, 'block')}, {size_text(order.held_bytes)}"
        )
        text = "a streaming reader has to buffer up to"
        yield "streaming", f"{text} {kept}"


def sizes_lines(console: Console, report: Report, sizes: FileSizes) -> Iterator[str]:
    """Yield what the bytes of the file are, a line a part; nothing of no bytes."""
    if not sizes.total:
        return
    told = {name: getattr(sizes, name) for name in _PARTS}
    most = max(told.values())
    yield ""
    yield console.paint(
        "head", f"{'Bytes':<{_LABEL_WIDTH}}  {'size':>9}  {'share':>11}"
    )
    for name, size in told.items():
        if not size:
            continue
        label = _PARTS[name]
        if name == "unlinked" and has_hidden(report):
            label = "unreached blocks"
        share = percent_text(size, sizes.total)
        drawn = console.paint("name", bar(size, most, _BAR))
        yield (
            f"{label:<{_LABEL_WIDTH}}  {size_text(size):>9}  {share:>11}  {drawn}"
        ).rstrip()


def bar(amount: int, most: int, room: int) -> str:
    """Return a bar of at most *room* columns; what is not zero shows."""
    if not most or not amount or room <= 0:
        return ""
    full, rest = divmod(max(round(amount * room * 8 / most), 1), 8)
    return "█" * full + _EIGHTHS[rest].strip()
