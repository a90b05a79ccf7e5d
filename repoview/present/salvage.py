"""What a salvage found, in words: what is saved, what is lost, what would be better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.wording import agreed, count_text
from repoview.present.text import (
    cells,
    fit,
    range_text,
    safe,
    short_cid,
    size_text,
    tid_date,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.salvage.car import WrittenCar
    from repoview.core.salvage.report import SalvageReport, SavedCollection

_RANGES: Final = 3
"""Ranges of lost keys that are named."""

NOTHING: Final = "no block was found whose bytes hash to the CID in front of them"


def salvage_sentence(report: SalvageReport, *, is_dry: bool) -> str:
    """Return how much is or can be saved, and whether something is lost.

    Args:
        report: What was found.
        is_dry: Whether nothing was written.
    """
    if not report.blocks and report.is_bounded:
        return "NOTHING FOUND: a limit ended the search before the first block."
    if not report.blocks:
        return f"NOTHING TO SAVE: {NOTHING}."
    amount = f"{count_text(report.blocks, 'block')}, {size_text(report.bytes)}"
    if not report.loses:
        word = "ALL CAN BE SAVED" if is_dry else "ALL IS SAVED"
        return f"{word}: {amount}; nothing that the tree needs is lost."
    word = "A PART CAN BE SAVED" if is_dry else "A PART IS SAVED"
    return f"{word}: {amount}; what is lost is told below."


def saved_heading(*, is_dry: bool) -> str:
    """Return what stands above the facts of what is saved."""
    return "Can be saved" if is_dry else "Saved"


def more_text(report: SalvageReport) -> str | None:
    """Return which options save more than the tree; None where none does."""
    if not report.detached + report.keyless + report.older:
        return None
    said = []
    if report.detached:
        count = count_text(report.detached, "detached record")
        said.append(f"--rebuild-tree gives {count} a place in a new, unsigned tree")
    said.append("--records FILE.jsonl writes the records that the tree does not reach")
    return f"{'; '.join(said)}."


def saved_facts(report: SalvageReport) -> Iterator[tuple[str, str]]:
    """Yield label and text of what is saved."""
    if report.did is not None:
        rev = safe(report.rev or "none", 60)
        if when := tid_date(report.rev or ""):
            rev += f"  ({when} UTC)"
        yield from (("account", safe(report.did, 200)), ("rev", rev))
    yield "blocks", _kinds_text(report)
    if report.found:
        text = f"{count_text(report.found, 'block')} behind lengths that lead nowhere"
        if report.skipped:
            text += f"; bytes were skipped {_times(report.skipped)}"
        yield "found", text
    yield "records", _records_text(report)
    yield "root", _root_text(report)


def lost_facts(report: SalvageReport) -> Iterator[tuple[str, str]]:
    """Yield label and text of what is lost, or may be."""
    if report.missing_nodes:
        nodes = count_text(report.missing_nodes, "node")
        ranges = [range_text(lo or None, hi) for lo, hi in report.lost_keys[:_RANGES]]
        if (more := report.missing_nodes - len(ranges)) > 0:
            ranges.append(f"and {more:,} more")
        yield "nodes", f"{nodes} of the tree, with {'; '.join(ranges)}"
    if report.missing_records:
        has = agreed(report.missing_records, "its key is", "their keys are")
        records = count_text(report.missing_records, "record")
        yield "records", f"{records}: {has} known, but no whole block is there"
    if report.damaged:
        does = agreed(report.damaged, "does not hash to its", "do not hash to their")
        cid = agreed(report.damaged, "CID", "CIDs")
        yield "damaged", f"{count_text(report.damaged, 'block')} {does} {cid}"
    if report.lost_bytes:
        hold = agreed(report.lost_bytes, "holds", "hold")
        amount = count_text(report.lost_bytes, "byte")
        yield "bytes", f"{amount} {hold} no block that is whole"
    if not report.has_commit and report.blocks:
        yield "commit", "none was found: whose repository it is, nothing says"
    if report.is_bounded:
        yield "search", "a limit ended it early: there may be more to find"


def advice_text(report: SalvageReport) -> str | None:
    """Return what would be better than this; None if nothing is lost."""
    if not report.loses and report.blocks:
        return None
    if report.advice is not None:
        return f"Better: ask the server again: {safe(report.advice, 1_000)}."
    return (
        "Better: ask again where the file is from; an account's server gives its "
        "repository with com.atproto.sync.getRepo."
    )


def collection_lines(
    collections: Sequence[SavedCollection], width: int, most: int
) -> Iterator[str]:
    """Yield a table of collections, its head first; nothing for none.

    Args:
        collections: Of a report.
        width: Cells of a line.
        most: How many to list; the last line tells how many more there are.
    """
    if not collections:
        return
    shown = collections[:most]
    names = [safe(each.name, 200) or "(no collection)" for each in shown]
    first = min(max(map(cells, [*names, "Collections"])), width - 44)
    heads = ("in tree", "detached", "no key", "lost")
    head = f"{'Collections':<{first}}" + "".join(f"  {each:>9}" for each in heads)
    yield head.rstrip()
    for name, each in zip(names, shown, strict=True):
        counts = (each.reachable, each.detached, each.keyless, each.lost)
        yield fit(name, first) + "".join(f"  {count:>9,}" for count in counts)
    if more := len(collections) - len(shown):
        yield f"+{more:,} more"


def car_text(car: WrittenCar, path: str) -> str:
    """Return what was written, and where to."""
    text = f"wrote {path}: {count_text(car.blocks, 'block')}, {size_text(car.size)}"
    if car.keys:
        records = count_text(car.keys, "record")
        text += f"; its new tree of {records} is not signed by anybody"
    return text


def _kinds_text(report: SalvageReport) -> str:
    parts = [
        count_text(count, noun, plural)
        for count, noun, plural in (
            (report.commits, "commit", None),
            (report.nodes, "node", None),
            (report.records, "record", None),
            (report.others, "other", "others"),
        )
        if count
    ]
    return ", ".join(parts) or "none"


def _records_text(report: SalvageReport) -> str:
    parts = [f"{report.reachable:,} that the tree leads to"]
    if report.detached:
        trees = count_text(report.subtrees, "sub-tree")
        parts.append(f"{report.detached:,} with keys of {trees} without a parent")
    if report.keyless:
        parts.append(f"{report.keyless:,} without a key")
    if report.older:
        parts.append(f"{report.older:,} of an earlier state")
    return ", ".join(parts)


def _root_text(report: SalvageReport) -> str:
    if report.root is None:
        return "none: a CAR of it has a header without roots"
    what = "the commit" if report.has_commit else "the top node, as there is no commit"
    return f"{short_cid(report.root)}, {what}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
